// Values and averages to stored samples: src/kernels/quantise-oracle.fixture.ts in vectors, bit for bit. All in doubles,
// by the reciprocal of the scale: two values a scale apart never meet in one number by an error of ours. Each step reads
// all it needs before it writes, and writes no further than it has read: output may take the place of input.

import { FLOAT32, INT16, INT32, UINT16, UINT8, isNumberOf, largestOf, singleNodata, smallestOf } from './samples';
import { VECTOR_BYTES, storeFirst } from './vectors';

/** Values that one step of the loops below takes. */
const STEP: i32 = 8;

/** What Float32Array.fill(NaN) writes. */
const CANONICAL_NAN_BITS: u32 = 0x7fc00000;

/** Smallest positive single-precision number, 2^-149. */
const SMALLEST_SINGLE_BITS: u32 = 1;

/**
 * Halves away from zero: the integer part of `exact` plus half of its sign, 64-bit sum and all, which is what
 * floor(exact + 0.5) and -floor(0.5 - exact) are. Cut to 32 bits. Two lanes, then zeros.
 */
@inline
function roundPair(exact: v128): v128 {
  const half = v128.or(v128.and(exact, f64x2.splat(-0.0)), f64x2.splat(0.5));
  return i32x4.trunc_sat_f64x2_s_zero(f64x2.add(exact, half));
}

@inline
function roundFour(low: v128, high: v128): v128 {
  return v128.shuffle<u64>(roundPair(low), roundPair(high), 0, 2);
}

/** Ones in the 32-bit lanes of doubles that are finite: infinity and NaN less themselves are NaN. */
@inline
function finiteFour(low: v128, high: v128): v128 {
  const zeroLow = f64x2.sub(low, low);
  const zeroHigh = f64x2.sub(high, high);
  return v128.shuffle<u32>(f64x2.eq(zeroLow, zeroLow), f64x2.eq(zeroHigh, zeroHigh), 0, 2, 4, 6);
}

@inline
function promoteHigh(singles: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<u64>(singles, singles, 1, 1));
}

@inline
function unscale(values: v128, inverse: v128, offset: v128): v128 {
  return f64x2.mul(f64x2.sub(values, offset), inverse);
}

/** The nodata number where a value is not finite, `instead` where one fell on nodata. */
@inline
function guardNodata<T>(numbers: v128, finite: v128, nodata: v128, instead: v128): v128 {
  const moved = v128.bitselect(instead, numbers, v128.eq<T>(numbers, nodata));
  return v128.bitselect(moved, nodata, finite);
}

/** Eight 32-bit numbers cut to the range of T, an 8 or 16-bit type, in the low lanes. */
@inline
function narrow<T>(low: v128, high: v128): v128 {
  if (sizeof<T>() == 1) {
    const words = i16x8.narrow_i32x4_s(low, high);
    return i8x16.narrow_i16x8_u(words, words);
  }
  if (isSigned<T>()) return i16x8.narrow_i32x4_s(low, high);
  return i16x8.narrow_i32x4_u(low, high);
}

@inline
function narrowMask<T>(low: v128, high: v128): v128 {
  const words = i16x8.narrow_i32x4_s(low, high);
  if (sizeof<T>() == 1) return i8x16.narrow_i16x8_s(words, words);
  return words;
}

/** The sample that stands for nodata: for NaN, which no integer is, what a typed array makes of it, 0. */
@inline
function nodataSample<T>(nodata: f64): T {
  return <T>(<i32>nodata);
}

/** Nodata's neighbour towards the middle of the range; nodata itself where no sample can fall on it. */
@inline
function insteadOf<T>(nodata: f64): T {
  if (!isNumberOf<T>(nodata)) return nodataSample<T>(nodata);
  const middle = (smallestOf<T>() + largestOf<T>()) / 2;
  return nodataSample<T>(nodata >= middle ? nodata - 1 : nodata + 1);
}

/** Eight 8 or 16-bit samples, in the low lanes, of the singles at `at`. */
@inline
function quantiseEight<T>(at: usize, inverse: v128, offset: v128, nodata: v128, instead: v128): v128 {
  const first = v128.load(at);
  const second = v128.load(at, VECTOR_BYTES);
  // Masked pixels lie together: most of a cloudy scene ends here.
  if (!v128.any_true(v128.or(f32x4.eq(first, first), f32x4.eq(second, second)))) return nodata;
  const a = unscale(f64x2.promote_low_f32x4(first), inverse, offset);
  const b = unscale(promoteHigh(first), inverse, offset);
  const c = unscale(f64x2.promote_low_f32x4(second), inverse, offset);
  const d = unscale(promoteHigh(second), inverse, offset);
  const numbers = narrow<T>(roundFour(a, b), roundFour(c, d));
  const finite = narrowMask<T>(finiteFour(a, b), finiteFour(c, d));
  return guardNodata<T>(numbers, finite, nodata, instead);
}

/** One row of singles to 8 or 16-bit samples. */
function quantiseSmall<T>(values: usize, count: i32, to: usize, scale: f64, offset: f64, nodata: f64): void {
  if (count <= 0) return;
  const inverses = f64x2.splat(1 / scale);
  const offsets = f64x2.splat(offset);
  const nodatas = v128.splat<T>(nodataSample<T>(nodata));
  const insteads = v128.splat<T>(insteadOf<T>(nodata));
  const whole = count & -STEP;
  const end = values + <usize>whole * sizeof<f32>();
  for (; values < end; values += STEP * sizeof<f32>(), to += STEP * sizeof<T>()) {
    const samples = quantiseEight<T>(values, inverses, offsets, nodatas, insteads);
    if (sizeof<T>() == 1) v128.store64_lane(to, samples, 0);
    else v128.store(to, samples);
  }
  if (whole == count) return;
  const samples = quantiseEight<T>(values, inverses, offsets, nodatas, insteads);
  storeFirst(to, samples, (count - whole) * <i32>sizeof<T>());
}

@inline
function quantiseFour(low: v128, high: v128, nodata: v128, instead: v128): v128 {
  return guardNodata<i32>(roundFour(low, high), finiteFour(low, high), nodata, instead);
}

/** One row of values, singles or doubles (V), to 32-bit samples. */
function quantiseWords<V>(values: usize, count: i32, to: usize, scale: f64, offset: f64, nodata: f64): void {
  const inverses = f64x2.splat(1 / scale);
  const offsets = f64x2.splat(offset);
  const nodatas = i32x4.splat(nodataSample<i32>(nodata));
  const insteads = i32x4.splat(insteadOf<i32>(nodata));
  for (let left = count; left > 0; left -= 4, values += 4 * sizeof<V>(), to += VECTOR_BYTES) {
    const first = v128.load(values);
    const low = sizeof<V>() == 4 ? f64x2.promote_low_f32x4(first) : first;
    const high = sizeof<V>() == 4 ? promoteHigh(first) : v128.load(values, VECTOR_BYTES);
    const a = unscale(low, inverses, offsets);
    const b = unscale(high, inverses, offsets);
    const samples = quantiseFour(a, b, nodatas, insteads);
    if (left >= 4) v128.store(to, samples);
    else storeFirst(to, samples, left * 4);
  }
}

function nextSingleTowardsZero(value: f32): f32 {
  if (value == 0) return reinterpret<f32>(SMALLEST_SINGLE_BITS);
  return reinterpret<f32>(reinterpret<u32>(value) - 1);
}

@inline
function keepFour(values: v128, forbidden: v128, instead: v128, nodata: v128): v128 {
  const zero = f32x4.sub(values, values);
  const moved = v128.bitselect(instead, values, f32x4.eq(values, forbidden));
  return v128.bitselect(moved, nodata, f32x4.eq(zero, zero));
}

/** One row of singles as they are, but for what is not finite and what is nodata. */
function keepSingles(values: usize, count: i32, to: usize, nodata: f64): void {
  const forbidden = singleNodata(nodata);
  const forbiddens = f32x4.splat(forbidden);
  const insteads = f32x4.splat(nextSingleTowardsZero(forbidden));
  const bits = nodata != nodata ? CANONICAL_NAN_BITS : reinterpret<u32>(<f32>nodata);
  const nodatas = i32x4.splat(bits);
  for (let left = count; left > 0; left -= 4, values += VECTOR_BYTES, to += VECTOR_BYTES) {
    const samples = keepFour(v128.load(values), forbiddens, insteads, nodatas);
    if (left >= 4) v128.store(to, samples);
    else storeFirst(to, samples, left * 4);
  }
}

export function quantise(
  values: usize,
  count: i32,
  to: usize,
  type: i32,
  scale: f64,
  offset: f64,
  nodata: f64,
): void {
  if (type == UINT8) quantiseSmall<u8>(values, count, to, scale, offset, nodata);
  else if (type == INT16) quantiseSmall<i16>(values, count, to, scale, offset, nodata);
  else if (type == UINT16) quantiseSmall<u16>(values, count, to, scale, offset, nodata);
  else if (type == INT32) quantiseWords<f32>(values, count, to, scale, offset, nodata);
  else if (type == FLOAT32) keepSingles(values, count, to, nodata);
  else unreachable();
}

export function storeAverages(
  from: usize,
  fromRowBytes: usize,
  width: i32,
  height: i32,
  type: i32,
  nodata: f64,
  to: usize,
  toRowBytes: usize,
): void {
  for (let y = 0; y < height; y++, from += fromRowBytes, to += toRowBytes) {
    if (type == INT32) quantiseWords<f64>(from, width, to, 1, 0, nodata);
    else quantise(from, width, to, type, 1, 0, nodata);
  }
}
