/** Each limit of the writer and its reason. */

/** Tiles of full resolution that make room for overviews are moved in parts of this size. */
export const COPY_BUFFER_BYTES = 2 * 2 ** 20;

/** A file is hashed in parts of this size: one of two is read while the other is hashed. */
export const DIGEST_PART_BYTES = 2 * 2 ** 20;

/** Spilled tiles of a lane go to files of this size. Those of a Sentinel-2 tile are 2 to 5. */
export const SPILL_FILE_BYTES = 16 * 2 ** 20;

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

/**
 * Header and overviews take about this share of the overviews' uncompressed bytes: between a cloudy index in singles and a
 * clear one in 16 bits. A wrong guess costs time, copying as many bytes of full resolution as it is off, and no room.
 */
export const OVERVIEW_SHARE = 0.45;
/** Bytes of the header per tile, in classic TIFF, and for all else that stands in it. */
export const RESERVED_TILE_BYTES = 8;
export const RESERVED_TEXT_BYTES = 4096;
