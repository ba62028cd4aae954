/** Each limit of bringing a band to the grid, and its reason. */

/** Pixels read from a source at once: 64 MiB as singles and in their own type; larger targets are cut in halves. */
export const SOURCE_WINDOW_PIXELS = 2 ** 23;

/**
 * Farthest an approximated position may lie from the exact one, in pixels of the source: 600 times below gdalwarp's
 * default of 0.125. At most 4 pixels in 10,000 then pick another neighbour.
 */
export const POSITION_ERROR_PX = 2e-4;

/** Of that, what a surface may miss where it is checked, and what lines between its nodes may add. */
export const FIT_ERROR_PX = POSITION_ERROR_PX / 4;
export const LINEAR_ERROR_PX = POSITION_ERROR_PX / 2;

/** Side of a cell in which positions are interpolated, in pixels of the grid; a power of two. */
export const CELL_SIDE = 256;

/** Smallest cell that is tried before every position is computed exactly. */
export const SMALLEST_CELL_SIDE = 8;

/**
 * Largest cell whose surface is taken at every pixel: its nodes fit where those of a whole cell at {@link SMALLEST_STEP}
 * do, 33 x 33. Six times as fast as exact positions.
 */
export const SURFACE_CELL_SIDE = 32;

/** Least pixels between nodes: runs shorter than a few vectors cost more than they carry. */
export const SMALLEST_STEP = 8;

/**
 * A position this near below a pixel edge counts as on it. Coordinates of 1e7 m carry 2e-9 m of rounding, degrees at
 * 1e-4 a pixel carry 3e-10 px: 1e-6 px is above both and far below what anyone can measure.
 */
export const EDGE_PX = 1e-6;

/** Grids whose pixels coincide with the source's to within this share of a pixel, all over, are copied. */
export const ALIGNED_PX = 1e-3;

/** Kernel memory kept for the next reads of {@link readOnGrid}: as many as run at once on a small machine. */
export const IDLE_SPACES_MAX = 4;
