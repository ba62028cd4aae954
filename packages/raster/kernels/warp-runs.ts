// Runs of pixels from positions at nodes: linear between nodes, first down the column, then along the row.
import { ONE, RUN_BYTES, RUN_DX, RUN_DY, RUN_LENGTH, RUN_OUT, RUN_X, RUN_Y } from './warp-layout';

/** Positions as far out as this, or NaN, give no run; no image has so many pixels. */
const FAR: f64 = 1073741824.0;

/** Bytes of a node: x and y as doubles. */
const NODE_BYTES: usize = 16;

// @ts-ignore: decorator
@inline
function near(x: f64, y: f64): bool {
  // Written so that NaN is far.
  return Math.abs(x) < FAR && Math.abs(y) < FAR;
}

// @ts-ignore: decorator
@inline
function between(from: usize, down: usize, v: f64): f64 {
  const upper = load<f64>(from);
  return upper + (load<f64>(from + down) - upper) * v;
}

// @ts-ignore: decorator
@inline
function fixed(value: f64): i64 {
  return <i64>nearest(value * ONE);
}

export function warpRuns(
  nodes: usize,
  nodeColumns: i32,
  stepLog2: i32,
  left: i32,
  top: i32,
  width: i32,
  height: i32,
  sourceX: i32,
  sourceY: i32,
  outFirst: i32,
  outColumns: i32,
  to: usize,
): i32 {
  const step = 1 << stepLog2;
  const share = 1.0 / <f64>step;
  const nodeRowBytes = <usize>nodeColumns * NODE_BYTES;
  const right = left + width;
  const originX = <i64>sourceX << 32;
  const originY = <i64>sourceY << 32;
  let run = to;
  for (let row = 0; row < height; row++) {
    const nodeRow = (top + row) >> stepLog2;
    const v = <f64>(top + row - (nodeRow << stepLog2)) * share;
    let column = left;
    while (column < right) {
      const index = column >> stepLog2;
      const start = index << stepLog2;
      const end = min(start + step, right);
      const node = nodes + <usize>nodeRow * nodeRowBytes + <usize>index * NODE_BYTES;
      let x: f64, y: f64, acrossX: f64, acrossY: f64;
      if (stepLog2 == 0) {
        // Every pixel is a node; its neighbours may have no position.
        x = load<f64>(node);
        y = load<f64>(node, 8);
        acrossX = 0;
        acrossY = 0;
      } else {
        x = between(node, nodeRowBytes, v);
        y = between(node + 8, nodeRowBytes, v);
        acrossX = between(node + NODE_BYTES, nodeRowBytes, v) - x;
        acrossY = between(node + NODE_BYTES + 8, nodeRowBytes, v) - y;
      }
      if (near(x, y) && near(x + acrossX, y + acrossY)) {
        const dx = fixed(acrossX * share);
        const dy = fixed(acrossY * share);
        const skipped = <i64>(column - start);
        store<i64>(run, fixed(x) - originX + dx * skipped, RUN_X);
        store<i64>(run, fixed(y) - originY + dy * skipped, RUN_Y);
        store<i64>(run, dx, RUN_DX);
        store<i64>(run, dy, RUN_DY);
        store<i32>(run, outFirst + row * outColumns + column - left, RUN_OUT);
        store<i32>(run, end - column, RUN_LENGTH);
        run += RUN_BYTES;
      }
      column = end;
    }
  }
  return <i32>((run - to) / RUN_BYTES);
}

/** Runs written out: x and y of every pixel as doubles, in two planes. */
export function warpPositions(runs: usize, count: i32, xs: usize, ys: usize): void {
  for (let n = 0; n < count; n++) {
    const run = runs + <usize>n * RUN_BYTES;
    let x = load<i64>(run, RUN_X);
    let y = load<i64>(run, RUN_Y);
    const dx = load<i64>(run, RUN_DX);
    const dy = load<i64>(run, RUN_DY);
    let at = <usize>load<i32>(run, RUN_OUT) << 3;
    const end = at + (<usize>load<i32>(run, RUN_LENGTH) << 3);
    for (; at < end; at += 8) {
      store<f64>(xs + at, <f64>x / ONE);
      store<f64>(ys + at, <f64>y / ONE);
      x += dx;
      y += dy;
    }
  }
}
