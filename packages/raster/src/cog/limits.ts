/** Each limit of the writer and its reason. */

/** Pixels asked of the caller at once: 1,024 x 1,024, which is one block of most providers and 4 MiB a band. */
export const READ_WINDOW_PIXELS = 2 ** 20;

/** Tiles being compressed at once: two cores and one waiting; 1 MiB each for one band of 512 x 512 singles. */
export const TILES_IN_FLIGHT = 3;

/** Side of a tile in pixels: TIFF wants multiples of 16; above 4,096 one tile of four bytes takes 64 MiB. */
export const BLOCK_SIZE_STEP = 16;
export const BLOCK_SIZE_MAX = 4096;

/** Widest tile rows GDAL itself accepts: sides are signed 32-bit numbers there. */
export const SIDE_MAX = 2 ** 31 - 1;

/**
 * Tiles of all levels. Their two tables take 16 bytes a tile in memory and in the header; at 512 x 512 this is
 * 1.1e12 pixels, ten thousand Sentinel-2 tiles.
 */
export const TILES_MAX = 2 ** 22;

/** Bands of one file: 64 planes of a 1,024 x 1,024 window are 256 MiB. */
export const BANDS_MAX = 64;

/** Above this the 4-byte offsets of classic TIFF (2^32) get close; the rest is room for late table growth. */
export const CLASSIC_TIFF_MAX_BYTES = 4_000_000_000;
