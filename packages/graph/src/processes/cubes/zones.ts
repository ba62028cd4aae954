import { type CrsId, crsTransformer } from '@swath/geo';
import { invalidParameter } from '../../exceptions.ts';
import { MAX_POLYGON_WORK, MAX_ZONES } from '../../limits.ts';
import { isArray, isPlainObject, type Label, type PlainObject, type Value } from '../../values/value.ts';
import { contains, crsOfGeoJson, type Plane, type Polygon, polygonsWithin } from './plane.ts';

/** One geometry of an aggregation. */
export interface Zone {
  readonly label: Label;
  /** The Feature or geometry as it was given. */
  readonly geometry: Value;
}

type Point = readonly [x: number, y: number];
type Refuse = (why: string) => Error;

const membersOf = (value: PlainObject, key: string): readonly Value[] => {
  const items = value[key] ?? null;
  return isArray(items) ? items : [];
};

/**
 * Geometries that are aggregated each by itself: those of a FeatureCollection or GeometryCollection, or the only one. They are
 * named by the ids of the Features where all have one of their own, else 0, 1, 2, ...
 * @throws SwathError ProcessParameterInvalid for more than MAX_ZONES.
 */
export function zonesOf(geometries: Value, refuse: Refuse): readonly Zone[] {
  if (geometries === null || !isPlainObject(geometries)) throw refuse('it is no GeoJSON');
  const given =
    geometries['type'] === 'FeatureCollection'
      ? membersOf(geometries, 'features')
      : geometries['type'] === 'GeometryCollection'
        ? membersOf(geometries, 'geometries')
        : [geometries];
  if (given.length > MAX_ZONES) throw refuse(`${given.length} geometries are over the limit of ${MAX_ZONES}`);
  const ids = given.map((one) => (one !== null && isPlainObject(one) ? (one['id'] ?? null) : null));
  const isNamed =
    ids.every((id): id is Label => typeof id === 'string' || typeof id === 'number') &&
    new Set(ids).size === ids.length;
  return given.map((geometry, i) => ({ label: isNamed ? ids[i]! : i, geometry }));
}

const isPosition = (value: Value): value is readonly number[] =>
  isArray(value) && Number.isFinite(value[0]) && Number.isFinite(value[1]);

function positionsOf(value: Value, refuse: Refuse): readonly Point[] {
  if (!isArray(value)) throw refuse('coordinates are no array');
  return value.map((position) => {
    if (!isPosition(position)) throw refuse('a position is not two numbers');
    return [position[0]!, position[1]!];
  });
}

/** What decides which pixels belong to a geometry. */
interface Shape {
  readonly polygons: readonly Polygon[];
  readonly points: readonly Point[];
  readonly lines: readonly (readonly Point[])[];
}

const nowhere: Shape = { polygons: [], points: [], lines: [] };

function shapeOf(value: Value, refuse: Refuse): Shape {
  if (value === null) return nowhere;
  if (!isPlainObject(value)) throw refuse('it is no GeoJSON');
  const coordinates = value['coordinates'] ?? null;
  switch (value['type']) {
    case 'Feature':
      return shapeOf(value['geometry'] ?? null, refuse);
    case 'Polygon':
    case 'MultiPolygon':
      return { ...nowhere, polygons: polygonsWithin(value, refuse) };
    case 'Point':
      return { ...nowhere, points: positionsOf([coordinates], refuse) };
    case 'MultiPoint':
      return { ...nowhere, points: positionsOf(coordinates, refuse) };
    case 'LineString':
      return { ...nowhere, lines: [positionsOf(coordinates, refuse)] };
    case 'MultiLineString':
      return {
        ...nowhere,
        lines: (isArray(coordinates) ? coordinates : []).map((line) => positionsOf(line, refuse)),
      };
    default:
      throw refuse('it must be points, lines or polygons, or one collection of them');
  }
}

/** Continuous position of a coordinate among equally spaced centres: 0 to 1 is the first pixel. */
function placeAmong(centres: readonly number[]): (coordinate: number) => number {
  const [first = 0, second = first + 1] = centres;
  const step = second - first;
  return (coordinate) => (coordinate - first) / step + 0.5;
}

/** Calls `visit` for each pixel that a straight line between two places passes, in order (Amanatides and Woo, 1987). */
function traverse([x0, y0]: Point, [x1, y1]: Point, visit: (column: number, row: number) => void): void {
  let [column, row] = [Math.floor(x0), Math.floor(y0)];
  const [dx, dy] = [x1 - x0, y1 - y0];
  const [stepX, stepY] = [Math.sign(dx), Math.sign(dy)];
  const first = (at: number, cell: number, d: number) =>
    d === 0 ? Number.POSITIVE_INFINITY : ((d > 0 ? cell + 1 : cell) - at) / d;
  let [nextX, nextY] = [first(x0, column, dx), first(y0, row, dy)];
  const crossings = Math.abs(Math.floor(x1) - column) + Math.abs(Math.floor(y1) - row);
  visit(column, row);
  for (let i = 0; i < crossings; i++) {
    if (nextX < nextY) {
      column += stepX;
      nextX += stepX / dx;
    } else {
      row += stepY;
      nextY += stepY / dy;
    }
    visit(column, row);
  }
}

/** The part of a line within the box, so that one around the world passes no more pixels than there are (Liang and Barsky). */
function clipped(a: Point, b: Point, width: number, height: number): readonly [Point, Point] | undefined {
  let [from, to] = [0, 1];
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  for (const [p, q] of [
    [-dx, a[0]],
    [dx, width - a[0]],
    [-dy, a[1]],
    [dy, height - a[1]],
  ] as const) {
    if (p === 0 && q < 0) return undefined;
    if (p < 0) from = Math.max(from, q / p);
    if (p > 0) to = Math.min(to, q / p);
  }
  if (from > to) return undefined;
  return [
    [a[0] + from * dx, a[1] + from * dy],
    [a[0] + to * dx, a[1] + to * dy],
  ];
}

/** Centres of all pixels in the CRS of the geometries, row by row. */
function centresIn(
  { x, y, crs }: Plane,
  to: CrsId,
): { readonly px: Float64Array; readonly py: Float64Array } {
  const { forward } = crsTransformer(crs, to);
  const [px, py] = [new Float64Array(x.length * y.length), new Float64Array(x.length * y.length)];
  let at = 0;
  for (const row of y)
    for (const column of x) {
      [px[at], py[at]] = forward(column, row) as [number, number];
      at += 1;
    }
  return { px, py };
}

/**
 * For each zone the pixels that belong to it, as `row * width + column`, ascending: those whose centre is in a polygon; the
 * closest to a point, and those that a line passes, which are the closest to its points. Edges of polygons are straight in the
 * CRS of the geometries, lines in that of the pixels. Geometries elsewhere have none.
 * @throws SwathError ProcessParameterInvalid.
 */
export function pixelsOfZones(
  process: string,
  parameter: string,
  plane: Plane,
  geometries: Value,
): readonly { readonly zone: Zone; readonly pixels: readonly number[] }[] {
  const refuse: Refuse = (why) => invalidParameter(process, parameter, why);
  const zones = zonesOf(geometries, refuse);
  const shapes = zones.map(({ geometry }) => shapeOf(geometry, refuse));
  const [width, height] = [plane.x.length, plane.y.length];
  const positions = shapes
    .flatMap(({ polygons }) => polygons.flat())
    .reduce((sum, ring) => sum + ring.length, 0);
  if (positions * width * height > MAX_POLYGON_WORK)
    throw refuse(`${positions} positions are too many for ${width * height} pixels`);
  const crs = crsOfGeoJson(geometries);
  const centres = positions === 0 ? undefined : centresIn(plane, crs);
  const toPlane = crsTransformer(crs, plane.crs);
  const [columnAt, rowAt] = [placeAmong(plane.x), placeAmong(plane.y)];
  const placeOf = ([x, y]: Point): Point => {
    const [px, py] = toPlane.forward(x, y);
    return [columnAt(px), rowAt(py)];
  };
  return zones.map((zone, i) => {
    const { polygons, points, lines } = shapes[i]!;
    const found = new Set<number>();
    const add = (column: number, row: number) => {
      if (column >= 0 && column < width && row >= 0 && row < height) found.add(row * width + column);
    };
    if (centres !== undefined) for (const polygon of polygons) addWithin(polygon, centres, found);
    for (const point of points) {
      const [column, row] = placeOf(point);
      add(Math.floor(column), Math.floor(row));
    }
    for (const line of lines) {
      const places = line.map(placeOf);
      for (const [at, place] of places.entries()) {
        const part = clipped(place, places[at + 1] ?? place, width, height);
        if (part !== undefined && (at + 1 < places.length || places.length === 1)) traverse(...part, add);
      }
    }
    return { zone, pixels: [...found].sort((a, b) => a - b) };
  });
}

function addWithin(
  polygon: Polygon,
  { px, py }: { readonly px: Float64Array; readonly py: Float64Array },
  found: Set<number>,
): void {
  const outer = polygon[0] ?? [];
  const [west, east] = [Math.min(...outer.map(([x]) => x)), Math.max(...outer.map(([x]) => x))];
  const [south, north] = [Math.min(...outer.map(([, y]) => y)), Math.max(...outer.map(([, y]) => y))];
  for (let i = 0; i < px.length; i++) {
    const [x, y] = [px[i]!, py[i]!];
    if (x >= west && x <= east && y >= south && y <= north && contains(polygon, x, y)) found.add(i);
  }
}
