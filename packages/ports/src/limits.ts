/** Bounds every adapter enforces, so that what works on a laptop also works in AWS. */

/** DynamoDB: actions of one TransactWriteItems. */
export const maxTransactWrites = 100;
/** DynamoDB: item size, names and values, UTF-8 (400 KB = 400 * 1024). */
export const maxRowBytes = 409_600;
/** DynamoDB: all items of one transaction (4 MB). */
export const maxTransactBytes = 4_194_304;
/** DynamoDB: partition key and sort key, UTF-8. */
export const maxPartitionKeyBytes = 2_048;
export const maxSortKeyBytes = 1_024;
/** DynamoDB: nesting of lists and maps below an attribute. */
export const maxNesting = 32;
/** DynamoDB: operands of IN. */
export const maxOneOf = 100;
/** Rows of one query page when the caller names no limit, and the most it may name: bounds memory, not correctness. */
export const defaultQueryRows = 1_000;
export const maxQueryRows = 10_000;
/** A cursor holds three keys of at most 2 KiB each, as base64 of JSON. */
export const maxCursorChars = 16_384;

/** S3: key length, UTF-8. */
export const maxObjectKeyBytes = 1_024;
/** S3: keys of one listing page. */
export const maxListObjects = 1_000;
/** Longest life of a link: it outlives no session of its signer and no shift of its reader (ECOSYSTEM.md 6.4). */
export const maxLinkS = 3_600;
/** Long enough for a slow client to begin, short enough that a leaked link is soon dead. */
export const defaultLinkS = 900;
/** `get` holds the whole object in memory; larger ones are read by range. 1 GiB. */
export const maxGetBytes = 1_073_741_824;

/** S3: parts of one upload, least bytes of every part but the last (5 MiB), and most bytes of one (5 GiB). */
export const maxUploadParts = 10_000;
export const minPartBytes = 5_242_880;
export const maxPartBytes = 5_368_709_120;

/** Contract of Queue: 256 KiB, SQS's own limit until 2025 and still that of everything downstream of it. */
export const maxMessageBytes = 262_144;
/** SQS: messages of one receive. */
export const maxReceive = 10;
/** SQS: visibility time-out, 12 h. */
export const maxVisibilityS = 43_200;
/** SQS: delay of one message, 15 min. */
export const maxDelayS = 900;
/** Deliveries before a message is set aside: 5 tries at a visibility of minutes ride out a redeploy, not a poison message. */
export const defaultMaxReceives = 5;

/** Batch: array size. */
export const maxArraySize = 10_000;
/** Batch: attempts of a retry strategy. */
export const maxJobAttempts = 10;
/** Batch: characters of a job name. */
export const maxJobNameChars = 128;
/** Batch: characters of a share identifier. */
export const maxShareChars = 255;
/** ECS: container overrides in all, 8 KiB. */
export const maxJobEnvironmentBytes = 8_192;
/** Batch: dependencies of one job. */
export const maxJobDependencies = 20;
