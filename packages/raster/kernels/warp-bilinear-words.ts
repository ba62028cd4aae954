// Bilinear interpolation of int16 and uint16 samples without a copy of them as singles: half the memory to go through, and
// one 32-bit load fetches two neighbours. The same additions and multiplications as warp-bilinear.ts, so the same bits.
import { bilinearOf, fractions, lerps, wholes } from './warp-bilinear';
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
  fraction,
  storeResult,
  whole,
} from './warp-layout';
import { INT16, missingInteger } from './warp-source';

/** Number that a word never holds, and that as a word is compared with nothing. */
const NO_WORD: i32 = i32.MIN_VALUE;

/** Sample of a pixel of the window as a single, NaN outside it and where it is missing. */
// @ts-ignore: decorator
@inline
function wordIn<T>(source: usize, width: i32, height: i32, column: i32, row: i32, missing: i32): f32 {
  if (!(<u32>column < <u32>width && <u32>row < <u32>height)) return f32.NaN;
  const sample = <i32>load<T>(source + (<usize>(row * width + column) << 1));
  return sample == missing ? f32.NaN : <f32>sample;
}

function storeAlone<T>(source: usize, width: i32, height: i32, x: i64, y: i64, missing: i32, out: usize): void {
  const holder = wordIn<T>(source, width, height, whole(x + EDGE), whole(y + EDGE), missing);
  if (holder != holder) {
    store<f32>(out, f32.NaN);
    return;
  }
  const column = whole(x - HALF);
  const row = whole(y - HALF);
  const value = bilinearOf(
    wordIn<T>(source, width, height, column, row, missing),
    wordIn<T>(source, width, height, column + 1, row, missing),
    wordIn<T>(source, width, height, column, row + 1, missing),
    wordIn<T>(source, width, height, column + 1, row + 1, missing),
    fraction(x - HALF),
    fraction(y - HALF),
  );
  storeResult(out, value);
}

/** Left words of four pairs as singles. */
// @ts-ignore: decorator
@inline
function lefts<T>(pairs: v128): v128 {
  if (isSigned<T>()) return f32x4.convert_i32x4_s(i32x4.shr_s(i32x4.shl(pairs, 16), 16));
  return f32x4.convert_i32x4_s(v128.and(pairs, i32x4.splat(0xffff)));
}

// @ts-ignore: decorator
@inline
function rights<T>(pairs: v128): v128 {
  return f32x4.convert_i32x4_s(isSigned<T>() ? i32x4.shr_s(pairs, 16) : i32x4.shr_u(pairs, 16));
}

/** Two neighbouring words at each of four addresses. */
// @ts-ignore: decorator
@inline
function pairsAt(p0: usize, p1: usize, p2: usize, p3: usize): v128 {
  const two = v128.load32_lane(p1, v128.load32_zero(p0), 1);
  return v128.load32_lane(p3, v128.load32_lane(p2, two, 2), 3);
}

function bilinearWords<T>(
  source: usize,
  width: i32,
  height: i32,
  missing: i32,
  runs: usize,
  count: i32,
  to: usize,
): void {
  const rowBytes = <usize>width << 1;
  const widths = i32x4.splat(width);
  const missings = i16x8.splat(<i16>missing);
  const anyMissing = missing != NO_WORD;
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
        const p0 = source + (<usize>i32x4.extract_lane(index, 0) << 1);
        const p1 = source + (<usize>i32x4.extract_lane(index, 1) << 1);
        const p2 = source + (<usize>i32x4.extract_lane(index, 2) << 1);
        const p3 = source + (<usize>i32x4.extract_lane(index, 3) << 1);
        const uppers = pairsAt(p0, p1, p2, p3);
        const lowers = pairsAt(p0 + rowBytes, p1 + rowBytes, p2 + rowBytes, p3 + rowBytes);
        const lost = v128.or(i16x8.eq(uppers, missings), i16x8.eq(lowers, missings));
        if (anyMissing && v128.any_true(lost)) {
          const first = i64x2.extract_lane(x01, 0) + HALF;
          const firstY = i64x2.extract_lane(y01, 0) + HALF;
          if (i16x8.all_true(v128.and(i16x8.eq(uppers, missings), i16x8.eq(lowers, missings)))) {
            v128.store(out, f32x4.splat(f32.NaN));
          } else {
            for (let k = 0; k < 4; k++) {
              const at = out + (<usize>k << 2);
              storeAlone<T>(source, width, height, first + dx * <i64>k, firstY + dy * <i64>k, missing, at);
            }
          }
        } else {
          const u = fractions(x01, x23);
          const v = fractions(y01, y23);
          const upper = lerps(lefts<T>(uppers), rights<T>(uppers), u);
          const lower = lerps(lefts<T>(lowers), rights<T>(lowers), u);
          v128.store(out, lerps(upper, lower, v));
        }
        x01 = i64x2.add(x23, dx2);
        y01 = i64x2.add(y23, dy2);
      }
      x = i64x2.extract_lane(x01, 0) + HALF;
      y = i64x2.extract_lane(y01, 0) + HALF;
    }
    for (; left > 0; left--, out += 4, x += dx, y += dy) {
      storeAlone<T>(source, width, height, x, y, missing, out);
    }
  }
}

/** A nodata that the type does not hold is never met: as a word it could look like another number. */
function missingWord(nodata: f64, least: i32, most: i32): i32 {
  const missing = missingInteger(nodata);
  return missing < least || missing > most ? NO_WORD : missing;
}

export function warpBilinearWords(
  source: usize,
  width: i32,
  height: i32,
  type: i32,
  nodata: f64,
  runs: usize,
  count: i32,
  to: usize,
): void {
  if (type == INT16) {
    const missing = missingWord(nodata, i16.MIN_VALUE, i16.MAX_VALUE);
    bilinearWords<i16>(source, width, height, missing, runs, count, to);
  } else {
    const missing = missingWord(nodata, 0, u16.MAX_VALUE);
    bilinearWords<u16>(source, width, height, missing, runs, count, to);
  }
}
