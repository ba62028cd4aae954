/**
 * Tries of one DynamoDB transaction that meets another on the same row: 8 tries, 25 ms doubling to 1 s with full jitter,
 * about 2 s in all at most 4. The SDK itself does not repeat cancelled transactions.
 */
export const transactTries = 8;
/** Tries of a conditional put that S3 answers 409 (another write to the key is under way): it says to repeat. */
export const conflictTries = 8;
/** Tries of the entries of PutEvents that were refused while others passed. */
export const putEventsTries = 6;
export const retryBaseMs = 25;
export const retryCapMs = 1_000;
/** What callers are told to wait when AWS does not say. */
export const throttledRetryAfterMs = 1_000;

/** DynamoDB answers at most 1 MB at once: 16 answers bound one query to 16 MB of memory. */
export const maxQueryAnswers = 16;

/** Streams of at most one part go in one request. 16 MiB by 10,000 parts is 160 GB, 16 MiB by 4 at once is 64 MiB of memory. */
export const partBytes = 16_777_216;
export const maxParts = 10_000;
export const partsAtOnce = 4;
/** S3: most bytes CopyObject takes; beyond, parts are copied. 5 GiB. */
export const maxCopyBytes = 5_368_709_120;
/** Bytes of one UploadPartCopy: 1 GiB, as no bytes pass through the caller. */
export const copyPartBytes = 1_073_741_824;
/** HeadObject at once when a listing needs checksums: about a second for a page of 1,000. */
export const headsAtOnce = 16;

/** Batch: jobs of one DescribeJobs. */
export const describeJobsAtOnce = 100;
/** Pages of one listing of jobs: 10,000 children at 100 a page, and then some. */
export const maxJobPages = 200;
/** Batch: least attemptDurationSeconds. Less is raised to it. */
export const minJobTimeoutS = 60;
/** Batch: characters of a termination reason. */
export const maxReasonChars = 256;

/** EventBridge: entries and bytes of one PutEvents. */
export const maxEventEntries = 10;
export const maxEventBytes = 262_144;

/** Athena: a query on these tables takes seconds; asking twice a second costs nothing and is far below 100 a second. */
export const athenaPollMs = 500;
/** Athena: most rows of one GetQueryResults. */
export const athenaPageRows = 1000;
/** Athena's list price for data scanned, and the least a query is charged for (aws.amazon.com/athena/pricing). */
export const athenaUsdPerTerabyte = 5;
export const athenaLeastBytes = 10_000_000;
