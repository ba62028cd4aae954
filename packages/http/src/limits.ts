/** Every limit of foreign HTTP, with its reason. Sizes in bytes, times in milliseconds, unless the name says otherwise. */

const KIB = 1024;
const MIB = 1024 * KIB;

/** Presigned S3 URLs with a session token have up to 2.5 KiB, SAS URLs under 1 KiB. */
export const MAX_URL_LENGTH = 8 * KIB;

/** A server that answers a range request with the whole body is accepted up to this size. */
export const WHOLE_BODY_CAP_BYTES = 16 * MIB;

/** One range request never asks for more: larger reads are a bug of the caller. */
export const MAX_READ_BYTES = 1024 * MIB;

/** All header fields of one response together; S3 sends 0.6 KiB, CDNs up to 4 KiB. Node's own servers refuse at the same size. */
export const MAX_HEADER_BYTES = 16 * KIB;

/** 5 attempts with waits of at most 0.5, 1, 2, 4 s (full jitter): at most 7.5 s of waiting when no Retry-After asks for more. */
export const HTTP_ATTEMPTS = 5;
export const HTTP_BACKOFF_BASE_MS = 500;

/** All waits of one read together; a Retry-After beyond what is left is handed to the caller as Throttled. */
export const HTTP_WAIT_BUDGET_MS = 64_000;

/** Retry-After is believed within [0.5 s, 15 min]. */
export const RETRY_AFTER_MIN_MS = 500;
export const RETRY_AFTER_MAX_MS = 15 * 60_000;

/** No byte for this long: the transfer is given up and repeated. */
export const HTTP_IDLE_TIMEOUT_MS = 20_000;
export const HTTP_CONNECT_TIMEOUT_MS = 10_000;

/** One read with all its attempts and waits. 64 MiB in this time are 112 kB/s; below that another source is the better way. */
export const HTTP_TOTAL_TIMEOUT_MS = 10 * 60_000;

/** A body slower than this after the idle time-out has passed once is a drip feed and is cut. */
export const HTTP_MIN_BYTES_PER_SECOND = 4 * KIB;

/** RFC 9110 asks for a limit and names none; browsers take 20, real catalogues need 2. */
export const MAX_REDIRECTS = 5;

/**
 * Connections to one origin, one request at a time on each. Three images of one window have 6 fetches each in flight: none of
 * them waits for another. S3 serves thousands per prefix.
 */
export const CONNECTIONS_PER_ORIGIN = 24;

/** An idle connection is kept this long, so that windows that follow each other need no new TLS handshake. S3 closes after about 20 s. */
export const KEEP_ALIVE_MS = 15_000;

/** Addresses one name may have; CDNs answer with up to 16. */
export const MAX_ADDRESSES = 64;

/** A body of at most this many bytes goes into memory that is set aside at once: a coalesced fetch of image blocks has 8 MiB. */
export const BODY_AT_ONCE_BYTES = 8 * MIB;
