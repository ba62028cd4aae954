/** Cells of all cubes that one synchronous answer reads: 13 bytes each while they are evaluated, and about a second. */
export const RESULT_CELLS_MAX = 1_000_000;

/** Collections of one synchronous answer: each is a search in a catalogue. Real graphs load up to five. */
export const RESULT_LOADS_MAX = 8;

/** Process calls of one synchronous answer, 1 microsecond each. */
export const RESULT_STEPS_MAX = 5_000_000;

/**
 * Milliseconds that one evaluation may take in its worker thread: 5 million calls on half a processor, which a Lambda of 1 GB
 * has, and half of what API Gateway waits for an answer. Then the thread is ended.
 */
export const RESULT_EVALUATION_MS = 15_000;

/** Milliseconds until the thread has loaded its code and begun: 0.2 s, more on a machine that is busy. */
export const EVALUATOR_START_MS = 20_000;

/** Heap of the worker thread in MiB, without pixels: arrays of 1 million labels and results of callbacks. */
export const RESULT_HEAP_MIB = 384;

/** Cells of all cubes of one evaluation at the same time, 9 bytes each outside of the heap: 180 MB. */
export const RESULT_LIVE_CELLS_MAX = 20_000_000;

/** Synchronous answers at once in one process, and callers that may wait: the second would only slow the first. */
export const RESULTS_AT_ONCE = 1;
export const RESULTS_WAITING = 8;

/** Entries of one answer of a listing; js-client asks for 50, the Python client for 100. */
export const OPENEO_PAGE = 100;

/** Log entries of a job in one answer. */
export const LOGS_MAX = 2000;

/** Longest token that the basic login of one machine hands out. */
export const LOCAL_TOKEN = 'local';

/** Bytes of one value in a table, for estimates: up to 18 digits, and its share of the date. */
export const TABLE_VALUE_BYTES = 24;
