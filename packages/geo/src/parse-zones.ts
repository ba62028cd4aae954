import { SwathError } from '@swath/core';
import { parseAoi } from './aoi.ts';
import { MAX_ZONE_ID_CHARS, MAX_ZONE_VERTICES, MAX_ZONES } from './limits.ts';
import type { BboxWgs84, MultiPolygonGeometry, PolygonGeometry } from './types.ts';

/** One polygon that statistics are asked of. */
export interface Zone {
  /** Unique among the zones of a request. */
  readonly id: string;
  readonly geometry: PolygonGeometry | MultiPolygonGeometry;
}

/** What the rows of all pixels are called; no zone may be. */
export const WHOLE = 'whole';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Zones from a GeoJSON FeatureCollection of Polygons and MultiPolygons, each checked as areas of interest are.
 * @param zoneId the property that names a zone; by default the feature's `id`.
 * @throws SwathError InvalidInput or LimitExceeded with a pointer to the feature, and the fix.
 */
export function parseZones(input: unknown, zoneId?: string, pointer = '/zones'): readonly Zone[] {
  const features = isObject(input) && input['type'] === 'FeatureCollection' ? input['features'] : undefined;
  if (!Array.isArray(features) || features.length === 0) {
    throw new SwathError('InvalidInput', 'The zones are not a FeatureCollection with features.', {
      pointer,
      fix: 'Give {"type": "FeatureCollection", "features": [...]} with a Polygon or MultiPolygon in each.',
    });
  }
  checkSize(features, pointer);
  const seen = new Map<string, number>();
  return features.map((feature: unknown, at): Zone => {
    const where = `${pointer}/features/${at}`;
    if (!isObject(feature) || feature['type'] !== 'Feature') {
      throw new SwathError('InvalidInput', `Zone ${at} is not a Feature.`, {
        pointer: where,
        fix: 'Give {"type": "Feature", "id": ..., "geometry": ...}.',
      });
    }
    const id = idOf(feature, zoneId, where);
    const before = seen.get(id);
    if (before !== undefined) {
      throw new SwathError('InvalidInput', `Zones ${before} and ${at} are both called "${id}".`, {
        pointer: where,
        fix: 'Give every zone an id of its own, or name another property in "zoneId".',
      });
    }
    seen.set(id, at);
    return { id, geometry: parseAoi(feature['geometry'], `${where}/geometry`).geometry };
  });
}

function checkSize(features: readonly unknown[], pointer: string): void {
  if (features.length > MAX_ZONES) {
    throw new SwathError(
      'LimitExceeded',
      `There are ${features.length} zones; at most ${MAX_ZONES} in one request.`,
      {
        pointer: `${pointer}/features`,
        fix: 'Split them into several requests: imagery is read once per request.',
      },
    );
  }
  let vertices = 0;
  for (const [at, feature] of features.entries()) {
    vertices += verticesOf(
      isObject(feature) && isObject(feature['geometry']) ? feature['geometry']['coordinates'] : [],
    );
    if (vertices <= MAX_ZONE_VERTICES) continue;
    throw new SwathError('LimitExceeded', `The zones have more than ${MAX_ZONE_VERTICES} vertices in all.`, {
      pointer: `${pointer}/features/${at}`,
      fix: 'Simplify the outlines, or split the zones into several requests.',
    });
  }
}

/** Positions in nested arrays, no deeper than a MultiPolygon's. */
function verticesOf(coordinates: unknown, depth = 0): number {
  if (!Array.isArray(coordinates)) return 0;
  if (depth === 3 || typeof coordinates[0] === 'number') return 1;
  return coordinates.reduce((sum: number, inner: unknown) => sum + verticesOf(inner, depth + 1), 0);
}

function idOf(feature: Readonly<Record<string, unknown>>, zoneId: string | undefined, where: string): string {
  const { properties } = feature;
  const named = isObject(properties) && zoneId !== undefined && Object.hasOwn(properties, zoneId);
  const found = zoneId === undefined ? feature['id'] : named ? properties[zoneId] : undefined;
  const pointer =
    zoneId === undefined
      ? `${where}/id`
      : `${where}/properties/${zoneId.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const id = typeof found === 'number' && Number.isFinite(found) ? String(found) : found;
  if (typeof id !== 'string' || id === '' || id.length > MAX_ZONE_ID_CHARS || /\p{Cc}/u.test(id)) {
    throw new SwathError('InvalidInput', 'A zone has no id.', {
      pointer,
      fix: `Give it "id", or name the property that has it in "zoneId": a number, or 1 to ${MAX_ZONE_ID_CHARS} characters.`,
    });
  }
  if (id === WHOLE) {
    throw new SwathError('InvalidInput', `A zone is called "${WHOLE}", which stands for all pixels.`, {
      pointer,
      fix: 'Give it another id.',
    });
  }
  return id;
}

/** Whether the box around any of the zones meets one of the boxes. */
export function zonesMeet(zones: readonly Zone[], boxes: readonly BboxWgs84[]): boolean {
  return zones.some((zone) => boxesMeet(zonesBbox([zone]), boxes));
}

export function boxesMeet([west, south, east, north]: BboxWgs84, boxes: readonly BboxWgs84[]): boolean {
  return boxes.some((box) => west < box[2] && east > box[0] && south < box[3] && north > box[1]);
}

/** The box around all zones. */
export function zonesBbox(zones: readonly Zone[]): BboxWgs84 {
  const box: [number, number, number, number] = [180, 90, -180, -90];
  for (const { geometry } of zones) {
    const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
    for (const [shell = []] of polygons) {
      for (const [lon, lat] of shell) {
        box[0] = Math.min(box[0], lon);
        box[1] = Math.min(box[1], lat);
        box[2] = Math.max(box[2], lon);
        box[3] = Math.max(box[3], lat);
      }
    }
  }
  return box;
}
