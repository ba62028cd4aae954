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

export function bandsOf(node: GraphNode): readonly string[] | undefined {
  const bands = literalOf(node, 'bands');
  if (!Array.isArray(bands)) return undefined;
  const names = bands.map(String);
  const odd = names.find((name) => !bandName.test(name));
  if (odd === undefined) return names;
  throw cannotPlan(node, `names the band ${quoted(odd)}`, 'Names are a letter, then letters, digits and _.');
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
