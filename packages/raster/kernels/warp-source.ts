// Source samples as singles, NaN where invalid: then one kernel serves every type, and "is any neighbour invalid" is
// "is the result NaN".

const NONE: i32 = i32.MIN_VALUE;
const LANES: i32 = 8;

/** Codes of SAMPLE_CODE in src/kernels/kernels.ts. */
export const UINT8: i32 = 0;
export const INT16: i32 = 1;
export const UINT16: i32 = 2;
export const FLOAT32: i32 = 4;

/** Nodata as an integer sample may hold it; a number no sample holds when there is none. */
export function missingInteger(nodata: f64): i32 {
  const whole = nodata == nearest(nodata) && Math.abs(nodata) < 65536.0;
  return whole ? <i32>nodata : NONE;
}

// @ts-ignore: decorator
@inline
function validLanes(numbers: v128, missing: v128): v128 {
  return v128.or(f32x4.convert_i32x4_s(numbers), v128.and(i32x4.eq(numbers, missing), f32x4.splat(f32.NaN)));
}

// @ts-ignore: decorator
@inline
function lowLanes<T>(eight: v128): v128 {
  return isSigned<T>() ? i32x4.extend_low_i16x8_s(eight) : i32x4.extend_low_i16x8_u(eight);
}

// @ts-ignore: decorator
@inline
function highLanes<T>(eight: v128): v128 {
  return isSigned<T>() ? i32x4.extend_high_i16x8_s(eight) : i32x4.extend_high_i16x8_u(eight);
}

function singlesOf<T>(from: usize, count: i32, missing: i32, to: usize): void {
  const missings = i32x4.splat(missing);
  const whole = count - (count % LANES);
  for (let i = 0; i < whole; i += LANES) {
    const at = from + <usize>i * sizeof<T>();
    const eight = sizeof<T>() == 1 ? v128.load8x8_u(at) : v128.load(at);
    v128.store(to + (<usize>i << 2), validLanes(lowLanes<T>(eight), missings));
    v128.store(to + (<usize>i << 2), validLanes(highLanes<T>(eight), missings), 16);
  }
  for (let i = whole; i < count; i++) {
    const number = <i32>load<T>(from + <usize>i * sizeof<T>());
    store<f32>(to + (<usize>i << 2), number == missing ? f32.NaN : <f32>number);
  }
}

function singlesOfSingles(from: usize, count: i32, missing: f32, to: usize): void {
  const end = from + (<usize>count << 2);
  for (; from < end; from += 4, to += 4) {
    const number = load<f32>(from);
    store<f32>(to, number == missing ? f32.NaN : number);
  }
}

export function warpSingles(from: usize, count: i32, type: i32, nodata: f64, to: usize): void {
  const missing = missingInteger(nodata);
  if (type == UINT8) singlesOf<u8>(from, count, missing, to);
  else if (type == INT16) singlesOf<i16>(from, count, missing, to);
  else if (type == UINT16) singlesOf<u16>(from, count, missing, to);
  else singlesOfSingles(from, count, <f32>nodata, to);
}

export function warpDrop(valid: usize, count: i32, singles: usize): void {
  for (let i = 0; i < count; i++) {
    if (load<u8>(valid + <usize>i) == 0) store<f32>(singles + (<usize>i << 2), f32.NaN);
  }
}
