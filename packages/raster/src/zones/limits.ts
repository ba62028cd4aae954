/** Limits of statistics by zone, and their reasons. */

/**
 * Valid pixels whose values are kept for exact percentiles, over all zones and bands of a product: 256 MiB of singles.
 * Half a Sentinel-2 tile of fields at 10 m.
 */
export const ZONE_VALUES_MAX = 2 ** 26;

/** Memory of the histograms of zones beyond it, per lane, at {@link HISTOGRAM_OCTAVES} powers of two each: 128 MiB. */
export const ZONE_HISTOGRAM_BYTES = 2 ** 27;

/** Powers of two that the values of a zone span, for sizing: an index or a reflectance from 1e-6 to 1, or 16-bit numbers. */
export const HISTOGRAM_OCTAVES = 20;

/** Bits of mantissa in a bin: 6 are an error of 0.8 % in the worst case (10,000 large zones), 13 of 0.006 %. */
export const HISTOGRAM_BITS_MIN = 6;
export const HISTOGRAM_BITS_MAX = 13;
