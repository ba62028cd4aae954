/** Between SIGTERM and SIGKILL: what Batch and ECS give a container. */
export const TERMINATION_GRACE_MS = 30_000;
/** Orphans lost their runtime and have been ending since; they get less. */
export const ORPHAN_GRACE_MS = 5_000;
/** After SIGKILL only a process stuck in the kernel remains; waiting longer would hold up every other job. */
export const ORPHAN_KILL_WAIT_MS = 5_000;
export const ORPHAN_POLL_MS = 50;

/** Event delivery: 0.2 s doubling to 30 s, for ever: an event that nobody took is an answer that nobody gets. */
export const EVENT_RETRY_FIRST_MS = 200;
export const EVENT_RETRY_MAX_MS = 30_000;
/** Events handed out at once: enough that one slow consumer does not hold up the others. */
export const EVENTS_IN_FLIGHT = 16;
