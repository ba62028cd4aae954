// Undoing predictors 2 (TIFF 6.0 section 14) and 3 (TIFF Technical Note 3). A sample is the wrapped sum of all samples
// before it in its band and row: within a vector that is a prefix sum by doubling (add the vector moved up by 1, 2, 4, 8
// lanes), and the last sums are carried to the next vector.

import { VECTOR_BYTES } from './vectors';

/** Bytes 0 to 15. */
@inline
function iota(): v128 {
  return i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}

/** Prefix sums of samples T that are each sizeof<P>() bytes from their left neighbour. */
@inline
function prefixSums<T, P>(x: v128): v128 {
  const zero = i64x2.splat(0);
  if (sizeof<P>() <= 1) {
    x = v128.add<T>(x, v128.shuffle<u8>(zero, x, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30));
  }
  if (sizeof<P>() <= 2) {
    x = v128.add<T>(x, v128.shuffle<u8>(zero, x, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29));
  }
  if (sizeof<P>() <= 4) {
    x = v128.add<T>(x, v128.shuffle<u8>(zero, x, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27));
  }
  return v128.add<T>(x, v128.shuffle<u8>(zero, x, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23));
}

/** The last sizeof<P>() bytes, over and over. */
@inline
function repeatLast<P>(x: v128): v128 {
  if (sizeof<P>() == 1) {
    return v128.shuffle<u8>(x, x, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15);
  }
  if (sizeof<P>() == 2) return v128.shuffle<u16>(x, x, 7, 7, 7, 7, 7, 7, 7, 7);
  if (sizeof<P>() == 4) return v128.shuffle<u32>(x, x, 3, 3, 3, 3);
  return v128.shuffle<u64>(x, x, 1, 1);
}

/** One row's whole vectors for a lag of 1, 2, 4 or 8 bytes. @returns where they end. */
@inline
function sumNear<T, P>(from: usize, to: usize, rowBytes: i32): i32 {
  const whole = rowBytes & -VECTOR_BYTES;
  let carry = i64x2.splat(0);
  for (let at = 0; at < whole; at += VECTOR_BYTES) {
    const sums = prefixSums<T, P>(v128.load(from + at));
    v128.store(to + at, v128.add<T>(sums, carry));
    carry = v128.add<T>(carry, repeatLast<P>(sums));
  }
  return whole;
}

/** The same for a lag below 16 bytes that does not divide 16, such as three bands'. Three doublings reach from 3 bytes. */
@inline
function sumOdd<T>(from: usize, to: usize, rowBytes: i32, lag: i32): i32 {
  const whole = rowBytes & -VECTOR_BYTES;
  // Lanes moved in from before the first are asked for by a negative index, which gives 0.
  const byOne = i8x16.sub(iota(), i8x16.splat(<i8>lag));
  const byTwo = i8x16.sub(iota(), i8x16.splat(<i8>(2 * lag)));
  const byFour = i8x16.sub(iota(), i8x16.splat(<i8>(4 * lag)));
  let last = i8x16.splat(<i8>(VECTOR_BYTES - lag));
  for (let lane = 0; lane < VECTOR_BYTES; lane++) {
    const turn = i8x16.ge_u(iota(), i8x16.splat(<i8>lane));
    const jump = lane > 0 && lane % lag == 0 ? 1 - lag : lane > 0 ? 1 : 0;
    last = i8x16.add(last, v128.and(turn, i8x16.splat(<i8>jump)));
  }
  let carry = i64x2.splat(0);
  for (let at = 0; at < whole; at += VECTOR_BYTES) {
    let sums = v128.load(from + at);
    sums = v128.add<T>(sums, i8x16.swizzle(sums, byOne));
    sums = v128.add<T>(sums, i8x16.swizzle(sums, byTwo));
    sums = v128.add<T>(sums, i8x16.swizzle(sums, byFour));
    sums = v128.add<T>(sums, carry);
    v128.store(to + at, sums);
    carry = i8x16.swizzle(sums, last);
  }
  return whole;
}

/** The same for a lag of at least 16 bytes: left neighbours are whole vectors that are done. */
@inline
function sumFar<T>(from: usize, to: usize, rowBytes: i32, lag: i32): i32 {
  let at = min(lag, rowBytes);
  memory.copy(to, from, at);
  for (; at <= rowBytes - VECTOR_BYTES; at += VECTOR_BYTES) {
    v128.store(to + at, v128.add<T>(v128.load(from + at), v128.load(to + at - lag)));
  }
  return at;
}

/** Sums of one row of samples T, from `from` to `to`, which may be the same. */
@inline
function sumRow<T>(from: usize, to: usize, rowBytes: i32, lag: i32): void {
  let at: i32;
  if (lag == 1) at = sumNear<T, u8>(from, to, rowBytes);
  else if (lag == 2) at = sumNear<T, u16>(from, to, rowBytes);
  else if (lag == 4) at = sumNear<T, u32>(from, to, rowBytes);
  else if (lag == 8) at = sumNear<T, u64>(from, to, rowBytes);
  else if (lag < VECTOR_BYTES) at = sumOdd<T>(from, to, rowBytes, lag);
  else at = sumFar<T>(from, to, rowBytes, lag);
  for (; at < rowBytes; at += sizeof<T>()) {
    const before = at < lag ? <T>0 : load<T>(to + at - lag);
    store<T>(to + at, load<T>(from + at) + before);
  }
}

function sumRows<T>(data: usize, rows: i32, rowBytes: i32, lag: i32): void {
  for (let row = 0; row < rows; row++, data += rowBytes) sumRow<T>(data, data, rowBytes, lag);
}

export function undoHorizontal(data: usize, rows: i32, rowSamples: i32, stride: i32, sampleBytes: i32): void {
  const rowBytes = rowSamples * sampleBytes;
  const lag = stride * sampleBytes;
  if (lag <= 0 || rowSamples < 0) unreachable();
  if (sampleBytes == 1) sumRows<u8>(data, rows, rowBytes, lag);
  else if (sampleBytes == 2) sumRows<u16>(data, rows, rowBytes, lag);
  else if (sampleBytes == 4) sumRows<u32>(data, rows, rowBytes, lag);
  else if (sampleBytes == 8) sumRows<u64>(data, rows, rowBytes, lag);
  else unreachable();
}

/** Samples 0 to 7 of two byte planes, side by side. */
@inline
function zipLow(a: v128, b: v128): v128 {
  return v128.shuffle<u8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

/** Samples 8 to 15. */
@inline
function zipHigh(a: v128, b: v128): v128 {
  return v128.shuffle<u8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

/** Four byte planes, most significant first, to little-endian samples. @returns how many samples are done. */
function joinSingles(planes: usize, to: usize, count: i32): i32 {
  const whole = count & -VECTOR_BYTES;
  for (let sample = 0; sample < whole; sample += VECTOR_BYTES, to += 4 * VECTOR_BYTES) {
    const plane = planes + sample;
    const top = v128.load(plane);
    const second = v128.load(plane + count);
    const third = v128.load(plane + 2 * count);
    const lowest = v128.load(plane + 3 * count);
    const rightLow = zipLow(lowest, third);
    const rightHigh = zipHigh(lowest, third);
    const leftLow = zipLow(second, top);
    const leftHigh = zipHigh(second, top);
    v128.store(to, v128.shuffle<u16>(rightLow, leftLow, 0, 8, 1, 9, 2, 10, 3, 11));
    v128.store(to, v128.shuffle<u16>(rightLow, leftLow, 4, 12, 5, 13, 6, 14, 7, 15), 16);
    v128.store(to, v128.shuffle<u16>(rightHigh, leftHigh, 0, 8, 1, 9, 2, 10, 3, 11), 32);
    v128.store(to, v128.shuffle<u16>(rightHigh, leftHigh, 4, 12, 5, 13, 6, 14, 7, 15), 48);
  }
  return whole;
}

/** Byte planes, most significant first, to little-endian samples of any size. */
function joinPlanes(planes: usize, to: usize, count: i32, sampleBytes: i32): void {
  let sample = sampleBytes == 4 ? joinSingles(planes, to, count) : 0;
  for (; sample < count; sample++) {
    let plane = planes + sample;
    for (let byte = sampleBytes - 1; byte >= 0; byte--, plane += count) {
      store<u8>(to + sample * sampleBytes + byte, load<u8>(plane));
    }
  }
}

export function undoFloatingPoint(
  data: usize,
  scratch: usize,
  rows: i32,
  rowSamples: i32,
  stride: i32,
  sampleBytes: i32,
): void {
  if (stride <= 0 || rowSamples < 0) unreachable();
  const rowBytes = rowSamples * sampleBytes;
  for (let row = 0; row < rows; row++, data += rowBytes) {
    sumRow<u8>(data, scratch, rowBytes, stride);
    joinPlanes(scratch, data, rowSamples, sampleBytes);
  }
}
