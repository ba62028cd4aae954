import { cellAt } from './cells.ts';
import { objectOf } from './decode.ts';
import {
  type Cube,
  type Dimension,
  isArray,
  isCallback,
  isCube,
  isLabelled,
  isTemporal,
  type Value,
} from './value.ts';

/** JSON has neither NaN nor infinities: they become the words for them. */
function encodeNumber(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

function encodeDimension({ type, labels, axis, referenceSystem, geometries }: Dimension): unknown {
  return {
    type,
    ...(axis === undefined ? {} : { axis }),
    values: labels.map((label) => (typeof label === 'number' ? encodeNumber(label) : label)),
    ...(referenceSystem === undefined ? {} : { reference_system: referenceSystem }),
    ...(geometries === undefined
      ? {}
      : { geometries: labels.map((label) => encodeValue(geometries.get(label) ?? null)) }),
  };
}

function encodeCube(cube: Cube): unknown {
  const nodata = cube.nodata === undefined ? null : encodeNumber(cube.nodata);
  let at = 0;
  const nested = (axis: number): unknown => {
    const dimension = cube.dimensions[axis];
    if (dimension !== undefined) return dimension.labels.map(() => nested(axis + 1));
    const cell = cellAt(cube.cells, at++);
    return cell === null ? nodata : typeof cell === 'number' ? encodeNumber(cell) : cell;
  };
  return {
    type: 'datacube',
    ...(cube.nodata === undefined ? {} : { nodata }),
    order: cube.dimensions.map(({ name }) => name),
    dimensions: objectOf(cube.dimensions.map((dimension) => [dimension.name, encodeDimension(dimension)])),
    data: cube.dimensions.length === 0 ? [] : nested(0),
  };
}

/**
 * A value as JSON in the notation of openEO's test documents; no data is null (in cubes their own nodata value), numbers that
 * are not finite are the texts "NaN", "Infinity" and "-Infinity".
 */
export function encodeValue(value: Value): unknown {
  if (typeof value === 'number') return encodeNumber(value);
  if (value === null || typeof value !== 'object') return value;
  if (isArray(value)) return value.map(encodeValue);
  if (isTemporal(value)) return { type: 'datetime', value: value.text };
  if (isCube(value)) return encodeCube(value);
  if (isCallback(value)) return { type: 'process-graph' };
  if (isLabelled(value)) {
    const data = value.values.map((item, i) => ({ key: value.labels[i], value: encodeValue(item) }));
    return { type: 'labeled-array', data };
  }
  return objectOf(Object.entries(value).map(([key, item]) => [key, encodeValue(item)]));
}
