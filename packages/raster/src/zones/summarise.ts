import { SwathError } from '@swath/core';
import type { StoredType } from '../process/work.ts';
import { SMALL_TYPES } from '../stats/accumulator.ts';
import { type Percentiles, percentilesBy, percentilesOf, scaleSummary } from '../stats/summary.ts';
import { joined, type UnitZones, type ZoneParts } from './collect.ts';
import { mergeZoneHistogram, type ZoneHistogram, zoneDistribution } from './histogram.ts';
import { rankedInCounts, ranker } from './order.ts';
import { ZONE_WAY, type ZonePlan } from './plan.ts';
import { MOMENT_FIELDS, storedSamples } from './samples.ts';

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
  /** Among the unit's zones. */
  readonly at: number;
  /** Among its percentiles, or first of its values: what the zone's way leaves. */
  readonly from: number;
}

/** What all lanes counted of zones in several units, and what ranks the values they kept. */
interface Counted {
  readonly tables: ReadonlyMap<number, Uint32Array>;
  readonly histograms: ReadonlyMap<number, ZoneHistogram>;
  readonly ranked: ReturnType<typeof ranker>;
}

/**
 * Statistics by band, then by zone, from what lanes collected. Units are joined in their order, so that the result depends
 * neither on the number of lanes nor on which of them made what. Tables and histograms of the parts are used up.
 */
export function summariseZones(
  plan: ZonePlan,
  parts: readonly ZoneParts[],
  bands: readonly { readonly stored: StoredType }[],
): readonly (readonly ZoneStatistics[])[] {
  const counted = {
    tables: merged(
      parts.map(({ tables }) => tables),
      addTable,
    ),
    histograms: merged(
      parts.map(({ histograms }) => histograms),
      mergeZoneHistogram,
    ),
    ranked: ranker(),
  };
  const units = parts.flatMap((part) => part.units).sort((a, b) => a.unit - b.unit);
  return bands.map(({ stored }, band) => {
    const pieces = piecesByZone(
      plan,
      units.filter((unit) => unit.band === band),
    );
    return pieces.map((found, zone) =>
      ofZone(
        plan,
        zone,
        found,
        (moments) => {
          const key = zone * bands.length + band;
          return zonePercentiles(plan.ways[zone]!, key, found, counted, moments, stored);
        },
        stored,
      ),
    );
  });
}

function merged<V>(maps: readonly ReadonlyMap<number, V>[], add: (into: V, from: V) => void) {
  const all = new Map<number, V>();
  for (const [key, value] of maps.flatMap((map) => [...map])) {
    const known = all.get(key);
    if (known === undefined) all.set(key, value);
    else add(known, value);
  }
  return all;
}

function addTable(into: Uint32Array, from: Uint32Array): void {
  for (let i = 0; i < into.length; i++) into[i]! += from[i]!;
}

function piecesByZone({ pixels, ways }: ZonePlan, units: readonly UnitZones[]): Piece[][] {
  const pieces: Piece[][] = Array.from(pixels, () => []);
  for (const of of units) {
    let values = 0;
    let percentiles = 0;
    for (const [at, zone] of of.zones.entries()) {
      const isWithin = ways[zone] === ZONE_WAY.within;
      pieces[zone]!.push({ of, at, from: isWithin ? percentiles : values });
      if (isWithin) percentiles++;
      if (ways[zone] === ZONE_WAY.kept) values += of.moments[MOMENT_FIELDS * at]!;
    }
  }
  return pieces;
}

function ofZone(
  { pixels: all, ways, histogramBits }: ZonePlan,
  zone: number,
  pieces: readonly Piece[],
  percentilesOfZone: (moments: JoinedMoments) => Percentiles,
  { scale, offset }: StoredType,
): ZoneStatistics {
  const pixels = all[zone]!;
  const percentileError = ways[zone] === ZONE_WAY.binned ? 2 ** -(histogramBits + 1) : 0;
  if (pieces.length === 0) {
    const nothing = { sum: null, min: null, max: null, mean: null, std: null, percentiles: null };
    return { pixels, count: 0, validPercent: 0, ...nothing, percentileError };
  }
  const moments = joinMoments(pieces);
  const { count, sum, min, max } = moments;
  const percentiles = percentilesOfZone(moments);
  const std = Math.sqrt(moments.m2 / count);
  const scaled = scaleSummary({ min, max, mean: sum / count, std, percentiles }, scale, offset);
  const validPercent = (100 * count) / pixels;
  return {
    pixels,
    count,
    validPercent,
    sum: sum * scale + count * offset,
    ...scaled,
    percentileError,
  };
}

/** Of stored numbers. */
function zonePercentiles(
  way: number,
  key: number,
  pieces: readonly Piece[],
  { tables, histograms, ranked }: Counted,
  moments: JoinedMoments,
  stored: StoredType,
): Percentiles {
  switch (way) {
    case ZONE_WAY.within: {
      const [{ of, from } = missing(key), ...others] = pieces;
      return others.length > 0 ? missing(key) : (of.percentiles[from] ?? missing(key));
    }
    case ZONE_WAY.kept: {
      const parts = pieces.map(({ of, at, from }) =>
        of.values.subarray(from, from + of.moments[MOMENT_FIELDS * at]!),
      );
      const values = joined(parts, (length) => storedSamples(stored, length));
      return percentilesBy(ranked(values, moments), moments);
    }
    case ZONE_WAY.counted: {
      const { first } = SMALL_TYPES[stored.dtype] ?? missing(key);
      return percentilesBy(rankedInCounts(tables.get(key) ?? missing(key), first), moments);
    }
    default:
      return percentilesOf(zoneDistribution(histograms.get(key) ?? missing(key)), moments);
  }
}

function missing(key: number): never {
  throw new SwathError('Bug', `what was counted of zone and band ${key} is not there`);
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
