/** Lanes of one executor that compute at the same time: each holds about 50 MiB, and no disk feeds more. */
export const LANES_MAX = 32;

/** Lanes of one thread when bands come over the network: one computes while the others wait for bytes. */
export const LANES_PER_THREAD_REMOTE = 3;

/** Units a worker has been asked for, so that the next is there when one is done, however busy this thread is. */
export const UNITS_AHEAD = 3;

/**
 * Bytes of units, before they are compressed, from the first that is not made on: later ones wait until it is, for their
 * place depends on its size. Images of fewer bytes wait as a whole, and so have not a byte too many. About half is held.
 */
export const WAITING_BYTES_MAX = 128 * 2 ** 20;

/** Consecutive units a lane is given at a time: few, so that few wait for their place. */
export const RUN_UNITS_MAX = 2;

/** V8's nursery of a worker, whose pixels are in kernel memory: 8 MiB instead of 48. */
export const YOUNG_GENERATION_MIB = 8;

/** Windows that a thread beside a server computes before it is replaced: what it remembers of addresses stays small. */
export const WINDOWS_PER_THREAD = 256;
