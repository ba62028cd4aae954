/** Kernels of processing a window: masks, nearest neighbour, composites. Conventions as in kernels.ts. */
export interface ProcessKernels {
  /** `to[i] = table[from[i]]` for bytes; the table has 256 entries. */
  maskBytes(from: number, count: number, table: number, to: number): void;
  /** `to[i] = table[from[i]]` for 16-bit numbers; the table has 65,536 bytes. */
  maskWords(from: number, count: number, table: number, to: number): void;
  /**
   * From mask states (process/mask.ts) and the clip (0 or 1): `use` is 1 where kept and inside; bit 0 of `seen` is set
   * where dropped and inside. @returns how many pixels are used.
   */
  applyMask(states: number, inside: number, count: number, use: number, seen: number): number;
  /** 1 when some pixel is used and NaN in the plane of singles, else 0. */
  anyMissing(use: number, plane: number, count: number): number;
  /** `into &= other`, bytes. */
  andBytes(into: number, other: number, count: number): void;
  /** Four 32-bit counts: inside; of these, with bit 0 of `seen`; of these, without bit 1; inside and not NaN in `plane`. */
  tally(inside: number, seen: number, plane: number, count: number, to: number): void;

  /**
   * Nearest neighbour where rows and columns are independent: `to[y][x] = from[rows[y]][columns[x]]`, samples of 1, 2 or
   * 4 bytes; `columns` and `rows` are 32-bit indices, which the caller has checked.
   */
  gatherSamples(
    from: number,
    fromWidth: number,
    columns: number,
    width: number,
    rows: number,
    height: number,
    to: number,
    sampleBytes: number,
  ): void;
  /** One band of pixel-interleaved rows: `to` is the address of the band's first sample; `bands` samples a pixel. */
  interleave(
    from: number,
    fromRowBytes: number,
    width: number,
    height: number,
    to: number,
    toRowBytes: number,
    bands: number,
    sampleBytes: number,
  ): void;

  /** `best` becomes the smaller of itself and `plane`; NaN takes no part. */
  keepSmaller(best: number, plane: number, count: number): void;
  keepLarger(best: number, plane: number, count: number): void;
  /** Adds values that are not NaN to double `sums` and 32-bit `counts`. */
  addToSums(sums: number, counts: number, plane: number, count: number): void;
  /** `to = sums / counts`, rounded to single; NaN where the count is 0. */
  meansOf(sums: number, counts: number, count: number, to: number): void;
  /**
   * Medians over `dates` planes that lie `planeBytes` apart: the middle value, or the mean of the two middle ones in
   * double; NaN takes no part. `scratch` has 16 * (dates + 1) bytes.
   */
  mediansOf(
    planes: number,
    planeBytes: number,
    dates: number,
    count: number,
    scratch: number,
    to: number,
  ): void;
}
