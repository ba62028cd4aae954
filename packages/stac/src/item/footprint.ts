import type { BboxWgs84, LonLat, MultiPolygonGeometry, PolygonGeometry } from '@swath/geo';
import { maxFootprintVertices } from '../limits.ts';
import { asArray, asObject, corruptField } from './json.ts';

export interface Footprint {
  readonly geometry: PolygonGeometry | MultiPolygonGeometry | null;
  /** Recomputed from the geometry; two where it crosses the antimeridian. Empty without geometry. */
  readonly bboxes: readonly BboxWgs84[];
}

/**
 * The footprint of an Item. The Item's own `bbox` is not believed: it is recomputed.
 * @throws Corrupt when the geometry is missing or malformed, or null beside a bbox.
 */
export function readFootprint(geometry: unknown, bbox: unknown): Footprint {
  if (geometry === undefined) throw corruptField('/geometry', 'is missing');
  if (geometry === null) {
    if (bbox !== undefined && bbox !== null)
      throw corruptField('/geometry', 'is null although there is a bbox');
    return { geometry: null, bboxes: [] };
  }
  const object = asObject(geometry);
  const type = object?.['type'];
  const count = { vertices: 0 };
  if (type === 'Polygon') {
    const coordinates = readPolygon(object?.['coordinates'], '/geometry/coordinates', count);
    return { geometry: { type, coordinates }, bboxes: boxesOfRing(coordinates[0] ?? []) };
  }
  if (type === 'MultiPolygon') {
    const parts = asArray(object?.['coordinates']);
    if (parts === undefined || parts.length === 0) {
      throw corruptField('/geometry/coordinates', 'must be a non-empty list of polygons');
    }
    const coordinates = parts.map((part, index) =>
      readPolygon(part, `/geometry/coordinates/${index}`, count),
    );
    return {
      geometry: { type, coordinates },
      bboxes: mergeBoxes(coordinates.flatMap((part) => boxesOfRing(part[0] ?? []))),
    };
  }
  throw corruptField('/geometry/type', 'must be Polygon or MultiPolygon');
}

function readPolygon(value: unknown, pointer: string, count: { vertices: number }): LonLat[][] {
  const rings = asArray(value);
  if (rings === undefined || rings.length === 0)
    throw corruptField(pointer, 'must be a non-empty list of rings');
  return rings.map((ring, index) => {
    const points = asArray(ring);
    if (points === undefined || points.length < 4) {
      throw corruptField(`${pointer}/${index}`, 'must be a ring of at least 4 positions');
    }
    count.vertices += points.length;
    if (count.vertices > maxFootprintVertices) {
      throw corruptField('/geometry', `has more than ${maxFootprintVertices} vertices`);
    }
    return points.map((point, at) => readPosition(point, `${pointer}/${index}/${at}`));
  });
}

/** Longitudes up to 360 are taken: providers that do not split at the antimeridian write 181. */
function readPosition(value: unknown, pointer: string): LonLat {
  const [lon, lat] = asArray(value) ?? [];
  if (
    typeof lon !== 'number' ||
    typeof lat !== 'number' ||
    !(Math.abs(lon) <= 360) ||
    !(Math.abs(lat) <= 90)
  ) {
    throw corruptField(pointer, 'must be [longitude, latitude] in degrees');
  }
  return [lon, lat];
}

/**
 * Boxes of an outer ring. An edge of more than 180 degrees means the short way over the antimeridian; a ring that only
 * has longitudes of -180 and 180 is a band around the world; a ring that goes round a pole reaches it.
 */
function boxesOfRing(ring: readonly LonLat[]): BboxWgs84[] {
  let [south, north] = [90, -90];
  for (const [, lat] of ring) {
    south = Math.min(south, lat);
    north = Math.max(north, lat);
  }
  if (ring.every(([lon]) => Math.abs(lon) === 180)) return [[-180, south, 180, north]];
  const start = ring[0]?.[0] ?? 0;
  let [west, east] = [start, start];
  // Whole turns are counted apart, so that longitudes stay the numbers the Item has.
  let turns = 0;
  for (let i = 1; i < ring.length; i++) {
    const lon = ring[i]?.[0] ?? 0;
    const step = lon - (ring[i - 1]?.[0] ?? 0);
    turns += step > 180 ? -1 : step < -180 ? 1 : 0;
    west = Math.min(west, lon + turns * 360);
    east = Math.max(east, lon + turns * 360);
  }
  if (turns !== 0 || east - west >= 360) {
    return south + north >= 0 ? [[-180, south, 180, 90]] : [[-180, -90, 180, north]];
  }
  const shift = Math.floor((west + 180) / 360) * 360;
  west -= shift;
  east -= shift;
  if (east <= 180) return [[west, south, east, north]];
  return [
    [west, south, 180, north],
    [-180, south, east - 360, north],
  ];
}

/** One box for all parts of a scene; two (the eastern hemisphere's first) where parts touch the antimeridian from both sides. */
function mergeBoxes(boxes: readonly BboxWgs84[]): BboxWgs84[] {
  const crosses = boxes.some((box) => box[2] === 180) && boxes.some((box) => box[0] === -180);
  const world = boxes.some((box) => box[0] === -180 && box[2] === 180);
  if (!crosses || world) return boxes.length === 0 ? [] : [union(boxes)];
  const east = boxes.filter((box) => box[2] > 0 && box[0] >= 0);
  const west = boxes.filter((box) => !east.includes(box));
  return [east, west].filter((side) => side.length > 0).map(union);
}

function union(boxes: readonly BboxWgs84[]): BboxWgs84 {
  return [
    Math.min(...boxes.map((box) => box[0])),
    Math.min(...boxes.map((box) => box[1])),
    Math.max(...boxes.map((box) => box[2])),
    Math.max(...boxes.map((box) => box[3])),
  ];
}
