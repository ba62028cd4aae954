import { SwathError } from '@swath/core';
import type { Grid, PixelWindow } from '@swath/geo';
import type { RasterImage } from '../image.ts';
import type { KernelSpace } from '../kernels/space.ts';
import type { Resampling } from '../process/work.ts';
import { copySamples, wholeOffset } from './aligned.ts';
import { coarsenessOf, kernelScale, levelFor } from './level.ts';
import { positionMap } from './positions.ts';
import { resample } from './resample.ts';
import { requireRealSamples } from './source-window.ts';

export interface GridRead {
  readonly image: RasterImage;
  /** 1-based. */
  readonly band: number;
  readonly grid: Grid;
  /** Pixels of the grid; must lie inside it. */
  readonly window: PixelWindow;
  readonly resampling: Resampling;
  /** Compared with digital numbers before anything else; null when every number is data. NaN never is. */
  readonly nodata: number | 'nan' | null;
  /** Never an overview: for codes, of which overviews may hold means. @default as `levelFor` says */
  readonly levels?: 'full';
  /** The next window will be the one below. */
  readonly inRows?: true;
  readonly signal?: AbortSignal;
}

/**
 * Digital numbers of one band on the pixels of a grid: `window.width * window.height` singles at `to`, row-major, NaN
 * where there is no valid one. With gdalwarp's conventions: pixel centres decide, a position on an edge belongs to the
 * pixel right of or below it, invalid pixels take no part and weights are renormalised over the rest. Interpolated
 * numbers are not rounded; samples that a single does not hold (uint32, int32, int64, float64) are rounded to one once.
 * Only the part of the source that is needed is read.
 *
 * - same CRS and coinciding pixels: a copy
 * - same CRS otherwise: exact positions
 * - another CRS: positions within 2e-4 source pixels of exact
 *
 * Nearest, bilinear and cubic read the overview that gdalwarp would, average one at least twice as fine as the grid;
 * mode, min and max always read full resolution, unlike gdalwarp, because the mode or maximum of averages is something
 * else. Bilinear and cubic kernels widen with the ratio of pixel sizes, as GDAL's do since 2.0.
 *
 * The result does not depend, to the last bit, on how the grid is cut into windows. Nothing else may use the space until
 * the promise settles; its stack is then as it was.
 *
 * @throws SwathError Unsupported (no georeference, complex samples), LimitExceeded, InvalidInput (band, CRS); what
 * reading throws.
 */
export async function gridPlane(read: GridRead, space: KernelSpace, to: number): Promise<void> {
  checkGridRead(read);
  const { image, band, grid, window, resampling, nodata, signal } = read;
  const { info } = image;
  space.singles(to, window.width * window.height).fill(Number.NaN);
  const target = { space, to, columns: window.width };
  const map = positionMap(grid, image.name, info);
  const offset = wholeOffset(map, grid);
  if (offset !== null) {
    await copySamples({ image, band, level: 0, nodata, signal }, window, offset, target);
    return;
  }
  const coarseness = coarsenessOf(map, grid);
  if (coarseness === null) return;
  const level = read.levels === 'full' ? 0 : levelFor(resampling, coarseness, info.levels);
  const { width, height } = info.levels[level]!;
  const scale = kernelScale({
    x: (coarseness.x * width) / info.width,
    y: (coarseness.y * height) / info.height,
  });
  const source = { image, band, level, nodata, signal };
  await resample({ source, map, method: resampling, scale }, window, target);
}

/** @throws SwathError Unsupported (complex samples), InvalidInput (band), Bug (window). */
export function checkGridRead({ image, band, grid, window }: GridRead): void {
  requireRealSamples(image);
  const bands = image.info.bands.length;
  if (!(band >= 1 && band <= bands)) {
    throw new SwathError('InvalidInput', `${image.name} has no band ${band}; it has ${bands}.`, {
      fix: `Use a band from 1 to ${bands}.`,
    });
  }
  const { x, y, width, height } = window;
  if (x < 0 || y < 0 || x + width > grid.width || y + height > grid.height) {
    throw new SwathError(
      'Bug',
      `window ${x},${y} ${width} x ${height} leaves a grid of ${grid.width} x ${grid.height}`,
    );
  }
}
