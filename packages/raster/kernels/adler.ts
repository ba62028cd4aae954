// Adler-32 (RFC 1950, section 8.2), the checksum at the end of a zlib stream, 16 bytes at a time.
//
// With s1 and s2 the two sums before a vector x[0..15]:
//   s1 += x[0] + ... + x[15]
//   s2 += 16 * s1 + 16 * x[0] + 15 * x[1] + ... + 1 * x[15]
// The lanes keep the parts of these sums apart and are added up once a stretch.

const MODULUS: u32 = 65_521;
const VECTOR: usize = 16;

/**
 * Bytes between two reductions, a multiple of 16, as zlib's NMAX (5552): the largest lane sum then is
 * 347 vectors * 347 / 2 * 4 bytes * 255 < 2^26, and s2 < 65521 + 5552 * 65521 + 16 * 2^28, kept in 64 bits.
 */
const STRETCH: usize = 5552;

@inline
function sumOfLanes(v: v128): u64 {
  return (
    <u64>(<u32>i32x4.extract_lane(v, 0)) +
    <u64>(<u32>i32x4.extract_lane(v, 1)) +
    <u64>(<u32>i32x4.extract_lane(v, 2)) +
    <u64>(<u32>i32x4.extract_lane(v, 3))
  );
}

/** Adler-32 of `length` bytes. */
export function adler32(from: usize, length: usize): u32 {
  const weightsLow = i16x8(16, 15, 14, 13, 12, 11, 10, 9);
  const weightsHigh = i16x8(8, 7, 6, 5, 4, 3, 2, 1);
  let s1: u32 = 1;
  let s2: u32 = 0;
  let at = from;
  let left = length;
  while (left >= VECTOR) {
    const stretch = left > STRETCH ? STRETCH : left & ~(VECTOR - 1);
    const end = at + stretch;
    let sums = i32x4.splat(0); // Bytes so far.
    let sumsBefore = i32x4.splat(0); // Of `sums` as it was before each vector: 16 times this goes to s2.
    let weighted = i32x4.splat(0);
    while (at < end) {
      const bytes = v128.load(at);
      sumsBefore = i32x4.add(sumsBefore, sums);
      sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(bytes)));
      weighted = i32x4.add(weighted, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(bytes), weightsLow));
      weighted = i32x4.add(weighted, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(bytes), weightsHigh));
      at += VECTOR;
    }
    left -= stretch;
    const added = <u64>s1 * <u64>stretch + 16 * sumOfLanes(sumsBefore) + sumOfLanes(weighted);
    s2 = <u32>((<u64>s2 + added) % <u64>MODULUS);
    s1 = <u32>((<u64>s1 + sumOfLanes(sums)) % <u64>MODULUS);
  }
  while (left > 0) {
    s1 += load<u8>(at);
    s2 += s1;
    at++;
    left--;
  }
  // At most 15 bytes after the last reduction: no overflow.
  return ((s2 % MODULUS) << 16) | (s1 % MODULUS);
}
