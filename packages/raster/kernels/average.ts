// Overviews: averages of the valid samples of 2 x 2, unrounded. Samples that are nodata, or beyond an odd side, are
// cleared and not counted; 0 / 0 makes the NaN of an average of nothing. Sums are ((a + b) + (c + d)): of 8 and 16-bit
// samples in integers (exact in singles too), of float32 in singles, of int32 in doubles.

import { FLOAT32, INT16, INT32, UINT16, UINT8, isNumberOf, singleNodata } from './samples';
import { VECTOR_BYTES, firstBytes, storeFirst } from './vectors';

/** Samples of a row that one step takes: 8 to four singles, or 4 to two doubles. */
const SINGLES_STEP: i32 = 8;
const DOUBLES_STEP: i32 = 4;

@inline
function ones(): v128 {
  return i64x2.splat(-1);
}

/** Ones where a sample that equals nodata matters: everywhere, or nowhere when no sample of the type can. */
@inline
function matters<T>(nodata: f64): v128 {
  return isNumberOf<T>(nodata) ? ones() : i64x2.splat(0);
}

@inline
function nodataNumber<T>(nodata: f64): i32 {
  return isNumberOf<T>(nodata) ? <i32>nodata : 0;
}

@inline
function validWords(words: v128, nodata: v128, matter: v128, present: v128): v128 {
  return v128.andnot(present, v128.and(i16x8.eq(words, nodata), matter));
}

@inline
function validNumbers(numbers: v128, nodata: v128, matter: v128, present: v128): v128 {
  return v128.andnot(present, v128.and(i32x4.eq(numbers, nodata), matter));
}

/** Valid when neither nodata nor NaN. */
@inline
function validSingles(singles: v128, nodata: v128, present: v128): v128 {
  return v128.and(v128.andnot(f32x4.eq(singles, singles), f32x4.eq(singles, nodata)), present);
}

@inline
function validDoubles(doubles: v128, present: v128): v128 {
  return v128.and(f64x2.eq(doubles, doubles), present);
}

/** Eight samples of an 8 or 16-bit type, as 16 bits. */
@inline
function loadWords<T>(at: usize): v128 {
  return sizeof<T>() == 1 ? v128.load_ext<u8>(at) : v128.load(at);
}

/** Four sums of neighbours, as 32 bits. */
@inline
function addPairs<T>(words: v128): v128 {
  if (isSigned<T>()) return i32x4.extadd_pairwise_i16x8_s(words);
  return i32x4.extadd_pairwise_i16x8_u(words);
}

/** Four averages of eight 8 or 16-bit samples of two rows; `present` and `lower` say which of them there are. */
@inline
function averageWords<T>(
  top: usize,
  bottom: usize,
  present: v128,
  lower: v128,
  nodata: v128,
  matter: v128,
): v128 {
  const upperWords = loadWords<T>(top);
  const lowerWords = loadWords<T>(bottom);
  const upperValid = validWords(upperWords, nodata, matter, present);
  const lowerValid = validWords(lowerWords, nodata, matter, v128.and(present, lower));
  const sums = i32x4.add(
    addPairs<T>(v128.and(upperWords, upperValid)),
    addPairs<T>(v128.and(lowerWords, lowerValid)),
  );
  // A valid lane is -1.
  const counts = i32x4.neg(i32x4.extadd_pairwise_i16x8_s(i16x8.add(upperValid, lowerValid)));
  return f32x4.div(f32x4.convert_i32x4_s(sums), f32x4.convert_i32x4_s(counts));
}

function averageWordRow<T>(top: usize, bottom: usize, lower: v128, width: i32, nodata: f64, to: usize): void {
  const nodatas = i16x8.splat(<i16>nodataNumber<T>(nodata));
  const matter = matters<T>(nodata);
  let left = width;
  for (; left >= SINGLES_STEP; left -= SINGLES_STEP, to += VECTOR_BYTES) {
    v128.store(to, averageWords<T>(top, bottom, ones(), lower, nodatas, matter));
    top += SINGLES_STEP * sizeof<T>();
    bottom += SINGLES_STEP * sizeof<T>();
  }
  if (left <= 0) return;
  const last = averageWords<T>(top, bottom, firstBytes(2 * left), lower, nodatas, matter);
  storeFirst(to, last, ((left + 1) >> 1) * <i32>sizeof<f32>());
}

@inline
function evenWords(a: v128, b: v128): v128 {
  return v128.shuffle<u32>(a, b, 0, 2, 4, 6);
}

@inline
function oddWords(a: v128, b: v128): v128 {
  return v128.shuffle<u32>(a, b, 1, 3, 5, 7);
}

/** Four averages of eight singles of two rows; `left` and `right` say which columns there are, `lower` which rows. */
@inline
function averageSingles(top: usize, bottom: usize, left: v128, right: v128, lower: v128, nodata: v128): v128 {
  const a = v128.load(top);
  const b = v128.load(top, VECTOR_BYTES);
  const c = v128.load(bottom);
  const d = v128.load(bottom, VECTOR_BYTES);
  const validA = validSingles(a, nodata, left);
  const validB = validSingles(b, nodata, right);
  const validC = validSingles(c, nodata, v128.and(left, lower));
  const validD = validSingles(d, nodata, v128.and(right, lower));
  const clearA = v128.and(a, validA);
  const clearB = v128.and(b, validB);
  const clearC = v128.and(c, validC);
  const clearD = v128.and(d, validD);
  const sums = f32x4.add(
    f32x4.add(evenWords(clearA, clearB), oddWords(clearA, clearB)),
    f32x4.add(evenWords(clearC, clearD), oddWords(clearC, clearD)),
  );
  const countsLeft = i32x4.add(validA, validC);
  const countsRight = i32x4.add(validB, validD);
  const counts = i32x4.neg(i32x4.add(evenWords(countsLeft, countsRight), oddWords(countsLeft, countsRight)));
  return f32x4.div(sums, f32x4.convert_i32x4_s(counts));
}

function averageSingleRow(top: usize, bottom: usize, lower: v128, width: i32, nodata: f64, to: usize): void {
  const nodatas = f32x4.splat(singleNodata(nodata));
  let left = width;
  for (; left >= SINGLES_STEP; left -= SINGLES_STEP, to += VECTOR_BYTES) {
    v128.store(to, averageSingles(top, bottom, ones(), ones(), lower, nodatas));
    top += 2 * VECTOR_BYTES;
    bottom += 2 * VECTOR_BYTES;
  }
  if (left <= 0) return;
  const columns = firstBytes(4 * left);
  const last = averageSingles(top, bottom, columns, firstBytes(4 * left - VECTOR_BYTES), lower, nodatas);
  storeFirst(to, last, ((left + 1) >> 1) * <i32>sizeof<f32>());
}

/** Sums of the neighbours of four doubles. */
@inline
function addDoublePairs(low: v128, high: v128): v128 {
  return f64x2.add(v128.shuffle<u64>(low, high, 0, 2), v128.shuffle<u64>(low, high, 1, 3));
}

@inline
function addNumberPairs(numbers: v128): v128 {
  const low = f64x2.convert_low_i32x4_s(numbers);
  const high = f64x2.convert_low_i32x4_s(v128.shuffle<u64>(numbers, numbers, 1, 1));
  return addDoublePairs(low, high);
}

/** Two averages of four int32 samples of two rows. */
@inline
function averageNumbers(top: usize, bottom: usize, present: v128, lower: v128, nodata: v128, matter: v128): v128 {
  const upperNumbers = v128.load(top);
  const lowerNumbers = v128.load(bottom);
  const upperValid = validNumbers(upperNumbers, nodata, matter, present);
  const lowerValid = validNumbers(lowerNumbers, nodata, matter, v128.and(present, lower));
  const sums = f64x2.add(
    addNumberPairs(v128.and(upperNumbers, upperValid)),
    addNumberPairs(v128.and(lowerNumbers, lowerValid)),
  );
  const valid = i32x4.neg(i32x4.add(upperValid, lowerValid));
  const counts = i32x4.add(evenWords(valid, valid), oddWords(valid, valid));
  return f64x2.div(sums, f64x2.convert_low_i32x4_s(counts));
}

function averageNumberRow(top: usize, bottom: usize, lower: v128, width: i32, nodata: f64, to: usize): void {
  const nodatas = i32x4.splat(nodataNumber<i32>(nodata));
  const matter = matters<i32>(nodata);
  let left = width;
  for (; left >= DOUBLES_STEP; left -= DOUBLES_STEP, to += VECTOR_BYTES) {
    v128.store(to, averageNumbers(top, bottom, ones(), lower, nodatas, matter));
    top += VECTOR_BYTES;
    bottom += VECTOR_BYTES;
  }
  if (left <= 0) return;
  const last = averageNumbers(top, bottom, firstBytes(4 * left), lower, nodatas, matter);
  storeFirst(to, last, ((left + 1) >> 1) * <i32>sizeof<f64>());
}

/** Two averages of four doubles of two rows. */
@inline
function averageDoubles(top: usize, bottom: usize, left: v128, right: v128, lower: v128): v128 {
  const a = v128.load(top);
  const b = v128.load(top, VECTOR_BYTES);
  const c = v128.load(bottom);
  const d = v128.load(bottom, VECTOR_BYTES);
  const validA = validDoubles(a, left);
  const validB = validDoubles(b, right);
  const validC = validDoubles(c, v128.and(left, lower));
  const validD = validDoubles(d, v128.and(right, lower));
  const sums = f64x2.add(
    addDoublePairs(v128.and(a, validA), v128.and(b, validB)),
    addDoublePairs(v128.and(c, validC), v128.and(d, validD)),
  );
  const one = f64x2.splat(1);
  const counts = f64x2.add(
    addDoublePairs(v128.and(one, validA), v128.and(one, validB)),
    addDoublePairs(v128.and(one, validC), v128.and(one, validD)),
  );
  return f64x2.div(sums, counts);
}

function averageDoubleRow(top: usize, bottom: usize, lower: v128, width: i32, to: usize): void {
  let left = width;
  for (; left >= DOUBLES_STEP; left -= DOUBLES_STEP, to += VECTOR_BYTES) {
    v128.store(to, averageDoubles(top, bottom, ones(), ones(), lower));
    top += 2 * VECTOR_BYTES;
    bottom += 2 * VECTOR_BYTES;
  }
  if (left <= 0) return;
  const last = averageDoubles(top, bottom, firstBytes(8 * left), firstBytes(8 * left - VECTOR_BYTES), lower);
  storeFirst(to, last, ((left + 1) >> 1) * <i32>sizeof<f64>());
}

export function averageStored(
  from: usize,
  fromRowBytes: usize,
  width: i32,
  height: i32,
  type: i32,
  nodata: f64,
  to: usize,
  toRowBytes: usize,
): void {
  for (let y = 0; y < height; y += 2, from += 2 * fromRowBytes, to += toRowBytes) {
    const whole = y + 1 < height;
    const below = whole ? from + fromRowBytes : from;
    const lower = whole ? ones() : i64x2.splat(0);
    if (type == UINT8) averageWordRow<u8>(from, below, lower, width, nodata, to);
    else if (type == INT16) averageWordRow<i16>(from, below, lower, width, nodata, to);
    else if (type == UINT16) averageWordRow<u16>(from, below, lower, width, nodata, to);
    else if (type == INT32) averageNumberRow(from, below, lower, width, nodata, to);
    else if (type == FLOAT32) averageSingleRow(from, below, lower, width, nodata, to);
    else unreachable();
  }
}

export function averageAgain(
  from: usize,
  fromRowBytes: usize,
  width: i32,
  height: i32,
  type: i32,
  to: usize,
  toRowBytes: usize,
): void {
  for (let y = 0; y < height; y += 2, from += 2 * fromRowBytes, to += toRowBytes) {
    const whole = y + 1 < height;
    const below = whole ? from + fromRowBytes : from;
    const lower = whole ? ones() : i64x2.splat(0);
    if (type == INT32) averageDoubleRow(from, below, lower, width, to);
    else averageSingleRow(from, below, lower, width, NaN, to);
  }
}
