import { exception, openeoError, quoted } from '../exceptions.ts';
import { MAX_CUBE_CELLS, MAX_CUBE_DIMENSIONS } from '../limits.ts';
import { type Cells, cellCount, gatherCells } from './cells.ts';
import { type Cube, type Dimension, kind, type Label } from './value.ts';

/** Cells of a cube with these dimensions. Without dimensions there are none. */
export function sizeOf(dimensions: readonly Dimension[]): number {
  if (dimensions.length === 0) return 0;
  return dimensions.reduce((size, { labels }) => size * labels.length, 1);
}

/**
 * Refuses more than an evaluation may hold, before it is allocated.
 * @throws SwathError LimitExceeded
 */
export function checkCubeSize(dimensions: readonly Dimension[]): void {
  const size = sizeOf(dimensions);
  if (size <= MAX_CUBE_CELLS && dimensions.length <= MAX_CUBE_DIMENSIONS) return;
  throw openeoError(
    'ProcessGraphComplexity',
    `A data cube of ${size} cells in ${dimensions.length} dimensions is over the limit of ${MAX_CUBE_CELLS} cells in ${MAX_CUBE_DIMENSIONS}.`,
    { fix: 'Evaluate a smaller part; jobs over imagery have no such limit.' },
  );
}

/** @throws SwathError Bug when cells and dimensions disagree; LimitExceeded. */
export function makeCube(dimensions: readonly Dimension[], cells: Cells, nodata?: number): Cube {
  checkCubeSize(dimensions);
  const size = sizeOf(dimensions);
  if (size !== cellCount(cells) && dimensions.length > 0) {
    throw new TypeError(`a cube of ${size} cells was given ${cellCount(cells)}`);
  }
  return { [kind]: 'cube', dimensions, cells, nodata };
}

/** The same cube with other cells. */
export const withCells = (cube: Cube, cells: Cells): Cube => makeCube(cube.dimensions, cells, cube.nodata);

/** Position of the dimension of that name. @throws SwathError DimensionNotAvailable */
export function axisOf(cube: Cube, name: string): number {
  const axis = cube.dimensions.findIndex((dimension) => dimension.name === name);
  if (axis >= 0) return axis;
  const names = cube.dimensions.map((dimension) => dimension.name).join(', ');
  throw exception('DimensionNotAvailable', `It has ${names || 'none'}, not ${quoted(name)}.`);
}

/** Row-major distances between neighbours along each dimension. */
export function stridesOf(dimensions: readonly Dimension[]): number[] {
  const strides = new Array<number>(dimensions.length).fill(1);
  for (let i = dimensions.length - 2; i >= 0; i--) {
    strides[i] = strides[i + 1]! * dimensions[i + 1]!.labels.length;
  }
  return strides;
}

/** A cube seen from one dimension: cell (outer, j, inner) is at `(outer * length + j) * inner + i`. */
export interface Lanes {
  /** Steps over the dimensions before. */
  readonly outer: number;
  /** Labels of the dimension. */
  readonly length: number;
  /** Steps over the dimensions behind. */
  readonly inner: number;
}

export function lanesOf(dimensions: readonly Dimension[], axis: number): Lanes {
  const product = (part: readonly Dimension[]) => part.reduce((size, { labels }) => size * labels.length, 1);
  return {
    outer: product(dimensions.slice(0, axis)),
    length: dimensions[axis]!.labels.length,
    inner: product(dimensions.slice(axis + 1)),
  };
}

export function replaceAt<T>(list: readonly T[], index: number, ...items: readonly T[]): T[] {
  return [...list.slice(0, index), ...items, ...list.slice(index + 1)];
}

/** The dimension with other labels. */
export const relabelled = (dimension: Dimension, labels: readonly Label[]): Dimension => ({
  ...dimension,
  labels,
});

/** The part of a cube at these positions along one dimension, in this order. */
export function select(cube: Cube, axis: number, positions: readonly number[]): Cube {
  const dimension = cube.dimensions[axis]!;
  const dimensions = replaceAt(
    cube.dimensions,
    axis,
    relabelled(
      dimension,
      positions.map((position) => dimension.labels[position]!),
    ),
  );
  const { outer, length, inner } = lanesOf(cube.dimensions, axis);
  const places = new Int32Array(outer * positions.length * inner);
  let at = 0;
  for (let o = 0; o < outer; o++) {
    for (const position of positions) {
      const start = (o * length + position) * inner;
      for (let i = 0; i < inner; i++) places[at++] = start + i;
    }
  }
  return makeCube(dimensions, gatherCells(cube.cells, places), cube.nodata);
}

/** Positions of the dimensions of this type. */
export function axesOfType(cube: Cube, type: Dimension['type']): number[] {
  return cube.dimensions.flatMap((dimension, axis) => (dimension.type === type ? [axis] : []));
}

/** Position of the spatial dimension along x or y, or -1. */
export function spatialAxis(cube: Cube, axis: 'x' | 'y'): number {
  return cube.dimensions.findIndex(
    (dimension) => dimension.type === 'spatial' && (dimension.axis ?? dimension.name) === axis,
  );
}
