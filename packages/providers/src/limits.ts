/** Repeats after the first try of one HTTP request. */
export const maxRetries = 5;

/** Back-off before repeat n is random in [0, 0.5 s * 2^n): 0.5, 1, 2, 4, 8 s at most, 15.5 s in all. */
export const backoffBaseMs = 500;

/** A single wait for the provider in this process; longer ones are thrown, so that the request waits and no worker does. */
export const maxInlineWaitMs = 20_000;

/** All waits of one HTTP request together: what a Lambda of 15 minutes can give one of its many requests. */
export const maxTotalWaitMs = 64_000;

/** From sending to the last byte. Earth Search answers 100 Items in 2 to 8 s. */
export const requestTimeoutMs = 60_000;

/** Bytes of one answer after decompression: 100 Items of at most 60 kB are 6 MB; Planetary Computer's 250 were 2.5 MB. */
export const maxResponseBytes = 32 * 1024 * 1024;

/** Redirects of one GET. */
export const maxRedirects = 5;

/** Characters of a provider's own error text that go into a message. */
export const maxErrorText = 300;

/** Items asked for per page. Earth Search runs behind a 6 MB answer limit, its Items have up to 40 kB. */
export const pageSize = 100;

/** Pages of one search: 1,000 full pages are 100,000 scenes, more than any one request can use. */
export const maxPages = 1000;

/** Pages of a search that is exported, whose Items nobody holds: 10,000 full pages are the 1,000,000 Items of one file. */
export const maxItemPages = 10_000;

/** Pages in a row without one new Item before the paging counts as broken. */
export const maxIdlePages = 10;

/** Pages of a list of collections; CMR-STAC has 15,000 collections in pages of 10 to 250. */
export const maxCollectionPages = 200;

/** Reasons kept of Items that could not be used; the count beyond is told in a last entry. */
export const maxSkippedKept = 1000;

/** Vertices of an AOI that are sent along; a larger one is sent as its box, and the answer is checked here anyway. */
export const maxSentVertices = 2000;

/** JSON files of a local catalogue. */
export const maxCatalogueFiles = 50_000;

/** Folders below a local catalogue's own. */
export const maxCatalogueDepth = 16;

/** Bytes of one Item file. The largest real Item has 60 kB; a FeatureCollection of 400 has 1.2 MB. */
export const maxItemFileBytes = 16 * 1024 * 1024;

/** Item files read at once: enough to hide the latency of a network drive, few enough for any file descriptor limit. */
export const parallelReads = 16;
