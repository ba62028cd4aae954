/** Each limit of processing a window, and its reason. */

/**
 * Working memory of one part of a window: 96 MiB beside the sources' blocks keeps a worker under 256 MiB. A composite
 * of 24 dates of one output takes 96 bytes a pixel for its samples alone.
 */
export const PART_BYTES = 96 * 2 ** 20;

/** Rows of a part of a median, so that one date's blocks are used up while they are warm. */
export const MEDIAN_PART_ROWS = 256;

/** Highest bit of a mask rule: masks are read as 32-bit numbers. */
export const MASK_BIT_MAX = 31;

/**
 * Windows up to this size read bands and mask of a remote scene at the same time: 1024 x 1024 pixels of one band are about 1.6 MB,
 * 30 ms at 400 Mbit/s, which is the round trip that waiting for the mask would cost.
 */
export const EAGER_PIXELS = 1024 * 1024;
