/** Cells of all cubes that one synchronous answer reads: 13 bytes each while they are evaluated, and about a second. */
export const RESULT_CELLS_MAX = 1_000_000;

/** Process calls of one synchronous answer, 1 microsecond each: the process answers nobody else meanwhile. */
export const RESULT_STEPS_MAX = 5_000_000;

/** Synchronous answers at once in one process, and callers that may wait: the second would only slow the first. */
export const RESULTS_AT_ONCE = 1;
export const RESULTS_WAITING = 8;

/** Entries of one answer of a listing; js-client asks for 50, the Python client for 100. */
export const OPENEO_PAGE = 100;

/** Log entries of a job in one answer. */
export const LOGS_MAX = 2000;

/** Longest token that the basic login of one machine hands out. */
export const LOCAL_TOKEN = 'local';
