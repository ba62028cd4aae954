import { MAX_FILTER_VERTICES } from '../limits.ts';
import type { BboxLiteral, Coordinate, Geometry } from './ast.ts';
import { refuseAt } from './refuse.ts';

/** Counts what it reads, over all geometries of a filter. */
export interface VertexCount {
  vertices: number;
}

export function readBboxJson(json: unknown, pointer: string): BboxLiteral {
  const numbers = Array.isArray(json) ? json.filter((n): n is number => Number.isFinite(n)) : [];
  if (Array.isArray(json) && numbers.length === json.length && (json.length === 4 || json.length === 6)) {
    return { bbox: numbers };
  }
  throw refuseAt(pointer, 'A bbox is a list of 4 or 6 numbers.');
}

/** A GeoJSON geometry of any type; other members (`bbox`, `crs`) are dropped. @throws InvalidInput with the pointer. */
export function readGeometryJson(
  count: VertexCount,
  json: Readonly<Record<string, unknown>>,
  pointer: string,
): Geometry {
  const { type, coordinates } = json;
  const at = `${pointer}/coordinates`;
  switch (type) {
    case 'Point':
      return { type, coordinates: position(count, coordinates, at) };
    case 'MultiPoint':
      return { type, coordinates: positions(count, coordinates, at, 1) };
    case 'LineString':
      return { type, coordinates: positions(count, coordinates, at, 2) };
    case 'MultiLineString':
      return { type, coordinates: each(coordinates, at, (item, p) => positions(count, item, p, 2)) };
    case 'Polygon':
      return { type, coordinates: rings(count, coordinates, at) };
    case 'MultiPolygon':
      return { type, coordinates: each(coordinates, at, (item, p) => rings(count, item, p)) };
    case 'GeometryCollection':
      return {
        type,
        geometries: each(json['geometries'], `${pointer}/geometries`, (item, p) => member(count, item, p)),
      };
    default:
      throw refuseAt(`${pointer}/type`, 'The type is none of GeoJSON.');
  }
}

function member(count: VertexCount, json: unknown, pointer: string): Geometry {
  if (typeof json !== 'object' || json === null) throw refuseAt(pointer, 'This must be a geometry.');
  const object = json as Readonly<Record<string, unknown>>;
  if (object['type'] === 'GeometryCollection') {
    throw refuseAt(pointer, 'A geometry collection cannot hold another.');
  }
  return readGeometryJson(count, object, pointer);
}

const rings = (count: VertexCount, json: unknown, pointer: string) =>
  each(json, pointer, (item, p) => {
    const ring = positions(count, item, p, 4);
    const [first, last] = [ring[0], ring.at(-1)];
    if (first?.[0] === last?.[0] && first?.[1] === last?.[1]) return ring;
    throw refuseAt(p, 'The ring is not closed: its last position must be its first.');
  });

function positions(count: VertexCount, json: unknown, pointer: string, least: number): Coordinate[] {
  const found = each(json, pointer, (item, p) => position(count, item, p));
  if (found.length >= least) return found;
  throw refuseAt(pointer, `At least ${least} positions are needed here, not ${found.length}.`);
}

function position(count: VertexCount, json: unknown, pointer: string): Coordinate {
  count.vertices += 1;
  if (count.vertices > MAX_FILTER_VERTICES) {
    throw refuseAt(pointer, `There are more than ${MAX_FILTER_VERTICES} vertices.`);
  }
  if (Array.isArray(json) && json.length >= 2 && json.length <= 4 && json.every((n) => Number.isFinite(n))) {
    return json as readonly number[];
  }
  throw refuseAt(pointer, 'A position is [longitude, latitude].');
}

function each<T>(json: unknown, pointer: string, read: (item: unknown, pointer: string) => T): T[] {
  if (!Array.isArray(json) || json.length === 0) throw refuseAt(pointer, 'This must be a list with members.');
  return json.map((item, index) => read(item, `${pointer}/${index}`));
}
