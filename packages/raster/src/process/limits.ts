/** Each limit of processing a window, and its reason. */

/**
 * Working memory of one part of a window: a median of 24 dates of one output, which takes 146 bytes a pixel, fits in one part
 * of 1,024 x 1,024 pixels, so that no source block is decoded twice for it.
 */
export const PART_BYTES = 160 * 2 ** 20;

/** Highest bit of a mask rule: masks are read as 32-bit numbers. */
export const MASK_BIT_MAX = 31;

/**
 * Windows up to this size read bands and mask of a remote scene at the same time: 512 x 512 pixels of a band are about
 * 0.4 MB, less than the round trip brings that waiting for the mask would cost. Units of products are larger: there a
 * cloud saves the bytes below it.
 */
export const EAGER_PIXELS = 512 * 512;
