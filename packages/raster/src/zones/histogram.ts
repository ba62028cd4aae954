import { valueOfOrderedBits } from '../stats/fine-histogram.ts';
import type { Distribution } from '../stats/summary.ts';
import type { StoredSamples } from './samples.ts';

/** Bits of a single's mantissa. */
const MANTISSA = 23;

/**
 * Counts of singles in bins of 2^-bits of their power of two, by page: a page is a sign and an exponent, present once it has
 * a value. Adding and merging are free of order.
 */
export interface ZoneHistogram {
  readonly bits: number;
  readonly pages: Map<number, Uint32Array<ArrayBuffer>>;
}

export const createZoneHistogram = (bits: number): ZoneHistogram => ({ bits, pages: new Map() });

function pageOf({ bits, pages }: ZoneHistogram, key: number): Uint32Array<ArrayBuffer> {
  const known = pages.get(key);
  if (known !== undefined) return known;
  const page = new Uint32Array(2 ** bits);
  pages.set(key, page);
  return page;
}

/** Adds values; numbers that no single holds are rounded to one, which is far finer than a bin. */
export function addToHistogram(histogram: ZoneHistogram, values: StoredSamples): void {
  const words = new Uint32Array(new Float32Array(values).buffer);
  const shift = MANTISSA - histogram.bits;
  const mask = 2 ** histogram.bits - 1;
  let key = -1;
  let page = new Uint32Array(0);
  for (let i = 0; i < words.length; i++) {
    const bits = words[i]!;
    // Folded so that they sort as the numbers do.
    const ordered = (bits & 0x80000000) !== 0 ? ~bits >>> 0 : (bits | 0x80000000) >>> 0;
    if (ordered >>> MANTISSA !== key) {
      key = ordered >>> MANTISSA;
      page = pageOf(histogram, key);
    }
    const bin = (ordered >>> shift) & mask;
    page[bin] = page[bin]! + 1;
  }
}

export function mergeZoneHistogram(into: ZoneHistogram, from: ZoneHistogram): void {
  for (const [key, counts] of from.pages) {
    const page = pageOf(into, key);
    for (let i = 0; i < counts.length; i++) page[i] = page[i]! + counts[i]!;
  }
}

/** Bins that hold something, ascending, each by the middle of its bin. */
export function zoneDistribution({ bits, pages }: ZoneHistogram): Distribution {
  const width = 2 ** (MANTISSA - bits);
  const values: number[] = [];
  const counts: number[] = [];
  for (const key of [...pages.keys()].sort((a, b) => a - b)) {
    const page = pages.get(key)!;
    for (let bin = 0; bin < page.length; bin++) {
      if (page[bin] === 0) continue;
      const first = key * 2 ** MANTISSA + bin * width;
      values.push((valueOfOrderedBits(first) + valueOfOrderedBits(first + width - 1)) / 2);
      counts.push(page[bin]!);
    }
  }
  return { values: Float64Array.from(values), counts: Float64Array.from(counts) };
}
