import type { StoredType } from '../process/work.ts';
import type { ProcessKernels } from './process-kernels.ts';
import type { WarpKernels } from './warp-kernels.ts';

/** How kernels name the sample types of products. */
export const SAMPLE_CODE = {
  uint8: 0,
  int16: 1,
  uint16: 2,
  int32: 3,
  float32: 4,
} as const satisfies Readonly<Record<StoredType['dtype'], number>>;

export type SampleCode = (typeof SAMPLE_CODE)[keyof typeof SAMPLE_CODE];

/** Doubles that {@link Kernels.moments} writes, in this order. */
export const MOMENTS = { count: 0, min: 1, max: 2, mean: 3, m2: 4 } as const;

/** Entries of the page directory of {@link Kernels.fineHistogram}, and bins of one page (4 bytes each). */
export const FINE_PAGES = 4096;
export const FINE_PAGE_BINS = 1024;

/**
 * The compiled kernels. All addresses are byte offsets into the space's memory, 16-byte aligned unless said otherwise;
 * rectangles are row-major with the distance between rows given apart. Nothing is read or written outside them, but for
 * up to 64 bytes after a buffer, which {@link KernelSpace.take} always leaves free.
 *
 * "Stored" samples are digital numbers of a product: its type and its nodata, NaN nodata given as NaN.
 */
export interface Kernels extends ProcessKernels, WarpKernels {
  /** First byte that no kernel uses for itself. */
  heapBase(): number;

  /** Room that {@link deflate} takes for `length` bytes: what they are stored, and for many of them 192 KiB more to try in. */
  deflateBound(length: number): number;
  /**
   * A zlib stream (RFC 1950) of `length` bytes: runs and dynamic Huffman codes, stored where that is smaller.
   * @returns its bytes; 0 when `capacity` is less than {@link deflateBound}.
   */
  deflate(from: number, length: number, to: number, capacity: number): number;
  /** Literals and matches of the stream that {@link deflate} made last. */
  deflateSymbols(): number;

  /**
   * Decodes a zlib stream of `length` bytes to `wanted` bytes at `to`, which then hold them, or anything.
   * @param leastShare how likely, in 2^-15, the code of the first block has to take a match to be next; less is refused.
   * @returns 1 when the stream decodes to just so many bytes, with the checksum that is behind them; else 0: it is broken,
   *   or refused. All that is accepted, zlib accepts.
   */
  inflate(from: number, length: number, to: number, wanted: number, leastShare: number): number;

  /** Undoes predictor 2 in place: samples of 1, 2, 4 or 8 bytes, host order; `stride` samples to the left neighbour. */
  undoHorizontal(data: number, rows: number, rowSamples: number, stride: number, sampleBytes: number): void;
  /** Undoes predictor 3 in place, to little-endian samples of 2, 4 or 8 bytes. `scratch` has room for one row. */
  undoFloatingPoint(
    data: number,
    scratch: number,
    rows: number,
    rowSamples: number,
    stride: number,
    sampleBytes: number,
  ): void;
  /** Predictor 2: samples of 1, 2 or 4 bytes at `from`, rows `fromRowBytes` apart, to dense rows at `to`, elsewhere. */
  predictHorizontal(
    from: number,
    fromRowBytes: number,
    to: number,
    rows: number,
    rowSamples: number,
    stride: number,
    sampleBytes: number,
  ): void;
  /** Predictor 3 of singles: rows `fromRowBytes` apart, to dense rows at `to`, elsewhere. `scratch` has room for one row. */
  predictFloatingPoint(
    from: number,
    fromRowBytes: number,
    to: number,
    scratch: number,
    rows: number,
    rowSamples: number,
    stride: number,
  ): void;

  /**
   * Stored samples of `count` single-precision values, dense; NaN and infinities become nodata, other rules as in
   * quantise-oracle.fixture.ts, bit for bit. `to` may be `values`.
   */
  quantise(
    values: number,
    count: number,
    to: number,
    type: SampleCode,
    scale: number,
    offset: number,
    nodata: number,
  ): void;

  /**
   * Averages of the valid samples of each 2 x 2, unrounded, NaN where none is valid: `width` x `height` stored samples
   * to ceil(width / 2) x ceil(height / 2) singles (doubles for int32), rows `toRowBytes` apart. Of an odd side the last
   * average is of what is there. Sums are ((a + b) + (c + d)), left to right, top to bottom, absent ones left out.
   */
  averageStored(
    from: number,
    fromRowBytes: number,
    width: number,
    height: number,
    type: SampleCode,
    nodata: number,
    to: number,
    toRowBytes: number,
  ): void;
  /** The same from averages: singles (or doubles for type int32), NaN is nodata. */
  averageAgain(
    from: number,
    fromRowBytes: number,
    width: number,
    height: number,
    type: SampleCode,
    to: number,
    toRowBytes: number,
  ): void;
  /** Averages as stored samples: rounded halves away from zero for integers, NaN to nodata, other rules as `quantise` at scale 1. */
  storeAverages(
    from: number,
    fromRowBytes: number,
    width: number,
    height: number,
    type: SampleCode,
    nodata: number,
    to: number,
    toRowBytes: number,
  ): void;

  /** Adds stored samples of 1 or 2 bytes that are not nodata to `counts` (32-bit, index 0 = smallest of the type). */
  countNumbers(
    from: number,
    fromRowBytes: number,
    width: number,
    height: number,
    type: SampleCode,
    nodata: number,
    counts: number,
  ): void;
  /**
   * Count, min, max, mean and squared deviation of valid int32 or float32 samples, in two passes, as five doubles; of
   * nothing 0, infinity, -infinity, 0, 0. Sums are of doubles in eight lanes, lane l of columns l, l + 8, ..., row after
   * row, then ((0 + 1) + (2 + 3)) + ((4 + 5) + (6 + 7)); nodata adds 0. So neither addresses, nor the distance of rows,
   * nor columns of nodata at the right change a bit. An extreme of 0 is +0.
   */
  moments(
    from: number,
    fromRowBytes: number,
    width: number,
    height: number,
    type: SampleCode,
    nodata: number,
    to: number,
  ): void;
  /**
   * Adds valid int32 (rounded to single) or float32 samples to bins of their top 22 ordered bits (stats/fine-histogram.ts).
   * `directory` holds FINE_PAGES addresses of pages of FINE_PAGE_BINS 32-bit counts, 0 where there is no page yet.
   * @returns -1 when done, else the index (row * width + column) of the first sample whose page is missing; call
   *   {@link fineKey} for the page, add it, and go on from there with `start`.
   */
  fineHistogram(
    from: number,
    fromRowBytes: number,
    width: number,
    height: number,
    type: SampleCode,
    nodata: number,
    directory: number,
    start: number,
  ): number;
  /** Page of a sample at `address`. */
  fineKey(address: number, type: SampleCode): number;
}
