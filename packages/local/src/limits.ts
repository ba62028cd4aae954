/**
 * Wait for another process's transaction before giving up as Throttled. A transaction takes a few milliseconds; 5 s is
 * a thousand of them, and still shorter than any client's patience.
 */
export const busyTimeoutMs = 5_000;
/** Tries to switch a new file to WAL while other processes do the same: the switch does not wait by itself. 2 s in all. */
export const walSwitchTries = 100;
export const walSwitchPauseMs = 20;
/** Files without a row younger than this may belong to a put that is about to commit. */
export const sweepGraceMs = 3_600_000;
/** A reader that finds its file gone looks the row up again: each time somebody must have replaced the object. */
export const readTries = 5;
/** Events kept for listeners that come late; older ones are in the table's event rows. */
export const keptBusEvents = 10_000;
/** Rows of one read of the bus. */
export const busPageEvents = 500;
