import { SwathError } from '@swath/core';
import type { BandStatistics, StoredType } from '../process/work.ts';
import {
  createFineHistogram,
  type FineHistogram,
  fineDistribution,
  mergeFineHistogram,
} from './fine-histogram.ts';
import { type Distribution, emptyStatistics, type Moments, summarise } from './summary.ts';

/**
 * The statistics of one band, collected block by block (block-statistics.ts), in any order, on any number of workers; merge at the end.
 *
 * | stored as | mean, std, min, max | percentiles and histogram |
 * |---|---|---|
 * | uint8, int16, uint16 | exact, from a count per digital number | exact |
 * | int32, float32 | float64, each block in two passes, blocks merged in the order of their index | from bins 2^-13 of their power of two wide: a percentile is off by at most 6.1e-5 of its value, a pixel nearer than that to the edge of a histogram bin may be counted next door |
 *
 * The result depends on the pixels and on how they are cut into blocks, never on the order of adding or merging.
 */
export interface StatisticsAccumulator {
  readonly stored: StoredType;
  /** Pixels per digital number, for 8 and 16 bits; index 0 is the smallest number of the type. */
  readonly counts: Float64Array | null;
  readonly fine: FineHistogram;
  /** By block index; what `counts` does not need. */
  readonly moments: Map<number, Moments>;
}

/** Types whose numbers are counted one by one. */
export const SMALL_TYPES: Readonly<Record<StoredType['dtype'], { first: number; size: number } | null>> = {
  uint8: { first: 0, size: 2 ** 8 },
  uint16: { first: 0, size: 2 ** 16 },
  int16: { first: -(2 ** 15), size: 2 ** 16 },
  int32: null,
  float32: null,
};

export function createStatistics(stored: StoredType): StatisticsAccumulator {
  const small = SMALL_TYPES[stored.dtype];
  return {
    stored,
    counts: small === null ? null : new Float64Array(small.size),
    fine: createFineHistogram(),
    moments: new Map(),
  };
}

/** Pairwise update of Chan, Golub and LeVeque (1979). */
function combine(a: Moments, b: Moments): Moments {
  const count = a.count + b.count;
  const delta = b.mean - a.mean;
  return {
    count,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    mean: a.mean + (delta * b.count) / count,
    m2: a.m2 + b.m2 + (delta * delta * a.count * b.count) / count,
  };
}

/** Adds another worker's blocks. @throws SwathError Bug when both hold the same block. */
export function mergeStatistics(into: StatisticsAccumulator, from: StatisticsAccumulator): void {
  for (const [index, moments] of from.moments) {
    if (into.moments.has(index)) throw new SwathError('Bug', `statistics: block ${index} is in both halves`);
    into.moments.set(index, moments);
  }
  mergeFineHistogram(into.fine, from.fine);
  if (into.counts === null || from.counts === null) return;
  for (let i = 0; i < into.counts.length; i++) into.counts[i] = into.counts[i]! + from.counts[i]!;
}

/** Statistics of the digital numbers as stored: what GDAL writes as STATISTICS_*. */
export function dnStatistics(accumulator: StatisticsAccumulator, totalPixels: number): BandStatistics {
  const small = SMALL_TYPES[accumulator.stored.dtype];
  if (accumulator.counts !== null && small !== null) {
    const distribution = countedDistribution(accumulator.counts, small.first);
    const moments = momentsOfDistribution(distribution);
    return summarise(moments, distribution, totalPixels);
  }
  const blocks = [...accumulator.moments.entries()].sort(([a], [b]) => a - b).map(([, moments]) => moments);
  if (blocks.length === 0) return emptyStatistics;
  return summarise(blocks.reduce(combine), fineDistribution(accumulator.fine), totalPixels);
}

function countedDistribution(counts: Float64Array, first: number): Distribution {
  const present: number[] = [];
  for (let i = 0; i < counts.length; i++) if (counts[i] !== 0) present.push(i);
  return {
    values: Float64Array.from(present, (index) => index + first),
    counts: Float64Array.from(present, (index) => counts[index]!),
  };
}

function momentsOfDistribution({ values, counts }: Distribution): Moments {
  let count = 0;
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    count += counts[i]!;
    sum += values[i]! * counts[i]!;
  }
  const mean = count === 0 ? 0 : sum / count;
  let m2 = 0;
  for (let i = 0; i < values.length; i++) m2 += (values[i]! - mean) ** 2 * counts[i]!;
  return { count, min: values[0] ?? 0, max: values.at(-1) ?? 0, mean, m2 };
}
