/** Each limit of processing a window, and its reason. */

/**
 * Working memory of one part of a window: a median of 24 dates of one output, which takes 146 bytes a pixel, fits in one part
 * of 1,024 x 1,024 pixels, so that no source block is decoded twice for it.
 */
export const PART_BYTES = 160 * 2 ** 20;

/** Highest bit of a mask rule: masks are read as 32-bit numbers. */
export const MASK_BIT_MAX = 31;

/**
 * Windows up to this size read bands and mask of a remote scene at the same time: 1024 x 1024 pixels of one band are about 1.6 MB,
 * 30 ms at 400 Mbit/s, which is the round trip that waiting for the mask would cost.
 */
export const EAGER_PIXELS = 1024 * 1024;
