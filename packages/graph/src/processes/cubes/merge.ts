import { exception } from '../../exceptions.ts';
import { optional, type Process, required } from '../../registry/definition.ts';
import { aCube, anything, callbackOf } from '../../registry/schema.ts';
import { cellAt, makeCells } from '../../values/cells.ts';
import { checkCubeSize, makeCube, relabelled, sizeOf, stridesOf } from '../../values/cube.ts';
import { parseInstant } from '../../values/instant.ts';
import { any, cube } from '../../values/read.ts';
import {
  type Callback,
  type Cube,
  type Dimension,
  isCallback,
  type Label,
  type Value,
} from '../../values/value.ts';
import { asCell } from './apply.ts';

const same = (a: readonly Label[], b: readonly Label[]): boolean =>
  a.length === b.length && a.every((label, i) => label === b[i]);

/** Where a label lies on its axis: a number, the instant of a date, or the text. */
const place = (label: Label): number | string =>
  typeof label === 'number' ? label : (parseInstant(label)?.epochMs ?? label);

/** Labels of both; sorted as those of the first where they have an order of their own. */
function joinedLabels(a: Dimension, b: Dimension): readonly Label[] {
  if (same(a.labels, b.labels)) return a.labels;
  const joined = [...a.labels, ...b.labels.filter((label) => !a.labels.includes(label))];
  if (a.type !== 'spatial' && a.type !== 'temporal') return joined;
  const [first = '', last = ''] = [a.labels[0], a.labels.at(-1)].map((label) =>
    label === undefined ? '' : place(label),
  );
  const sign = first > last ? -1 : 1;
  return joined.toSorted((x, y) => sign * (place(x) < place(y) ? -1 : place(x) > place(y) ? 1 : 0));
}

function joinedDimension(a: Dimension, b: Dimension | undefined): Dimension {
  if (b === undefined) return a;
  if (a.type !== b.type || a.referenceSystem !== b.referenceSystem) {
    throw exception('IncompatibleDataCubes', `"${a.name}" has another type or reference system in each.`);
  }
  const isPlane = a.axis === 'x' || a.axis === 'y';
  if (isPlane && !same(a.labels, b.labels)) {
    throw exception('IncompatibleDataCubes', `The pixels along "${a.name}" differ; resampling needs a job.`);
  }
  return relabelled(a, joinedLabels(a, b));
}

/** The cell of `part` at each cell of the joined dimensions, or -1. Dimensions that it lacks do not matter. */
function locator(joined: readonly Dimension[], part: Cube): (cell: number) => number {
  const [strides, partStrides] = [stridesOf(joined), stridesOf(part.dimensions)];
  const steps = part.dimensions.map((dimension, partAxis) => {
    const axis = joined.findIndex(({ name }) => name === dimension.name);
    const positions = new Map(dimension.labels.map((label, i) => [label, i * partStrides[partAxis]!]));
    const { labels } = joined[axis]!;
    return {
      stride: strides[axis]!,
      length: labels.length,
      offsets: labels.map((label) => positions.get(label) ?? -1),
    };
  });
  return (cell) => {
    let at = 0;
    for (const { stride, length, offsets } of steps) {
      const offset = offsets[Math.floor(cell / stride) % length]!;
      if (offset < 0) return -1;
      at += offset;
    }
    return at;
  };
}

function merged(a: Cube, b: Cube, resolver: Callback | null, context: Value): Cube {
  const byName = new Map(b.dimensions.map((dimension) => [dimension.name, dimension]));
  const shared = a.dimensions.map((dimension) => joinedDimension(dimension, byName.get(dimension.name)));
  const extra = b.dimensions.filter(({ name }) => !a.dimensions.some((dimension) => dimension.name === name));
  const dimensions = [...shared, ...extra];
  checkCubeSize(dimensions);
  const [inA, inB] = [locator(dimensions, a), locator(dimensions, b)];
  const cells = makeCells(sizeOf(dimensions), (cell) => {
    const [atA, atB] = [inA(cell), inB(cell)];
    if (atA < 0 || atB < 0) return atA >= 0 ? cellAt(a.cells, atA) : atB >= 0 ? cellAt(b.cells, atB) : null;
    if (resolver === null) throw exception('OverlapResolverMissing');
    return asCell(
      'merge_cubes',
      'overlap_resolver',
      resolver.run({ x: cellAt(a.cells, atA), y: cellAt(b.cells, atB), context }),
    );
  });
  return makeCube(dimensions, cells, a.nodata ?? b.nodata);
}

const merge: Process = {
  id: 'merge_cubes',
  summary: 'Two data cubes as one',
  description:
    'Has the labels of both. Where both have a value, also because one of them lacks a dimension, the overlap resolver makes one of two. Pixels must be the same; times stay sorted, other labels of the second follow those of the first.',
  categories: ['cubes'],
  parameters: [
    required('cube1', 'The first data cube.', aCube),
    required('cube2', 'The second data cube.', aCube),
    optional(
      'overlap_resolver',
      'Makes one value of two.',
      [
        callbackOf(
          [
            ['x', 'The value of the first.', anything],
            ['y', 'The value of the second.', anything],
          ],
          anything,
        ),
        { type: 'null' },
      ],
      null,
    ),
    optional('context', 'Handed on to the resolver.', anything, null),
  ],
  returns: { description: 'The merged data cube.', schema: aCube },
  exceptions: ['OverlapResolverMissing', 'IncompatibleDataCubes'],
  run: (args) => {
    const resolver = any(args, 'overlap_resolver');
    return merged(
      cube(args, 'cube1'),
      cube(args, 'cube2'),
      resolver !== null && isCallback(resolver) ? resolver : null,
      any(args, 'context'),
    );
  },
};

export const mergeProcesses: readonly Process[] = [merge];
