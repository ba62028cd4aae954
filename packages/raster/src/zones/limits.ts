/** Limits of statistics by zone, and their reasons. */

/**
 * Bytes of valid samples kept for exact percentiles of zones that lie in several units, over all zones and bands of a
 * product: a whole Sentinel-2 tile at 10 m as 16-bit numbers, or half of one as singles.
 */
export const ZONE_VALUES_BYTES = 2 ** 28;

/** Bytes of counts per number of zones too large for that, per lane, when numbers have 16 bits: 512 zones. */
export const ZONE_TABLE_BYTES = 2 ** 27;

/** Memory of the histograms of zones beyond both, per lane, at {@link HISTOGRAM_OCTAVES} powers of two each: 128 MiB. */
export const ZONE_HISTOGRAM_BYTES = 2 ** 27;

/** Powers of two that the values of a zone span, for sizing: an index or a reflectance from 1e-6 to 1, or 16-bit numbers. */
export const HISTOGRAM_OCTAVES = 20;

/** Bits of mantissa in a bin: 6 are an error of 0.8 % in the worst case (10,000 large zones), 13 of 0.006 %. */
export const HISTOGRAM_BITS_MIN = 6;
export const HISTOGRAM_BITS_MAX = 13;

/** Numbers a count may look at per value: looking is some 60 times cheaper than a value's part in sorting. */
export const COUNTED_SPAN_PER_VALUE = 32;

/** Fewer values than this are sorted outright: sorting them costs no more than bins. */
export const SORTED_OUTRIGHT = 64;

/** Values per bin, so that the few bins that hold a percentile are cheap to sort. */
export const VALUES_PER_BIN = 8;

/** Bins at most: their counts stay in the first-level cache beside the values. */
export const BINS_MAX = 4096;

/** Bins within bins, for values that crowd beside outliers; what is crowded still is sorted. */
export const BINS_DEPTH_MAX = 3;
