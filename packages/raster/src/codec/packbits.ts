import { DECODED_RATIO_MAX } from '../limits.ts';

/**
 * PackBits (TIFF 6.0 section 9). Stops at the end of the input or when `capacity` bytes are out; returns what was produced.
 * A run that would pass the capacity is cut there, as libtiff does.
 */
export function decodePackbits(input: Uint8Array, capacity: number): Uint8Array {
  const out = new Uint8Array(Math.min(capacity, DECODED_RATIO_MAX.packbits * input.length));
  let at = 0;
  let position = 0;
  while (at < capacity && position < input.length) {
    const head = input[position++] as number;
    if (head === 128) continue;
    if (head > 128) {
      if (position >= input.length) break;
      const end = Math.min(at + 257 - head, capacity);
      out.fill(input[position++] as number, at, end);
      at = end;
    } else {
      const run = Math.min(head + 1, capacity - at, input.length - position);
      out.set(input.subarray(position, position + run), at);
      position += run;
      at += run;
    }
  }
  return out.subarray(0, at);
}
