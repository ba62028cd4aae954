/** After SIGTERM a step has this long to let go; Batch kills after 30 s, so that leaves room for a slow disk. */
export const LET_GO_MS = 5_000;

/** Largest manifest or plan read: 10,000 scenes of 10 KiB with their plan. */
export const MAX_DOCUMENT_BYTES = 256 * 1024 * 1024;
