/** Every limit of the reading half, with its reason. Sizes in bytes, times in milliseconds, unless the name says otherwise. */

const KIB = 1024;
const MIB = 1024 * KIB;

/** First read of a source: holds the header, the IFDs and the tag arrays of nearly every COG. */
export const HEADER_READ_BYTES = 32 * KIB;

/** Header pages of one source kept besides the first: IFDs and tag arrays that lie elsewhere. */
export const MAX_HEADER_PAGES = 4;

/** Two ranges closer than this are fetched as one: a round trip of 30 ms costs more than 64 KiB on any link above 17 Mbit/s. */
export const COALESCE_GAP_BYTES = 64 * KIB;

/** No merged fetch grows past this, so that a failed one is cheap to repeat. */
export const COALESCE_MAX_BYTES = 8 * MIB;

/** Requests of one window that are in flight together. */
export const MAX_PARALLEL_FETCHES = 6;

/** Buffers of file reads that are kept for the next: sizes in steps, up to one coalesced fetch, for the bands of one unit. */
export const SPARE_STEP_BYTES = 256 * KIB;
export const SPARE_MAX_BYTES = COALESCE_MAX_BYTES;
export const SPARES_KEPT = 4;

/** Main image, its mask, and overviews with masks down to one pixel of a 2^31 wide image: 2 * 32. */
export const MAX_IFDS = 64;
/** Entries of one IFD; real files have under 100. */
export const MAX_IFD_ENTRIES = 4096;
/** Blocks of one image: 8 bytes each for offset and count is 32 MiB of tag arrays. */
export const MAX_BLOCKS = 2 * MIB;
/** JPEGTables: at most 4 quantisation and 8 Huffman tables, 3 KiB. */
export const MAX_JPEG_TABLES_BYTES = 64 * KIB;
/** Values of any other tag, in bytes (GDAL_METADATA, GCPs, colour tables, ICC profiles). */
export const MAX_TAG_BYTES = 4 * MIB;
/** Width or height in pixels: TIFF's own tags stop at 2^32, GDAL at 2^31. */
export const MAX_DIMENSION = 2 ** 31 - 1;
export const MAX_SAMPLES_PER_PIXEL = 4096;
/**
 * Decoded bytes of one block. GDAL's COGs have 0.25 to 4 MiB; a 1 arc-second elevation tile in one strip has 50. A broken
 * block may take all of it before its end is seen to be missing, and a hostile file may cost 64 MiB.
 */
export const MAX_BLOCK_BYTES = 56 * MIB;
/** A compressed block larger than this multiple of its decoded size (plus 64 KiB) is a lie about its byte count. */
export const MAX_COMPRESSED_RATIO = 4;

/**
 * What a byte of a stream decodes to at most: of deflate (RFC 1951) 258 bytes by 2 bits, of LZW the longest string of a table
 * of 4,096 by 12 bits, of PackBits 128 by 2 bytes. No more memory is taken than the stream can fill, whatever a file claims.
 */
export const DECODED_RATIO_MAX = { deflate: 1032, lzw: 2560, packbits: 64 } as const;
/** Larger blocks are decoded without the kernels: their memory never shrinks again. */
export const KERNEL_BLOCK_BYTES = 16 * MIB;
/** Deflate blocks from this size on may be the kernel's: for less, its tables cost more than it gains. */
export const KERNEL_INFLATE_MIN_BYTES = 32 * 1024;
/** Blocks that deflate packed more tightly are long runs, which zlib copies faster. */
export const KERNEL_INFLATE_MAX_RATIO = 4;
/**
 * Least share of matches among symbols, by the first block's code, at which the kernel is the faster one: of less zlib is,
 * whose literals come cheaper. Predicted 16-bit imagery has a third to a half (bench/inflate.ts).
 */
export const KERNEL_INFLATE_MATCH_SHARE = 0.25;
/** Bytes of samples of one window read. */
export const MAX_WINDOW_BYTES = 1024 * MIB;
/** Decoded blocks kept by one opener, shared by its images: neighbouring windows and bands of one chunky block. Holds one largest JPEG 2000 image (80 MiB). */
export const DECODED_CACHE_BYTES = 96 * MIB;
/**
 * The same in a thread that computes products, one unit after the other: 10 blocks of 1024 x 1024 words, with which each is
 * decoded 1.4 times when units of a warped tile straddle four to six of them (8 blocks: 1.6 times, 16: 1.3). A median of
 * 24 dates on two lanes stays under 600 MB.
 */
export const LANE_DECODED_CACHE_BYTES = 20 * MIB;
/**
 * Blocks that a cache holds at least, up to a limit: two bands and a mask of files that are one strip, or one JPEG 2000
 * tile, are not decoded again for every unit. Two bands of 40 Mi samples of 16 bits are 160 MiB.
 */
export const BLOCKS_KEPT = 3;
export const MAX_DECODED_CACHE_BYTES = 192 * MIB;
/** Buffers of blocks dropped from such a cache that a thread keeps for the next one decoded, which drops the next. */
export const SPARE_BLOCKS_KEPT = 1;
/**
 * Blocks of one image that are decoded as far as rows were asked for, at 45 KiB each: those a window of 1,024 pixels touches
 * side by side, of 128 x 128 pixels and more. Inflaters that wait for the next block, of a thread.
 */
export const OPEN_BLOCKS_KEPT = 10;
export const SPARE_INFLATERS_KEPT = 16;
/** Stored bytes of such a block that are read at once; what its rows do not need of them is read again. */
export const ROWS_READ_BYTES = 128 * KIB;
/** Buffers for the rows of two bands and a mask. */
export const SCRATCH_KEPT = 3;
/** Images whose headers one opener remembers: 160 KiB each at most, 40 MiB in all. */
export const MAX_CACHED_IMAGES = 256;

export const MAX_METADATA_XML_CHARS = MIB;
export const MAX_METADATA_ITEMS = 10_000;
export const MAX_GEOKEYS = 1000;

/** A JPEG 2000 file is decoded whole (WebAssembly): 10 bytes a sample at the peak, so 400 MiB at this limit. */
export const MAX_JP2_SAMPLES = 40 * MIB;
export const MAX_JP2_FILE_BYTES = 256 * MIB;
export const MAX_JP2_BOXES = 1000;
export const MAX_JP2_COMPONENTS = 64;
export const MAX_GEO_BOX_BYTES = MIB;
/** Names of GML elements with their prefix, and the coordinates of one: real ones have under 40 and 60 characters. */
export const MAX_TAG_NAME_CHARS = 80;
export const MAX_GML_NUMBERS_CHARS = 400;
/** Tiles of one codestream, and tiles times components: the decoder prepares 6 KiB for each tile and 1 KiB for each of its components. Sentinel-2 has 121 tiles. */
export const MAX_JP2_TILES = 2048;
export const MAX_JP2_TILE_COMPONENTS = 16 * KIB;

/** `rasterInfo` holds this many bytes of one band at a time. */
export const INFO_SLICE_BYTES = 32 * MIB;
