import { SwathError } from '@swath/core';
import type { StoredType } from '../process/work.ts';
import { type Percentiles, percentilesBy, percentilesOf, scaleSummary } from '../stats/summary.ts';
import { MOMENT_FIELDS, type StoredSamples, type UnitZones, type ZoneParts } from './collect.ts';
import { mergeZoneHistogram, type ZoneHistogram, zoneDistribution } from './histogram.ts';
import type { ZonePlan } from './plan.ts';

/** One zone of one band, of values as a reader sees them (DN * scale + offset). All null when no pixel is valid. */
export interface ZoneStatistics {
  /** Pixels of the grid whose centre lies in the zone. */
  readonly pixels: number;
  /** Of these, pixels with a value. */
  readonly count: number;
  /** count / pixels, percent; 0 for a zone without pixels. */
  readonly validPercent: number;
  readonly sum: number | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  /** Population standard deviation. */
  readonly std: number | null;
  readonly percentiles: Percentiles | null;
  /** Largest error of a percentile as a share of the stored number; 0: exact. */
  readonly percentileError: number;
}

/** Where a zone's part of a unit lies. */
interface Piece {
  readonly of: UnitZones;
  readonly at: number;
  /** First of its values; meaningless for zones that are not exact. */
  readonly from: number;
}

/**
 * Statistics by band, then by zone, from what lanes collected. Units are joined in their order, so that the result depends
 * neither on the number of lanes nor on which of them made what.
 */
export function summariseZones(
  plan: ZonePlan,
  parts: readonly ZoneParts[],
  bands: readonly { readonly stored: StoredType }[],
): readonly (readonly ZoneStatistics[])[] {
  const histograms = new Map<number, ZoneHistogram>();
  for (const [key, histogram] of parts.flatMap((part) => [...part.histograms])) {
    const known = histograms.get(key);
    if (known === undefined) histograms.set(key, histogram);
    else mergeZoneHistogram(known, histogram);
  }
  const units = parts.flatMap((part) => part.units).sort((a, b) => a.unit - b.unit);
  return bands.map(({ stored }, band) => {
    const pieces = piecesByZone(
      plan,
      units.filter((unit) => unit.band === band),
    );
    return [...plan.pixels].map((pixels, zone) =>
      ofZone(plan, zone, pixels, pieces[zone]!, histograms.get(zone * bands.length + band), stored),
    );
  });
}

function piecesByZone({ pixels, exact }: ZonePlan, units: readonly UnitZones[]): Piece[][] {
  const pieces: Piece[][] = Array.from(pixels, () => []);
  for (const of of units) {
    let from = 0;
    for (const [at, zone] of of.zones.entries()) {
      pieces[zone]!.push({ of, at, from });
      if (exact[zone] === 1) from += of.moments[MOMENT_FIELDS * at]!;
    }
  }
  return pieces;
}

function ofZone(
  plan: ZonePlan,
  zone: number,
  pixels: number,
  pieces: readonly Piece[],
  histogram: ZoneHistogram | undefined,
  stored: StoredType,
): ZoneStatistics {
  const isExact = plan.exact[zone] === 1;
  const percentileError = isExact ? 0 : 2 ** -(plan.histogramBits + 1);
  if (pieces.length === 0) {
    const nothing = { sum: null, min: null, max: null, mean: null, std: null, percentiles: null };
    return { pixels, count: 0, validPercent: 0, ...nothing, percentileError };
  }
  const moments = joinMoments(pieces);
  const { count, sum, min, max } = moments;
  if (!isExact && histogram === undefined) throw new SwathError('Bug', `zone ${zone} has no histogram`);
  const percentiles =
    histogram === undefined
      ? exactPercentiles(pieces, moments)
      : percentilesOf(zoneDistribution(histogram), moments);
  const { scale, offset } = stored;
  const scaled = scaleSummary(
    { min, max, mean: sum / count, std: Math.sqrt(moments.m2 / count), percentiles },
    scale,
    offset,
  );
  return {
    pixels,
    count,
    validPercent: (100 * count) / pixels,
    sum: sum * scale + count * offset,
    ...scaled,
    percentileError,
  };
}

interface JoinedMoments {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly sum: number;
  readonly mean: number;
  readonly m2: number;
}

/** Sums of whole numbers are exact below 2^53; squares are joined pairwise (Chan, Golub and LeVeque 1979). */
function joinMoments(pieces: readonly Piece[]): JoinedMoments {
  let count = 0;
  let sum = 0;
  let m2 = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const { of, at } of pieces) {
    const first = MOMENT_FIELDS * at;
    const size = of.moments[first]!;
    const total = of.moments[first + 3]!;
    const delta = count === 0 ? 0 : total / size - sum / count;
    m2 += of.moments[first + 4]! + (delta * delta * count * size) / (count + size);
    count += size;
    sum += total;
    min = Math.min(min, of.moments[first + 1]!);
    max = Math.max(max, of.moments[first + 2]!);
  }
  return { count, min, max, sum, mean: sum / count, m2 };
}

function exactPercentiles(pieces: readonly Piece[], moments: JoinedMoments): Percentiles {
  const sorted = new Float64Array(moments.count);
  let end = 0;
  for (const { of, at, from } of pieces) {
    const size = of.moments[MOMENT_FIELDS * at]!;
    const values: StoredSamples = of.values.subarray(from, from + size);
    sorted.set(values, end);
    end += size;
  }
  sorted.sort();
  return percentilesBy((rank) => sorted[rank]!, moments);
}
