import {
  type MultiPolygonGeometry,
  type PolygonGeometry,
  type ZoneOutlines,
  zoneOutlines,
  zonePixels,
} from '@swath/geo';
import { BYTES_PER_SAMPLE } from '../cog/samples.ts';
import { type CogSpec, DEFAULT_BLOCK_SIZE } from '../cog/spec.ts';
import { UNIT_BLOCKS } from '../cog/units.ts';
import { SMALL_TYPES } from '../stats/accumulator.ts';
import {
  HISTOGRAM_BITS_MAX,
  HISTOGRAM_BITS_MIN,
  HISTOGRAM_OCTAVES,
  ZONE_HISTOGRAM_BYTES,
  ZONE_TABLE_BYTES,
  ZONE_VALUES_BYTES,
} from './limits.ts';

/** How percentiles of a zone are found; all but the last are exact. */
export const ZONE_WAY = {
  /** Lies in one unit: at once, nothing is kept. */
  within: 0,
  /** Its values are kept until all units are made. */
  kept: 1,
  /** 8 or 16 bits: pixels per number are counted. */
  counted: 2,
  /** From a histogram of relative bins. */
  binned: 3,
} as const;

/** How zones are counted on a grid: decided from their shapes alone, so that it is the same for every executor. */
export interface ZonePlan {
  readonly outlines: ZoneOutlines;
  /** Per zone, pixels of the grid whose centre lies inside. */
  readonly pixels: Float64Array;
  /** Per zone, one of {@link ZONE_WAY}. */
  readonly ways: Uint8Array;
  /** Bits of mantissa of a histogram bin: a percentile is off by at most 2^-(bits + 1) of its value. */
  readonly histogramBits: number;
}

/** Bytes there are for exact percentiles of zones that lie in several units. */
export interface ZoneMemory {
  readonly valuesBytes: number;
  readonly tableBytes: number;
}

const defaultMemory: ZoneMemory = { valuesBytes: ZONE_VALUES_BYTES, tableBytes: ZONE_TABLE_BYTES };

/**
 * Zones within a unit cost no memory. Of the others the smallest are exact, as many as their values, or counts per number
 * where these are smaller, find room; histograms of the rest share their memory, and are finer the fewer they are.
 * @throws SwathError InvalidInput when a zone has no place in the grid's CRS.
 */
export function planZones(
  { grid, bands, blockSize = DEFAULT_BLOCK_SIZE }: CogSpec,
  geometries: readonly (PolygonGeometry | MultiPolygonGeometry)[],
  memory: ZoneMemory = defaultMemory,
): ZonePlan {
  const outlines = zoneOutlines(grid, geometries);
  const pixels = zonePixels(outlines, grid);
  const ways = new Uint8Array(pixels.length);
  const dtype = bands[0]?.stored.dtype ?? 'float32';
  const tableBytes = 4 * (SMALL_TYPES[dtype]?.size ?? Number.POSITIVE_INFINITY) * bands.length;
  const pixelBytes = BYTES_PER_SAMPLE[dtype] * bands.length;
  let { valuesBytes: values, tableBytes: tables } = memory;
  let binned = 0;
  const across = [...pixels.keys()].filter((zone) => !isWithin(outlines, zone, UNIT_BLOCKS * blockSize));
  for (const zone of across.sort((a, b) => pixels[a]! - pixels[b]! || a - b)) {
    const bytes = pixels[zone]! * pixelBytes;
    if (bytes <= tableBytes && bytes <= values) {
      values -= bytes;
      ways[zone] = ZONE_WAY.kept;
    } else if (tableBytes <= tables) {
      tables -= tableBytes;
      ways[zone] = ZONE_WAY.counted;
    } else {
      binned++;
      ways[zone] = ZONE_WAY.binned;
    }
  }
  const counted = Math.max(1, binned * bands.length);
  const bits = Math.floor(Math.log2(ZONE_HISTOGRAM_BYTES / (HISTOGRAM_OCTAVES * 4 * counted)));
  const histogramBits = Math.min(HISTOGRAM_BITS_MAX, Math.max(HISTOGRAM_BITS_MIN, bits));
  return { outlines, pixels, ways, histogramBits };
}

/** Whether one unit has all of a zone. */
function isWithin({ boxes }: ZoneOutlines, zone: number, side: number): boolean {
  const unitOf = (pixel: number) => Math.floor(pixel / side);
  const [left = 0, top = 0, right = 0, bottom = 0] = boxes.subarray(4 * zone, 4 * zone + 4);
  return unitOf(left) === unitOf(right - 1) && unitOf(top) === unitOf(bottom - 1);
}
