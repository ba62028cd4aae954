import type { RasterImage, Samples, WindowPixels } from '@swath/raster';
import { LOOK_SIDE_PIXELS } from '../limits.ts';

/**
 * Smallest valid DN of one band, seen in the smallest overview (its middle, where even that is large): one bounded
 * read. It tells a band whose -1000 offset is still in the numbers from one whose provider took it out.
 *
 * @param band 1-based.
 * @returns null when no pixel is valid, or the samples are complex.
 */
export async function smallestDn(
  image: RasterImage,
  band: number,
  nodata: number | 'nan' | null,
  signal?: AbortSignal,
): Promise<number | null> {
  const { dtype, levels } = image.info;
  if (dtype.startsWith('c')) return null;
  const level = levels.length - 1;
  const smallest = levels[level];
  if (smallest === undefined) return null;
  const width = Math.min(smallest.width, LOOK_SIDE_PIXELS);
  const height = Math.min(smallest.height, LOOK_SIDE_PIXELS);
  const window = {
    x: (smallest.width - width) >> 1,
    y: (smallest.height - height) >> 1,
    width,
    height,
  };
  const pixels = await image.readWindow({ band, level, window, ...(signal === undefined ? {} : { signal }) });
  return minimum(pixels, nodata);
}

function minimum({ data, valid }: WindowPixels, nodata: number | 'nan' | null): number | null {
  const skip = nodata === 'nan' || nodata === null ? Number.NaN : nodata;
  let min = Number.POSITIVE_INFINITY;
  for (let i = 0; i < data.length; i++) {
    if (valid !== undefined && valid[i] === 0) continue;
    const value = sample(data, i);
    if (value < min && value !== skip) min = value;
  }
  return Number.isFinite(min) ? min : null;
}

function sample(data: Samples, index: number): number {
  return Number(data[index]);
}
