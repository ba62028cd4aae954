import { exception } from '../../exceptions.ts';
import { optional, type Process, required } from '../../registry/definition.ts';
import {
  aCube,
  anArray,
  anything,
  aTextOrNull,
  callbackOf,
  geoJson,
  spatialCube,
} from '../../registry/schema.ts';
import { cellAt, makeCells } from '../../values/cells.ts';
import { makeCube } from '../../values/cube.ts';
import { any, callback, cube, optionalText } from '../../values/read.ts';
import { type Dimension, isPlainObject, type Scalar, type Value } from '../../values/value.ts';
import { asCell } from './apply.ts';
import { transpose } from './dimensions.ts';
import { crsOfGeoJson, planeOf } from './plane.ts';
import { pixelsOfZones } from './zones.ts';

/** Neither no data nor a number that is not finite. */
const isValid = (cell: Scalar): boolean =>
  cell !== null && (typeof cell !== 'number' || Number.isFinite(cell));

/** A name for the dimension of geometries that no other has. */
function freeName(taken: ReadonlySet<string>): string {
  let name = 'geometry';
  while (taken.has(name)) name = `${name}_`;
  return name;
}

const aggregateSpatial: Process = {
  id: 'aggregate_spatial',
  summary: 'Zonal statistics for geometries',
  description:
    'For each geometry the reducer is given the values of its pixels: those whose centre is in the polygon, the closest to a point, those a line passes. x and y become a dimension of geometries; a geometry without pixels has no data. Batch jobs take polygons, and of reducers mean, min, max, median, sd, variance, sum, count and some quantiles.',
  categories: ['cubes', 'aggregate'],
  parameters: [
    required('data', 'The data cube.', spatialCube),
    required(
      'geometries',
      'Points, lines or polygons as GeoJSON; of a FeatureCollection each Feature for itself.',
      geoJson,
    ),
    required('reducer', 'Makes one value of many.', callbackOf([['data', 'The values.', anArray]], anything)),
    optional(
      'target_dimension',
      'A new dimension for value, total_count and valid_count; null for the value alone.',
      aTextOrNull,
      null,
    ),
    optional('context', 'Handed on to the reducer.', anything, null),
  ],
  returns: { description: 'A vector data cube with a value for each geometry.', schema: aCube },
  exceptions: ['TargetDimensionExists', 'DimensionNotAvailable'],
  run: (args) => {
    const [data, reducer, given] = [cube(args, 'data'), callback(args, 'reducer'), any(args, 'context')];
    const [geometries, target] = [any(args, 'geometries'), optionalText(args, 'target_dimension')];
    const plane = planeOf('aggregate_spatial', data);
    const axes = data.dimensions.map((_, axis) => axis);
    const others = axes.filter((axis) => axis !== plane.xAxis && axis !== plane.yAxis);
    const kept = others.map((axis) => data.dimensions[axis]!);
    if (target !== null && data.dimensions.some(({ name }) => name === target))
      throw exception('TargetDimensionExists');
    const zones = pixelsOfZones('aggregate_spatial', 'geometries', plane, geometries);
    const { cells } = transpose(data, [...others, plane.yAxis, plane.xAxis]);
    const size = plane.x.length * plane.y.length;
    const valuesOf = (layer: number, zone: number): readonly Scalar[] =>
      zones[zone]!.pixels.map((pixel) => cellAt(cells, layer * size + pixel));
    const reduced = (values: readonly Scalar[]): Scalar =>
      values.length === 0
        ? null
        : asCell('aggregate_spatial', 'reducer', reducer.run({ data: values, context: given }));
    const parts: readonly ((values: readonly Scalar[]) => Scalar)[] =
      target === null
        ? [reduced]
        : [reduced, ({ length }) => length, (values) => values.filter(isValid).length];
    const layers = kept.reduce((count, { labels }) => count * labels.length, 1);
    let values: readonly Scalar[] = [];
    const made = makeCells(layers * zones.length * parts.length, (i) => {
      const part = i % parts.length;
      const lane = Math.floor(i / parts.length);
      if (part === 0) values = valuesOf(Math.floor(lane / zones.length), lane % zones.length);
      return parts[part]!(values);
    });
    const names = new Set([...kept.map(({ name }) => name), ...(target === null ? [] : [target])]);
    const counted: readonly Dimension[] =
      target === null
        ? []
        : [{ name: target, type: 'other', labels: ['value', 'total_count', 'valid_count'] }];
    const zone = zoneDimension(freeName(names), zones, geometries);
    return makeCube([...kept, zone, ...counted], made, data.nodata);
  },
};

function zoneDimension(name: string, zones: ReturnType<typeof pixelsOfZones>, geometries: Value): Dimension {
  const named = geometries !== null && isPlainObject(geometries) && 'crs' in geometries;
  return {
    name,
    type: 'geometry',
    labels: zones.map(({ zone }) => zone.label),
    geometries: new Map(zones.map(({ zone }) => [zone.label, zone.geometry])),
    ...(named ? { referenceSystem: crsOfGeoJson(geometries) } : {}),
  };
}

/** What makes vectors of pixels. */
export const zonalProcesses: readonly Process[] = [aggregateSpatial];
