// One value of all valid source pixels that a grid pixel touches. The grid pixel is the rectangle between the positions
// of its upper-left and lower-right corners, as gdalwarp has it.
import { EDGE_PX, storeResult } from './warp-layout';

/** Codes of AREA_CODE in src/kernels/warp-kernels.ts. */
const AVERAGE: i32 = 0;
const MODE: i32 = 1;
const MIN: i32 = 2;

/** Bytes of an entry of the table of a mode: bits of the value, its count, and the pixel that used the entry last. */
const ENTRY_BYTES: usize = 12;
const HASH: u32 = 2654435769;

// What of the source one grid pixel covers along an axis; set by `cover`.
let first: i32 = 0;
let last: i32 = 0;
let firstShare: f64 = 0;
let lastShare: f64 = 0;

/** At least one pixel, cut at the level; false when the span lies outside or has no position. */
function cover(a: f64, b: f64, size: i32): bool {
  const from = max(min(a, b), 0.0);
  const to = min(max(a, b), <f64>size);
  // Written so that NaN is outside.
  if (!(to > from - EDGE_PX && from < <f64>size - EDGE_PX && to > EDGE_PX)) return false;
  first = <i32>Math.floor(from + EDGE_PX);
  last = min(max(<i32>Math.ceil(to - EDGE_PX), first + 1), size);
  const alone = last - first == 1;
  // GDAL's rule: the whole pixel where the span lies in one.
  firstShare = alone ? 1.0 : 1.0 - (from - <f64>first);
  lastShare = alone ? 1.0 : 1.0 - (<f64>last - to);
  return true;
}

let sum: f64 = 0;
let weights: f64 = 0;

// @ts-ignore: decorator
@inline
function addSample(at: usize, weight: f64): void {
  const sample = load<f32>(at);
  if (sample == sample) {
    sum += <f64>sample * weight;
    weights += weight;
  }
}

/** Adds samples [at, end) of one row: shares at both ends, whole pixels between. */
function addRow(at: usize, end: usize, left: f64, right: f64, weight: f64): void {
  addSample(at, weight * left);
  at += 4;
  if (at >= end) return;
  const lastAt = end - 4;
  let inner: f64 = 0;
  let count = 0;
  if (at + 16 <= lastAt) {
    let sums = f64x2.splat(0);
    let counts = i32x4.splat(0);
    for (; at + 16 <= lastAt; at += 16) {
      const numbers = v128.load(at);
      const valid = f32x4.eq(numbers, numbers);
      const used = v128.and(numbers, valid);
      counts = i32x4.sub(counts, valid);
      sums = f64x2.add(sums, f64x2.promote_low_f32x4(used));
      sums = f64x2.add(sums, f64x2.promote_low_f32x4(v128.shuffle<i32>(used, used, 2, 3, 0, 1)));
    }
    inner = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
    count =
      i32x4.extract_lane(counts, 0) +
      i32x4.extract_lane(counts, 1) +
      i32x4.extract_lane(counts, 2) +
      i32x4.extract_lane(counts, 3);
  }
  for (; at < lastAt; at += 4) {
    const sample = load<f32>(at);
    if (sample == sample) {
      inner += <f64>sample;
      count++;
    }
  }
  sum += inner * weight;
  weights += <f64>count * weight;
  addSample(lastAt, weight * right);
}

/** Whether `leastOf` or `largestOf` saw a valid sample. */
let anyValid: bool = false;

/** Least of samples [at, end) and `best`; branch-free, and NaN is never less. */
// @ts-ignore: decorator
@inline
function leastOf(at: usize, end: usize, best: f32): f32 {
  for (; at < end; at += 4) {
    const sample = load<f32>(at);
    best = select<f32>(sample, best, sample < best);
    anyValid = anyValid | (sample == sample);
  }
  return best;
}

// @ts-ignore: decorator
@inline
function largestOf(at: usize, end: usize, best: f32): f32 {
  for (; at < end; at += 4) {
    const sample = load<f32>(at);
    best = select<f32>(sample, best, sample > best);
    anyValid = anyValid | (sample == sample);
  }
  return best;
}

let mostCount: i32 = 0;
let mostValue: f32 = 0;

/** Counts samples [at, end); the value that first has the most so far is kept. */
function countRow(at: usize, end: usize, table: usize, mask: u32, stamp: u32): void {
  for (; at < end; at += 4) {
    const sample = load<f32>(at);
    if (sample != sample) continue;
    // Adding 0 makes one zero of two.
    const bits = reinterpret<u32>(sample + <f32>0);
    let slot = ((bits * HASH) >> 8) & mask;
    let entry = table + <usize>slot * ENTRY_BYTES;
    while (load<u32>(entry, 8) == stamp && load<u32>(entry) != bits) {
      slot = (slot + 1) & mask;
      entry = table + <usize>slot * ENTRY_BYTES;
    }
    const seen = load<u32>(entry, 8) == stamp ? load<i32>(entry, 4) : 0;
    store<u32>(entry, bits);
    store<i32>(entry, seen + 1, 4);
    store<u32>(entry, stamp, 8);
    if (seen + 1 > mostCount) {
      mostCount = seen + 1;
      mostValue = sample;
    }
  }
}

export function warpAreaPixels(
  xs: usize,
  ys: usize,
  columns: i32,
  rows: i32,
  width: i32,
  height: i32,
): i32 {
  let most = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const corner = <usize>(row * (columns + 1) + column) << 3;
      const opposite = corner + (<usize>(columns + 2) << 3);
      if (!cover(load<f64>(xs + corner), load<f64>(xs + opposite), width)) continue;
      const across = last - first;
      if (!cover(load<f64>(ys + corner), load<f64>(ys + opposite), height)) continue;
      most = max(most, across * (last - first));
    }
  }
  return most;
}

export function warpArea(
  source: usize,
  width: i32,
  height: i32,
  xs: usize,
  ys: usize,
  columns: i32,
  rows: i32,
  method: i32,
  to: usize,
  outColumns: i32,
  table: usize,
  tableMask: u32,
): void {
  let stamp: u32 = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const corner = <usize>(row * (columns + 1) + column) << 3;
      const opposite = corner + (<usize>(columns + 2) << 3);
      const out = to + (<usize>(row * outColumns + column) << 2);
      store<f32>(out, f32.NaN);
      if (!cover(load<f64>(xs + corner), load<f64>(xs + opposite), width)) continue;
      const firstColumn = first;
      const lastColumn = last;
      const left = firstShare;
      const right = lastShare;
      if (!cover(load<f64>(ys + corner), load<f64>(ys + opposite), height)) continue;
      sum = 0;
      weights = 0;
      mostCount = 0;
      mostValue = method == MIN ? Infinity : method == MODE ? f32.NaN : -Infinity;
      anyValid = false;
      stamp++;
      for (let r = first; r < last; r++) {
        const at = source + (<usize>(r * width + firstColumn) << 2);
        const end = source + (<usize>(r * width + lastColumn) << 2);
        if (method == AVERAGE) {
          addRow(at, end, left, right, r == first ? firstShare : r == last - 1 ? lastShare : 1.0);
        } else if (method == MODE) {
          countRow(at, end, table, tableMask, stamp);
        } else if (method == MIN) {
          mostValue = leastOf(at, end, mostValue);
        } else {
          mostValue = largestOf(at, end, mostValue);
        }
      }
      if (method >= MIN && !anyValid) mostValue = f32.NaN;
      if (method == AVERAGE) mostValue = weights > 0 ? <f32>(sum / weights) : f32.NaN;
      storeResult(out, mostValue);
    }
  }
}
