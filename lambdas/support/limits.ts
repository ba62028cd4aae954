/** Records per SQS batch: with partial responses the size only decides how much one call may repeat after a crash. */
export const BATCH_SIZE = 10;

/**
 * Seconds a handler may take. Visibility of its queue is six times that (AWS's advice), so that a slow call is not
 * delivered twice while it runs. A search of 1,000 scenes takes up to 30 s with retries; ten of them a batch.
 */
export const HANDLER_TIMEOUT_S = 300;

/**
 * Rows of the outbox per call of the relay. Nearly all are gone, a read of some ms each; in an outage every one may take
 * the 10 s of a refused call with its retries, and 25 of them still end within `HANDLER_TIMEOUT_S`.
 */
export const RELAY_BATCH_SIZE = 25;

/** It reads rows and calls services, one after the other. */
export const RELAY_MEMORY_MB = 512;

/** The sweep runs every 300 s and should be over by then. */
export const RECONCILE_TIMEOUT_S = 280;

/** Ten thousand chunk reports and a plan of 4 MB of JSON fit with room. */
export const HANDLER_MEMORY_MB = 1024;

/** JSON of a STAC Item or FeatureCollection named in a request; a large Item is 200 kB. */
export const MAX_ITEM_BYTES = 8 * 1024 * 1024;

/** A replaced origin secret is noticed by a warm authorizer after this time. */
export const ORIGIN_SECRET_LIFE_MS = 5 * 60_000;

/** One question at an issuer's token endpoint: openEO's Python client waits 5 s for the answer of a poll. */
export const TOKEN_TIMEOUT_MS = 4000;

/** Three tokens of Cognito are about 5 kB, of a person in 100 groups 15 kB. */
export const TOKEN_ANSWER_BYTES_MAX = 64 * 1024;

/** Characters of an answer from which it is compressed: less fits into a packet or two either way. */
export const COMPRESSED_FROM_BYTES = 4096;

/** Level of gzip: 3.8 MB of Items become 0.39 MB in 17 ms at 4, 0.37 MB in 22 ms at 6, 0.50 MB in 15 ms at 1. */
export const COMPRESSION_LEVEL = 4;
