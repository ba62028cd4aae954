/**
 * Batch's words, which the shared retry rules read. A restart of the runtime, and a signal from a stranger, are to a
 * job what a Spot reclaim is: its host went away.
 */
export const INTERRUPTED = 'Host EC2 (local runtime) terminated.';
/** An attempt that ran out of time. Never retried, whatever the rules say. */
export const TIMED_OUT = 'Job attempt duration exceeded timeout';
export const EXITED = 'Essential container in task exited';
export const ARRAY_FAILED = 'Array Child Job failed.';
export const DEPENDENCY_FAILED = 'Dependent Job failed.';
