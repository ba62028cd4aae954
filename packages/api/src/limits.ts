/** Every limit of the HTTP door, with its reason. */

/**
 * A request body: 10,000 zones of 17 vertices with 7 decimals are about 5 MB of GeoJSON. Lambda takes 6 MB of call, in which
 * every quote of the body counts twice.
 */
export const BODY_LIMIT_BYTES = 5 * 1024 * 1024;

/** Rows of statistics in one answer: 10,000 of 350 characters are 3.5 MB; Lambda answers 6 MB at most. */
export const STATISTICS_PAGE = 10_000;

/** Longest Idempotency-Key: a UUID is 36 characters, a sha256 64. */
export const IDEMPOTENCY_KEY_LIMIT = 128;

/** Longest X-Request-Id taken over from a caller; anything longer or stranger is replaced. */
export const REQUEST_ID_LIMIT = 128;

/** Requests on one page of a list. */
export const PAGE_DEFAULT = 20;
export const PAGE_LIMIT = 100;

/** Months on one page of usage: a year, at most ten. */
export const USAGE_PAGE_DEFAULT = 12;
export const USAGE_PAGE_LIMIT = 120;

/** Labels one listing may ask for. */
export const LABELS_LIMIT = 16;

/** Scenes in one answer of a search: 500 Items are about 1 MB of JSON. */
export const SEARCH_DEFAULT = 50;
export const SEARCH_LIMIT = 500;

/** Events of one request that one answer lists: a request of 20 attempts has a few hundred. */
export const EVENTS_LIMIT = 2000;

/** Requests shown on the landing page. */
export const LANDING_REQUESTS = 24;

/** Bytes read from the results bucket at a time while streaming: memory of one download. */
export const STREAM_PIECE_BYTES = 1024 * 1024;

/** Looks at the results bucket at a time while answering `GET /requests/{id}/results`. */
export const HEAD_CONCURRENCY = 16;

/** How often a stream of events looks for news: a person sees half a second as at once; one query each. */
export const STREAM_POLL_MS = 500;

/** Silence after which a stream sends a comment line: below the 30 s after which proxies close idle connections. */
export const STREAM_HEARTBEAT_MS = 15_000;

/** A stream ends after this long even without a final state; EventSource reconnects with Last-Event-ID by itself. */
export const STREAM_LIFE_MS = 15 * 60_000;

/** Life of a link to an object in AWS: long enough to start a download, short enough to be useless in a log. */
export const LINK_EXPIRES_S = 900;

/** Characters of a path that go into a log line. */
export const LOG_PATH_LIMIT = 200;
