import { BYTES_PER_SAMPLE } from '../cog/samples.ts';
import type { StoredType } from '../process/work.ts';

export type StoredSamples =
  | Float32Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>;

/** Stored samples in a buffer, or of one's own when there is a length alone. */
export function storedSamples(
  { dtype }: StoredType,
  length: number,
  buffer = new ArrayBuffer(length * BYTES_PER_SAMPLE[dtype]),
  at = 0,
): StoredSamples {
  switch (dtype) {
    case 'float32':
      return new Float32Array(buffer, at, length);
    case 'int32':
      return new Int32Array(buffer, at, length);
    case 'int16':
      return new Int16Array(buffer, at, length);
    case 'uint16':
      return new Uint16Array(buffer, at, length);
    case 'uint8':
      return new Uint8Array(buffer, at, length);
  }
}

/** Numbers per zone in a list of moments. */
export const MOMENT_FIELDS = 5;

/**
 * Takes the valid samples under runs of pixels, dense and in order.
 * @param runs first pixel and length in turn; only [from, end) of the list.
 * @param into room for them all.
 * @param moments gets, from `at` on, count, min, max, sum, and sum of squared differences from their mean.
 * @returns how many they are; with none, moments are left as they are.
 */
export function gather(
  samples: StoredSamples,
  nodata: number,
  runs: Int32Array,
  from: number,
  end: number,
  into: StoredSamples,
  moments: Float64Array,
  at: number,
): number {
  let size = 0;
  let sum = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let run = from; run < end; run += 2) {
    const first = runs[run]!;
    const last = first + runs[run + 1]!;
    for (let i = first; i < last; i++) {
      const value = samples[i]!;
      if (value === nodata || Number.isNaN(value)) continue;
      into[size++] = value;
      sum += value;
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  if (size === 0) return 0;
  const mean = sum / size;
  // Two sums, so that no addition waits for the one before.
  let even = 0;
  let odd = 0;
  let i = 0;
  for (; i + 1 < size; i += 2) {
    const a = into[i]! - mean;
    const b = into[i + 1]! - mean;
    even += a * a;
    odd += b * b;
  }
  if (i < size) even += (into[i]! - mean) * (into[i]! - mean);
  moments[at] = size;
  moments[at + 1] = min;
  moments[at + 2] = max;
  moments[at + 3] = sum;
  moments[at + 4] = even + odd;
  return size;
}
