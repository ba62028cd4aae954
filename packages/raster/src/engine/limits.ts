/** Worker threads of one executor: each holds about 50 MiB of kernel memory, and no disk feeds more. */
export const WORKERS_MAX = 32;

/** Lanes of one worker when bands come over the network: one computes while the others wait for bytes. */
export const LANES_PER_WORKER_REMOTE = 3;

/** V8's nursery of a worker, whose pixels are in kernel memory: 8 MiB instead of 48. */
export const YOUNG_GENERATION_MIB = 8;
