// Count, extremes, mean and squared deviation in two passes, so nothing cancels. Both sums are kept in eight doubles,
// lane l of the columns l, l + 8, l + 16, ... of the rectangle, row after row, samples that are not valid as 0; at the
// end they are added ((0 + 1) + (2 + 3)) + ((4 + 5) + (6 + 7)). So the result depends on the samples and their place in
// the rectangle alone: not on addresses, nor on the distance of rows, nor on columns of nodata added at the right.

import { FLOAT32, INT32, isNumberOf, singleNodata } from './samples';
import { VECTOR_BYTES, firstBytes } from './vectors';

/** Columns that one step takes, two vectors. */
const STEP: i32 = 8;

// Where the doubles of MOMENTS in src/kernels/kernels.ts lie.
const COUNT: usize = 0;
const MIN: usize = 8;
const MAX: usize = 16;
const MEAN: usize = 24;
const M2: usize = 32;

/** Valid samples: not nodata, not NaN. */
@inline
function validOf<T>(samples: v128, nodata: v128, matter: v128, present: v128): v128 {
  const excluded = v128.and(v128.eq<T>(samples, nodata), matter);
  if (isFloat<T>()) return v128.and(v128.andnot(v128.eq<T>(samples, samples), excluded), present);
  return v128.andnot(present, excluded);
}

@inline
function lowDoubles<T>(samples: v128): v128 {
  return isFloat<T>() ? f64x2.promote_low_f32x4(samples) : f64x2.convert_low_i32x4_s(samples);
}

@inline
function highDoubles<T>(samples: v128): v128 {
  return lowDoubles<T>(v128.shuffle<u64>(samples, samples, 1, 1));
}

@inline
function smaller<T>(a: v128, b: v128): v128 {
  return isFloat<T>() ? f32x4.pmin(a, b) : i32x4.min_s(a, b);
}

@inline
function larger<T>(a: v128, b: v128): v128 {
  return isFloat<T>() ? f32x4.pmax(a, b) : i32x4.max_s(a, b);
}

@inline
function sumOf(pair: v128): f64 {
  return f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1);
}

@inline
function sumOfEight(a: v128, b: v128, c: v128, d: v128): f64 {
  return sumOf(a) + sumOf(b) + (sumOf(c) + sumOf(d));
}

/** The first of a reduction: what no sample is beyond. */
@inline
function highest<T>(): T {
  return isFloat<T>() ? <T>Infinity : <T>i32.MAX_VALUE;
}

@inline
function lowest<T>(): T {
  return isFloat<T>() ? <T>-Infinity : <T>i32.MIN_VALUE;
}

/** Smallest of four lanes. Adding 0 makes the negative zero positive: which zero comes first is left to no lane. */
@inline
function smallestLane<T>(x: v128): f64 {
  const pairs = smaller<T>(x, v128.shuffle<u64>(x, x, 1, 1));
  const one = smaller<T>(pairs, v128.shuffle<u32>(pairs, pairs, 1, 1, 1, 1));
  return <f64>v128.extract_lane<T>(one, 0) + 0;
}

@inline
function largestLane<T>(x: v128): f64 {
  const pairs = larger<T>(x, v128.shuffle<u64>(x, x, 1, 1));
  const one = larger<T>(pairs, v128.shuffle<u32>(pairs, pairs, 1, 1, 1, 1));
  return <f64>v128.extract_lane<T>(one, 0) + 0;
}

/** First pass: count, extremes and mean. @returns the mean, 0 of nothing. */
function firstPass<T>(
  from: usize,
  fromRowBytes: usize,
  width: i32,
  height: i32,
  nodata: v128,
  matter: v128,
  to: usize,
): f64 {
  let a = f64x2.splat(0);
  let b = a;
  let c = a;
  let d = a;
  let minima = v128.splat<T>(highest<T>());
  let maxima = v128.splat<T>(lowest<T>());
  const none = minima;
  const noneAbove = maxima;
  let counts = i32x4.splat(0);
  for (let y = 0; y < height; y++, from += fromRowBytes) {
    let at = from;
    for (let left = width; left > 0; left -= STEP, at += 2 * VECTOR_BYTES) {
      const first = v128.load(at);
      const second = v128.load(at, VECTOR_BYTES);
      let firstPresent = i64x2.splat(-1);
      let secondPresent = firstPresent;
      if (left < STEP) {
        firstPresent = firstBytes(4 * left);
        secondPresent = firstBytes(4 * left - VECTOR_BYTES);
      }
      const validFirst = validOf<T>(first, nodata, matter, firstPresent);
      const validSecond = validOf<T>(second, nodata, matter, secondPresent);
      const both = v128.and(validFirst, validSecond);
      if (i32x4.all_true(both)) {
        counts = i32x4.add(counts, i32x4.splat(2));
        minima = smaller<T>(minima, smaller<T>(first, second));
        maxima = larger<T>(maxima, larger<T>(first, second));
        a = f64x2.add(a, lowDoubles<T>(first));
        b = f64x2.add(b, highDoubles<T>(first));
        c = f64x2.add(c, lowDoubles<T>(second));
        d = f64x2.add(d, highDoubles<T>(second));
        continue;
      }
      // Adding 0 would change nothing: no sum is -0.
      if (!v128.any_true(v128.or(validFirst, validSecond))) continue;
      counts = i32x4.sub(i32x4.sub(counts, validFirst), validSecond);
      minima = smaller<T>(minima, v128.bitselect(first, none, validFirst));
      minima = smaller<T>(minima, v128.bitselect(second, none, validSecond));
      maxima = larger<T>(maxima, v128.bitselect(first, noneAbove, validFirst));
      maxima = larger<T>(maxima, v128.bitselect(second, noneAbove, validSecond));
      const clearFirst = v128.and(first, validFirst);
      const clearSecond = v128.and(second, validSecond);
      a = f64x2.add(a, lowDoubles<T>(clearFirst));
      b = f64x2.add(b, highDoubles<T>(clearFirst));
      c = f64x2.add(c, lowDoubles<T>(clearSecond));
      d = f64x2.add(d, highDoubles<T>(clearSecond));
    }
  }
  const count =
    <f64>i32x4.extract_lane(counts, 0) +
    <f64>i32x4.extract_lane(counts, 1) +
    <f64>i32x4.extract_lane(counts, 2) +
    <f64>i32x4.extract_lane(counts, 3);
  const mean = count == 0 ? 0 : sumOfEight(a, b, c, d) / count;
  store<f64>(to + COUNT, count);
  store<f64>(to + MIN, count == 0 ? Infinity : smallestLane<T>(minima));
  store<f64>(to + MAX, count == 0 ? -Infinity : largestLane<T>(maxima));
  store<f64>(to + MEAN, mean);
  return mean;
}

/** Squared differences of two doubles from the mean, 0 where not valid. */
@inline
function squares(doubles: v128, mean: v128, valid: v128): v128 {
  const difference = v128.and(f64x2.sub(doubles, mean), valid);
  return f64x2.mul(difference, difference);
}

@inline
function highMask(valid: v128): v128 {
  return i64x2.extend_high_i32x4_s(valid);
}

/** Second pass: the sum of squared differences from the mean. */
function secondPass<T>(
  from: usize,
  fromRowBytes: usize,
  width: i32,
  height: i32,
  nodata: v128,
  matter: v128,
  mean: f64,
): f64 {
  const means = f64x2.splat(mean);
  let a = f64x2.splat(0);
  let b = a;
  let c = a;
  let d = a;
  for (let y = 0; y < height; y++, from += fromRowBytes) {
    let at = from;
    for (let left = width; left > 0; left -= STEP, at += 2 * VECTOR_BYTES) {
      const first = v128.load(at);
      const second = v128.load(at, VECTOR_BYTES);
      let firstPresent = i64x2.splat(-1);
      let secondPresent = firstPresent;
      if (left < STEP) {
        firstPresent = firstBytes(4 * left);
        secondPresent = firstBytes(4 * left - VECTOR_BYTES);
      }
      const validFirst = validOf<T>(first, nodata, matter, firstPresent);
      const validSecond = validOf<T>(second, nodata, matter, secondPresent);
      if (!v128.any_true(v128.or(validFirst, validSecond))) continue;
      a = f64x2.add(a, squares(lowDoubles<T>(first), means, i64x2.extend_low_i32x4_s(validFirst)));
      b = f64x2.add(b, squares(highDoubles<T>(first), means, highMask(validFirst)));
      c = f64x2.add(c, squares(lowDoubles<T>(second), means, i64x2.extend_low_i32x4_s(validSecond)));
      d = f64x2.add(d, squares(highDoubles<T>(second), means, highMask(validSecond)));
    }
  }
  return sumOfEight(a, b, c, d);
}

function momentsOf<T>(
  from: usize,
  fromRowBytes: usize,
  width: i32,
  height: i32,
  nodata: v128,
  matter: v128,
  to: usize,
): void {
  const mean = firstPass<T>(from, fromRowBytes, width, height, nodata, matter, to);
  store<f64>(to + M2, secondPass<T>(from, fromRowBytes, width, height, nodata, matter, mean));
}

export function moments(
  from: usize,
  fromRowBytes: usize,
  width: i32,
  height: i32,
  type: i32,
  nodata: f64,
  to: usize,
): void {
  if (type == FLOAT32) {
    const nodatas = f32x4.splat(singleNodata(nodata));
    momentsOf<f32>(from, fromRowBytes, width, height, nodatas, i64x2.splat(-1), to);
  } else if (type == INT32) {
    const known = isNumberOf<i32>(nodata);
    const nodatas = i32x4.splat(known ? <i32>nodata : 0);
    momentsOf<i32>(from, fromRowBytes, width, height, nodatas, i64x2.splat(known ? -1 : 0), to);
  } else {
    unreachable();
  }
}
