/** Limits of process graphs and of what evaluating one may hold, with their reasons. */

/** Nodes of a graph, callbacks included. The largest of the 60 real graphs we know has about 120. */
export const MAX_GRAPH_NODES = 500;

/** Nesting of arrays and objects in a graph: a callback adds 4, so 15 callbacks within each other. */
export const MAX_GRAPH_DEPTH = 64;

/** A graph as JSON: 500 nodes of 0.5 kB each; geometries belong into an area of interest. */
export const MAX_GRAPH_BYTES = 256 * 1024;

/** Calls for the evaluator carry their cubes along: the cells below, at about 6 characters each. */
export const MAX_EVALUATION_BYTES = 64 * 1024 * 1024;

/** Calls in one document: the official vectors are 1,100 in all. */
export const MAX_CALLS = 10_000;

/** Cells of a cube held in memory: 9 bytes each, 90 MB. */
export const MAX_CUBE_CELLS = 10_000_000;

/**
 * Cells of all cubes that one evaluation holds at once, 9 bytes each: 360 MB. A cube goes when the last node that needs it has
 * run. They lie outside of the heap that a worker thread is limited to.
 */
export const MAX_LIVE_CELLS = 40_000_000;

/** Cells of the cubes written in a graph that is only checked: 256 kB of JSON hold a tenth of it. */
export const MAX_LITERAL_CELLS = 1_000_000;

/** Dimensions of a cube: x, y, z, time, bands and three of the user's. */
export const MAX_CUBE_DIMENSIONS = 8;

/** Elements of an array that a process makes. */
export const MAX_ARRAY_LENGTH = 1_000_000;

/** Node evaluations of one call, about 1 microsecond each: a callback of 10 nodes over 5 million cells, one minute. */
export const MAX_STEPS = 50_000_000;

/** Node evaluations of a condition on one class of a mask: every node of a graph, and nothing repeated. */
export const MAX_CONDITION_STEPS = 5_000;

/** Kernel cells times cube cells of `apply_kernel`: 31 x 31 over 1 million cells, a few seconds. */
export const MAX_KERNEL_WORK = 1_000_000_000;

/** Positions of a mask's geometries times pixels of a plane they are tested against; a few seconds. */
export const MAX_POLYGON_WORK = 1_000_000_000;

/** Geometries that one aggregation takes: the fields of a large farm, each looked for among all pixels. */
export const MAX_ZONES = 1000;

/** Values quoted in messages are cut here. */
export const MAX_QUOTED_CHARS = 64;

/** Characters of a text that a process makes. */
export const MAX_TEXT_CHARS = 1_000_000;
