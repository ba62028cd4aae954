import { eachZoneSpan, type PixelWindow, zoneCount, zoneWindow } from '@swath/geo';
import { nodataNumber } from '../cog/samples.ts';
import type { CogSpec } from '../cog/spec.ts';
import type { Unit } from '../cog/units.ts';
import type { KernelSpace } from '../kernels/space.ts';
import type { StoredType } from '../process/work.ts';
import { addToHistogram, createZoneHistogram, type ZoneHistogram } from './histogram.ts';
import type { ZonePlan } from './plan.ts';

export type StoredSamples =
  | Float32Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>;

/** Numbers per zone in {@link UnitZones.moments}. */
export const MOMENT_FIELDS = 5;

/** What one unit of an image knows about one band's zones; only zones with a valid pixel are in it. */
export interface UnitZones {
  /** Order of units, the same for every cutting into lanes. */
  readonly unit: number;
  readonly band: number;
  readonly zones: Int32Array<ArrayBuffer>;
  /** Per zone: count, min, max, sum, sum of squared differences from the unit's own mean; of stored numbers. */
  readonly moments: Float64Array<ArrayBuffer>;
  /** Valid stored numbers of the exact zones, zone after zone. */
  readonly values: StoredSamples;
}

/** What one lane has collected. */
export interface ZoneParts {
  readonly units: readonly UnitZones[];
  /** Of zones that are not exact, by zone * bands + band. */
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
  const histograms = new Map<number, ZoneHistogram>();
  return {
    add(unit, planes) {
      const { window } = unit;
      const runs = runsOf(plan, window);
      if (runs.zones.length === 0) return;
      for (const [band, { stored }] of spec.bands.entries()) {
        const bytes = space.memory.buffer;
        const samples = viewOf(bytes, planes[band]!, window.width * window.height, stored);
        const found = collectBand(plan, runs, window, samples, stored, (zone, values) => {
          const key = zone * spec.bands.length + band;
          const known = histograms.get(key) ?? createZoneHistogram(plan.histogramBits);
          histograms.set(key, known);
          addToHistogram(known, values);
        });
        if (found.zones.length > 0) units.push({ unit: unit.row * 2 ** 24 + unit.column, band, ...found });
      }
    },
    parts: () => ({ units, histograms }),
  };
}

/** Runs of pixels of every zone in a window: first pixel and length, zone after zone. */
interface Runs {
  readonly zones: readonly number[];
  /** Where in `pixels` a zone begins; one more than zones. */
  readonly starts: readonly number[];
  readonly pixels: Int32Array;
}

function runsOf({ outlines }: ZonePlan, window: PixelWindow): Runs {
  const zones: number[] = [];
  const starts: number[] = [0];
  let pixels = new Int32Array(1024);
  let end = 0;
  for (let zone = 0; zone < zoneCount(outlines); zone++) {
    if (zoneWindow(outlines, zone, window) === null) continue;
    const before = end;
    eachZoneSpan(outlines, zone, window, (row, from, until) => {
      if (end + 2 > pixels.length) {
        const larger = new Int32Array(2 * pixels.length);
        larger.set(pixels);
        pixels = larger;
      }
      pixels[end++] = row * window.width + from;
      pixels[end++] = until - from;
    });
    if (end === before) continue;
    zones.push(zone);
    starts.push(end);
  }
  return { zones, starts, pixels };
}

type Found = Pick<UnitZones, 'zones' | 'moments' | 'values'>;

function collectBand(
  { exact }: ZonePlan,
  { zones, starts, pixels }: Runs,
  window: PixelWindow,
  samples: StoredSamples,
  stored: StoredType,
  count: (zone: number, values: StoredSamples) => void,
): Found {
  const nodata = nodataNumber(stored);
  const found: number[] = [];
  const moments: number[] = [];
  const kept: StoredSamples[] = [];
  // A zone has at most all pixels of the unit.
  const valid = samples.slice(0, window.width * window.height);
  for (const [at, zone] of zones.entries()) {
    let size = 0;
    let sum = 0;
    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    for (let run = starts[at]!; run < starts[at + 1]!; run += 2) {
      const first = pixels[run]!;
      const last = first + pixels[run + 1]!;
      for (let i = first; i < last; i++) {
        const value = samples[i]!;
        if (value === nodata || Number.isNaN(value)) continue;
        valid[size++] = value;
        sum += value;
        if (value < min) min = value;
        if (value > max) max = value;
      }
    }
    if (size === 0) continue;
    const mean = sum / size;
    let m2 = 0;
    for (let i = 0; i < size; i++) m2 += (valid[i]! - mean) * (valid[i]! - mean);
    found.push(zone);
    moments.push(size, min, max, sum, m2);
    if (exact[zone] === 1) kept.push(valid.slice(0, size));
    else count(zone, valid.subarray(0, size));
  }
  return { zones: Int32Array.from(found), moments: Float64Array.from(moments), values: joined(kept, valid) };
}

function joined(parts: readonly StoredSamples[], like: StoredSamples): StoredSamples {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = new Uint8Array(length * like.BYTES_PER_ELEMENT);
  let at = 0;
  for (const part of parts) {
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at);
    at += part.byteLength;
  }
  switch (like.constructor) {
    case Float32Array:
      return new Float32Array(bytes.buffer);
    case Int32Array:
      return new Int32Array(bytes.buffer);
    case Int16Array:
      return new Int16Array(bytes.buffer);
    case Uint16Array:
      return new Uint16Array(bytes.buffer);
    default:
      return bytes;
  }
}

function viewOf(buffer: ArrayBuffer, at: number, length: number, { dtype }: StoredType): StoredSamples {
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
