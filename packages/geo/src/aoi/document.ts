import { SwathError } from '@swath/core';
import { MAX_AOI_VERTICES, MAX_GEOJSON_NESTING } from '../limits.ts';

/** Rings of one polygon, shell first, unchecked positions. */
export interface RawPolygon {
  /** JSON pointer of the polygon's coordinates. */
  readonly pointer: string;
  readonly rings: readonly (readonly unknown[])[];
}

export interface RawArea {
  /** JSON pointer of the geometry's coordinates. */
  readonly pointer: string;
  readonly type: 'Polygon' | 'MultiPolygon';
  readonly polygons: readonly RawPolygon[];
}

export function refuseAoi(message: string, pointer: string, fix: string): SwathError {
  return new SwathError('InvalidInput', message, { pointer, fix });
}

const shapes = 'Use a GeoJSON Polygon or MultiPolygon, or a bbox [west, south, east, north].';

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Own properties only: an inherited `type` or `coordinates` is nobody's input. */
function own(value: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

function checkLegacyCrs(value: Readonly<Record<string, unknown>>, pointer: string): void {
  const crs = own(value, 'crs');
  if (crs === undefined || crs === null) return;
  const named = isObject(crs) && isObject(own(crs, 'properties')) ? own(crs, 'properties') : undefined;
  const name = isObject(named) ? own(named, 'name') : undefined;
  if (typeof name === 'string' && /(CRS84|EPSG:+4326)$/i.test(name)) return;
  throw refuseAoi(
    'The GeoJSON names a CRS of its own; areas are in longitude and latitude.',
    `${pointer}/crs`,
    'Export the area in WGS 84 (EPSG:4326) and leave "crs" out.',
  );
}

function asArray(value: unknown, pointer: string, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw refuseAoi(`${what} is not an array.`, pointer, shapes);
}

/** Feature and FeatureCollection of one taken off, down to the geometry. */
function unwrap(
  input: unknown,
  pointer: string,
  depth: number,
): { geometry: Readonly<Record<string, unknown>>; pointer: string } {
  if (!isObject(input)) throw refuseAoi('The area is not a GeoJSON object.', pointer, shapes);
  if (depth > MAX_GEOJSON_NESTING) {
    throw refuseAoi('The GeoJSON is nested too deep.', pointer, 'Give the geometry itself.');
  }
  checkLegacyCrs(input, pointer);
  const type = own(input, 'type');
  if (type === 'Polygon' || type === 'MultiPolygon') return { geometry: input, pointer };
  if (type === 'Feature') return unwrap(own(input, 'geometry'), `${pointer}/geometry`, depth + 1);
  if (type === 'FeatureCollection') {
    const features = asArray(own(input, 'features'), `${pointer}/features`, '"features"');
    if (features.length !== 1) {
      throw refuseAoi(
        `The FeatureCollection has ${features.length} features; an area is one.`,
        `${pointer}/features`,
        'Send one feature, or join the polygons into one MultiPolygon.',
      );
    }
    return unwrap(features[0], `${pointer}/features/0`, depth + 1);
  }
  const known = ['Point', 'MultiPoint', 'LineString', 'MultiLineString', 'GeometryCollection'];
  const name = typeof type === 'string' ? type.slice(0, 40) : 'nothing';
  if (known.includes(name)) {
    const fix =
      name === 'GeometryCollection'
        ? 'Join its polygons into one MultiPolygon.'
        : 'Draw a polygon around it, for example with a buffer.';
    throw refuseAoi(`A ${name} has no area.`, `${pointer}/type`, fix);
  }
  throw refuseAoi(`The GeoJSON type "${name}" is not an area.`, `${pointer}/type`, shapes);
}

/**
 * The polygons of a GeoJSON area and where they are in the document. Looks at lengths only, never at positions: a ring
 * of a million is refused as fast as one of four is accepted.
 * @throws SwathError InvalidInput, LimitExceeded.
 */
export function readArea(input: unknown, pointer: string): RawArea {
  const found = unwrap(input, pointer, 1);
  const at = `${found.pointer}/coordinates`;
  const type = own(found.geometry, 'type') === 'Polygon' ? 'Polygon' : 'MultiPolygon';
  const coordinates = asArray(own(found.geometry, 'coordinates'), at, '"coordinates"');
  if (coordinates.length === 0) throw refuseAoi('The area is empty.', at, shapes);
  const parts = type === 'Polygon' ? [coordinates] : coordinates;
  const polygons: RawPolygon[] = [];
  let vertices = 0;
  for (let part = 0; part < parts.length; part++) {
    const partPointer = type === 'Polygon' ? at : `${at}/${part}`;
    const rings = asArray(parts[part], partPointer, 'A polygon');
    if (rings.length === 0) throw refuseAoi('A polygon has no ring.', partPointer, shapes);
    const checked: (readonly unknown[])[] = [];
    for (let ring = 0; ring < rings.length; ring++) {
      const ringPointer = `${partPointer}/${ring}`;
      const positions = asArray(rings[ring], ringPointer, 'A ring');
      if (positions.length < 4) {
        throw refuseAoi(
          `The ring has ${positions.length} positions; a closed ring has at least 4.`,
          ringPointer,
          'Give at least three corners and repeat the first one at the end.',
        );
      }
      vertices += positions.length;
      if (vertices > MAX_AOI_VERTICES) {
        throw new SwathError(
          'LimitExceeded',
          `The area has more than ${MAX_AOI_VERTICES.toLocaleString('en')} vertices` +
            (positions.length > MAX_AOI_VERTICES
              ? ` (${positions.length.toLocaleString('en')} in one ring).`
              : '.'),
          { pointer: at, fix: 'Simplify the outline: a vertex every 10 m is all that 10 m pixels can show.' },
        );
      }
      checked.push(positions);
    }
    polygons.push({ pointer: partPointer, rings: checked });
  }
  return { pointer: at, type, polygons };
}
