import type { PixelWindow } from '@swath/geo';
import {
  CELL_SIDE,
  FIT_ERROR_PX,
  LINEAR_ERROR_PX,
  SMALLEST_CELL_SIDE,
  SMALLEST_STEP,
  SURFACE_CELL_SIDE,
} from './limits.ts';
import { type ExactPosition, intersect, type PositionMap } from './positions.ts';

/**
 * Sample points of a part of a window, and their source positions: linear between nodes that are `2 ** stepLog2` sample
 * points apart, the first at (x, y).
 */
export interface Patch {
  /** Where the nodes begin, in sample points of the grid. */
  readonly x: number;
  readonly y: number;
  /** The part of the window, in sample points of the grid; lies between the nodes. */
  readonly part: PixelWindow;
  readonly stepLog2: number;
  /** Nodes to a row. */
  readonly columns: number;
  /** x and y of each node in turn, in pixels of the source; NaN where there is no position. */
  readonly nodes: Float64Array;
}

/** Sides of the source in pixels. */
interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Positions of the sample points (x + shift, y + shift) of a window; shift 0.5 is pixel centres, 0 upper-left corners.
 *
 * Same CRS: linear, without error but for rounding. Other CRS: each cell of 256 sample points, anchored at the grid's
 * origin, is a biquadratic surface through nine exact points, taken when sixteen more agree with it; nodes lie on that
 * surface as far apart as its curvature allows, down to every point of cells of 32. Cells that do not agree are halved, and
 * exact point by point where that does not help (edges of a projection). In all, positions are within POSITION_ERROR_PX of the exact ones, at about 300
 * exact points for 1024 x 1024 pixels.
 *
 * A cell is judged by its own points alone, so a position never depends on the window. Cells that lie far from the
 * source have no patch.
 */
export function patchesOf(map: PositionMap, window: PixelWindow, shift: 0 | 0.5, source: Size): Patch[] {
  const work: PatchWork = {
    exact: map.kind === 'affine' ? map.exact : remembered(map.exact),
    window,
    shift,
    source,
    out: [],
  };
  const lastColumn = window.x + window.width - 1;
  const lastRow = window.y + window.height - 1;
  for (let y = cellStart(window.y); y <= lastRow; y += CELL_SIDE) {
    for (let x = cellStart(window.x); x <= lastColumn; x += CELL_SIDE) {
      const cell = { x, y, side: CELL_SIDE };
      if (map.kind === 'affine') addLinear(work, cell);
      else addCell(work, cell);
    }
  }
  return work.out;
}

const cellStart = (pixel: number) => Math.floor(pixel / CELL_SIDE) * CELL_SIDE;

interface Cell {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

interface PatchWork {
  readonly exact: ExactPosition;
  readonly window: PixelWindow;
  readonly shift: 0 | 0.5;
  readonly source: Size;
  readonly out: Patch[];
}

/** Neighbouring cells share their edges. */
function remembered(exact: ExactPosition): ExactPosition {
  const known = new Map<number, readonly [number, number]>();
  return (column, row) => {
    // Twice a sample point is whole; grids have fewer than 2^26 columns.
    const key = row * 2 ** 28 + column * 2;
    const before = known.get(key);
    if (before !== undefined) return before;
    const position = exact(column, row);
    known.set(key, position);
    return position;
  };
}

function addPatch({ window, out }: PatchWork, cell: Cell, patch: Omit<Patch, 'x' | 'y' | 'part'>): void {
  const part = intersect(window, { x: cell.x, y: cell.y, width: cell.side, height: cell.side });
  if (part !== null) out.push({ x: cell.x, y: cell.y, part, ...patch });
}

/** Nodes at the corners alone. */
function addLinear(work: PatchWork, cell: Cell): void {
  const { exact, shift } = work;
  const nodes = new Float64Array(8);
  for (let i = 0; i < 4; i++) {
    const column = cell.x + (i % 2) * cell.side + shift;
    const row = cell.y + Math.floor(i / 2) * cell.side + shift;
    nodes.set(exact(column, row), i * 2);
  }
  addPatch(work, cell, { stepLog2: Math.log2(cell.side), columns: 2, nodes });
}

function addCell(work: PatchWork, cell: Cell): void {
  const { window, source } = work;
  if (intersect(window, { x: cell.x, y: cell.y, width: cell.side, height: cell.side }) === null) return;
  const samples = sampleCell(work, cell);
  if (isFar(samples, source)) return;
  const smooth = fits(samples);
  const step = smooth ? stepOf(samples, cell.side) : 0;
  if (step > 0) {
    addSurface(work, cell, samples, step);
    return;
  }
  // Curved too much for lines, as where a grid is far coarser than its source: the surface itself, at every point.
  if (smooth && cell.side <= SURFACE_CELL_SIDE) {
    addSurface(work, cell, samples, 1);
    return;
  }
  if (cell.side > SMALLEST_CELL_SIDE) {
    const side = cell.side / 2;
    addCell(work, { x: cell.x, y: cell.y, side });
    addCell(work, { x: cell.x + side, y: cell.y, side });
    addCell(work, { x: cell.x, y: cell.y + side, side });
    addCell(work, { x: cell.x + side, y: cell.y + side, side });
  } else if (samples.some((number) => !Number.isNaN(number))) {
    addExact(work, cell);
  }
}

/** Points to a side of a cell that are computed exactly; every other one carries the surface. */
const SIDE_SAMPLES = 5;

/** x and y of 5 x 5 exact points, corners and edges included. */
function sampleCell({ exact, shift }: PatchWork, cell: Cell): Float64Array {
  const samples = new Float64Array(SIDE_SAMPLES * SIDE_SAMPLES * 2);
  const apart = cell.side / (SIDE_SAMPLES - 1);
  for (let i = 0; i < SIDE_SAMPLES * SIDE_SAMPLES; i++) {
    const column = cell.x + (i % SIDE_SAMPLES) * apart + shift;
    const row = cell.y + Math.floor(i / SIDE_SAMPLES) * apart + shift;
    samples.set(exact(column, row), i * 2);
  }
  return samples;
}

/** Whether all points have positions, and lie away from the source by more than they lie from each other. */
function isFar(samples: Float64Array, { width, height }: Size): boolean {
  return isApart(samples, 0, width) || isApart(samples, 1, height);
}

function isApart(samples: Float64Array, axis: 0 | 1, size: number): boolean {
  let min = samples[axis]!;
  let max = min;
  for (let i = axis; i < samples.length; i += 2) {
    const position = samples[i]!;
    if (Number.isNaN(position)) return false;
    min = Math.min(min, position);
    max = Math.max(max, position);
  }
  const spread = max - min + 1;
  return max + spread < 0 || min - spread > size;
}

/** Value at shares (u, v) of the side of the biquadratic surface through every other sample. */
function surfaceAt(samples: Float64Array, axis: 0 | 1, u: number, v: number): number {
  const at = (column: number, row: number) => samples[(row * SIDE_SAMPLES + column) * 2 + axis]!;
  const across = (row: number) => quadratic(at(0, row), at(2, row), at(4, row), u);
  return quadratic(across(0), across(2), across(4), v);
}

/** Through a at 0, b at 1/2 and c at 1, exactly. */
function quadratic(a: number, b: number, c: number, t: number): number {
  return a * (1 - t) * (1 - 2 * t) + b * 4 * t * (1 - t) + c * t * (2 * t - 1);
}

function fits(samples: Float64Array): boolean {
  for (let i = 0; i < SIDE_SAMPLES * SIDE_SAMPLES; i++) {
    const u = (i % SIDE_SAMPLES) / (SIDE_SAMPLES - 1);
    const v = Math.floor(i / SIDE_SAMPLES) / (SIDE_SAMPLES - 1);
    for (const axis of [0, 1] as const) {
      // Written so that NaN does not fit.
      if (!(Math.abs(surfaceAt(samples, axis, u, v) - samples[i * 2 + axis]!) <= FIT_ERROR_PX)) return false;
    }
  }
  return true;
}

/**
 * Farthest that nodes may be apart, a power of two; 0 when none serves. Between nodes s apart a line misses a curve of
 * second derivative f'' by s^2 / 8 * f'', along both axes.
 */
function stepOf(samples: Float64Array, side: number): number {
  let worst = 0;
  for (const axis of [0, 1] as const) {
    const at = (column: number, row: number) => samples[(row * SIDE_SAMPLES + column) * 2 + axis]!;
    let across = 0;
    let down = 0;
    for (const k of [0, 2, 4]) {
      across = Math.max(across, Math.abs(at(0, k) - 2 * at(2, k) + at(4, k)));
      down = Math.max(down, Math.abs(at(k, 0) - 2 * at(k, 2) + at(k, 4)));
    }
    worst = Math.max(worst, across + down);
  }
  const perPixel = worst / (side / 2) ** 2;
  for (let step = side; step >= SMALLEST_STEP; step /= 2) {
    if ((step * step * perPixel) / 8 <= LINEAR_ERROR_PX) return step;
  }
  return 0;
}

function addSurface(work: PatchWork, cell: Cell, samples: Float64Array, step: number): void {
  const columns = cell.side / step + 1;
  const nodes = new Float64Array(columns * columns * 2);
  for (let row = 0; row < columns; row++) {
    const v = (row * step) / cell.side;
    for (let column = 0; column < columns; column++) {
      const u = (column * step) / cell.side;
      const i = (row * columns + column) * 2;
      nodes[i] = surfaceAt(samples, 0, u, v);
      nodes[i + 1] = surfaceAt(samples, 1, u, v);
    }
  }
  addPatch(work, cell, { stepLog2: Math.log2(step), columns, nodes });
}

/** Every sample point a node. */
function addExact(work: PatchWork, cell: Cell): void {
  const { exact, shift } = work;
  const nodes = new Float64Array(cell.side * cell.side * 2);
  for (let i = 0; i < cell.side * cell.side; i++) {
    nodes.set(exact(cell.x + (i % cell.side) + shift, cell.y + Math.floor(i / cell.side) + shift), i * 2);
  }
  addPatch(work, cell, { stepLog2: 0, columns: cell.side, nodes });
}

/** Smallest box, in pixels of the source, that holds the positions of a patch which have one; null when none has. */
export interface Reach {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export function reachOf(patch: Patch): Reach | null {
  const { part, x, y, stepLog2 } = patch;
  const columns = breaks(part.x - x, part.width, 2 ** stepLog2);
  const rows = breaks(part.y - y, part.height, 2 ** stepLog2);
  let [left, right] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let [top, bottom] = [left, right];
  for (const row of rows) {
    for (const column of columns) {
      const atX = patchPosition(patch, column, row, 0);
      const atY = patchPosition(patch, column, row, 1);
      if (atX < left) left = atX;
      if (atX > right) right = atX;
      if (atY < top) top = atY;
      if (atY > bottom) bottom = atY;
    }
  }
  return left <= right && top <= bottom ? { left, right, top, bottom } : null;
}

/** Ends of the linear pieces that [first, first + count) is made of. */
function breaks(first: number, count: number, step: number): number[] {
  const ends = [first];
  for (let at = (Math.floor(first / step) + 1) * step; at < first + count - 1; at += step) ends.push(at);
  ends.push(first + count - 1);
  return ends;
}

/** Position of a sample point of the cell, as the kernels interpolate it but for rounding. */
export function patchPosition(patch: Patch, column: number, row: number, axis: 0 | 1): number {
  const { stepLog2, columns, nodes } = patch;
  const step = 2 ** stepLog2;
  const [nodeColumn, nodeRow] = [Math.floor(column / step), Math.floor(row / step)];
  const first = (nodeRow * columns + nodeColumn) * 2 + axis;
  if (stepLog2 === 0) return nodes[first]!;
  const [u, v] = [column / step - nodeColumn, row / step - nodeRow];
  const left = nodes[first]! + (nodes[first + columns * 2]! - nodes[first]!) * v;
  const right = nodes[first + 2]! + (nodes[first + columns * 2 + 2]! - nodes[first + 2]!) * v;
  return left + (right - left) * u;
}

/** The same patch in pixels of a level. */
export function onLevel(patch: Patch, scaleX: number, scaleY: number): Patch {
  if (scaleX === 1 && scaleY === 1) return patch;
  const nodes = patch.nodes.map((position, i) => position * (i % 2 === 0 ? scaleX : scaleY));
  return { ...patch, nodes };
}
