// The inner loop of inflating: while there is room for the longest match, without a branch between literals and matches,
// whose order in imagery nothing predicts. A turn stores up to two literals, then looks up a distance whether one comes or
// not, and copies 16 bytes that count only as far as the length, perhaps 0, says.

import {
  DISTANCE_MASK,
  distanceBase,
  distanceCode,
  distanceExtra,
  distanceTable,
  END_OF_BLOCK,
  isDistance,
  isLength,
  LENGTH_MASK,
  LENGTH_SHIFT,
  LITERAL_MASK,
  lengthBase,
  lengthExtra,
  literalCode,
  literalTable,
  ODD,
  ODD_DISTANCE,
  WALK,
  walk,
} from './inflate-codes';
import { bits, count, inputEnd, keepInput, next } from './inflate-state';

/** What {@link inflateFast} may write in a turn and beyond what counts of it. */
const TURN_BYTES: usize = 2 + 258 + 32;

const VECTOR: usize = 16;

/** How a run of turns ended. */
export const ROOM_LOW: i32 = 0;
export const BLOCK_ENDED: i32 = 1;
export const BROKEN: i32 = 2;

/** Where the output stands. */
export let fastOut: usize = 0;

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

/** Copies a match that is longer than a vector or than its distance; up to 31 bytes more are written. */
function copyLong(out: usize, distance: usize, length: usize): void {
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

/** @returns how it ended; the state of the input and `fastOut` are then where the next symbol begins. */
export function inflateFast(start: usize, from: usize, end: usize): i32 {
  let out = from;
  let held = bits;
  let holds = count;
  let at = next;
  const lastOut = end - TURN_BYTES;
  const lastIn = inputEnd;
  let how = ROOM_LOW;
  while (out <= lastOut) {
    if (at > lastIn) {
      how = at > lastIn + 8 ? BROKEN : ROOM_LOW;
      break;
    }
    held |= load<u64>(at) << holds;
    at += <usize>((63 - holds) >> 3);
    holds |= 56;
    const entry = load<u32>(literalTable + (<usize>(held & LITERAL_MASK) << 2));
    let length: u32;
    if ((entry & ODD) == 0) {
      held >>= <u64>entry;
      holds -= <u64>(entry & 63);
      store<u16>(out, <u16>(entry >> 16));
      out += <usize>((entry >> 6) & 3);
      length = (entry >> LENGTH_SHIFT) & LENGTH_MASK;
    } else {
      let symbol = entry >> 16;
      let taken = <u64>(entry & 63);
      if (symbol == WALK) {
        const found = walk(literalCode, held);
        if (found == 0) {
          how = BROKEN;
          break;
        }
        symbol = found >> 8;
        taken = <u64>(found & 255);
      }
      held >>= taken;
      holds -= taken;
      if (symbol < END_OF_BLOCK) {
        store<u8>(out, <u8>symbol);
        out++;
        continue;
      }
      if (!isLength(symbol)) {
        how = symbol == END_OF_BLOCK ? BLOCK_ENDED : BROKEN;
        break;
      }
      const extra = <u64>lengthExtra(symbol);
      length = lengthBase(symbol) + <u32>(held & ((<u64>1 << extra) - 1));
      held >>= extra;
      holds -= extra;
    }
    /** All ones where there is a match. */
    const below: i32 = -(<i32>length);
    const isMatch = <u32>(below >> 31);
    const far = load<u32>(distanceTable + (<usize>(held & DISTANCE_MASK) << 2));
    let distance = (far >> 16) + <u32>((held & ~(<u64>-1 << <u64>far)) >> <u64>(far >> 8));
    if ((far & ODD_DISTANCE & isMatch) != 0) {
      const found = walk(distanceCode, held);
      const symbol = found >> 8;
      if (found == 0 || !isDistance(symbol)) {
        how = BROKEN;
        break;
      }
      const taken = <u64>(found & 255);
      const extra = <u64>distanceExtra(symbol);
      held >>= taken;
      distance = distanceBase(symbol) + <u32>(held & ((<u64>1 << extra) - 1));
      held >>= extra;
      holds -= taken + extra;
    } else {
      const taken = <u64>(far & 63 & isMatch);
      held >>= taken;
      holds -= taken;
    }
    distance &= isMatch;
    if (<usize>distance > out - start) {
      how = BROKEN;
      break;
    }
    v128.store(out, v128.load(out - <usize>distance));
    if (length > min(distance, <u32>VECTOR)) copyLong(out, <usize>distance, <usize>length);
    out += <usize>length;
  }
  keepInput(held, holds, at);
  fastOut = out;
  return how;
}
