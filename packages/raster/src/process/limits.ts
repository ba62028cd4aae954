/** Each limit of processing a window, and its reason. */

/**
 * Working memory of one part of a window. Where bands are resampled, every part decodes the blocks it touches: a median of
 * 24 dates of one output, which takes 146 bytes a pixel, fits in one part of 1,024 x 1,024 pixels.
 */
export const PART_BYTES = 160 * 2 ** 20;

/**
 * The same for a median of pixels as they lie in their files, whose blocks are decoded part by part: 1,024 x 448 pixels of
 * 24 dates, so that dates beyond ten or so cost rows of a part rather than memory.
 */
export const ROWS_PART_BYTES = 64 * 2 ** 20;

/** Rows of such a part are so many, or a multiple: parts do not cut rows of masks at half or a quarter of the resolution. */
export const PART_ROW_STEP = 16;

/** Highest bit of a mask rule: masks are read as 32-bit numbers. */
export const MASK_BIT_MAX = 31;

/**
 * Windows up to this size read bands and mask of a remote scene at the same time: 512 x 512 pixels of a band are about
 * 0.4 MB, less than the round trip brings that waiting for the mask would cost. Units of products are larger: there a
 * cloud saves the bytes below it.
 */
export const EAGER_PIXELS = 512 * 512;
