/** Kernel memory of one piece of work: what a process of 2 GiB can hold twice beside everything else. */
export const SPACE_MAX_BYTES = 512 * 1024 * 1024;

/** Free bytes after every buffer, so that a kernel may load its last vectors whole. */
export const SPACE_SLACK_BYTES = 64;

/** What it grows to first: a unit of one band of a product needs some 24 MB, a tile of an overview 7. */
export const SPACE_STEP_BYTES = 8 * 1024 * 1024;
