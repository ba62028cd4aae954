import {
  type Grid,
  type MultiPolygonGeometry,
  type PolygonGeometry,
  type ZoneOutlines,
  zoneOutlines,
  zonePixels,
} from '@swath/geo';
import {
  HISTOGRAM_BITS_MAX,
  HISTOGRAM_BITS_MIN,
  HISTOGRAM_OCTAVES,
  ZONE_HISTOGRAM_BYTES,
  ZONE_VALUES_MAX,
} from './limits.ts';

/** How zones are counted on a grid: decided from their shapes alone, so that it is the same for every executor. */
export interface ZonePlan {
  readonly outlines: ZoneOutlines;
  /** Per zone, pixels of the grid whose centre lies inside. */
  readonly pixels: Float64Array;
  /** 1: values are kept and percentiles are exact; 0: percentiles are from a histogram. */
  readonly exact: Uint8Array;
  /** Bits of mantissa of a histogram bin: a percentile is off by at most 2^-(bits + 1) of its value. */
  readonly histogramBits: number;
}

/**
 * The smallest zones are exact, as many as {@link ZONE_VALUES_MAX} values hold; histograms of the others share their
 * memory, and are finer the fewer they are.
 * @throws SwathError InvalidInput when a zone has no place in the grid's CRS.
 */
export function planZones(
  grid: Grid,
  geometries: readonly (PolygonGeometry | MultiPolygonGeometry)[],
  bands: number,
  valuesMax: number = ZONE_VALUES_MAX,
): ZonePlan {
  const outlines = zoneOutlines(grid, geometries);
  const pixels = zonePixels(outlines, grid);
  const exact = new Uint8Array(pixels.length);
  let held = 0;
  for (const zone of [...pixels.keys()].sort((a, b) => pixels[a]! - pixels[b]! || a - b)) {
    held += pixels[zone]! * bands;
    if (held > valuesMax) break;
    exact[zone] = 1;
  }
  const counted = exact.reduce((sum, is) => sum + (1 - is), 0) * bands;
  const bits = Math.floor(Math.log2(ZONE_HISTOGRAM_BYTES / (HISTOGRAM_OCTAVES * 4 * Math.max(1, counted))));
  const histogramBits = Math.min(HISTOGRAM_BITS_MAX, Math.max(HISTOGRAM_BITS_MIN, bits));
  return { outlines, pixels, exact, histogramBits };
}
