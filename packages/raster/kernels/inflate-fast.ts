// The inner loop of inflating, without a branch between literals and matches, whose order in imagery nothing predicts. A
// turn stores up to two literals, then looks up a distance whether one comes or not, and copies 16 bytes that count only
// as far as the length, perhaps 0, says. What it does not take (`ODD` entries, what may be broken) it leaves untouched.

import {
  BELOW,
  DISTANCE_BITS,
  distanceBaseTable,
  distanceTable,
  LENGTH_MASK,
  LENGTH_SHIFT,
  LITERAL_BITS,
  LITERALS_SHIFT,
  literalTable,
  ODD,
  PAYLOAD_SHIFT,
} from './inflate-codes';
import { alignInput, bits, count, inputEnd, keepInput } from './inflate-state';

/** What a turn may write, of which not all counts. */
const TURN_BYTES: usize = 2 + 63 + 32;

const VECTOR: usize = 16;

const LITERAL_OFFSETS: u32 = ((1 << LITERAL_BITS) - 1) << 2;
const DISTANCE_OFFSETS: u32 = ((1 << DISTANCE_BITS) - 1) << 2;

/** For each distance below 16 the bytes of a vector by their place in the bytes that repeat. */
const repeats = memory.data(16 * 16, 16);
let repeatsMade: bool = false;

export function makeRepeats(): void {
  if (repeatsMade) return;
  for (let distance: usize = 1; distance < VECTOR; distance++) {
    for (let i: usize = 0; i < VECTOR; i++) store<u8>(repeats + distance * VECTOR + i, <u8>(i % distance));
  }
  repeatsMade = true;
}

/** Copies a match, 16 bytes at a time; up to 31 bytes more are written. */
export function copyLong(out: usize, distance: usize, length: usize): void {
  const end = out + length;
  let at = out;
  if (distance >= VECTOR) {
    do {
      v128.store(at, v128.load(at - distance));
      at += VECTOR;
    } while (at < end);
    return;
  }
  const pattern = i8x16.swizzle(v128.load(out - distance), v128.load(repeats + distance * VECTOR));
  const step = VECTOR - (VECTOR % distance);
  do {
    v128.store(at, pattern);
    at += step;
  } while (at < end);
}

/** Length of a match whose distance is still to be decoded; 0 for none. */
export let pendingLength: u32 = 0;

/**
 * Decodes as far as it can: to what it does not take, or the last bytes of input or output.
 * @returns where the output stands then.
 */
export function inflateFast(start: usize, from: usize, end: usize): usize {
  let out = from;
  let at = alignInput();
  let holds: u64 = (count & 7) + <u64>BELOW;
  let held = (bits & ((<u64>1 << (count & 7)) - 1)) << <u64>BELOW;
  held |= load<u64>(at) << holds;
  at += <usize>((63 - holds) >> 3);
  holds |= 56;
  const lastOut = end - TURN_BYTES;
  const lastIn = inputEnd;
  pendingLength = 0;
  for (;;) {
    if (out > lastOut) break;
    if (at > lastIn) break;
    // A turn takes at most 12 bits here and 28 for the distance, of 54: what is left does for the next look-up, before
    // the refill.
    const entry = load<u32>(<usize>(<u32>held & LITERAL_OFFSETS), literalTable);
    held |= load<u64>(at) << holds;
    at += <usize>((63 - holds) >> 3);
    holds |= 56;
    if ((entry & ODD) != 0) break;
    const behind = held >> <u64>entry;
    holds -= <u64>(entry & 63);
    const offset = <usize>(<u32>behind & DISTANCE_OFFSETS);
    const far = load<u32>(offset, distanceTable);
    const isMatch = <i32>entry >> 31;
    held = behind >> <u64>(far & isMatch);
    const taken = <u64>(far & isMatch & 63);
    const distance = ((<u32>behind >> (far >> 8)) & (far >> 16)) + load<u32>(offset, distanceBaseTable);
    store<u16>(out, <u16>(entry >> PAYLOAD_SHIFT));
    out += <usize>((entry >> LITERALS_SHIFT) & 3);
    const length = (entry >> LENGTH_SHIFT) & LENGTH_MASK;
    // As signed numbers: an address less NO_DISTANCE is below 0.
    const source = out - <usize>distance;
    if (<i32>source < <i32>start) {
      if (isMatch == 0) continue; // Then the distance means nothing, and no bits were taken for it.
      held = behind;
      pendingLength = length;
      break;
    }
    holds -= taken;
    v128.store(out, v128.load(source));
    if (length > min(distance, <u32>VECTOR)) copyLong(out, <usize>distance, <usize>length);
    out += <usize>length;
  }
  holds -= <u64>BELOW;
  held = (held >> <u64>BELOW) & ((<u64>1 << holds) - 1);
  keepInput(held, holds, at);
  return out;
}
