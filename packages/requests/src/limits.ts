/** Limits of the request machine, each with its reason. Times are milliseconds unless the name says otherwise. */

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/**
 * Time an attempt may take, waiting included. The longest honest run is one hour to acquire, four to process
 * (`PROCESS_TIMEOUT_S`), one to publish, times three automatic attempts: 18 h; the rest is queueing.
 */
export const ATTEMPT_DEADLINE_MS = 24 * hourMs;

/** Automatic attempts after the first, per order of the user, whatever the reasons: 1 + 2 bounds cost at three times. */
export const MAX_AUTOMATIC_ATTEMPTS = 2;

/** Pause before an automatic attempt after trouble at the provider. SQS delays messages by at most 15 min. */
export const PROVIDER_PAUSE_S = 300;

/** Attempts in all, retries by the user included: the number is four digits wide in row keys. */
export const MAX_ATTEMPTS = 1000;

/** The sweep runs this often; no state outlives its deadline by more than one period. */
export const SWEEP_PERIOD_MS = 5 * minuteMs;

/** Silence after which a message is taken for lost: a queue delivers within seconds, retries included. */
export const MESSAGE_SILENCE_MS = 5 * minuteMs;

/** Silence after which a job is looked up: with one sweep period, a lost event costs at most 15 minutes. */
export const JOB_SILENCE_MS = 10 * minuteMs;

/** A job that has not started for this long waits for capacity, and says so. */
export const CAPACITY_PATIENCE_MS = 15 * minuteMs;

/** Followers of another request's work look again this often, should the wake-up be lost. */
export const SHARED_RECHECK_MS = 10 * minuteMs;

/** Waiting for a provider: 30 s doubling to 30 min; 7 waits reach the ceiling after about 32 min. */
export const PROVIDER_WAIT_FIRST_MS = 30_000;
export const PROVIDER_WAIT_MAX_MS = 30 * minuteMs;

/** A provider's Retry-After is believed between these (a negative or a year-long one is a provider's bug). */
export const RETRY_AFTER_MIN_MS = 500;
export const RETRY_AFTER_MAX_MS = 15 * minuteMs;

/** An outbox row is tried at once by its writer; the sweep tries from here on, 1 min doubling to 1 h. */
export const OUTBOX_FIRST_MS = minuteMs;
export const OUTBOX_MAX_MS = hourMs;

/**
 * A row this old, and still there, was left by its writer: a writer takes some 100 ms for each of its two or three
 * effects. Sooner, two at once could submit one job twice (Batch has no idempotency token).
 */
export const RELAY_PATIENCE_MS = 5_000;

/**
 * Tries of one outbox row: 6 reach the ceiling of 1 h after about 1 h, the others last four days, longer than any
 * outage seen (region-wide, 15 h). Then the row leaves the index, is kept, and is logged as an error.
 */
export const OUTBOX_MAX_TRIES = 100;

/**
 * Rows one sweep takes per index partition, in pages, and the time after which it begins no further page. A backlog of
 * 10,000 requests at about 15 rows/s is worked off in 11 min, by overlapping sweeps or three in a row.
 */
export const SWEEP_ROWS = 50;
export const SWEEP_PAGES = 20;
export const SWEEP_BUDGET_MS = 220_000;

/** Partitions per state in the due index: 1,000 writes/s each in DynamoDB, 4,000 transitions/s in all. */
export const DUE_SHARDS = 4;

/** Collisions with other writers of the same request before a use case gives up and is delivered again. */
export const MAX_COLLISIONS = 8;

/** Tries of one transaction whose outcome is unknown, each after reading back. */
export const MAX_COMMIT_TRIES = 3;

/** Scenes per request: the same as `items` of the specification. Three years of Sentinel-2 over one tile is 220. */
export const MAX_SCENES = 1000;

/** Chunks of a request: each may become a child of its own, and AWS Batch's largest array is 10,000. */
export const MAX_CHUNKS = 10_000;

/**
 * Seconds of work that one child of a process job is meant to have: 1 to 3 minutes after rounding. Less pays Fargate's
 * minimum of a minute for nothing; more is lost when Spot takes the machine.
 */
export const CHILD_S = 120;

/** Seconds of a chunk besides reading: arithmetic (23 ms of a tile's 2.8 s of CPU), and writing pixels and report to S3. */
export const CHUNK_S = 0.25;

/** What one child reads, assumed: ranges of 1 to 2 MB one or two at a time, 100 to 200 ms each over https. */
export const CHILD_BYTES_PER_S = 5_000_000;

/** Children that chunks left undone are spread over: at a minute each 100 task-minutes, 0.16 USD. */
export const RETRY_CHILDREN = 100;

/** Sentences kept on the head; the rest is counted. 50 x 300 characters = 15 kB of a 400 kB row. */
export const MAX_WARNINGS = 50;
export const MAX_MESSAGE_CHARS = 300;

/** Specifications up to this many characters stay on the head row; longer ones (drawn AOIs) lie beside it in pieces. */
export const INLINE_SPEC_CHARS = 32_768;

/** UTF-16 units per piece: at most 3 bytes each, 300 kB of a 400 kB row. */
export const SPEC_PIECE_CHARS = 100_000;

/** Specification as canonical JSON: 10 pieces; a transaction is at most 4 MB. */
export const MAX_SPEC_CHARS = 1_000_000;

/** `Idempotency-Key`: safe in row keys and logs. */
export const IDEMPOTENCY_KEY = /^[A-Za-z0-9_-]{1,128}$/;

/** A key is honoured this long, exactly: 48 h is twice what clients are promised. */
export const IDEMPOTENCY_HOURS = 48;

/** The door asks the provider for its collections this long; no answer is no reason to refuse. */
export const DOOR_CHECK_MS = 2_000;

/** Results are shared with new requests until this long before their retention ends, so that they can be fetched. */
export const REUSE_MARGIN_MS = 24 * hourMs;

/** Objects read or checked at once: S3 answers in about 20 ms, so 10,000 chunk reports take about 13 s. */
export const OBJECT_CONCURRENCY = 16;

/** Result rows written per transaction (at most 100 writes and 4 MB; one row is 60 kB with 32 bands). */
export const RESULT_ROWS_PER_WRITE = 25;

/** Page of a listing, and rows looked at per call when a filter drops most of them. */
export const MAX_PAGE = 100;
export const MAX_ROWS_PER_LIST = 1000;

/** Months of usage on one page: ten years. */
export const MAX_USAGE_MONTHS = 120;

/** Events answered for one request; one attempt makes about ten. */
export const MAX_EVENTS = 1000;

/** Followers woken per transaction round; the sweep finds the others by their own due time. */
export const MAX_WOKEN = 500;

/** Tries per job child, the first included: two Spot reclaims in a row are common, three are a bad sign. */
export const JOB_ATTEMPTS = 3;

/** Shares that projects are spread over: Batch serves at most 500 at once, ended jobs counting for a while. */
export const JOB_SHARES = 400;

/** Acquire opens or copies up to 1,000 scenes: 50 MB/s x 1 h = 180 GB. */
export const ACQUIRE_TIMEOUT_S = 3600;

/** A child has a few minutes of work (`CHILD_S`, or one slow chunk); four hours covers a provider that throttles. */
export const PROCESS_TIMEOUT_S = 4 * 3600;

/** Publish assembles finished chunks: 1 h writes 180 GB at 50 MB/s. */
export const PUBLISH_TIMEOUT_S = 3600;

/** Budget units a request holds until it ends; prices come with paid providers. */
export const UNITS_PER_REQUEST = 1;

/** Id of a stored area: safe in row keys, addresses and file names. */
export const AOI_ID = /^[a-z0-9][a-z0-9_-]{0,62}$/;

/** A stored area in a request: its id, or one version of it (`vineyard@3`). */
export const AOI_REFERENCE = /^([a-z0-9][a-z0-9_-]{0,62})(?:@([1-9]\d{0,5}))?$/;

/** Geometry of a stored area: a row holds 400 kB; this is about 8,000 vertices with 15 digits. */
export const AOI_GEOMETRY_CHARS = 300_000;
/** Days of a composite that its preview looks at: enough to see whether clouds go, few enough for a second. */
export const MAX_PREVIEW_DATES = 4;

/** Scenes that a preview opens: each is a few round trips and an overview. */
export const MAX_PREVIEW_SCENES = 12;

/** Pages of each partition that are counted for the dashboard: 10 x 50 rows x 4 shards are 2,000 requests a state. */
export const COUNT_PAGES = 10;

/** Ids of user-defined processes, as openEO's `process_graph_id`; 128 is longer than any that reads well. */
export const USER_PROCESS_ID = /^[A-Za-z0-9_]{1,128}$/;

/** User-defined processes that one graph may lead to: it has at most 500 nodes, and every one of these is a read. */
export const USER_PROCESSES_MAX = 50;

/** A stored process or job with its words, JSON: the graph's own limit, half as much again for what stands around it. */
export const PROCESS_TEXT_CHARS = 380_000;

/** The process of a job with its geometries, JSON: what the API takes as a body. */
export const JOB_TEXT_BYTES = 5 * 1024 * 1024;

/** A larger one than a row holds is packed into rows of this many characters: base64, one byte each, of 400 kB. */
export const JOB_PIECE_CHARS = 380_000;

/** All in one transaction with the job itself, of 4 MB: 5 MB of coordinates with 15 digits are packed to 3 MB. */
export const JOB_PIECES_MAX = 9;

/** Title and description of a job. */
export const JOB_TITLE_CHARS = 200;
export const JOB_DESCRIPTION_CHARS = 10_000;

/** Scenes whose headers are read for an answer at once: about 2 seconds from the other side of a continent. */
export const INLINE_SCENES_MAX = 40;

/** Hours that a link to maps lives: a working day is the default, a week the most, as with S3's signed links. */
export const MAP_LINK_HOURS_DEFAULT = 24;
export const MAP_LINK_HOURS_MAX = 168;
