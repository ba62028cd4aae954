/** Limits and defaults of the command line, with their reasons. */

/** Port of a local Swath; free in IANA's list and not used by common tools. */
export const DEFAULT_PORT = 7431;
export const DEFAULT_URL = `http://127.0.0.1:${DEFAULT_PORT}`;

/** Folder of a local Swath's data. */
export const DEFAULT_DATA = '.swath';

/** Life of a token of `swath token`: a working day. */
export const TOKEN_HOURS = 12;

/** A request specification that a person writes; the server takes as much. */
export const SPEC_LIMIT_BYTES = 5 * 1024 * 1024;

/** A submit is sent again with the same Idempotency-Key: 3 attempts, pauses of 0.5 s and 1 s. */
export const SUBMIT_ATTEMPTS = 3;
export const SUBMIT_PAUSE_MS = 500;

/** A stream that breaks is opened again: 10 times in a row without news, 1 s apart, rides out a restart. */
export const FOLLOW_RETRIES = 10;
export const FOLLOW_PAUSE_MS = 1000;

/** One server-sent event: a progress message is under 2 kB. */
export const EVENT_LIMIT_CHARS = 1024 * 1024;

/** Progress is redrawn 10 times a second on a terminal, told at most once a second elsewhere. */
export const REDRAW_MS = 100;
export const PLAIN_LINE_MS = 1000;

/** Files downloaded at a time. */
export const DOWNLOAD_CONCURRENCY = 4;

/** Columns of a picture in the terminal: half the usual 80, so that two lines of pixels make it square. */
export const PICTURE_COLUMNS = 48;

/** Scenes of a search that are listed: what a screen holds. */
export const SEARCH_SCENES = 50;

/** Rows of an SQL answer that are shown: more than anybody reads, far less than memory holds. */
export const SQL_MAX_ROWS = 10_000;

/** Gigabytes one query may read in Athena: 5 cents at $5 per terabyte. */
export const SQL_MAX_SCAN_GB = 10;

/** Longest cell of a drawn table; --csv and --json have all of it. */
export const SQL_CELL_CHARS = 44;

/** A chart in the terminal, in characters, and how many are drawn under one another. */
export const PLOT_COLUMNS = 100;
export const PLOT_ROWS = 12;
export const PLOT_SERIES = 6;

/** A Shapefile, KML or GeoPackage with an area: a country in full detail has 30 MB. It is read into memory. */
export const AREA_FILE_LIMIT_BYTES = 64 * 1024 * 1024;

/** Parts of an upload sent at a time: 64 MiB of memory; more do not make one line faster. */
export const UPLOAD_CONCURRENCY = 4;

/** Tries of a part, 1 s, 2 s, 4 s apart, each with a fresh link. */
export const UPLOAD_TRIES = 4;

/** Rounds of fresh links: 320 parts are four of them, the others are for parts that got lost. */
export const UPLOAD_ROUNDS = 10;

/** How often a file that is being checked is looked at. */
export const UPLOAD_POLL_MS = 500;

/** The server's own limit on bands. */
export const MAX_BAND_INDEX = 64;

/** Items of one page of an exported search: an answer of a Lambda holds 6 MB, 250 Items of 20 kB are 5. */
export const ITEMS_PER_PAGE = 250;

/** Collections of one search, as the server takes them from requests: each asks a provider on its own. */
export const MAX_SEARCHED_COLLECTIONS = 16;
