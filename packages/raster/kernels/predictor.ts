// Predictors 2 (TIFF 6.0 section 14) and 3 (TIFF Technical Note 3), forwards: what the encoder is given. Input and
// output must not overlap, so a row's last vector may be taken again from its end instead of one by one.

import { VECTOR_BYTES } from './vectors';

const SINGLE_BYTES: i32 = 4;

/** Each sample (T, unsigned) of one row less the one `lag` bytes before it, wrapping; the first `lag` bytes as they are. */
@inline
function differenceRow<T>(from: usize, to: usize, rowBytes: i32, lag: i32): void {
  const head = min(lag, rowBytes);
  let at: i32 = 0;
  for (; at < head; at += sizeof<T>()) store<T>(to + at, load<T>(from + at));
  const last = rowBytes - VECTOR_BYTES;
  if (last < head) {
    for (; at < rowBytes; at += sizeof<T>()) store<T>(to + at, load<T>(from + at) - load<T>(from + at - lag));
    return;
  }
  for (; at < last; at += VECTOR_BYTES) {
    v128.store(to + at, v128.sub<T>(v128.load(from + at), v128.load(from + at - lag)));
  }
  v128.store(to + last, v128.sub<T>(v128.load(from + last), v128.load(from + last - lag)));
}

function differenceRows<T>(from: usize, fromRowBytes: usize, to: usize, rows: i32, rowBytes: i32, lag: i32): void {
  for (let row = 0; row < rows; row++, from += fromRowBytes, to += rowBytes) {
    differenceRow<T>(from, to, rowBytes, lag);
  }
}

export function predictHorizontal(
  from: usize,
  fromRowBytes: usize,
  to: usize,
  rows: i32,
  rowSamples: i32,
  stride: i32,
  sampleBytes: i32,
): void {
  const rowBytes = rowSamples * sampleBytes;
  const lag = stride * sampleBytes;
  if (lag <= 0 || rowSamples < 0) unreachable();
  if (sampleBytes == 1) differenceRows<u8>(from, fromRowBytes, to, rows, rowBytes, lag);
  else if (sampleBytes == 2) differenceRows<u16>(from, fromRowBytes, to, rows, rowBytes, lag);
  else if (sampleBytes == 4) differenceRows<u32>(from, fromRowBytes, to, rows, rowBytes, lag);
  else unreachable();
}

/** Bytes of little-endian singles sorted into four planes of `count` bytes, most significant first. */
function splitSingles(from: usize, to: usize, count: i32): void {
  const whole = count & -VECTOR_BYTES;
  let sample: i32 = 0;
  for (; sample < whole; sample += VECTOR_BYTES, from += SINGLE_BYTES * VECTOR_BYTES) {
    const a = v128.load(from);
    const b = v128.load(from, 16);
    const c = v128.load(from, 32);
    const d = v128.load(from, 48);
    // Bytes 0 and 2, then 1 and 3, of eight samples each.
    const evenLow = v128.shuffle<u8>(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    const evenHigh = v128.shuffle<u8>(c, d, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    const oddLow = v128.shuffle<u8>(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
    const oddHigh = v128.shuffle<u8>(c, d, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
    const plane = to + sample;
    v128.store(
      plane,
      v128.shuffle<u8>(oddLow, oddHigh, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31),
    );
    v128.store(
      plane + count,
      v128.shuffle<u8>(evenLow, evenHigh, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31),
    );
    v128.store(
      plane + 2 * count,
      v128.shuffle<u8>(oddLow, oddHigh, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30),
    );
    v128.store(
      plane + 3 * count,
      v128.shuffle<u8>(evenLow, evenHigh, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30),
    );
  }
  for (; sample < count; sample++, from += SINGLE_BYTES) {
    const plane = to + sample;
    store<u8>(plane, load<u8>(from, 3));
    store<u8>(plane + count, load<u8>(from, 2));
    store<u8>(plane + 2 * count, load<u8>(from, 1));
    store<u8>(plane + 3 * count, load<u8>(from));
  }
}

export function predictFloatingPoint(
  from: usize,
  fromRowBytes: usize,
  to: usize,
  scratch: usize,
  rows: i32,
  rowSamples: i32,
  stride: i32,
): void {
  if (stride <= 0 || rowSamples < 0) unreachable();
  const rowBytes = rowSamples * SINGLE_BYTES;
  for (let row = 0; row < rows; row++, from += fromRowBytes, to += rowBytes) {
    splitSingles(from, scratch, rowSamples);
    differenceRow<u8>(scratch, to, rowBytes, stride);
  }
}
