import type { BboxLiteral, Coordinate, Geometry } from '../cql2/ast.ts';

/**
 * A geometry as relations see it: planar, in degrees, z dropped. Every path of an area is closed and has the interior on
 * its left (shells counter-clockwise, holes clockwise); a path of a line is the line.
 */
export interface Shape {
  readonly dimension: 0 | 1 | 2;
  /** Of dimension 0. */
  readonly points: readonly XY[];
  /** Of dimensions 1 and 2: x, y, x, y, ... */
  readonly paths: readonly Float64Array[];
  /** Ends of lines, by the mod-2 rule: where an odd number of lines end. Keys of `pointKey`. */
  readonly ends: ReadonlySet<string>;
  readonly bounds: Bounds;
}

export type XY = readonly [x: number, y: number];
export type Bounds = readonly [minX: number, minY: number, maxX: number, maxY: number];

/** -0 and 0 are one place. */
export const pointKey = (x: number, y: number): string => `${x + 0} ${y + 0}`;

/** The shapes of a geometry: one, or those of a collection's members. */
export function shapesOf(geometry: Geometry): readonly Shape[] {
  switch (geometry.type) {
    case 'Point':
      return [pointShape([geometry.coordinates])];
    case 'MultiPoint':
      return [pointShape(geometry.coordinates)];
    case 'LineString':
      return [lineShape([geometry.coordinates])];
    case 'MultiLineString':
      return [lineShape(geometry.coordinates)];
    case 'Polygon':
      return [areaShape([geometry.coordinates])];
    case 'MultiPolygon':
      return [areaShape(geometry.coordinates)];
    case 'GeometryCollection':
      return geometry.geometries.flatMap(shapesOf);
  }
}

/** A box, as two where west > east; a flat one is a line or a point. */
export function bboxGeometry({ bbox }: BboxLiteral): Geometry {
  const [west, south, east, north] = bbox.length === 6 ? [bbox[0], bbox[1], bbox[3], bbox[4]] : bbox;
  const [w, s, e, n] = [west ?? 0, south ?? 0, east ?? 0, north ?? 0];
  if (w > e) return { type: 'MultiPolygon', coordinates: [[box(w, s, 180, n)], [box(-180, s, e, n)]] };
  if (w === e && s === n) return { type: 'Point', coordinates: [w, s] };
  if (w === e || s === n) {
    return {
      type: 'LineString',
      coordinates: [
        [w, s],
        [e, n],
      ],
    };
  }
  return { type: 'Polygon', coordinates: [box(w, s, e, n)] };
}

const box = (w: number, s: number, e: number, n: number): Coordinate[] => [
  [w, s],
  [e, s],
  [e, n],
  [w, n],
  [w, s],
];

function pointShape(coordinates: readonly Coordinate[]): Shape {
  const points = coordinates.map(([x, y]): XY => [x ?? 0, y ?? 0]);
  return { dimension: 0, points, paths: [], ends: new Set(), bounds: boundsOf(points.flat()) };
}

function lineShape(lines: readonly (readonly Coordinate[])[]): Shape {
  const paths = lines.map(flat);
  const ends = new Set<string>();
  for (const path of paths) {
    for (const at of [0, path.length - 2]) {
      const key = pointKey(path[at] ?? 0, path[at + 1] ?? 0);
      if (!ends.delete(key)) ends.add(key);
    }
  }
  return { dimension: 1, points: [], paths, ends, bounds: boundsOfAll(paths) };
}

function areaShape(polygons: readonly (readonly (readonly Coordinate[])[])[]): Shape {
  const paths = polygons.flatMap((rings) =>
    rings.map((ring, index) => {
      const path = flat(ring);
      const isShell = index === 0;
      return signedArea(path) > 0 === isShell ? path : reversed(path);
    }),
  );
  return { dimension: 2, points: [], paths, ends: new Set(), bounds: boundsOfAll(paths) };
}

/** Repeated positions are dropped: a segment of no length has no direction. */
function flat(coordinates: readonly Coordinate[]): Float64Array {
  const xy: number[] = [];
  for (const [x = 0, y = 0] of coordinates) {
    if (xy.at(-2) !== x || xy.at(-1) !== y) xy.push(x, y);
  }
  return Float64Array.from(xy);
}

/** Twice the area; positive when counter-clockwise. */
function signedArea(path: Float64Array): number {
  let sum = 0;
  for (let i = 0; i + 3 < path.length; i += 2) {
    sum += (path[i] ?? 0) * (path[i + 3] ?? 0) - (path[i + 2] ?? 0) * (path[i + 1] ?? 0);
  }
  return sum;
}

function reversed(path: Float64Array): Float64Array {
  const result = new Float64Array(path.length);
  for (let i = 0; i < path.length; i += 2) {
    result[path.length - 2 - i] = path[i] ?? 0;
    result[path.length - 1 - i] = path[i + 1] ?? 0;
  }
  return result;
}

function boundsOfAll(paths: readonly Float64Array[]): Bounds {
  let bounds: Bounds = emptyBounds;
  for (const path of paths) bounds = union(bounds, boundsOf(path));
  return bounds;
}

const emptyBounds: Bounds = [
  Number.POSITIVE_INFINITY,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
];

function boundsOf(xy: ArrayLike<number>): Bounds {
  let [minX, minY, maxX, maxY] = emptyBounds;
  for (let i = 0; i < xy.length; i += 2) {
    const x = xy[i] ?? 0;
    const y = xy[i + 1] ?? 0;
    if (x < minX) minX = x;
    if (x > maxX) maxX = x;
    if (y < minY) minY = y;
    if (y > maxY) maxY = y;
  }
  return [minX, minY, maxX, maxY];
}

const union = (a: Bounds, b: Bounds): Bounds => [
  Math.min(a[0], b[0]),
  Math.min(a[1], b[1]),
  Math.max(a[2], b[2]),
  Math.max(a[3], b[3]),
];

export function boundsMeet(a: Bounds, b: Bounds): boolean {
  return a[0] <= b[2] && a[2] >= b[0] && a[1] <= b[3] && a[3] >= b[1];
}
