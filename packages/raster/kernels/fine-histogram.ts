// Counts of singles by the top 22 of their bits in the order of numbers: stats/fine-histogram.ts. The caller owns the
// directory and the pages and adds a page when one is missing; looking a page up is one load, so none is remembered.

import { FLOAT32, INT32, isNumberOf, singleNodata } from './samples';
import { VECTOR_BYTES, firstBytes } from './vectors';

/** Top 12 bits choose the page, 10 more the bin in it; both are addressed in steps of 4 bytes. */
const PAGE_SHIFT: i32 = 20;
const BIN_SHIFT: i32 = 10;
const BIN_MASK: i32 = 0x3ff;
const PAGE_MASK: i32 = 0xfff;
const ENTRY_SHIFT: i32 = 2;
const LANES: i32 = 4;

/** Bits that sort as the numbers do: negatives inverted, positives with the sign bit set. */
@inline
function orderedLanes(bits: v128): v128 {
  const flips = v128.or(i32x4.shr_s(bits, 31), i32x4.splat(i32.MIN_VALUE));
  return v128.xor(bits, flips);
}

/** Four samples as the bits of singles. */
@inline
function singles<T>(samples: v128): v128 {
  return isFloat<T>() ? samples : f32x4.convert_i32x4_s(samples);
}

/** Of four ordered samples: where the directory has the page, in the upper 16 bits, and where the page has the bin. */
@inline
function placesOf(ordered: v128): v128 {
  const pages = v128.and(i32x4.shr_u(ordered, PAGE_SHIFT - 16 - ENTRY_SHIFT), i32x4.splat(PAGE_MASK << (16 + ENTRY_SHIFT)));
  return v128.or(pages, v128.and(i32x4.shr_u(ordered, BIN_SHIFT - ENTRY_SHIFT), i32x4.splat(BIN_MASK << ENTRY_SHIFT)));
}

/** Adds one sample to its bin. @returns whether its page is there. */
@inline
function countOne(directory: usize, place: u32): bool {
  const page = load<u32>(directory + (place >> 16));
  if (page == 0) return false;
  const at = <usize>page + (place & 0xffff);
  store<u32>(at, load<u32>(at) + 1);
  return true;
}

/** Adds the valid ones of four samples. @returns the first lane without a page, 4 when there is none. */
@inline
function countLanes(directory: usize, places: v128, valid: i32): i32 {
  if ((valid & 1) != 0 && !countOne(directory, i32x4.extract_lane(places, 0))) return 0;
  if ((valid & 2) != 0 && !countOne(directory, i32x4.extract_lane(places, 1))) return 1;
  if ((valid & 4) != 0 && !countOne(directory, i32x4.extract_lane(places, 2))) return 2;
  if ((valid & 8) != 0 && !countOne(directory, i32x4.extract_lane(places, 3))) return 3;
  return LANES;
}

@inline
function countAllLanes(directory: usize, places: v128): i32 {
  if (!countOne(directory, i32x4.extract_lane(places, 0))) return 0;
  if (!countOne(directory, i32x4.extract_lane(places, 1))) return 1;
  if (!countOne(directory, i32x4.extract_lane(places, 2))) return 2;
  if (!countOne(directory, i32x4.extract_lane(places, 3))) return 3;
  return LANES;
}

/** One row from column `column` on. @returns the first column whose page is missing, `width` when all are counted. */
@inline
function countRow<T>(row: usize, column: i32, width: i32, directory: usize, nodata: v128, matter: v128): i32 {
  let at = row + <usize>column * sizeof<T>();
  for (; column < width; column += LANES, at += VECTOR_BYTES) {
    const samples = v128.load(at);
    let valid = v128.not(v128.and(v128.eq<T>(samples, nodata), matter));
    if (isFloat<T>()) valid = v128.and(valid, v128.eq<T>(samples, samples));
    if (column + LANES > width) valid = v128.and(valid, firstBytes((width - column) * <i32>sizeof<T>()));
    const mask = i32x4.bitmask(valid);
    if (mask == 0) continue;
    const places = placesOf(orderedLanes(singles<T>(samples)));
    const lane = mask == 15 ? countAllLanes(directory, places) : countLanes(directory, places, mask);
    if (lane < LANES) return column + lane;
  }
  return width;
}

function countRows<T>(
  from: usize,
  fromRowBytes: usize,
  width: i32,
  height: i32,
  nodata: v128,
  matter: v128,
  directory: usize,
  start: i32,
): i32 {
  if (start < 0) unreachable();
  if (width <= 0) return -1;
  let column = start % width;
  for (let y = start / width; y < height; y++) {
    const reached = countRow<T>(from + <usize>y * fromRowBytes, column, width, directory, nodata, matter);
    if (reached < width) return y * width + reached;
    column = 0;
  }
  return -1;
}

export function fineHistogram(
  from: usize,
  fromRowBytes: usize,
  width: i32,
  height: i32,
  type: i32,
  nodata: f64,
  directory: usize,
  start: i32,
): i32 {
  if (type == FLOAT32) {
    const nodatas = f32x4.splat(singleNodata(nodata));
    return countRows<f32>(from, fromRowBytes, width, height, nodatas, i64x2.splat(-1), directory, start);
  }
  if (type != INT32) unreachable();
  const known = isNumberOf<i32>(nodata);
  const nodatas = i32x4.splat(known ? <i32>nodata : 0);
  return countRows<i32>(from, fromRowBytes, width, height, nodatas, i64x2.splat(known ? -1 : 0), directory, start);
}

export function fineKey(address: usize, type: i32): u32 {
  const sample = type == INT32 ? <f32>load<i32>(address) : load<f32>(address);
  const ordered = orderedLanes(f32x4.splat(sample));
  return <u32>i32x4.extract_lane(ordered, 0) >> PAGE_SHIFT;
}
