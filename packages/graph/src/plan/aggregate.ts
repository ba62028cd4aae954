import { isSwathError, type SwathError } from '@swath/core';
import { type BboxWgs84, parseZones, type Zone, zonesMeet } from '@swath/geo';
import { openeoError, quoted } from '../exceptions.ts';
import type { GraphNode } from '../graph/model.ts';
import { isJsonObject, type JsonObject, own } from '../values/decode.ts';
import { callbackOf, literalOf } from './read-arguments.ts';
import { cannotPlan } from './refuse.ts';
import { type ZoneReducer, zoneReducer } from './zone-reducer.ts';

/** Zones as a request has them: GeoJSON whose Features have ids. */
export interface PlannedZones {
  readonly type: 'FeatureCollection';
  readonly features: readonly ({ readonly type: 'Feature' } & Zone)[];
}

/** What `aggregate_spatial` says. */
export interface Aggregation {
  readonly zones: PlannedZones;
  readonly reducer: ZoneReducer;
}

/** One geometry, and where it and what has its id stand behind the argument. */
interface Given {
  readonly geometry: unknown;
  readonly geometryAt: string;
  readonly id: unknown;
  readonly idAt: string;
}

function ofFeature(feature: unknown, at: string): Given {
  const [geometry, id] = isJsonObject(feature) ? [own(feature, 'geometry'), own(feature, 'id')] : [];
  return { geometry, geometryAt: `${at}/geometry`, id, idAt: `${at}/id` };
}

const ofGeometry = (geometry: unknown, at: string): Given => ({
  geometry,
  geometryAt: at,
  id: undefined,
  idAt: at,
});

/** Geometries that are aggregated each by itself: of a collection all, else the only one. */
function givenIn(geometries: JsonObject): readonly Given[] {
  const members = (name: string): readonly unknown[] => {
    const items = own(geometries, name);
    return Array.isArray(items) ? items : [];
  };
  switch (own(geometries, 'type')) {
    case 'FeatureCollection':
      return members('features').map((feature, i) => ofFeature(feature, `/features/${i}`));
    case 'GeometryCollection':
      return members('geometries').map((geometry, i) => ofGeometry(geometry, `/geometries/${i}`));
    case 'Feature':
      return [ofFeature(geometries, '')];
    default:
      return [ofGeometry(geometries, '')];
  }
}

/** Ids of the Features where all have one of their own; else their numbers in order, from 0. */
function idsOf(given: readonly Given[]): readonly string[] {
  const isNamed =
    given.every(({ id }) => typeof id === 'string' || typeof id === 'number') &&
    new Set(given.map(({ id }) => String(id))).size === given.length;
  return given.map(({ id }, i) => String(isNamed ? id : i));
}

/** The same trouble, told of the node and of where the geometry stands in the graph. */
function inGraph(error: SwathError, node: GraphNode, given: readonly Given[]): SwathError {
  const [, at, member, rest = ''] = /^\/features\/(\d+)\/(geometry|id)(.*)$/s.exec(error.pointer ?? '') ?? [];
  const one = at === undefined ? undefined : given[Number(at)];
  const where = one === undefined ? '' : member === 'id' ? one.idAt : one.geometryAt;
  const isTooMuch = error.code === 'LimitExceeded';
  return openeoError(
    isTooMuch ? 'ProcessGraphComplexity' : 'ProcessParameterInvalid',
    `The geometries of the node ${quoted(node.id)}: ${error.message}`,
    {
      pointer: `${node.pointer}/arguments/geometries${where}${rest}`,
      ...(error.fix === undefined ? {} : { fix: error.fix }),
      cause: error,
    },
  );
}

const polygons: ReadonlySet<unknown> = new Set(['Polygon', 'MultiPolygon']);

/** What only the evaluator takes. */
function checkKind(node: GraphNode, geometries: JsonObject, given: readonly Given[]): void {
  for (const [i, { geometry }] of given.entries()) {
    const type = isJsonObject(geometry) ? own(geometry, 'type') : undefined;
    if (typeof type === 'string' && !polygons.has(type))
      throw cannotPlan(
        node,
        `aggregates over a ${type.slice(0, 40)} (geometry ${i})`,
        'Use Polygons and MultiPolygons: draw one around each point or line, for example with a buffer. POST /result takes points and lines.',
      );
  }
  const crs = own(geometries, 'crs');
  const properties = isJsonObject(crs) ? own(crs, 'properties') : undefined;
  const name = isJsonObject(properties) ? own(properties, 'name') : undefined;
  if (typeof name === 'string' && !/(CRS84|EPSG:+4326)$/i.test(name))
    throw cannotPlan(node, 'has geometries in another CRS', 'Give them in longitude and latitude.');
}

function zonesAt(node: GraphNode): readonly Zone[] {
  const geometries = literalOf(node, 'geometries');
  if (!isJsonObject(geometries))
    throw openeoError(
      'ProcessParameterInvalid',
      `The geometries of the node ${quoted(node.id)} are no GeoJSON.`,
      {
        pointer: `${node.pointer}/arguments/geometries`,
        fix: 'Give a FeatureCollection of Polygons and MultiPolygons.',
      },
    );
  const given = givenIn(geometries);
  checkKind(node, geometries, given);
  const ids = idsOf(given);
  const features = given.map(({ geometry }, i) => ({ type: 'Feature', id: ids[i], geometry }));
  try {
    return parseZones({ type: 'FeatureCollection', features }, undefined, '');
  } catch (error) {
    if (!isSwathError(error)) throw error;
    throw inGraph(error, node, given);
  }
}

/**
 * `aggregate_spatial` over polygons as zones of a request.
 * @throws SwathError Unsupported for what only the evaluator takes, naming the node; InvalidInput
 *   (ProcessParameterInvalid) or LimitExceeded (ProcessGraphComplexity) with a pointer into the geometries.
 */
export function aggregationOf(node: GraphNode): Aggregation {
  if (literalOf(node, 'target_dimension') !== null)
    throw cannotPlan(node, 'counts in a dimension of its own', 'Leave "target_dimension" out.');
  const reducer = zoneReducer(callbackOf(node, 'reducer'));
  const features = zonesAt(node).map((zone) => ({ type: 'Feature' as const, ...zone }));
  return { zones: { type: 'FeatureCollection', features }, reducer };
}

/** @throws SwathError InvalidInput (ProcessParameterInvalid) when no geometry meets the area that is loaded. */
export function checkMeets(node: GraphNode, { features }: PlannedZones, area: readonly BboxWgs84[]): void {
  if (zonesMeet(features, area)) return;
  throw openeoError(
    'ProcessParameterInvalid',
    `None of the geometries of the node ${quoted(node.id)} lies in the area that is loaded.`,
    {
      pointer: `${node.pointer}/arguments/geometries`,
      fix: 'Correct spatial_extent or the geometries, or leave spatial_extent out: then the box around them is loaded.',
    },
  );
}
