/** Characters of an expression. The longest formula of the 280 Awesome Spectral Indices has under 300. */
export const MAX_EXPRESSION_CHARS = 2000;

/** Nodes of the tree: bounds the work per pixel. The largest published index has under 60. */
export const MAX_EXPRESSION_NODES = 1000;

/** Nested parentheses, calls, signs, powers and choices; keeps every walk of the tree far from the end of the stack. */
export const MAX_EXPRESSION_DEPTH = 64;

/** Arguments of `min` and `max`. */
export const MAX_ARGUMENTS = 32;

/** Pixels per step of the interpreter: a dozen buffers of 8 KiB stay in the first-level cache. */
export const EXPRESSION_BLOCK = 2048;
