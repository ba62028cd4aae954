import { exception, invalidParameter } from '../../exceptions.ts';
import { optional, type Process, required } from '../../registry/definition.ts';
import {
  aCube,
  anArray,
  anything,
  aReducer,
  aText,
  aTextOrNull,
  callbackOf,
  spatialCube,
} from '../../registry/schema.ts';
import { cellAt, makeCells } from '../../values/cells.ts';
import {
  axisOf,
  checkCubeSize,
  lanesOf,
  makeCube,
  replaceAt,
  sizeOf,
  spatialAxis,
  withCells,
} from '../../values/cube.ts';
import { any, callback, cube, optionalText, text } from '../../values/read.ts';
import {
  type Callback,
  type Cube,
  type Dimension,
  isArray,
  isLabelled,
  isScalar,
  isTemporal,
  type Label,
  labelled,
  type Scalar,
  type Value,
} from '../../values/value.ts';
import { transpose } from './dimensions.ts';

const context = optional('context', 'Handed on to the process.', anything, null);

/** A value that fits into a cell. @throws SwathError ProcessParameterInvalid */
export function asCell(process: string, parameter: string, value: Value): Scalar {
  if (isScalar(value)) return value;
  if (isTemporal(value)) return value.text;
  throw invalidParameter(process, parameter, 'it gives no single value');
}

function asArray(process: string, value: Value): readonly Value[] {
  if (isArray(value)) return value;
  if (value !== null && typeof value === 'object' && isLabelled(value)) return value.values;
  throw invalidParameter(process, 'process', 'it gives no array');
}

const apply: Process = {
  id: 'apply',
  summary: 'Apply a process to every value',
  description: 'Each value for itself; dimensions and labels stay.',
  categories: ['cubes'],
  parameters: [
    required('data', 'The data cube.', aCube),
    required('process', 'What to apply.', callbackOf([['x', 'The value.', anything]], anything)),
    context,
  ],
  returns: { description: 'The data cube with new values.', schema: aCube },
  exceptions: [],
  run: (args) => {
    const [data, process, given] = [cube(args, 'data'), callback(args, 'process'), any(args, 'context')];
    const cells = makeCells(data.cells.values.length, (i) =>
      asCell('apply', 'process', process.run({ x: cellAt(data.cells, i), context: given })),
    );
    return withCells(data, cells);
  },
};

/** Values along a lane at the given positions, as an array with their labels. */
function laneValues(
  data: Cube,
  start: number,
  stride: number,
  positions: readonly number[],
  names: readonly Label[],
): Value {
  return labelled(
    names,
    positions.map((position) => cellAt(data.cells, start + position * stride)),
  );
}

/**
 * One dimension of a cube brought to other labels: the reducer is given, for each group of positions along the dimension, the
 * values there, and gives one. `reduced` undefined drops the dimension, then there is one group.
 */
export function reduceGroups(
  process: string,
  data: Cube,
  axis: number,
  groups: readonly (readonly number[])[],
  reduced: Dimension | undefined,
  reducer: Callback,
  given: Value,
): Cube {
  const { outer, length, inner } = lanesOf(data.dimensions, axis);
  const dimensions =
    reduced === undefined ? replaceAt(data.dimensions, axis) : replaceAt(data.dimensions, axis, reduced);
  checkCubeSize(dimensions);
  const names = groups.map((group) => group.map((position) => data.dimensions[axis]!.labels[position]!));
  const count = groups.length;
  const cells = makeCells(outer * count * inner, (at) => {
    const i = at % inner;
    const group = Math.floor(at / inner) % count;
    const o = Math.floor(at / (inner * count));
    const values = laneValues(data, o * length * inner + i, inner, groups[group]!, names[group]!);
    return asCell(process, 'reducer', reducer.run({ data: values, context: given }));
  });
  // A cube that has lost its last dimension has no place for a value: it keeps one of length 1.
  if (dimensions.length > 0) return makeCube(dimensions, cells, data.nodata);
  return makeCube([{ name: data.dimensions[axis]!.name, type: 'other', labels: [0] }], cells, data.nodata);
}

const allPositions = (data: Cube, axis: number) => [data.dimensions[axis]!.labels.map((_, i) => i)];

const reduce: Process = {
  id: 'reduce_dimension',
  summary: 'Many values along a dimension to one',
  description: 'The dimension is gone afterwards; the last dimension of a cube stays, with a single label.',
  categories: ['cubes', 'reducer'],
  parameters: [
    required('data', 'The data cube.', aCube),
    required('reducer', 'Makes one value of many.', aReducer),
    required('dimension', 'Name of the dimension.', aText),
    context,
  ],
  returns: { description: 'The data cube without the dimension.', schema: aCube },
  exceptions: ['DimensionNotAvailable'],
  run: (args) => {
    const data = cube(args, 'data');
    const axis = axisOf(data, text(args, 'dimension'));
    const groups = allPositions(data, axis);
    return reduceGroups(
      'reduce_dimension',
      data,
      axis,
      groups,
      undefined,
      callback(args, 'reducer'),
      any(args, 'context'),
    );
  },
};

const reduceSpatial: Process = {
  id: 'reduce_spatial',
  summary: 'All pixels to one value',
  description:
    'The reducer is given all values of the plane x, y, row by row; both dimensions are gone afterwards.',
  categories: ['aggregate', 'cubes', 'reducer'],
  parameters: [
    required('data', 'The data cube.', spatialCube),
    required('reducer', 'Makes one value of many.', callbackOf([['data', 'The values.', anArray]], anything)),
    context,
  ],
  returns: { description: 'The data cube without x and y.', schema: aCube },
  exceptions: ['DimensionNotAvailable'],
  experimental: true,
  run: (args) => {
    const data = cube(args, 'data');
    const [y, x] = [spatialAxis(data, 'y'), spatialAxis(data, 'x')];
    if (x < 0 || y < 0) throw exception('DimensionNotAvailable', 'It has no x and y.');
    const others = data.dimensions.map((_, axis) => axis).filter((axis) => axis !== x && axis !== y);
    const moved = transpose(data, [...others, y, x]);
    const length = data.dimensions[y]!.labels.length * data.dimensions[x]!.labels.length;
    const plane: Dimension = { name: 'pixels', type: 'other', labels: Array.from({ length }, (_, i) => i) };
    const flat = makeCube([...others.map((axis) => data.dimensions[axis]!), plane], moved.cells, data.nodata);
    const groups = allPositions(flat, others.length);
    return reduceGroups(
      'reduce_spatial',
      flat,
      others.length,
      groups,
      undefined,
      callback(args, 'reducer'),
      any(args, 'context'),
    );
  },
};

/** What the dimension is like after `count` values have taken the place of those along `source`. */
function targetDimension(
  source: Dimension,
  target: Dimension | undefined,
  name: string,
  count: number,
): Dimension {
  if (name === source.name && count === source.labels.length) return source;
  const labels = Array.from({ length: count }, (_, i) => i);
  if (name === source.name)
    return { name, type: source.type, labels, ...(source.axis === undefined ? {} : { axis: source.axis }) };
  return {
    name,
    type: target?.type ?? 'other',
    labels,
    ...(target?.axis === undefined ? {} : { axis: target.axis }),
  };
}

/** Every lane along `axis` through the process; `values[lane]` have the same length each. */
function processLanes(
  data: Cube,
  axis: number,
  process: Callback,
  given: Value,
): readonly (readonly Value[])[] {
  const { outer, length, inner } = lanesOf(data.dimensions, axis);
  const [positions] = allPositions(data, axis);
  const names = data.dimensions[axis]!.labels;
  const made: (readonly Value[])[] = [];
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const values = laneValues(data, o * length * inner + i, inner, positions!, names);
      const lane = asArray('apply_dimension', process.run({ data: values, context: given }));
      if (made.length > 0 && lane.length !== made[0]!.length) {
        throw invalidParameter(
          'apply_dimension',
          'process',
          `it gives ${made[0]!.length} values here and ${lane.length} there`,
        );
      }
      // The whole result is known from the first lane: refuse it before computing the others.
      if (made.length === 0) {
        const long = { name: '', type: 'other', labels: lane.map((_, at) => at) } as const;
        checkCubeSize(replaceAt(data.dimensions, axis, long));
      }
      made.push(lane);
    }
  }
  return made;
}

const applyDimension: Process = {
  id: 'apply_dimension',
  summary: 'Apply a process along a dimension',
  description:
    'The process is given all values along the dimension and gives an array. As many values keep the labels; otherwise they are 0, 1, 2, ... With another target dimension the source dimension goes.',
  categories: ['cubes'],
  parameters: [
    required('data', 'The data cube.', aCube),
    required(
      'process',
      'An array in, an array out.',
      callbackOf([['data', 'The values, with their labels.', anArray]], anArray),
    ),
    required('dimension', 'Name of the dimension to go along.', aText),
    optional(
      'target_dimension',
      'Name of the dimension for the results; null for the same.',
      aTextOrNull,
      null,
    ),
    context,
  ],
  returns: { description: 'The data cube with new values.', schema: aCube },
  exceptions: ['DimensionNotAvailable'],
  run: (args) => {
    const [data, process] = [cube(args, 'data'), callback(args, 'process')];
    const axis = axisOf(data, text(args, 'dimension'));
    const source = data.dimensions[axis]!;
    const name = optionalText(args, 'target_dimension') ?? source.name;
    const targetAxis = data.dimensions.findIndex((dimension) => dimension.name === name);
    const target = data.dimensions[targetAxis];
    if (target !== undefined && target !== source && target.labels.length !== 1) {
      throw invalidParameter('apply_dimension', 'target_dimension', 'it has more than one label');
    }
    const lanes = processLanes(data, axis, process, any(args, 'context'));
    const count = lanes[0]?.length ?? source.labels.length;
    const replaced = replaceAt(data.dimensions, axis, targetDimension(source, target, name, count));
    const { inner } = lanesOf(data.dimensions, axis);
    const cells = makeCells(sizeOf(replaced), (at) => {
      const i = at % inner;
      const position = Math.floor(at / inner) % count;
      const lane = lanes[Math.floor(at / (inner * count)) * inner + i]!;
      return asCell('apply_dimension', 'process', lane[position] ?? null);
    });
    // A target that is there already has one label and gives its place: dropping it moves no cell.
    const dimensions = target === undefined || target === source ? replaced : replaceAt(replaced, targetAxis);
    return makeCube(dimensions, cells, data.nodata);
  },
};

/** Processes that take a process for every value or lane. */
export const applyProcesses: readonly Process[] = [apply, applyDimension, reduce, reduceSpatial];
