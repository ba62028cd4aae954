// Adler-32 (RFC 1950, section 8.2), the checksum at the end of a zlib stream, 64 bytes at a time.
//
// With s1 and s2 the two sums before a group x[0..63]:
//   s1 += x[0] + ... + x[63]
//   s2 += 64 * s1 + 64 * x[0] + 63 * x[1] + ... + 1 * x[63]
// Each of the 64 columns has a sum of its own over a stretch, in 16 bits, which is weighted once at the stretch's end.

const MODULUS: u32 = 65_521;
const VECTOR: usize = 16;
const GROUP: usize = 64;

/**
 * Bytes between two reductions, a multiple of 64 below zlib's NMAX (5552): a column then is at most 86 * 255 < 2^15, a lane
 * of `sumsBefore` 86 * 85 / 2 * 16 * 255 < 2^24, and s2 < 65521 + 5504 * 65521 + 64 * 2^26 + 2^26, kept in 64 bits.
 */
const STRETCH: usize = 5504;

@inline
function sumOfLanes(v: v128): u64 {
  return (
    <u64>(<u32>i32x4.extract_lane(v, 0)) +
    <u64>(<u32>i32x4.extract_lane(v, 1)) +
    <u64>(<u32>i32x4.extract_lane(v, 2)) +
    <u64>(<u32>i32x4.extract_lane(v, 3))
  );
}

/** Sums of a vector's bytes, of pairs. */
@inline
function pairs(bytes: v128): v128 {
  return i16x8.extadd_pairwise_i8x16_u(bytes);
}

/** Two halves of columns, the first of which weighs `most`, the others one less each. */
@inline
function weigh(low: v128, high: v128, most: i16): v128 {
  const first = i16x8.sub(i16x8.splat(most), i16x8(0, 1, 2, 3, 4, 5, 6, 7));
  const second = i16x8.sub(first, i16x8.splat(8));
  return i32x4.add(i32x4.dot_i16x8_s(low, first), i32x4.dot_i16x8_s(high, second));
}

/** Adler-32 of `length` bytes. */
export function adler32(from: usize, length: usize): u32 {
  let s1: u32 = 1;
  let s2: u32 = 0;
  let at = from;
  let left = length;
  while (left >= GROUP) {
    const stretch = left > STRETCH ? STRETCH : left & ~(GROUP - 1);
    const end = at + stretch;
    let sums = i32x4.splat(0); // Bytes so far.
    let sumsBefore = i32x4.splat(0); // Of `sums` as it was before each group: 64 times this goes to s2.
    let low0 = i16x8.splat(0);
    let low1 = low0;
    let low2 = low0;
    let low3 = low0;
    let high0 = low0;
    let high1 = low0;
    let high2 = low0;
    let high3 = low0;
    while (at < end) {
      const v0 = v128.load(at);
      const v1 = v128.load(at, VECTOR);
      const v2 = v128.load(at, 2 * VECTOR);
      const v3 = v128.load(at, 3 * VECTOR);
      sumsBefore = i32x4.add(sumsBefore, sums);
      const group = i16x8.add(i16x8.add(pairs(v0), pairs(v1)), i16x8.add(pairs(v2), pairs(v3)));
      sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(group));
      low0 = i16x8.add(low0, i16x8.extend_low_i8x16_u(v0));
      high0 = i16x8.add(high0, i16x8.extend_high_i8x16_u(v0));
      low1 = i16x8.add(low1, i16x8.extend_low_i8x16_u(v1));
      high1 = i16x8.add(high1, i16x8.extend_high_i8x16_u(v1));
      low2 = i16x8.add(low2, i16x8.extend_low_i8x16_u(v2));
      high2 = i16x8.add(high2, i16x8.extend_high_i8x16_u(v2));
      low3 = i16x8.add(low3, i16x8.extend_low_i8x16_u(v3));
      high3 = i16x8.add(high3, i16x8.extend_high_i8x16_u(v3));
      at += GROUP;
    }
    left -= stretch;
    const weighted = i32x4.add(
      i32x4.add(weigh(low0, high0, 64), weigh(low1, high1, 48)),
      i32x4.add(weigh(low2, high2, 32), weigh(low3, high3, 16)),
    );
    const added = <u64>s1 * <u64>stretch + 64 * sumOfLanes(sumsBefore) + sumOfLanes(weighted);
    s2 = <u32>((<u64>s2 + added) % <u64>MODULUS);
    s1 = <u32>((<u64>s1 + sumOfLanes(sums)) % <u64>MODULUS);
  }
  while (left > 0) {
    s1 += load<u8>(at);
    s2 += s1;
    at++;
    left--;
  }
  // At most 63 bytes after the last reduction: no overflow.
  return ((s2 % MODULUS) << 16) | (s1 % MODULUS);
}
