/** Sample types that {@link WarpKernels} reads as they are; others are made singles first. Values of SAMPLE_CODE. */
export type WarpSampleCode = 0 | 1 | 2 | 4;

/** Sample types of two bytes: int16 and uint16. */
export type WarpWordCode = 1 | 2;

/** Bytes of a run of pixels: how {@link WarpKernels.warpRuns} writes positions down for the other kernels. */
export const RUN_BYTES = 40;

/** Bytes of a node: x and y, two doubles. */
export const NODE_BYTES = 16;

export const AREA_CODE = { average: 0, mode: 1, min: 2, max: 3 } as const;
export const WIDENED_CODE = { bilinear: 0, cubic: 1 } as const;

/** Bytes of an entry of the table that {@link WarpKernels.warpArea} counts values in. */
export const MODE_ENTRY_BYTES = 12;

/**
 * Kernels that bring a window of a source to pixels of a grid. Sources are dense and row-major; positions are in pixels
 * of the source window, whole numbers at its pixels' upper-left corners. Results are singles, invalid ones the NaN
 * 0x7fc00000. A result depends on the pixel's position and on the source around it alone, never on how pixels are cut
 * into runs.
 */
export interface WarpKernels {
  /**
   * Runs of a part of a cell: pixels [left, left + width) x [top, top + height) of it. Positions are linear between
   * nodes 2^stepLog2 pixels apart, `nodeColumns` to a row, given in pixels of the whole level; those of the runs are
   * less (sourceX, sourceY). Pixel (left, top) has index `outFirst` in the result, whose rows are `outColumns` apart.
   * Pixels without a position (NaN, 2^30 and more) get no run. With stepLog2 0 every pixel is a node.
   * @returns how many runs were written to `to`, RUN_BYTES each, at most height * (width / 2^stepLog2 + 2).
   */
  warpRuns(
    nodes: number,
    nodeColumns: number,
    stepLog2: number,
    left: number,
    top: number,
    width: number,
    height: number,
    sourceX: number,
    sourceY: number,
    outFirst: number,
    outColumns: number,
    to: number,
  ): number;
  /** Positions of all pixels of runs as doubles, by their index in the result. */
  warpPositions(runs: number, count: number, xs: number, ys: number): void;

  /** Samples as singles, nodata and NaN as NaN; nodata NaN is none. Float32 may be converted in place. */
  warpSingles(from: number, count: number, type: WarpSampleCode, nodata: number, to: number): void;
  /** Makes NaN of the singles whose byte in `valid` is 0. */
  warpDrop(valid: number, count: number, singles: number): void;

  /** The pixel that holds the position; on an edge (to 1e-6 pixels) the one right of it or below it. */
  warpNearest(
    source: number,
    width: number,
    height: number,
    type: WarpSampleCode,
    nodata: number,
    runs: number,
    count: number,
    to: number,
  ): void;
  /** From singles, NaN where the pixel that holds the position is. At least 1 x 1. */
  warpBilinear(source: number, width: number, height: number, runs: number, count: number, to: number): void;
  /** The same result, to the bit, from words as they are, of which `nodata` (NaN: none) is invalid. */
  warpBilinearWords(
    source: number,
    width: number,
    height: number,
    type: WarpWordCode,
    nodata: number,
    runs: number,
    count: number,
    to: number,
  ): void;
  /** As {@link warpBilinear}; bilinear where one of 4 x 4 pixels is missing. */
  warpCubic(source: number, width: number, height: number, runs: number, count: number, to: number): void;
  /**
   * Either kernel widened by scales of at least 1. `scratch` has room for 8 * (ceil(r * scaleX) + ceil(r * scaleY)) + 32
   * bytes, r = 1 for bilinear and 2 for cubic.
   */
  warpWidened(
    source: number,
    width: number,
    height: number,
    runs: number,
    count: number,
    to: number,
    method: (typeof WIDENED_CODE)[keyof typeof WIDENED_CODE],
    scaleX: number,
    scaleY: number,
    scratch: number,
  ): void;

  /**
   * Most source pixels that one of columns x rows grid pixels touches, given the positions of their corners, of which
   * there are columns + 1 to a row.
   */
  warpAreaPixels(
    xs: number,
    ys: number,
    columns: number,
    rows: number,
    width: number,
    height: number,
  ): number;
  /**
   * One value of all valid pixels, of singles, that each grid pixel touches; corners as in {@link warpAreaPixels}.
   * - average: weighted by the share of each source pixel that is covered
   * - mode: the value most pixels have; of equals the one that gets there first, row by row
   * - min, max: of every pixel touched
   *
   * For a mode, `table` has tableMask + 1 (a power of two, more than there are different values) entries of
   * MODE_ENTRY_BYTES, cleared.
   */
  warpArea(
    source: number,
    width: number,
    height: number,
    xs: number,
    ys: number,
    columns: number,
    rows: number,
    method: (typeof AREA_CODE)[keyof typeof AREA_CODE],
    to: number,
    outColumns: number,
    table: number,
    tableMask: number,
  ): void;
}
