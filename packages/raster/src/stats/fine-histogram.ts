import type { Distribution } from './summary.ts';

/**
 * Counts of single-precision values in bins of equal relative width, kept as pages that appear on first use.
 *
 * The bits of an IEEE 754 single, with the sign folded so that they sort like the number, are cut to their top
 * 22 (sign, 8 of exponent, 13 of mantissa). A bin is 2^-13 of its power of two wide, so its middle is off by at
 * most 2^-14 (6.1e-5) of the value. Adding is order-free and two histograms merge by adding counts.
 */
export interface FineHistogram {
  readonly pages: Map<number, Float64Array<ArrayBuffer>>;
}

/** Top 12 bits choose the page, 10 more the bin in it. 4,096 pages of 8 KiB: never above 32 MiB. */
export const PAGE_SHIFT = 20;
export const BIN_SHIFT = 10;
/** Ordered bits from one page, and from one bin, to the next. */
const PAGE_SPAN = 2 ** PAGE_SHIFT;
const BIN_SPAN = 2 ** BIN_SHIFT;
export const BINS_PER_PAGE = 1 << (PAGE_SHIFT - BIN_SHIFT);

/** The same four bytes as bits and as a number. */
const single = new Float32Array(1);
const singleBits = new Uint32Array(single.buffer);

export function createFineHistogram(): FineHistogram {
  return { pages: new Map() };
}

/** The single whose bits, folded so that they sort as numbers do, these are. */
export function valueOfOrderedBits(ordered: number): number {
  const bits = ordered & 0x80000000 ? ordered & 0x7fffffff : ~ordered;
  singleBits[0] = bits;
  return single[0]!;
}

/** The page, new when it is not there yet. */
export function pageOf(histogram: FineHistogram, key: number): Float64Array<ArrayBuffer> {
  const known = histogram.pages.get(key);
  if (known !== undefined) return known;
  const page = new Float64Array(BINS_PER_PAGE);
  histogram.pages.set(key, page);
  return page;
}

export function mergeFineHistogram(into: FineHistogram, from: FineHistogram): void {
  for (const [key, counts] of from.pages) {
    const page = pageOf(into, key);
    for (let i = 0; i < counts.length; i++) page[i] = page[i]! + counts[i]!;
  }
}

/** Non-empty bins in ascending order, each by the middle of its bin. */
export function fineDistribution(histogram: FineHistogram): Distribution {
  const pages = [...histogram.pages].sort(([a], [b]) => a - b);
  let bins = 0;
  for (const [, page] of pages) for (let bin = 0; bin < page.length; bin++) if (page[bin] !== 0) bins++;
  const values = new Float64Array(bins);
  const counts = new Float64Array(bins);
  let at = 0;
  for (const [key, page] of pages) {
    for (let bin = 0; bin < page.length; bin++) {
      if (page[bin] === 0) continue;
      const first = key * PAGE_SPAN + bin * BIN_SPAN;
      values[at] = (valueOfOrderedBits(first) + valueOfOrderedBits(first + BIN_SPAN - 1)) / 2;
      counts[at] = page[bin]!;
      at++;
    }
  }
  return { values, counts };
}
