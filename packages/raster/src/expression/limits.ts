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

/**
 * Distinct steps of a compiled expression. A node takes at most four (`a && b`: two tests, one join, one number), so this
 * refuses nothing that parses; it bounds the code: four vectors of each step are about 100 KB.
 */
export const MAX_KERNEL_STEPS = 4 * MAX_EXPRESSION_NODES;

/** Bands of a compiled expression: parameters of the function, of which V8 takes 1,000. 2,000 characters name 684 at most. */
export const MAX_KERNEL_BANDS = 900;

/** Compiled expressions kept per memory, a few kilobytes each: the outputs of several products with their bands' scales. */
export const KERNELS_KEPT = 64;
