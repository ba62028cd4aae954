import { type CrsId, crsTransformer, parseCrs, WGS84 } from '@swath/geo';
import { exception, invalidParameter } from '../../exceptions.ts';
import { MAX_POLYGON_WORK } from '../../limits.ts';
import { spatialAxis, stridesOf } from '../../values/cube.ts';
import { type Cube, isArray, isPlainObject, type Label, type Value } from '../../values/value.ts';

/** The pixels of a cube: where x and y are, the coordinates of pixel centres, and the CRS of those. */
export interface Plane {
  readonly xAxis: number;
  readonly yAxis: number;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly crs: CrsId;
}

/**
 * Any spelling of a CRS, WKT2 by the EPSG code at its end. @throws SwathError InvalidInput
 */
export function crsOf(given: string | number, pointer?: string): CrsId {
  const code = typeof given === 'string' ? /ID\["EPSG",\s*(\d+)\]\s*\]\s*$/.exec(given)?.[1] : undefined;
  return parseCrs(code ?? given, pointer ?? '');
}

function coordinates(process: string, labels: readonly Label[]): readonly number[] {
  return labels.map((label) => {
    if (typeof label === 'number') return label;
    throw invalidParameter(process, 'data', 'the labels of x and y must be numbers');
  });
}

/** @throws SwathError DimensionNotAvailable without x and y */
export function planeOf(process: string, data: Cube): Plane {
  const [xAxis, yAxis] = [spatialAxis(data, 'x'), spatialAxis(data, 'y')];
  const [x, y] = [data.dimensions[xAxis], data.dimensions[yAxis]];
  if (x === undefined || y === undefined) throw exception('DimensionNotAvailable', 'It has no x and y.');
  const system = x.referenceSystem ?? y.referenceSystem;
  return {
    xAxis,
    yAxis,
    x: coordinates(process, x.labels),
    y: coordinates(process, y.labels),
    crs: system === undefined ? WGS84 : crsOf(system),
  };
}

/** The pixel of a cell, as `row * width + column`. */
export function pixelOfCell(data: Cube, { xAxis, yAxis, x, y }: Plane): (cell: number) => number {
  const strides = stridesOf(data.dimensions);
  const [xStride, yStride] = [strides[xAxis]!, strides[yAxis]!];
  return (cell) =>
    (Math.floor(cell / yStride) % y.length) * x.length + (Math.floor(cell / xStride) % x.length);
}

type Ring = readonly (readonly [x: number, y: number])[];

/** Outer ring and holes. */
export type Polygon = readonly Ring[];

const invalid = (process: string, parameter: string) => (why: string) =>
  invalidParameter(process, parameter, why);

function ringOf(value: Value, refuse: (why: string) => Error): Ring {
  if (!isArray(value)) throw refuse('a ring is no array of positions');
  return value.map((position) => {
    const [x, y] = isArray(position) ? position : [];
    if (Number.isFinite(x) && Number.isFinite(y)) return [Number(x), Number(y)] as const;
    throw refuse('a position is not two numbers');
  });
}

function polygonOf(value: Value, refuse: (why: string) => Error): Polygon {
  if (!isArray(value)) throw refuse('a polygon is no array of rings');
  return value.map((ring) => ringOf(ring, refuse)).filter((ring) => ring.length > 0);
}

export function polygonsWithin(value: Value, refuse: (why: string) => Error): readonly Polygon[] {
  if (value === null) return [];
  if (!isPlainObject(value)) throw refuse('it is no GeoJSON');
  const list = (key: string): readonly Value[] => {
    const items = value[key] ?? null;
    if (isArray(items)) return items;
    throw refuse(`"${key}" is no array`);
  };
  switch (value['type']) {
    case 'Polygon':
      return [polygonOf(list('coordinates'), refuse)].filter((rings) => rings.length > 0);
    case 'MultiPolygon':
      return list('coordinates')
        .map((polygon) => polygonOf(polygon, refuse))
        .filter((rings) => rings.length > 0);
    case 'Feature':
      return polygonsWithin(value['geometry'] ?? null, refuse);
    case 'FeatureCollection':
      return list('features').flatMap((feature) => polygonsWithin(feature, refuse));
    case 'GeometryCollection':
      return list('geometries').flatMap((geometry) => polygonsWithin(geometry, refuse));
    default:
      throw refuse('it has no polygons; points and lines have no inside');
  }
}

/** The CRS that GeoJSON of 2008 could name; longitude and latitude otherwise. */
export function crsOfGeoJson(value: Value): CrsId {
  if (value === null || !isPlainObject(value)) return WGS84;
  const crs = value['crs'] ?? null;
  const properties = crs !== null && isPlainObject(crs) ? (crs['properties'] ?? null) : null;
  const name = properties !== null && isPlainObject(properties) ? properties['name'] : undefined;
  return typeof name === 'string' ? crsOf(name) : WGS84;
}

/** Even-odd rule on one polygon; a point on an edge belongs to the area right of or above it. */
export function contains(polygon: Polygon, px: number, py: number): boolean {
  let isInside = false;
  for (const ring of polygon) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [ax, ay] = ring[i]!;
      const [bx, by] = ring[j]!;
      if (ay > py !== by > py && px < ((bx - ax) * (py - ay)) / (by - ay) + ax) isInside = !isInside;
    }
  }
  return isInside;
}

/**
 * Pixels whose centre is in one of the polygons of GeoJSON: 1, else 0; row by row. Edges are straight in the CRS of the
 * geometry.
 * @throws SwathError ProcessParameterInvalid for anything but polygons; LimitExceeded.
 */
export function pixelsWithin(process: string, parameter: string, plane: Plane, geometry: Value): Uint8Array {
  const refuse = invalid(process, parameter);
  const polygons = polygonsWithin(geometry, refuse);
  const positions = polygons.flat().reduce((sum, ring) => sum + ring.length, 0);
  const pixels = plane.x.length * plane.y.length;
  if (positions * pixels > MAX_POLYGON_WORK)
    throw refuse(`${positions} positions are too many for ${pixels} pixels`);
  const { forward } = crsTransformer(plane.crs, crsOfGeoJson(geometry));
  const inside = new Uint8Array(pixels);
  let at = 0;
  for (const y of plane.y) {
    for (const x of plane.x) {
      const [px, py] = forward(x, y);
      if (polygons.some((polygon) => contains(polygon, px, py))) inside[at] = 1;
      at += 1;
    }
  }
  return inside;
}
