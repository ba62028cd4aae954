/** A step that hears its signal ends within this; one that waits deep inside a library is left where it is. */
export const LET_GO_MS = 1_000;

/** From the signal to the exit at the latest. Batch kills after 30 s; the rest is room for a slow disk. */
export const EXIT_MS = 5_000;

/** Largest manifest or plan read: 10,000 scenes of 10 KiB with their plan. */
export const MAX_DOCUMENT_BYTES = 256 * 1024 * 1024;
