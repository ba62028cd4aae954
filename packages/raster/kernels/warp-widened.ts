// Bilinear and cubic kernels widened by the ratio of pixels, so that no source pixel is skipped when a grid is coarser
// than its source. Over the valid pixels, weights renormalised.
import { inValidPixel } from './warp-bilinear';
import {
  HALF,
  ONE,
  RUN_BYTES,
  RUN_DX,
  RUN_DY,
  RUN_LENGTH,
  RUN_OUT,
  RUN_X,
  RUN_Y,
  WEIGHT_MIN,
  storeResult,
  whole,
} from './warp-layout';

const CUBIC: i32 = 1;

function weightAt(method: i32, distance: f64): f64 {
  const d = Math.abs(distance);
  if (method != CUBIC) return d < 1 ? 1 - d : 0;
  if (d <= 1) return (1.5 * d - 2.5) * d * d + 1;
  return d < 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0;
}

/** Weights of pixels first ... first + 2 * radius - 1 around `position` (less half a pixel), as singles. */
function weigh(method: i32, position: i64, scale: f64, radius: i32, to: usize): void {
  const u = <f64>(<u32>position) / ONE;
  for (let k = 0; k < 2 * radius; k++) {
    store<f32>(to + (<usize>k << 2), <f32>weightAt(method, (<f64>(k + 1 - radius) - u) / scale));
  }
}

export function warpWidened(
  source: usize,
  width: i32,
  height: i32,
  runs: usize,
  count: i32,
  to: usize,
  method: i32,
  scaleX: f64,
  scaleY: f64,
  scratch: usize,
): void {
  const reach: f64 = method == CUBIC ? 2 : 1;
  const radiusX = <i32>Math.ceil(reach * scaleX);
  const radiusY = <i32>Math.ceil(reach * scaleY);
  const across = scratch;
  const down = scratch + (<usize>radiusX << 3) + 16;
  // The last vector of a row may load three weights more.
  v128.store(across + (<usize>radiusX << 3), f32x4.splat(0));
  for (let n = 0; n < count; n++) {
    const run = runs + <usize>n * RUN_BYTES;
    let x = load<i64>(run, RUN_X);
    let y = load<i64>(run, RUN_Y);
    const dx = load<i64>(run, RUN_DX);
    const dy = load<i64>(run, RUN_DY);
    let out = to + (<usize>load<i32>(run, RUN_OUT) << 2);
    const end = out + (<usize>load<i32>(run, RUN_LENGTH) << 2);
    for (; out < end; out += 4, x += dx, y += dy) {
      if (!inValidPixel(source, width, height, x, y)) {
        store<f32>(out, f32.NaN);
        continue;
      }
      weigh(method, x - HALF, scaleX, radiusX, across);
      weigh(method, y - HALF, scaleY, radiusY, down);
      const column = whole(x - HALF) + 1 - radiusX;
      const row = whole(y - HALF) + 1 - radiusY;
      const firstColumn = max(column, 0);
      const lastColumn = min(column + 2 * radiusX, width);
      const firstRow = max(row, 0);
      const lastRow = min(row + 2 * radiusY, height);
      let sums = f32x4.splat(0);
      let weights = f32x4.splat(0);
      for (let r = firstRow; r < lastRow; r++) {
        const rowWeight = f32x4.splat(load<f32>(down + (<usize>(r - row) << 2)));
        const samples = source + (<usize>(r * width) << 2);
        for (let c = firstColumn; c < lastColumn; c += 4) {
          const numbers = v128.load(samples + (<usize>c << 2));
          let used = f32x4.eq(numbers, numbers);
          if (c + 4 > lastColumn) {
            used = v128.and(used, i32x4.gt_s(i32x4.splat(lastColumn - c), i32x4(0, 1, 2, 3)));
          }
          const weight = v128.and(
            f32x4.mul(rowWeight, v128.load(across + (<usize>(c - column) << 2))),
            used,
          );
          sums = f32x4.add(sums, v128.and(f32x4.mul(numbers, weight), used));
          weights = f32x4.add(weights, weight);
        }
      }
      const weight = total(weights);
      storeResult(out, weight < WEIGHT_MIN ? f32.NaN : total(sums) / weight);
    }
  }
}

// @ts-ignore: decorator
@inline
function total(lanes: v128): f32 {
  const pairs = f32x4.add(lanes, v128.shuffle<f32>(lanes, lanes, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}
