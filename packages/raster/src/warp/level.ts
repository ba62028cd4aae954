import type { Grid } from '@swath/geo';
import type { LevelInfo } from '../image.ts';
import type { Resampling } from '../process/work.ts';
import type { PositionMap } from './positions.ts';

/** Source pixels per grid pixel along each axis of the source. */
export interface Coarseness {
  readonly x: number;
  readonly y: number;
}

/** Places where the ratio is looked for, in shares of the grid: about the middle, else anywhere. */
const MIDDLES = [0.5, 0.3, 0.7] as const;
const ANYWHERE = [0.05, 0.25, 0.5, 0.75, 0.95] as const;

/**
 * How many source pixels a grid pixel spans: the median of nine places about the middle of the grid, so that a pole or a
 * seam under one of them decides nothing, or of 25 all over it when none of those has a position. A property of grid and
 * image, never of the window, so that every chunk uses the same kernel.
 * @returns null when no probed place of the grid lies in the domain of the projection.
 */
export function coarsenessOf(map: PositionMap, grid: Grid): Coarseness | null {
  return medianCoarseness(map, grid, MIDDLES) ?? medianCoarseness(map, grid, ANYWHERE);
}

function medianCoarseness(map: PositionMap, grid: Grid, shares: readonly number[]): Coarseness | null {
  const found: Coarseness[] = [];
  for (const v of shares) {
    for (const u of shares) {
      const column = Math.floor(grid.width * u);
      const row = Math.floor(grid.height * v);
      const [x, y] = map.exact(column, row);
      const [rightX, rightY] = map.exact(column + 1, row);
      const [downX, downY] = map.exact(column, row + 1);
      const ratio = { x: Math.hypot(rightX - x, downX - x), y: Math.hypot(rightY - y, downY - y) };
      if (Number.isFinite(ratio.x) && Number.isFinite(ratio.y)) found.push(ratio);
    }
  }
  if (found.length === 0) return null;
  const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;
  return { x: median(found.map(({ x }) => x)), y: median(found.map(({ y }) => y)) };
}

/** Source pixels per grid pixel along each axis, at least 1: how far a kernel widens so that nothing is skipped. */
export interface KernelScale {
  readonly x: number;
  readonly y: number;
}

/** Up to 1 / 0.95 the plain kernels serve (GDAL's bound); near a whole number the ratio is meant to be that number. */
const PLAIN_KERNEL_RATIO = 1 / 0.95;
const WHOLE_RATIO_SLACK = 0.05;

/** How far a bilinear or cubic kernel widens, at so many pixels of the level per grid pixel. */
export function kernelScale({ x, y }: Coarseness): KernelScale {
  if (x <= PLAIN_KERNEL_RATIO && y <= PLAIN_KERNEL_RATIO) return { x: 1, y: 1 };
  const snap = (ratio: number) => {
    const whole = Math.round(ratio);
    return Math.max(1, Math.abs(ratio - whole) < WHOLE_RATIO_SLACK ? whole : ratio);
  };
  return { x: snap(x), y: snap(y) };
}

/** Factors nearer than this to the ratio of pixels count as equal to it (gdalwarp's 1e-1). */
const SAME_FACTOR = 0.1;

/**
 * Overview to read, 0 for full resolution.
 *
 * - `nearest`, `bilinear`, `cubic`: as gdalwarp does unless told otherwise (`-ovr AUTO`); what the overview lacks the
 *   widened kernels make up for
 * - `average`: the coarsest whose pixels are at most half the grid's, so that each result still averages at least 2 x 2
 *   of them
 * - `mode`, `min`, `max`: full resolution, where gdalwarp would take an overview: a mode of averages or the maximum of
 *   averages is something else
 *
 * An overview that does not have the shape of the image is not trusted.
 */
export function levelFor(method: Resampling, coarseness: Coarseness, levels: readonly LevelInfo[]): number {
  const full = levels[0];
  if (method === 'mode' || method === 'min' || method === 'max' || full === undefined) return 0;
  const ratio = Math.min(coarseness.x, coarseness.y);
  const trusted = levels
    .map((level, index) => ({ index, factor: full.width / level.width, height: level.height }))
    // Writers round the sides of overviews up or down.
    .filter(({ factor, height }) => Math.abs(height - full.height / factor) <= 1.5)
    .sort((a, b) => a.factor - b.factor);
  if (method === 'average') return trusted.findLast(({ factor }) => factor * 2 <= ratio)?.index ?? 0;
  const chosen = trusted.find(({ factor }, i) => servesAsInGdalwarp(factor, trusted[i + 1]?.factor, ratio));
  return (chosen ?? (ratio > 1 ? trusted.at(-1) : undefined))?.index ?? 0;
}

/** The last level before one that is coarser than the grid; of one that is as coarse as the grid, within a tenth, that one. */
function servesAsInGdalwarp(factor: number, next: number | undefined, ratio: number): boolean {
  if (ratio <= 1) return factor === 1;
  return (factor < ratio && next !== undefined && next > ratio) || Math.abs(factor - ratio) < SAME_FACTOR;
}
