import type { Grid } from '@swath/geo';
import type { LevelInfo } from '../image.ts';
import type { Resampling } from '../process/work.ts';
import type { PositionMap } from './positions.ts';

/** Source pixels per grid pixel along each axis of the source. */
export interface Coarseness {
  readonly x: number;
  readonly y: number;
}

/** Places where the ratio is looked for, in shares of the grid: the middle first, then farther out. */
const PROBES = [0.5, 0.25, 0.75, 0.05, 0.95] as const;

/**
 * How many source pixels a grid pixel spans: near the middle of the grid, or the first place that has a position. A
 * property of grid and image, never of the window, so that every chunk uses the same kernel.
 * @returns null when no probed place of the grid lies in the domain of the projection.
 */
export function coarsenessOf(map: PositionMap, grid: Grid): Coarseness | null {
  for (const v of PROBES) {
    for (const u of PROBES) {
      const column = Math.floor(grid.width * u);
      const row = Math.floor(grid.height * v);
      const [x, y] = map.exact(column, row);
      const [rightX, rightY] = map.exact(column + 1, row);
      const [downX, downY] = map.exact(column, row + 1);
      const ratio = { x: Math.hypot(rightX - x, downX - x), y: Math.hypot(rightY - y, downY - y) };
      if (Number.isFinite(ratio.x) && Number.isFinite(ratio.y)) return ratio;
    }
  }
  return null;
}

/** Up to 1 / 0.95 the plain kernels serve (GDAL's bound); near a whole number the ratio is meant to be that number. */
const PLAIN_KERNEL_RATIO = 1 / 0.95;
const WHOLE_RATIO_SLACK = 0.05;

/** How far a bilinear or cubic kernel widens. */
export function kernelScale({ x, y }: Coarseness): { readonly x: number; readonly y: number } {
  if (x <= PLAIN_KERNEL_RATIO && y <= PLAIN_KERNEL_RATIO) return { x: 1, y: 1 };
  const snap = (ratio: number) => {
    const whole = Math.round(ratio);
    return Math.max(1, Math.abs(ratio - whole) < WHOLE_RATIO_SLACK ? whole : ratio);
  };
  return { x: snap(x), y: snap(y) };
}

/**
 * Overview to read, 0 for full resolution: for `average` alone, the coarsest whose pixels are at most half the grid's,
 * so that each result still averages at least 2 x 2 of them. Any other method would give other pixels than from full
 * resolution (a mode of averages, the maximum of averages, another neighbour), and gets full resolution.
 *
 * An overview that does not have the shape of the image is not trusted.
 */
export function levelFor(method: Resampling, coarseness: Coarseness, levels: readonly LevelInfo[]): number {
  const full = levels[0];
  if (method !== 'average' || full === undefined) return 0;
  let best = 0;
  for (const [index, level] of levels.entries()) {
    const factor = full.width / level.width;
    if (factor * 2 > Math.min(coarseness.x, coarseness.y)) continue;
    // Writers round the sides of overviews up or down.
    if (Math.abs(level.height - full.height / factor) > 1.5) continue;
    if (level.width < (levels[best]?.width ?? 0)) best = index;
  }
  return best;
}
