// Moving samples about: nearest neighbour on grids parallel to the source's, bands of a pixel side by side, rectangles.

/** Nearest neighbour: one source column per column, one source row per row; a row like the last is copied from it. */
function gather<T>(from: usize, fromWidth: i32, columns: usize, width: i32, rows: usize, height: i32, to: usize): void {
  const size = sizeof<T>();
  const rowBytes = <usize>width * size;
  let last = -1;
  let target = to;
  for (let y: usize = 0; y < <usize>height; y++, target += rowBytes) {
    const row = load<i32>(rows + (y << 2));
    if (row == last) {
      memory.copy(target, target - rowBytes, rowBytes);
      continue;
    }
    last = row;
    const source = from + <usize>row * <usize>fromWidth * size;
    for (let x: usize = 0; x < <usize>width; x++) {
      store<T>(target + x * size, load<T>(source + <usize>load<i32>(columns + (x << 2)) * size));
    }
  }
}

export function gatherSamples(
  from: usize,
  fromWidth: i32,
  columns: usize,
  width: i32,
  rows: usize,
  height: i32,
  to: usize,
  sampleBytes: i32,
): void {
  if (sampleBytes == 1) gather<u8>(from, fromWidth, columns, width, rows, height, to);
  else if (sampleBytes == 2) gather<u16>(from, fromWidth, columns, width, rows, height, to);
  else gather<u32>(from, fromWidth, columns, width, rows, height, to);
}

function spread<T>(from: usize, count: i32, to: usize, stride: i32): void {
  const size = sizeof<T>();
  const step = <usize>stride * size;
  for (let i: usize = 0; i < <usize>count; i++, to += step) store<T>(to, load<T>(from + i * size));
}

export function interleave(
  from: usize,
  fromRowBytes: i32,
  width: i32,
  height: i32,
  to: usize,
  toRowBytes: i32,
  bands: i32,
  sampleBytes: i32,
): void {
  for (let y = 0; y < height; y++) {
    const source = from + <usize>y * <usize>fromRowBytes;
    const target = to + <usize>y * <usize>toRowBytes;
    if (bands == 1) memory.copy(target, source, <usize>width * <usize>sampleBytes);
    else if (sampleBytes == 1) spread<u8>(source, width, target, bands);
    else if (sampleBytes == 2) spread<u16>(source, width, target, bands);
    else spread<u32>(source, width, target, bands);
  }
}
