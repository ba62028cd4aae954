/** Each limit of the writer and its reason. */

/** Buffers that the tiles are put in order with: one is filled and hashed, two are written, one is about to be free. */
export const COPY_BUFFER_BYTES = 2 * 2 ** 20;
export const COPY_BUFFERS = 4;

/**
 * Spilled tiles of a lane go to files of this size. Those of a Sentinel-2 tile are 10 to 20, of which few wait for their last
 * tile at a time, since units come in about the order of the result.
 */
export const SPILL_FILE_BYTES = 16 * 2 ** 20;
/** Of these, so many are open to be read. */
export const SPILL_FILES_OPEN = 32;

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

/** Bands of one file. */
export const BANDS_MAX = 64;

/** Memory of one unit of work besides what computing it takes (PART_BYTES): both fit into SPACE_MAX_BYTES. 48 bands of float32. */
export const UNIT_BYTES_MAX = 320 * 2 ** 20;

/** Above this the 4-byte offsets of classic TIFF (2^32) get close; the rest is room for late table growth. */
export const CLASSIC_TIFF_MAX_BYTES = 4_000_000_000;
