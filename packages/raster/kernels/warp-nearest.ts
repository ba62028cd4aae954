// Nearest neighbour, straight from samples of the source's own type.
import { EDGE, RUN_BYTES, RUN_DX, RUN_DY, RUN_LENGTH, RUN_OUT, RUN_X, RUN_Y, whole } from './warp-layout';
import { FLOAT32, INT16, UINT16, UINT8, missingInteger } from './warp-source';

// @ts-ignore: decorator
@inline
function sampleAt<T>(source: usize, index: i32, missing: i32, missingSingle: f32): f32 {
  const sample = load<T>(source + <usize>index * sizeof<T>());
  if (isFloat<T>()) {
    const single = <f32>sample;
    return single == missingSingle || single != single ? f32.NaN : single;
  }
  return <i32>sample == missing ? f32.NaN : <f32>sample;
}

function nearestOf<T>(
  source: usize,
  width: i32,
  height: i32,
  nodata: f64,
  runs: usize,
  count: i32,
  to: usize,
): void {
  const missing = missingInteger(nodata);
  const missingSingle = <f32>nodata;
  for (let n = 0; n < count; n++) {
    const run = runs + <usize>n * RUN_BYTES;
    let x = load<i64>(run, RUN_X) + EDGE;
    let y = load<i64>(run, RUN_Y) + EDGE;
    const dx = load<i64>(run, RUN_DX);
    const dy = load<i64>(run, RUN_DY);
    const length = load<i32>(run, RUN_LENGTH);
    let out = to + (<usize>load<i32>(run, RUN_OUT) << 2);
    const end = out + (<usize>length << 2);
    const lastX = x + dx * <i64>(length - 1);
    const lastY = y + dy * <i64>(length - 1);
    const inside =
      <u32>whole(x) < <u32>width &&
      <u32>whole(lastX) < <u32>width &&
      <u32>whole(y) < <u32>height &&
      <u32>whole(lastY) < <u32>height;
    if (inside) {
      for (; out < end; out += 4, x += dx, y += dy) {
        store<f32>(out, sampleAt<T>(source, whole(y) * width + whole(x), missing, missingSingle));
      }
    } else {
      for (; out < end; out += 4, x += dx, y += dy) {
        const column = whole(x);
        const row = whole(y);
        const hit = <u32>column < <u32>width && <u32>row < <u32>height;
        store<f32>(out, hit ? sampleAt<T>(source, row * width + column, missing, missingSingle) : f32.NaN);
      }
    }
  }
}

export function warpNearest(
  source: usize,
  width: i32,
  height: i32,
  type: i32,
  nodata: f64,
  runs: usize,
  count: i32,
  to: usize,
): void {
  if (type == UINT8) nearestOf<u8>(source, width, height, nodata, runs, count, to);
  else if (type == INT16) nearestOf<i16>(source, width, height, nodata, runs, count, to);
  else if (type == UINT16) nearestOf<u16>(source, width, height, nodata, runs, count, to);
  else if (type == FLOAT32) nearestOf<f32>(source, width, height, nodata, runs, count, to);
}
