import type { Samples } from '@swath/raster';

/** Of the valid digital numbers of one band. */
export interface Moments {
  count: number;
  min: number;
  max: number;
  mean: number;
  /** Sum of squared differences from the mean. */
  m2: number;
}

export const noMoments = (): Moments => ({ count: 0, min: Infinity, max: -Infinity, mean: 0, m2: 0 });

/**
 * Adds the pixels of one window: its own mean and squares in two passes, then joined (Chan, Golub and LeVeque 1979). NaN, nodata
 * and what the mask says is invalid are left out.
 */
export function addPixels(
  into: Moments,
  data: Samples,
  valid: Uint8Array | undefined,
  nodata: number | 'nan' | null,
): void {
  const missing = nodata === 'nan' || nodata === null ? Number.NaN : nodata;
  let [count, sum, min, max] = [0, 0, Infinity, -Infinity];
  for (let at = 0; at < data.length; at++) {
    const value = Number(data[at]);
    if (Number.isNaN(value) || value === missing || valid?.[at] === 0) continue;
    count++;
    sum += value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (count === 0) return;
  const mean = sum / count;
  let m2 = 0;
  for (let at = 0; at < data.length; at++) {
    const value = Number(data[at]);
    if (Number.isNaN(value) || value === missing || valid?.[at] === 0) continue;
    m2 += (value - mean) ** 2;
  }
  const total = into.count + count;
  const delta = mean - into.mean;
  into.m2 += m2 + (delta * delta * into.count * count) / total;
  into.mean += (delta * count) / total;
  into.count = total;
  into.min = Math.min(into.min, min);
  into.max = Math.max(into.max, max);
}
