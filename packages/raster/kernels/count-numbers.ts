// How many samples there are of each 8 or 16-bit number. Nodata is counted like the rest, without a branch, and its
// count put back at the end. Runs of one number, such as nodata's, are counted by whole vectors, because adding to the
// same address again and again waits for the last store.

import { INT16, UINT16, UINT8, isNumberOf, smallestOf } from './samples';
import { VECTOR_BYTES } from './vectors';

const COUNT_BYTES_SHIFT: i32 = 2;

/** Turns the order of signed numbers into that of their index: flips the sign. */
const SIGNS_16: u64 = 0x8000800080008000;

@inline
function countAt(counts: usize, index: usize, times: u32): void {
  const at = counts + (index << COUNT_BYTES_SHIFT);
  store<u32>(at, load<u32>(at) + times);
}

@inline
function countFour(counts: usize, words: u64): void {
  countAt(counts, <usize>(words & 0xffff), 1);
  countAt(counts, <usize>((words >> 16) & 0xffff), 1);
  countAt(counts, <usize>((words >> 32) & 0xffff), 1);
  countAt(counts, <usize>(words >> 48), 1);
}

@inline
function countEight(counts: usize, bytes: u64): void {
  for (let shift: u64 = 0; shift < 64; shift += 8) countAt(counts, <usize>((bytes >> shift) & 0xff), 1);
}

/** Index of a sample in the counts. */
@inline
function indexAt<T>(at: usize): usize {
  return <usize>(<i32>load<T>(at) - <i32>smallestOf<T>());
}

@inline
function countVector<T>(at: usize, counts: usize): void {
  const vector = v128.load(at);
  if (!v128.any_true(v128.xor(vector, v128.splat<T>(load<T>(at))))) {
    countAt(counts, indexAt<T>(at), VECTOR_BYTES / sizeof<T>());
    return;
  }
  const signs: u64 = isSigned<T>() ? SIGNS_16 : 0;
  if (sizeof<T>() == 1) {
    countEight(counts, load<u64>(at));
    countEight(counts, load<u64>(at, 8));
  } else {
    countFour(counts, load<u64>(at) ^ signs);
    countFour(counts, load<u64>(at, 8) ^ signs);
  }
}

function countRows<T>(from: usize, fromRowBytes: usize, width: i32, height: i32, nodata: f64, counts: usize): void {
  const known = isNumberOf<T>(nodata);
  const nodataAt = counts + ((known ? <usize>(nodata - smallestOf<T>()) : 0) << COUNT_BYTES_SHIFT);
  const before = load<u32>(nodataAt);
  const wholeBytes = <usize>(width * <i32>sizeof<T>()) & ~(<usize>VECTOR_BYTES - 1);
  const rowBytes = <usize>width * sizeof<T>();
  for (let y = 0; y < height; y++, from += fromRowBytes) {
    let at = from;
    for (const end = from + wholeBytes; at < end; at += VECTOR_BYTES) countVector<T>(at, counts);
    for (const end = from + rowBytes; at < end; at += sizeof<T>()) countAt(counts, indexAt<T>(at), 1);
  }
  if (known) store<u32>(nodataAt, before);
}

export function countNumbers(
  from: usize,
  fromRowBytes: usize,
  width: i32,
  height: i32,
  type: i32,
  nodata: f64,
  counts: usize,
): void {
  if (type == UINT8) countRows<u8>(from, fromRowBytes, width, height, nodata, counts);
  else if (type == INT16) countRows<i16>(from, fromRowBytes, width, height, nodata, counts);
  else if (type == UINT16) countRows<u16>(from, fromRowBytes, width, height, nodata, counts);
  else unreachable();
}
