// Bilinear interpolation, four pixels at a time. Every pixel goes through the same additions and multiplications whether
// it is done in a vector or alone, so that results do not depend on how a window is cut.
import {
  EDGE,
  HALF,
  RUN_BYTES,
  RUN_DX,
  RUN_DY,
  RUN_LENGTH,
  RUN_OUT,
  RUN_X,
  RUN_Y,
  WEIGHT_MIN,
  fraction,
  storeResult,
  whole,
} from './warp-layout';

// @ts-ignore: decorator
@inline
function lerp(a: f32, b: f32, share: f32): f32 {
  return a + (b - a) * share;
}

// @ts-ignore: decorator
@inline
export function lerps(a: v128, b: v128, share: v128): v128 {
  return f32x4.add(a, f32x4.mul(f32x4.sub(b, a), share));
}

/** Sample of a pixel of the window, NaN outside it. */
// @ts-ignore: decorator
@inline
export function sampleIn(source: usize, width: i32, height: i32, column: i32, row: i32): f32 {
  const inside = <u32>column < <u32>width && <u32>row < <u32>height;
  return inside ? load<f32>(source + (<usize>(row * width + column) << 2)) : f32.NaN;
}

/** Whether the pixel that holds the position is a valid one. */
export function inValidPixel(source: usize, width: i32, height: i32, x: i64, y: i64): bool {
  const sample = sampleIn(source, width, height, whole(x + EDGE), whole(y + EDGE));
  return sample == sample;
}

/** Of a position in a valid pixel: the mean of the valid ones of the four nearest centres, weights renormalised. */
export function bilinearAt(source: usize, width: i32, height: i32, x: i64, y: i64): f32 {
  const column = whole(x - HALF);
  const row = whole(y - HALF);
  return bilinearOf(
    sampleIn(source, width, height, column, row),
    sampleIn(source, width, height, column + 1, row),
    sampleIn(source, width, height, column, row + 1),
    sampleIn(source, width, height, column + 1, row + 1),
    fraction(x - HALF),
    fraction(y - HALF),
  );
}

/** Four centres, upper row first, NaN where invalid; u and v are shares of the way from the left and the upper ones. */
export function bilinearOf(a: f32, b: f32, c: f32, d: f32, u: f32, v: f32): f32 {
  const all = lerp(lerp(a, b, u), lerp(c, d, u), v);
  if (all == all) return all;
  let sum: f32 = 0;
  let weights: f32 = 0;
  const left: f32 = 1 - u;
  const upper: f32 = 1 - v;
  if (a == a) {
    sum += a * (left * upper);
    weights += left * upper;
  }
  if (b == b) {
    sum += b * (u * upper);
    weights += u * upper;
  }
  if (c == c) {
    sum += c * (left * v);
    weights += left * v;
  }
  if (d == d) {
    sum += d * (u * v);
    weights += u * v;
  }
  return weights < WEIGHT_MIN ? f32.NaN : sum / weights;
}

// @ts-ignore: decorator
@inline
function storeAlone(source: usize, width: i32, height: i32, x: i64, y: i64, out: usize): void {
  if (inValidPixel(source, width, height, x, y)) {
    storeResult(out, bilinearAt(source, width, height, x, y));
  } else {
    store<f32>(out, f32.NaN);
  }
}

/** High halves of four 64-bit numbers: whole pixels. */
// @ts-ignore: decorator
@inline
export function wholes(first: v128, second: v128): v128 {
  return v128.shuffle<i32>(first, second, 1, 3, 5, 7);
}

/** Low halves: fractions, as `fraction` makes them. */
// @ts-ignore: decorator
@inline
export function fractions(first: v128, second: v128): v128 {
  const bits = i32x4.shr_u(v128.shuffle<i32>(first, second, 0, 2, 4, 6), 8);
  return f32x4.mul(f32x4.convert_i32x4_s(bits), f32x4.splat(<f32>(1.0 / 16777216.0)));
}

export function warpBilinear(
  source: usize,
  width: i32,
  height: i32,
  runs: usize,
  count: i32,
  to: usize,
): void {
  const rowBytes = <usize>width << 2;
  const widths = i32x4.splat(width);
  for (let n = 0; n < count; n++) {
    const run = runs + <usize>n * RUN_BYTES;
    let x = load<i64>(run, RUN_X);
    let y = load<i64>(run, RUN_Y);
    const dx = load<i64>(run, RUN_DX);
    const dy = load<i64>(run, RUN_DY);
    let left = load<i32>(run, RUN_LENGTH);
    let out = to + (<usize>load<i32>(run, RUN_OUT) << 2);
    const lastX = x + dx * <i64>(left - 1);
    const lastY = y + dy * <i64>(left - 1);
    const inside =
      <u32>whole(x - HALF) < <u32>(width - 1) &&
      <u32>whole(lastX - HALF) < <u32>(width - 1) &&
      <u32>whole(y - HALF) < <u32>(height - 1) &&
      <u32>whole(lastY - HALF) < <u32>(height - 1);
    if (inside && left >= 4) {
      let x01 = i64x2.replace_lane(i64x2.splat(x - HALF), 1, x - HALF + dx);
      let y01 = i64x2.replace_lane(i64x2.splat(y - HALF), 1, y - HALF + dy);
      const dx2 = i64x2.splat(dx + dx);
      const dy2 = i64x2.splat(dy + dy);
      for (; left >= 4; left -= 4, out += 16) {
        const x23 = i64x2.add(x01, dx2);
        const y23 = i64x2.add(y01, dy2);
        const index = i32x4.add(i32x4.mul(wholes(y01, y23), widths), wholes(x01, x23));
        const p0 = source + (<usize>i32x4.extract_lane(index, 0) << 2);
        const p1 = source + (<usize>i32x4.extract_lane(index, 1) << 2);
        const p2 = source + (<usize>i32x4.extract_lane(index, 2) << 2);
        const p3 = source + (<usize>i32x4.extract_lane(index, 3) << 2);
        const upper01 = v128.load64_lane(p1, v128.load64_zero(p0), 1);
        const upper23 = v128.load64_lane(p3, v128.load64_zero(p2), 1);
        const lower01 = v128.load64_lane(p1 + rowBytes, v128.load64_zero(p0 + rowBytes), 1);
        const lower23 = v128.load64_lane(p3 + rowBytes, v128.load64_zero(p2 + rowBytes), 1);
        const u = fractions(x01, x23);
        const v = fractions(y01, y23);
        const upper = lerps(
          v128.shuffle<f32>(upper01, upper23, 0, 2, 4, 6),
          v128.shuffle<f32>(upper01, upper23, 1, 3, 5, 7),
          u,
        );
        const lower = lerps(
          v128.shuffle<f32>(lower01, lower23, 0, 2, 4, 6),
          v128.shuffle<f32>(lower01, lower23, 1, 3, 5, 7),
          u,
        );
        const four = lerps(upper, lower, v);
        v128.store(out, four);
        if (v128.any_true(f32x4.ne(four, four))) {
          const first = i64x2.extract_lane(x01, 0) + HALF;
          const firstY = i64x2.extract_lane(y01, 0) + HALF;
          for (let k = 0; k < 4; k++) {
            const at = out + (<usize>k << 2);
            storeAlone(source, width, height, first + dx * <i64>k, firstY + dy * <i64>k, at);
          }
        }
        x01 = i64x2.add(x23, dx2);
        y01 = i64x2.add(y23, dy2);
      }
      x = i64x2.extract_lane(x01, 0) + HALF;
      y = i64x2.extract_lane(y01, 0) + HALF;
    }
    for (; left > 0; left--, out += 4, x += dx, y += dy) storeAlone(source, width, height, x, y, out);
  }
}
