import {
  BINS_DEPTH_MAX,
  BINS_MAX,
  COUNTED_SPAN_PER_VALUE,
  SORTED_OUTRIGHT,
  VALUES_PER_BIN,
} from './limits.ts';
import type { StoredSamples } from './samples.ts';

/** The value of a rank: 0-based, ascending. */
export type ValueAt = (rank: number) => number;

export interface Range {
  readonly min: number;
  readonly max: number;
}

/**
 * Values by rank without sorting them all, exactly; fast for ranks asked in ascending order. What it returns is good until
 * it is called again. Values have no NaN; those of 8 and 16 bits may be put in another order.
 */
export function ranker(): (values: StoredSamples, range: Range) => ValueAt {
  let counts = new Uint32Array(0);
  return (values, range) => {
    if (values.BYTES_PER_ELEMENT === 4) return rankedInBins(values, range, 0);
    const { min, max } = range;
    const span = max - min + 1;
    if (span > COUNTED_SPAN_PER_VALUE * values.length) return sorted(values);
    if (counts.length < span) counts = new Uint32Array(2 * span);
    else counts.fill(0, 0, span);
    for (let i = 0; i < values.length; i++) counts[values[i]! - min]!++;
    return rankedInCounts(counts, min);
  };
}

/** @param counts how many have each number, from `first` on; not all 0. */
export function rankedInCounts(counts: Uint32Array, first: number): ValueAt {
  let at = 0;
  let until = counts[0]!;
  return (rank) => {
    while (rank >= until) until += counts[++at]!;
    while (rank < until - counts[at]!) until -= counts[at--]!;
    return first + at;
  };
}

function sorted(values: StoredSamples): ValueAt {
  values.sort();
  return (rank) => values[rank]!;
}

/**
 * Values are put into bins of equal width, which is one pass as bins follow each other in order; bins are sorted when a
 * rank in them is asked for.
 */
function rankedInBins(values: StoredSamples, { min, max }: Range, depth: number): ValueAt {
  if (min === max) return () => min;
  const bins = Math.min(BINS_MAX, Math.ceil(values.length / VALUES_PER_BIN));
  const scale = (bins - 1) / (max - min);
  // Infinite values, or so near to each other that no bin is between them.
  if (values.length <= SORTED_OUTRIGHT || depth === BINS_DEPTH_MAX || !(scale > 0 && scale < Infinity))
    return sorted(values.slice());
  // Where each bin ends, once it is filled.
  const ends = new Uint32Array(bins + 1);
  for (let i = 0; i < values.length; i++) ends[Math.floor((values[i]! - min) * scale) + 1]!++;
  for (let bin = 0; bin < bins; bin++) ends[bin + 1]! += ends[bin]!;
  const binned = values.slice();
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    binned[ends[Math.floor((value - min) * scale)]!++] = value;
  }
  const known = new Map<number, ValueAt>();
  return (rank) => {
    let bin = 0;
    for (let high = bins - 1; bin < high; ) {
      const middle = (bin + high) >> 1;
      if (rank < ends[middle]!) high = middle;
      else bin = middle + 1;
    }
    const start = bin === 0 ? 0 : ends[bin - 1]!;
    const found = known.get(bin) ?? rankedBin(binned.subarray(start, ends[bin]!), depth);
    known.set(bin, found);
    return found(rank - start);
  };
}

function rankedBin(values: StoredSamples, depth: number): ValueAt {
  if (values.length <= SORTED_OUTRIGHT) return sorted(values);
  let min = values[0]!;
  let max = min;
  for (let i = 1; i < values.length; i++) {
    const value = values[i]!;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return rankedInBins(values, { min, max }, depth + 1);
}
