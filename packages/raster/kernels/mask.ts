// Which pixels count: masks through a table, the clip, and the tally of what was seen. One byte a pixel.

const NO_DATA: u8 = 0;
const DROPPED: u8 = 1;
const KEPT: u8 = 2;

export function maskBytes(from: usize, count: i32, table: usize, to: usize): void {
  for (let i: usize = 0; i < <usize>count; i++) store<u8>(to + i, load<u8>(table + load<u8>(from + i)));
}

export function maskWords(from: usize, count: i32, table: usize, to: usize): void {
  for (let i: usize = 0; i < <usize>count; i++) store<u8>(to + i, load<u8>(table + load<u16>(from + (i << 1))));
}

/** Vectors of 16 pixels that hold `count`; buffers are followed by room for the last. */
// @ts-ignore: decorator
@inline
function vectors(count: i32): usize {
  return (<usize>count + 15) & ~15;
}

export function applyMask(states: usize, inside: usize, count: i32, use: usize, seen: usize): i32 {
  const one = i8x16.splat(1);
  const dropped = i8x16.splat(DROPPED);
  const kept = i8x16.splat(KEPT);
  let used = 0;
  for (let i: usize = 0, end = vectors(count); i < end; i += 16) {
    const state = v128.load(states + i);
    const clip = v128.load(inside + i);
    v128.store(seen + i, v128.or(v128.load(seen + i), v128.and(v128.and(i8x16.eq(state, dropped), one), clip)));
    const wanted = v128.and(i8x16.eq(state, kept), clip);
    v128.store(use + i, wanted);
    used += popcnt(i8x16.bitmask(i8x16.ne(wanted, i8x16.splat(0))));
  }
  return used;
}

export function anyMissing(use: usize, plane: usize, count: i32): i32 {
  const zero = i8x16.splat(0);
  for (let i: usize = 0, end = vectors(count); i < end; i += 16) {
    const wanted = i8x16.bitmask(i8x16.ne(v128.load(use + i), zero));
    if (wanted != 0 && (wanted & missing(plane + (i << 2))) != 0) return 1;
  }
  return 0;
}

/** Bits of the 16 singles that are NaN. */
// @ts-ignore: decorator
@inline
function missing(at: usize): i32 {
  const a = v128.load(at);
  const b = v128.load(at, 16);
  const c = v128.load(at, 32);
  const d = v128.load(at, 48);
  return (
    i32x4.bitmask(f32x4.ne(a, a)) |
    (i32x4.bitmask(f32x4.ne(b, b)) << 4) |
    (i32x4.bitmask(f32x4.ne(c, c)) << 8) |
    (i32x4.bitmask(f32x4.ne(d, d)) << 12)
  );
}

export function andBytes(into: usize, other: usize, count: i32): void {
  for (let i: usize = 0, end = vectors(count); i < end; i += 16) {
    v128.store(into + i, v128.and(v128.load(into + i), v128.load(other + i)));
  }
}

export function tally(inside: usize, seen: usize, plane: usize, count: i32, to: usize): void {
  const zero = i8x16.splat(0);
  const data = i8x16.splat(1);
  const clear = i8x16.splat(2);
  let total = 0;
  let withData = 0;
  let masked = 0;
  let valid = 0;
  for (let i: usize = 0, end = vectors(count); i < end; i += 16) {
    const clip = i8x16.bitmask(i8x16.ne(v128.load(inside + i), zero));
    const bits = v128.load(seen + i);
    const hasData = clip & i8x16.bitmask(i8x16.ne(v128.and(bits, data), zero));
    total += popcnt(clip);
    withData += popcnt(hasData);
    masked += popcnt(hasData & i8x16.bitmask(i8x16.eq(v128.and(bits, clear), zero)));
    if (clip != 0) valid += popcnt(clip & ~missing(plane + (i << 2)));
  }
  store<u32>(to, total);
  store<u32>(to, withData, 4);
  store<u32>(to, masked, 8);
  store<u32>(to, valid, 12);
}
