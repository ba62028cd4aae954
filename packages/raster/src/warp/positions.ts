import { SwathError } from '@swath/core';
import {
  crsTransformer,
  type Geotransform,
  type Grid,
  invertGeotransform,
  type PixelWindow,
} from '@swath/geo';
import type { RasterInfo } from '../image.ts';
import { CELL_SIDE, POSITION_ERROR_PX, SMALLEST_CELL_SIDE } from './limits.ts';

/** Position in the source, in pixels, of a position of the grid, in pixels; corners are whole numbers. NaN: none. */
export type ExactPosition = (column: number, row: number) => readonly [x: number, y: number];

/** How positions of a grid map to positions of a source image at full resolution. */
export type PositionMap =
  | {
      /** Same CRS: `x = m[0] + column * m[1] + row * m[2]`, `y = m[3] + column * m[4] + row * m[5]`. */
      readonly kind: 'affine';
      readonly matrix: Geotransform;
      readonly exact: ExactPosition;
    }
  | { readonly kind: 'projected'; readonly exact: ExactPosition };

/** Source positions of a window of sample points, row-major. */
export interface Positions {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** @throws SwathError Unsupported when the image has no georeference. */
export function positionMap(grid: Grid, name: string, info: RasterInfo): PositionMap {
  const { crs, geotransform } = info;
  if (geotransform === null && info.tags['geo'] === 'tiepoints') {
    throw new SwathError(
      'Unsupported',
      `${name} is placed by ground control points, which are not warped here.`,
      { fix: 'Warp it to a grid first, for instance with gdalwarp.' },
    );
  }
  if (crs === null || geotransform === null) {
    throw new SwathError('Unsupported', `${name} has no georeference, so it cannot be brought to a grid.`, {
      fix: 'Use an image with a CRS and a geotransform.',
    });
  }
  if (crs === grid.crs) {
    const matrix = affineBetween(grid.geotransform, geotransform);
    const [x0, xColumn, xRow, y0, yColumn, yRow] = matrix;
    const exact: ExactPosition = (column, row) => [
      x0 + column * xColumn + row * xRow,
      y0 + column * yColumn + row * yRow,
    ];
    return { kind: 'affine', matrix, exact };
  }
  return { kind: 'projected', exact: projectedPosition(grid, crs, geotransform) };
}

/** Pixels of the grid to pixels of the source, through differences of origins so that large coordinates cancel first. */
function affineBetween(grid: Geotransform, source: Geotransform): Geotransform {
  if (source[2] === 0 && source[4] === 0) {
    return [
      (grid[0] - source[0]) / source[1],
      grid[1] / source[1],
      grid[2] / source[1],
      (grid[3] - source[3]) / source[5],
      grid[4] / source[5],
      grid[5] / source[5],
    ];
  }
  const inverse = invertGeotransform([0, source[1], source[2], 0, source[4], source[5]]);
  const toColumn = (x: number, y: number) => x * inverse[1] + y * inverse[2];
  const toRow = (x: number, y: number) => x * inverse[4] + y * inverse[5];
  const [dx, dy] = [grid[0] - source[0], grid[3] - source[3]];
  return [
    toColumn(dx, dy),
    toColumn(grid[1], grid[4]),
    toColumn(grid[2], grid[5]),
    toRow(dx, dy),
    toRow(grid[1], grid[4]),
    toRow(grid[2], grid[5]),
  ];
}

function projectedPosition(grid: Grid, crs: string, source: Geotransform): ExactPosition {
  const { forward } = crsTransformer(grid.crs, crs);
  const gt = grid.geotransform;
  const inverse = invertGeotransform([0, source[1], source[2], 0, source[4], source[5]]);
  return (column, row) => {
    const [x, y] = forward(gt[0] + column * gt[1] + row * gt[2], gt[3] + column * gt[4] + row * gt[5]);
    const [dx, dy] = [x - source[0], y - source[3]];
    return [dx * inverse[1] + dy * inverse[2], dx * inverse[4] + dy * inverse[5]];
  };
}

/**
 * Positions of the sample points (x + shift, y + shift) of a window; shift 0.5 is pixel centres, 0 upper-left corners.
 *
 * Other CRS: positions are linear between the corners of cells of 64 pixels anchored at the grid's origin, halved until
 * nine exact points of the cell agree within {@link POSITION_ERROR_PX}, and exact where that does not help (edges of a
 * projection). A cell is judged by its own points alone, so a position never depends on the window.
 */
export function positionsOf(map: PositionMap, window: PixelWindow, shift: 0 | 0.5): Positions {
  const pixels = window.width * window.height;
  const positions = { x: new Float64Array(pixels), y: new Float64Array(pixels) };
  if (map.kind === 'affine') {
    fillAffine(map.matrix, positions, window, shift);
    return positions;
  }
  const lastColumn = window.x + window.width - 1;
  const lastRow = window.y + window.height - 1;
  for (let row = cellStart(window.y); row <= lastRow; row += CELL_SIDE) {
    for (let column = cellStart(window.x); column <= lastColumn; column += CELL_SIDE) {
      fillCell(map.exact, positions, window, { x: column, y: row, side: CELL_SIDE }, shift);
    }
  }
  return positions;
}

const cellStart = (pixel: number) => Math.floor(pixel / CELL_SIDE) * CELL_SIDE;

interface Cell {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

function fillCell(
  exact: ExactPosition,
  out: Positions,
  window: PixelWindow,
  cell: Cell,
  shift: 0 | 0.5,
): void {
  const part = intersect(window, { x: cell.x, y: cell.y, width: cell.side, height: cell.side });
  if (part === null) return;
  const corners = linearCorners(exact, cell);
  if (corners !== null) {
    fillLinear(corners, cell, out, window, part, shift);
    return;
  }
  if (cell.side <= SMALLEST_CELL_SIDE) {
    fillExact(exact, out, window, part, shift);
    return;
  }
  const side = cell.side / 2;
  for (const [dx, dy] of [
    [0, 0],
    [side, 0],
    [0, side],
    [side, side],
  ] as const) {
    fillCell(exact, out, window, { x: cell.x + dx, y: cell.y + dy, side }, shift);
  }
}

/** The part of two windows that overlaps, or null. */
export function intersect(a: PixelWindow, b: PixelWindow): PixelWindow | null {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  const width = Math.min(a.x + a.width, b.x + b.width) - x;
  const height = Math.min(a.y + a.height, b.y + b.height) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : null;
}

type Point = readonly [x: number, y: number];
type Corners = readonly [upperLeft: Point, upperRight: Point, lowerLeft: Point, lowerRight: Point];

/** The exact corners, or null when a bilinear surface through them misses the exact middles. */
function linearCorners(exact: ExactPosition, { x, y, side }: Cell): Corners | null {
  const half = side / 2;
  const a = exact(x, y);
  const b = exact(x + side, y);
  const c = exact(x, y + side);
  const d = exact(x + side, y + side);
  const near = (got: Point, ...between: readonly Point[]) => {
    const mean = (axis: 0 | 1) => between.reduce((sum, point) => sum + point[axis], 0) / between.length;
    // Written so that NaN is far.
    return Math.abs(got[0] - mean(0)) <= POSITION_ERROR_PX && Math.abs(got[1] - mean(1)) <= POSITION_ERROR_PX;
  };
  const linear =
    near(exact(x + half, y + half), a, b, c, d) &&
    near(exact(x + half, y), a, b) &&
    near(exact(x + half, y + side), c, d) &&
    near(exact(x, y + half), a, c) &&
    near(exact(x + side, y + half), b, d);
  return linear ? [a, b, c, d] : null;
}

/** Every position from the cell's corners directly, never from its neighbour, so that sums do not drift. */
function fillLinear(
  [a, b, c, d]: Corners,
  cell: Cell,
  out: Positions,
  window: PixelWindow,
  part: PixelWindow,
  shift: 0 | 0.5,
): void {
  const step = 1 / cell.side;
  for (let row = part.y; row < part.y + part.height; row++) {
    const v = (row + shift - cell.y) * step;
    const leftX = a[0] + (c[0] - a[0]) * v;
    const leftY = a[1] + (c[1] - a[1]) * v;
    const acrossX = b[0] + (d[0] - b[0]) * v - leftX;
    const acrossY = b[1] + (d[1] - b[1]) * v - leftY;
    let at = (row - window.y) * window.width + (part.x - window.x);
    for (let column = part.x; column < part.x + part.width; column++, at++) {
      const u = (column + shift - cell.x) * step;
      out.x[at] = leftX + acrossX * u;
      out.y[at] = leftY + acrossY * u;
    }
  }
}

/** Same arithmetic as {@link positionMap}'s `exact`, without a tuple a pixel. */
function fillAffine(matrix: Geotransform, out: Positions, window: PixelWindow, shift: 0 | 0.5): void {
  const [x0, xColumn, xRow, y0, yColumn, yRow] = matrix;
  let at = 0;
  for (let row = window.y + shift; row < window.y + window.height; row++) {
    for (let column = window.x + shift; column < window.x + window.width; column++, at++) {
      out.x[at] = x0 + column * xColumn + row * xRow;
      out.y[at] = y0 + column * yColumn + row * yRow;
    }
  }
}

function fillExact(
  exact: ExactPosition,
  out: Positions,
  window: PixelWindow,
  part: PixelWindow,
  shift: 0 | 0.5,
): void {
  for (let row = part.y; row < part.y + part.height; row++) {
    let at = (row - window.y) * window.width + (part.x - window.x);
    for (let column = part.x; column < part.x + part.width; column++, at++) {
      const [x, y] = exact(column + shift, row + shift);
      out.x[at] = x;
      out.y[at] = y;
    }
  }
}
