/** Each limit of tiles and previews, and its reason. */

/** A pixel of 24 is 9 mm at the equator: finer than anything that is ordered, and what map clients stop at. */
export const ZOOM_MAX = 24;

/** Pixels to a side of a tile, and of one `@2x`. */
export const TILE_SIDE = 256;

/**
 * Pixels on a side of the grid that tiles of one zoom are windows of. Positions of the engine are exact to 2^26 columns;
 * larger worlds are cut at whole multiples of this, which is a multiple of every tile.
 */
export const LEVEL_GRID_SIDE = 2 ** 24;

/**
 * Pixels of a source that one tile may need, a band: 5,800 x 5,800, about half a second. Files with overviews need at
 * most four times the tile; this stops zooming out of files without.
 */
export const SOURCE_PIXELS_MAX = 2 ** 25;

/** Longest side of a preview: 2,048 x 2,048 are a large screen, and 16 MiB of colours. */
export const PREVIEW_SIDE_MAX = 2048;
/** TiTiler's own default. */
export const PREVIEW_SIDE_DEFAULT = 1024;

/** A picture shows one band through colours, or red, green and blue. */
export const PICTURE_BANDS = [1, 3] as const;

/** Colours of a map given in the query: all values of a byte; URLs end at 8 kB in CloudFront anyway. */
export const COLORMAP_ENTRIES_MAX = 256;
export const COLORMAP_CHARS_MAX = 16_384;

/** Longest side of the picture from which a stretch is guessed where no statistics say it: 65,536 pixels, a few ms. */
export const STRETCH_SIDE = 256;

/** Stretches remembered: three numbers each. */
export const STRETCHES_KEPT = 512;
