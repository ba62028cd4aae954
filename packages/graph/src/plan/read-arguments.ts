import { SwathError } from '@swath/core';
import { quoted } from '../exceptions.ts';
import type { Argument, GraphNode, ProcessGraph } from '../graph/model.ts';
import { neededOrder } from '../graph/order.ts';
import { isJsonObject, own } from '../values/decode.ts';
import { parseInstant } from '../values/instant.ts';
import { boxInDegrees } from './box-in-degrees.ts';
import { cannotPlan } from './refuse.ts';

/** A name of a band that formulas may hold. */
export const bandName = /^[A-Za-z][A-Za-z0-9_]*$/;

/** The value written at an argument, null without one. @throws SwathError Unsupported when it comes from elsewhere. */
export function literalOf(node: GraphNode, name: string): unknown {
  const argument = node.arguments.get(name);
  if (argument === undefined) return null;
  if (argument.kind === 'literal') return argument.value;
  throw cannotPlan(node, `takes its "${name}" from elsewhere`, 'Write the value itself.');
}

/** openEO leaves the end of an interval out; requests include theirs: the day or the millisecond before. */
export function datetimeOf(node: GraphNode, name: string): string | undefined {
  const extent = literalOf(node, name);
  if (extent === null) return undefined;
  const [start, end] = (Array.isArray(extent) ? extent : []).map((value: unknown) =>
    value === null ? null : String(value),
  );
  const last = end === null || end === undefined ? undefined : parseInstant(end);
  if (last === undefined) return start === null || start === undefined ? undefined : `${start}/..`;
  const included = new Date(last.epochMs - (last.hasTime ? 1 : 86_400_000)).toISOString();
  return `${start ?? '..'}/${last.hasTime ? included : included.slice(0, 10)}`;
}

/** A box as [west, south, east, north], or GeoJSON as it is; a box in another CRS as the polygon that it is in degrees. */
export function areaOf(node: GraphNode, name: string): unknown {
  const extent = literalOf(node, name);
  if (!isJsonObject(extent) || own(extent, 'west') === undefined) return extent ?? undefined;
  const sides = ['west', 'south', 'east', 'north'].map((side) => own(extent, side));
  const crs = /^(?:EPSG:)?(\d+)$/i.exec(String(own(extent, 'crs') ?? 4326))?.[1];
  if (crs === undefined)
    throw cannotPlan(node, 'has a box in a CRS without a code', 'Give the EPSG code: "crs": 32632.');
  return crs === '4326' ? sides : boxInDegrees(node, sides.map(Number), `EPSG:${crs}`);
}

/** The format of save_result, whose files have no options. @throws SwathError Unsupported (FormatArgumentUnsupported). */
export function formatOf(node: GraphNode): string {
  const options = literalOf(node, 'options');
  const [name] = isJsonObject(options) ? Object.keys(options) : [];
  if (name === undefined) return String(literalOf(node, 'format'));
  throw new SwathError(
    'Unsupported',
    `The node ${quoted(node.id)} gives the option ${quoted(name)}, which no format has here.`,
    {
      reason: 'FormatArgumentUnsupported',
      pointer: `${node.pointer}/arguments/options`,
      fix: 'Leave "options" out: GET /file_formats says how files are written.',
    },
  );
}

export function bandsOf(node: GraphNode): readonly string[] | undefined {
  const bands = literalOf(node, 'bands');
  if (!Array.isArray(bands)) return undefined;
  const names = bands.map(String);
  const odd = names.find((name) => !bandName.test(name));
  if (odd === undefined) return names;
  throw cannotPlan(node, `names the band ${quoted(odd)}`, 'Names are a letter, then letters, digits and _.');
}

/**
 * What two areas have in common, where both are boxes of longitude and latitude that do not cross the antimeridian; undefined
 * where they are anything else, null where they have nothing in common.
 */
export function commonBox(first: unknown, second: unknown): readonly number[] | null | undefined {
  const [a, b] = [boxOf(first), boxOf(second)];
  if (a === undefined || b === undefined) return undefined;
  const west = Math.max(a[0], b[0]);
  const south = Math.max(a[1], b[1]);
  const east = Math.min(a[2], b[2]);
  const north = Math.min(a[3], b[3]);
  return west < east && south < north ? [west, south, east, north] : null;
}

function boxOf(area: unknown): readonly [number, number, number, number] | undefined {
  if (!Array.isArray(area) || area.length !== 4) return undefined;
  const [west, south, east, north] = area.map(Number);
  if (west === undefined || south === undefined || east === undefined || north === undefined)
    return undefined;
  return west < east && south < north ? [west, south, east, north] : undefined;
}

/** `{"eo:cloud_cover": value <= number}` is the only condition on metadata that requests know. */
export function cloudCoverOf(node: GraphNode): number | undefined {
  const properties = node.arguments.get('properties');
  if (properties === undefined || properties.kind === 'literal') {
    const value = properties?.value ?? null;
    if (value === null || (isJsonObject(value) && Object.keys(value).length === 0)) return undefined;
  }
  const conditions = properties?.kind === 'object' ? [...properties.entries] : [];
  const [name, condition] = conditions[0] ?? [];
  const most = condition?.kind === 'graph' ? atMost(condition.graph) : undefined;
  if (conditions.length === 1 && name === 'eo:cloud_cover' && most !== undefined) return most;
  throw cannotPlan(
    node,
    'filters by metadata',
    'Of "properties", only eo:cloud_cover can be limited, by lte and a number of percent.',
  );
}

const isValue = (argument: Argument | undefined): boolean =>
  argument?.kind === 'parameter' && argument.name === 'value';

/** The number that `value` must not be above. */
function atMost(graph: ProcessGraph): number | undefined {
  const { result, nodes } = neededOrder(graph);
  const [x, y] = ['x', 'y'].map((name) => result.arguments.get(name));
  if (nodes.length !== 1 || result.processId !== 'lte' || !isValue(x)) return undefined;
  return y?.kind === 'literal' && typeof y.value === 'number' ? y.value : undefined;
}

export function callbackOf(node: GraphNode, name: string): ProcessGraph {
  const argument = node.arguments.get(name);
  if (argument?.kind === 'graph') return argument.graph;
  throw cannotPlan(node, `has no process graph as "${name}"`, 'Give it one.');
}

export const isBands = (dimension: unknown): boolean => dimension === 'bands' || dimension === 'spectral';
export const isTime = (dimension: unknown): boolean =>
  dimension === 't' || dimension === 'time' || dimension === 'temporal';
