/** Limits of uploads, each with its reason. */

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;
const minuteMs = 60_000;

/** A file: hashed, decoded and kept in the 15 min a Lambda has; 5 GiB at 50 MB/s are 100 s for each of the three. */
export const MAX_FILE_BYTES = 5 * GIB;

/** Bytes of a part: 320 parts at most; at 2 Mbit/s a part takes a minute, and is all that a broken line costs. */
export const PART_BYTES = 16 * MIB;

/** Links of one answer: 600 characters each, 60 kB. A page of them lasts 1.6 GB. */
export const MAX_LINKS = 100;

/** A link to a part: an hour is the most the ports give, and a slow line wants it. */
export const LINK_LIFE_S = 3600;

/** An upload stays open this long; the store removes parts and quarantined objects after two days. */
export const OPEN_MS = 24 * 60 * minuteMs;

/** Uploads of a project that are open or being checked: what one person sends at a time, several times over. */
export const MAX_OPEN_UPLOADS = 50;

/** Bytes of all uploads of a project that are open, being checked, or kept: 500 GiB of S3 are about 12 USD a month. */
export const MAX_PROJECT_BYTES = 500 * GIB;

/** Rows of uploads that ended without imagery are kept this long, so that people can read why. */
export const ENDED_DAYS = 30;

/** Tries of a write that others were faster at: uploads of one project share a row of totals. */
export const WRITE_TRIES = 20;

/** Page of a listing. */
export const MAX_PAGE = 100;

/** Asked of the store at once when a listing shows which uploads have begun. */
export const LOOKS_AT_ONCE = 8;

/** Uploads one sweep looks at. The next sweep finds the rest. */
export const SWEEP_ROWS = 200;

/** A check that takes longer is ended by itself, before Lambda ends it at 15 min without a word. */
export const CHECK_TIME_MS = 12 * minuteMs;

/** Who checks holds the upload this long; after that another may. Longer than Lambda lets one run. */
export const CHECK_LEASE_MS = 16 * minuteMs;

/** Begun checks of one upload: a crash twice in a row is bad luck, three times the file. */
export const MAX_CHECKS = 3;

/** Decoded bytes of all levels and bands: 32 GiB at 100 MB/s are 5.5 min. A larger one is a mosaic to be cut, or a bomb. */
export const MAX_DECODED_BYTES = 32 * GIB;

/** Bands: hyperspectral cubes have hundreds and are another product; an Item of 64 bands has 40 kB. */
export const MAX_BANDS = 64;

/** Decoded bytes of the blocks that are looked at together, all bands: fits the reader's cache of decoded blocks. */
export const STRIP_BYTES = 32 * MIB;

/** Bytes read at a time where a file is hashed or kept. */
export const READ_BYTES = 8 * MIB;

/** Characters of a message about a file. */
export const MAX_MESSAGE_CHARS = 300;
