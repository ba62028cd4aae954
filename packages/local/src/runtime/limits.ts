import { availableParallelism } from 'node:os';

/** The sweep runs every five minutes in AWS; here it costs a few index reads, and a restart should be felt at once. */
export const sweepEveryMs = 10_000;
/** Vanished rows and files of no object: an hour is soon enough. */
export const housekeepEveryMs = 3_600_000;
/** One child a core: they compute. */
export const jobsAtOnce = Math.max(2, availableParallelism());
/**
 * Address and headers of one call. The API checks each parameter itself; a search of the longest of them all, percent-encoded, is
 * about 250 kB, and is to be told what is wrong with it instead of 431.
 */
export const headerLimitBytes = 256 * 1024;
/** Requests in flight get this long to end when the runtime stops. */
export const closeGraceMs = 2_000;
