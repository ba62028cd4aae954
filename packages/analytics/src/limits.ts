/** Limits of the analysts' tables, each with its reason. */

/** Text of a collection in a folder name. Of longer ones (up to 16 ids of 256 characters) the folder says `several`. */
export const MAX_COLLECTION_CHARS = 200;

/** Levels of the quadkey: 4^12 cells, about 10 km wide at the equator. More would identify a field, fewer no town. */
export const QUADKEY_LEVELS = 12;

/** Items read at once while a request is recorded: as the other readers of small objects. */
export const ITEM_CONCURRENCY = 16;

/** An Item of one output: the largest with 1,000 scenes and their radiometry is about 1 MB. */
export const MAX_ITEM_BYTES = 16 * 1024 * 1024;

/**
 * Files of one folder that compaction merges at once, and their bytes: the rows are held in memory, where they take about
 * ten times as much. A day of 10,000 requests is 10,000 files of 20 kB; what is over stays for the next run.
 */
export const MAX_MERGED_FILES = 10_000;
export const MAX_MERGED_BYTES = 64 * 1024 * 1024;

/** Files that are worth a new merged file while the day is not over: each merge writes the whole day again. */
export const MIN_FILES_OF_TODAY = 32;

/**
 * Sources stay this long beside the file that holds their rows: a query lists files first and reads them later. Athena
 * ends queries after 30 minutes, and the clock was read up to 15 minutes (a Lambda's life) before the file was there.
 */
export const SOURCES_STAY_MS = 60 * 60 * 1000;

/** After this time a run of compaction begins no further folder; the next run goes on. Its Lambda ends after 15 minutes. */
export const COMPACT_BUDGET_MS = 10 * 60 * 1000;

/** The schedule of compaction: sources are removed one run after they have stayed long enough. */
export const COMPACT_PERIOD_S = 60 * 60;

/** Small files read at once by compaction. */
export const FILE_CONCURRENCY = 16;

/** Statistics by zone of one output: 10,000 zones x 32 bands x 400 characters are 128 MB; the plan allows 250,000 rows in all. */
export const MAX_ZONES_BYTES = 128 * 1024 * 1024;

/** Rows of one day that an export reads at once: 1,000,000 of 25 columns are about 1 GB; a day of ten full requests with zones. */
export const EXPORT_DAY_ROWS = 1_000_000;

/** Rows sent to PostgreSQL in one statement: about 4 MB of JSON. */
export const EXPORT_BATCH_ROWS = 5_000;

/** PostgreSQL answers within this, or is not there. */
export const EXPORT_CONNECT_MS = 15_000;

/** Items of one exported search: 1,000,000 of 20 kB are 20 GB beside the file while it is made. */
export const EXPORT_ITEMS = 1_000_000;

/** Items of one row group, and of one write: 1,000 of at most 60 kB are 60 MB as text and about as much again as columns. */
export const EXPORT_GROUP_ITEMS = 1_000;

/** Fields of one structure of an Item, and levels within one another: beyond, it is JSON text. Sentinel-2 has 40 assets, 4 levels. */
export const MAX_STRUCT_FIELDS = 256;
export const MAX_STRUCT_LEVELS = 16;

/** Collections within collections of one geometry: nobody draws more. */
export const MAX_WKB_DEPTH = 8;
