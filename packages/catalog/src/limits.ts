/** Every limit of the catalogue, with its reason. */

/** Characters of a cql2-text filter: an area of 1,000 vertices is about 20,000; three times that is room enough. */
export const MAX_FILTER_CHARS = 65_536;

/** Nodes of a filter (operators, operands, literals; vertices apart): a list of 2,000 ids with operators around it. */
export const MAX_FILTER_NODES = 5_000;

/** Nesting of a filter: people write 5 levels, generators 20. Bounds the recursion of parser, checker and evaluator. */
export const MAX_FILTER_DEPTH = 64;

/** Vertices of all geometries of a filter, as of an AOI. */
export const MAX_FILTER_VERTICES = 10_000;

/** Characters of the id of an Item or Collection: it is part of a sort key, of which DynamoDB takes 1,024 bytes. */
export const MAX_ID_CHARS = 200;

/** Items of one registration call. */
export const MAX_ITEMS_PER_CALL = 1_000;

/** Bytes of an Item's JSON that lie in its row: DynamoDB takes 400 KB in all. A larger Item is an object. */
export const MAX_ROW_JSON_BYTES = 300_000;

/** Bytes of any Item: the largest real one has 60 kB; a manifest of 10,000 assets is no Item. */
export const MAX_ITEM_BYTES = 4 * 1024 * 1024;

/** Items written at once by one call. */
export const WRITES_AT_ONCE = 8;

/** Tries of a write that another writer was faster at. Writers of one Item are few; of a Collection's extent up to 8. */
export const WRITE_TRIES = 20;

/** Items on one page of a search when nothing is said, and at most: 500 Items of one band are about 4 MB of JSON. */
export const PAGE_DEFAULT = 10;
export const PAGE_LIMIT = 500;

/**
 * Bytes of JSON of the Items on a page: API Gateway hands on 6 MB of a Lambda's answer, in which each quote is two characters,
 * a fifth more. Items of 70 assets have 60 kB, so that 500 of them would not come through. A page that ends so is shorter.
 */
export const PAGE_BYTES = 4_500_000;

/** Ids of one search. */
export const MAX_IDS = 500;

/** Collections of one search. */
export const MAX_COLLECTIONS = 100;

/** Fields of one sort, and of one choice of fields. */
export const MAX_SORT_FIELDS = 8;
export const MAX_FIELDS = 100;

/** Characters of a page token: sort values are cut at 200 characters each. */
export const MAX_TOKEN_CHARS = 8_192;

/**
 * Items a page looks at before it ends short of its limit: 2,000 rows of 10 kB are 20 MB, a second or two of DynamoDB.
 * A page that ends so says where the next one goes on.
 */
export const SCAN_PER_PAGE = 2_000;

/** Items looked at to tell `numberMatched` on the first page; with more it is left out. */
export const SCAN_TO_COUNT = 1_000;

/** Items that a sort by anything but time may have before it: they are all held at once. */
export const SORT_LIMIT = 10_000;

/** Rows of one query of the table: DynamoDB ends a page at 1 MB, about 100 Items. */
export const ROWS_PER_QUERY = 200;

/** Collections of a project. */
export const MAX_PROJECT_COLLECTIONS = 1_000;

/** Scenes asked of a provider at a time. */
export const PROVIDER_PAGE = 500;

/** Searches that one page may cost a provider: windows of time are halved or doubled until they fit. */
export const PROVIDER_CALLS = 12;

/** First window of time when a provider has more scenes than one answer holds. */
export const PROVIDER_WINDOW_DAYS = 30;

/** How long a provider's list of collections is believed: collections appear a few times a year. */
export const COLLECTIONS_LIFE_MS = 5 * 60_000;

/** How long a provider that did not answer is left alone: a page of links must not wait for it again and again. */
export const COLLECTIONS_RETRY_MS = 120_000;

/** Time a provider has for its list of collections; Planetary Computer answers its 120 in two seconds. */
export const COLLECTIONS_TIMEOUT_MS = 4_000;
