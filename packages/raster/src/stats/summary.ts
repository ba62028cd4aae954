import type { BandStatistics } from '../process/work.ts';

/** Sorted distribution of one band: strictly ascending values, each with how many pixels have it. */
export interface Distribution {
  readonly values: Float64Array;
  /** Same length as `values`; every count is at least 1. */
  readonly counts: Float64Array;
}

/** Exact moments of the same pixels. */
export interface Moments {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Sum of squared differences from the mean. */
  readonly m2: number;
}

export type Percentiles = NonNullable<BandStatistics['percentiles']>;

/** Bins of the published histogram: what GDAL's default and every viewer uses for 8-bit display. */
export const HISTOGRAM_BINS = 256;

const PERCENTS = { p2: 2, p5: 5, p25: 25, p50: 50, p75: 75, p95: 95, p98: 98 } as const;

/** How many pixels have this value or a smaller one, for each value. */
function cumulated({ counts }: Distribution): Float64Array {
  const upTo = new Float64Array(counts.length);
  let seen = 0;
  for (let i = 0; i < upTo.length; i++) {
    seen += counts[i]!;
    upTo[i] = seen;
  }
  return upTo;
}

/** Value of the `rank`-th smallest pixel, 0-based. */
function valueAtRank(values: Float64Array, upTo: Float64Array, rank: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rank < upTo[middle]!) high = middle;
    else low = middle + 1;
  }
  return values[low]!;
}

/** Linear interpolation between order statistics, as numpy.percentile does by default (Hyndman and Fan type 7). */
function percentile(valueAt: (rank: number) => number, count: number, percent: number): number {
  const rank = ((count - 1) * percent) / 100;
  const below = Math.floor(rank);
  const low = valueAt(below);
  const part = rank - below;
  return part === 0 ? low : low + (valueAt(below + 1) - low) * part;
}

const clamp = (value: number, min: number, max: number) => Math.min(max, Math.max(min, value));

/** All percentiles of the contract, never outside [min, max]. */
export function percentilesOf(
  distribution: Distribution,
  moments: Pick<Moments, 'count' | 'min' | 'max'>,
): Percentiles {
  const upTo = cumulated(distribution);
  return percentilesBy((rank) => valueAtRank(distribution.values, upTo, rank), moments);
}

/** The same, of values by rank: 0-based, ascending. */
export function percentilesBy(
  valueAt: (rank: number) => number,
  moments: Pick<Moments, 'count' | 'min' | 'max'>,
): Percentiles {
  const at = (percent: number) =>
    clamp(percentile(valueAt, moments.count, percent), moments.min, moments.max);
  return {
    p2: at(PERCENTS.p2),
    p5: at(PERCENTS.p5),
    p25: at(PERCENTS.p25),
    p50: at(PERCENTS.p50),
    p75: at(PERCENTS.p75),
    p95: at(PERCENTS.p95),
    p98: at(PERCENTS.p98),
  };
}

/** Counts in 256 equal bins from min to max, both inclusive. A constant band falls into the first bin. */
export function histogramOf(distribution: Distribution, moments: Moments): number[] {
  const bins = new Array<number>(HISTOGRAM_BINS).fill(0);
  const span = moments.max - moments.min;
  const { values, counts } = distribution;
  for (let i = 0; i < values.length; i++) {
    const position = span > 0 ? ((values[i]! - moments.min) / span) * HISTOGRAM_BINS : 0;
    const bin = clamp(Math.floor(position), 0, HISTOGRAM_BINS - 1);
    bins[bin] = bins[bin]! + counts[i]!;
  }
  return bins;
}

/** Statistics of a band without a valid pixel. */
export const emptyStatistics: BandStatistics = {
  count: 0,
  validPercent: 0,
  min: null,
  max: null,
  mean: null,
  std: null,
  percentiles: null,
  histogram: null,
};

/**
 * Everything the contract asks of a band, from its moments and its distribution.
 * @param totalPixels pixels of the image, valid or not.
 */
export function summarise(moments: Moments, distribution: Distribution, totalPixels: number): BandStatistics {
  if (moments.count === 0) return emptyStatistics;
  return {
    count: moments.count,
    validPercent: (100 * moments.count) / totalPixels,
    min: moments.min,
    max: moments.max,
    mean: moments.mean,
    std: Math.sqrt(moments.m2 / moments.count),
    percentiles: percentilesOf(distribution, moments),
    histogram: histogramOf(distribution, moments),
  };
}

/** What an affine map of the values changes, apart from the histogram. */
export interface Summary {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly std: number;
  readonly percentiles: Percentiles;
}

/** The summary of `y = x * scale + offset`: an affine map keeps ranks; a negative scale turns their order round. */
export function scaleSummary(
  { min, max, mean, std, percentiles: p }: Summary,
  scale: number,
  offset: number,
): Summary {
  const to = (value: number) => value * scale + offset;
  const up = scale >= 0;
  return {
    min: to(up ? min : max),
    max: to(up ? max : min),
    mean: to(mean),
    std: std * Math.abs(scale),
    percentiles: {
      p2: to(up ? p.p2 : p.p98),
      p5: to(up ? p.p5 : p.p95),
      p25: to(up ? p.p25 : p.p75),
      p50: to(p.p50),
      p75: to(up ? p.p75 : p.p25),
      p95: to(up ? p.p95 : p.p5),
      p98: to(up ? p.p98 : p.p2),
    },
  };
}

/** Statistics of `y = x * scale + offset` from those of x: nothing is lost. */
export function scaleStatistics(statistics: BandStatistics, scale: number, offset: number): BandStatistics {
  if (scale === 1 && offset === 0) return statistics;
  const { min, max, mean, std, percentiles, histogram } = statistics;
  if (
    min === null ||
    max === null ||
    mean === null ||
    std === null ||
    percentiles === null ||
    histogram === null
  ) {
    return statistics;
  }
  return {
    ...statistics,
    ...scaleSummary({ min, max, mean, std, percentiles }, scale, offset),
    histogram: scale >= 0 ? histogram : histogram.toReversed(),
  };
}
