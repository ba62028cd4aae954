import { SwathError } from '@swath/core';
import { DECODED_RATIO_MAX } from '../limits.ts';

const CLEAR = 256;
const END = 257;

/**
 * TIFF's LZW (TIFF 6.0 section 13): most significant bit first, 9 to 12 bits, width grows one code early.
 * Stops at the end code or when `capacity` bytes are out; returns the bytes produced.
 * @throws SwathError Corrupt for a code that is not in the table yet, Unsupported for the mirrored variant of 1980s writers.
 */
export function decodeLzw(input: Uint8Array, capacity: number): Uint8Array {
  if (input.length >= 2 && input[0] === 0 && ((input[1] ?? 0) & 1) === 1) {
    throw new SwathError('Unsupported', 'old-style LZW (least significant bit first)');
  }
  const out = new Uint8Array(Math.min(capacity, DECODED_RATIO_MAX.lzw * input.length));
  // A string is a place in the output: where its last occurrence began, and how long it is.
  const starts = new Int32Array(4097);
  const lengths = new Int32Array(4097);
  let at = 0;
  let bitBuffer = 0;
  let bitCount = 0;
  let width = 9;
  let next = 258;
  let previousStart = -1;
  let previousLength = 0;
  let position = 0;
  const inputLength = input.length;
  for (;;) {
    while (bitCount < width && position < inputLength) {
      bitBuffer = ((bitBuffer << 8) | (input[position++] as number)) & 0xffffff;
      bitCount += 8;
    }
    if (bitCount < width) break;
    bitCount -= width;
    const code = (bitBuffer >> bitCount) & ((1 << width) - 1);
    if (code === END) break;
    if (code === CLEAR) {
      width = 9;
      next = 258;
      previousStart = -1;
      continue;
    }
    if (at >= capacity) break;
    const start = at;
    if (code < 256) {
      out[at++] = code;
    } else if (previousStart >= 0 && code < next) {
      const end = Math.min(at + (lengths[code] as number), capacity);
      for (let from = starts[code] as number; at < end; ) out[at++] = out[from++] as number;
    } else if (previousStart >= 0 && code === next) {
      // The string that is being defined right now: the previous one and its own first byte.
      const end = Math.min(at + previousLength + 1, capacity);
      for (let from = previousStart; at < end; ) out[at++] = out[from++] as number;
    } else {
      throw new SwathError('Corrupt', `LZW code ${code} is not in the table of ${next}`);
    }
    if (previousStart >= 0) {
      // A full table is left as it is: no 12-bit code can name a further entry.
      if (next < 4096) {
        starts[next] = previousStart;
        lengths[next] = previousLength + 1;
        next++;
        if (next + 1 >= 1 << width && width < 12) width++;
      }
    }
    previousStart = start;
    previousLength = at - start;
  }
  return out.subarray(0, at);
}
