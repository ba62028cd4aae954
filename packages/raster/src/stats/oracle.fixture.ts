import { SwathError } from '@swath/core';
import { SMALL_TYPES, type StatisticsAccumulator } from './accumulator.ts';
import { BIN_SHIFT, BINS_PER_PAGE, type FineHistogram, PAGE_SHIFT, pageOf } from './fine-histogram.ts';
import type { Moments } from './summary.ts';

/** Digital numbers of one block of one band; NaN = nodata. Doubles where singles would lose digits (int32). */
export type DnPlane = Float32Array | Float64Array;

/**
 * What the kernels have to agree with: adds one block, number by number. `blockIndex` is the block's place in the image.
 * @throws SwathError Bug when a block comes twice.
 */
export function addBlock(into: StatisticsAccumulator, blockIndex: number, plane: DnPlane): void {
  const small = SMALL_TYPES[into.stored.dtype];
  if (into.counts !== null && small !== null) {
    countNumbers(into.counts, small.first, plane);
    return;
  }
  if (into.moments.has(blockIndex)) {
    throw new SwathError('Bug', `statistics: block ${blockIndex} was added twice`);
  }
  const moments = momentsOf(plane);
  if (moments.count === 0) return;
  into.moments.set(blockIndex, moments);
  addToFineHistogram(into.fine, plane instanceof Float32Array ? plane : Float32Array.from(plane));
}

function countNumbers(counts: Float64Array, first: number, plane: DnPlane): void {
  for (let i = 0; i < plane.length; i++) {
    const dn = plane[i]!;
    if (Number.isNaN(dn)) continue;
    const at = dn - first;
    counts[at] = counts[at]! + 1;
  }
}

/** Count, extremes, mean and squared deviation of the values that are not NaN. Two passes, so nothing cancels. */
function momentsOf(plane: DnPlane): Moments {
  let count = 0;
  let sum = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < plane.length; i++) {
    const value = plane[i]!;
    if (Number.isNaN(value)) continue;
    count++;
    sum += value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const mean = count === 0 ? 0 : sum / count;
  let m2 = 0;
  for (let i = 0; i < plane.length; i++) {
    const value = plane[i]!;
    if (Number.isNaN(value)) continue;
    m2 += (value - mean) * (value - mean);
  }
  return { count, min, max, mean, m2 };
}

/** Bits that sort as the numbers do: negatives inverted, positives with the sign bit set. */
function orderedBits(bits: number): number {
  return (bits & 0x80000000 ? ~bits : bits | 0x80000000) >>> 0;
}

/** Adds all values that are not NaN. */
export function addToFineHistogram(histogram: FineHistogram, values: Float32Array): void {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i]!)) continue;
    const ordered = orderedBits(bits[i]!);
    const page = pageOf(histogram, ordered >>> PAGE_SHIFT);
    const bin = (ordered >>> BIN_SHIFT) & (BINS_PER_PAGE - 1);
    page[bin] = page[bin]! + 1;
  }
}
