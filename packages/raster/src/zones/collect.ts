import { type PixelWindow, zoneCount, zoneSpans } from '@swath/geo';
import { nodataNumber } from '../cog/samples.ts';
import type { CogSpec } from '../cog/spec.ts';
import type { Unit } from '../cog/units.ts';
import type { KernelSpace } from '../kernels/space.ts';
import { SMALL_TYPES } from '../stats/accumulator.ts';
import { type Percentiles, percentilesBy } from '../stats/summary.ts';
import { addToHistogram, createZoneHistogram, type ZoneHistogram } from './histogram.ts';
import { ranker } from './order.ts';
import { ZONE_WAY, type ZonePlan } from './plan.ts';
import { gather, MOMENT_FIELDS, type StoredSamples, storedSamples } from './samples.ts';

/** What one unit of an image knows about one band's zones; only zones with a valid pixel are in it. */
export interface UnitZones {
  /** Order of units, the same for every cutting into lanes. */
  readonly unit: number;
  readonly band: number;
  readonly zones: Int32Array<ArrayBuffer>;
  /** Per zone: count, min, max, sum, sum of squared differences from the unit's own mean; of stored numbers. */
  readonly moments: Float64Array<ArrayBuffer>;
  /** Of each zone that lies within the unit, one after the other. */
  readonly percentiles: readonly Percentiles[];
  /** Valid stored numbers of the zones whose values are kept, zone after zone. */
  readonly values: StoredSamples;
}

/** What one lane has collected. */
export interface ZoneParts {
  readonly units: readonly UnitZones[];
  /** Pixels per number from the type's smallest on, of counted zones, by zone * bands + band. */
  readonly tables: ReadonlyMap<number, Uint32Array<ArrayBuffer>>;
  /** Of binned zones, by the same key. */
  readonly histograms: ReadonlyMap<number, ZoneHistogram>;
}

export interface ZoneCollector {
  /** Stored samples of a unit with a valid pixel, a plane per band. Each unit once. */
  add(unit: Unit, planes: readonly number[]): void;
  parts(): ZoneParts;
}

/** Statistics by zone of the stored samples that pass through a lane. */
export function zoneCollector(space: KernelSpace, spec: CogSpec, plan: ZonePlan): ZoneCollector {
  const units: UnitZones[] = [];
  const tables = new Map<number, Uint32Array<ArrayBuffer>>();
  const histograms = new Map<number, ZoneHistogram>();
  const { ways, histogramBits } = plan;
  const runsIn = runFinder(plan);
  const ranked = ranker();
  let scratch = new ArrayBuffer(0);

  function count(key: number, values: StoredSamples, { first, size }: { first: number; size: number }) {
    const table = known(tables, key, () => new Uint32Array(size));
    for (let i = 0; i < values.length; i++) table[values[i]! - first]!++;
  }

  return {
    add({ window, row, column }, planes) {
      const { zones, starts, pixels } = runsIn(window);
      if (zones.length === 0) return;
      const size = window.width * window.height;
      if (scratch.byteLength < 4 * size) scratch = new ArrayBuffer(4 * size);
      for (const [band, { stored }] of spec.bands.entries()) {
        const samples = storedSamples(stored, size, space.memory.buffer, planes[band]!);
        const valid = storedSamples(stored, size, scratch);
        const nodata = nodataNumber(stored);
        const small = SMALL_TYPES[stored.dtype];
        const found: number[] = [];
        const moments = new Float64Array(MOMENT_FIELDS * zones.length);
        const percentiles: Percentiles[] = [];
        const kept: StoredSamples[] = [];
        for (const [at, zone] of zones.entries()) {
          const field = MOMENT_FIELDS * found.length;
          const length = gather(samples, nodata, pixels, starts[at]!, starts[at + 1]!, valid, moments, field);
          if (length === 0) continue;
          found.push(zone);
          const values = valid.subarray(0, length);
          const key = zone * spec.bands.length + band;
          if (ways[zone] === ZONE_WAY.kept) kept.push(values.slice());
          else if (ways[zone] === ZONE_WAY.within) {
            const range = { count: length, min: moments[field + 1]!, max: moments[field + 2]! };
            percentiles.push(percentilesBy(ranked(values, range), range));
          } else if (ways[zone] === ZONE_WAY.counted && small !== null) count(key, values, small);
          else
            addToHistogram(
              known(histograms, key, () => createZoneHistogram(histogramBits)),
              values,
            );
        }
        if (found.length === 0) continue;
        units.push({
          unit: row * 2 ** 24 + column,
          band,
          zones: Int32Array.from(found),
          moments: moments.slice(0, MOMENT_FIELDS * found.length),
          percentiles,
          values: joined(kept, (length) => storedSamples(stored, length)),
        });
      }
    },
    parts: () => ({ units, tables, histograms }),
  };
}

function known<V>(map: Map<number, V>, key: number, make: () => V): V {
  const there = map.get(key);
  if (there !== undefined) return there;
  const made = make();
  map.set(key, made);
  return made;
}

/** One after the other. */
export function joined(
  parts: readonly StoredSamples[],
  room: (length: number) => StoredSamples,
): StoredSamples {
  const all = room(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Runs of pixels of every zone in a window: first pixel and length, zone after zone. */
interface Runs {
  readonly zones: readonly number[];
  /** Where in `pixels` a zone begins; one more than zones. */
  readonly starts: readonly number[];
  /** Good until the next window. */
  readonly pixels: Int32Array;
}

function runFinder({ outlines }: ZonePlan): (window: PixelWindow) => Runs {
  const spans = zoneSpans(outlines);
  let pixels = new Int32Array(1024);
  return (window) => {
    const zones: number[] = [];
    const starts: number[] = [0];
    let end = 0;
    const add = (row: number, from: number, until: number) => {
      if (end + 2 > pixels.length) {
        const larger = new Int32Array(2 * pixels.length);
        larger.set(pixels);
        pixels = larger;
      }
      pixels[end++] = row * window.width + from;
      pixels[end++] = until - from;
    };
    for (let zone = 0; zone < zoneCount(outlines); zone++) {
      const before = end;
      spans(zone, window, add);
      if (end === before) continue;
      zones.push(zone);
      starts.push(end);
    }
    return { zones, starts, pixels };
  };
}
