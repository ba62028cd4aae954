// Cubic convolution with a = -0.5 (Keys 1981) over 4 x 4 pixels, as GDAL: sixteen pixels when all exist and are valid,
// else bilinear, which keeps overshoot off the edges.
import { bilinearAt, inValidPixel } from './warp-bilinear';
import {
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

/** Weights of the pixels at -1, 0, 1, 2 for a position `u` right of pixel 0. */
// @ts-ignore: decorator
@inline
function cubicWeights(u: f32): v128 {
  const shares = f32x4.splat(u);
  const third = f32x4.mul(f32x4(-0.5, 1.5, -1.5, 0.5), shares);
  const second = f32x4.mul(f32x4.add(third, f32x4(1, -2.5, 2, -0.5)), shares);
  const first = f32x4.mul(f32x4.add(second, f32x4(-0.5, 0, 0.5, 0)), shares);
  return f32x4.add(first, f32x4(0, 1, 0, 0));
}

/** A position in a valid pixel. */
function cubicAt(source: usize, width: i32, height: i32, x: i64, y: i64): f32 {
  const column = whole(x - HALF) - 1;
  const row = whole(y - HALF) - 1;
  if (column < 0 || row < 0 || column + 4 > width || row + 4 > height) {
    return bilinearAt(source, width, height, x, y);
  }
  const rowBytes = <usize>width << 2;
  let at = source + (<usize>(row * width + column) << 2);
  const down = cubicWeights(fraction(y - HALF));
  let columns = f32x4.mul(v128.load(at), f32x4.splat(f32x4.extract_lane(down, 0)));
  at += rowBytes;
  columns = f32x4.add(columns, f32x4.mul(v128.load(at), f32x4.splat(f32x4.extract_lane(down, 1))));
  at += rowBytes;
  columns = f32x4.add(columns, f32x4.mul(v128.load(at), f32x4.splat(f32x4.extract_lane(down, 2))));
  at += rowBytes;
  columns = f32x4.add(columns, f32x4.mul(v128.load(at), f32x4.splat(f32x4.extract_lane(down, 3))));
  const weighted = f32x4.mul(columns, cubicWeights(fraction(x - HALF)));
  const pairs = f32x4.add(weighted, v128.shuffle<f32>(weighted, weighted, 2, 3, 0, 1));
  const sum = f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
  return sum == sum ? sum : bilinearAt(source, width, height, x, y);
}

export function warpCubic(
  source: usize,
  width: i32,
  height: i32,
  runs: usize,
  count: i32,
  to: usize,
): void {
  for (let n = 0; n < count; n++) {
    const run = runs + <usize>n * RUN_BYTES;
    let x = load<i64>(run, RUN_X);
    let y = load<i64>(run, RUN_Y);
    const dx = load<i64>(run, RUN_DX);
    const dy = load<i64>(run, RUN_DY);
    let out = to + (<usize>load<i32>(run, RUN_OUT) << 2);
    const end = out + (<usize>load<i32>(run, RUN_LENGTH) << 2);
    for (; out < end; out += 4, x += dx, y += dy) {
      if (inValidPixel(source, width, height, x, y)) storeResult(out, cubicAt(source, width, height, x, y));
      else store<f32>(out, f32.NaN);
    }
  }
}
