// A zlib stream (RFC 1950) to exactly the bytes that are wanted. What is refused here is zlib's to judge
// (src/codec/inflate-into.ts): so this decoder may refuse what it likes, and has to accept nothing that zlib does not.

import { adler32 } from './adler';
import {
  distanceBase,
  distanceCode,
  distanceExtra,
  END_OF_BLOCK,
  isDistance,
  isLength,
  lengthBase,
  lengthExtra,
  lengthsCode,
  literalCode,
  makeDistanceTable,
  makeLiteralTable,
  readCode,
  walk,
} from './inflate-codes';
import { copyLong, inflateFast, makeRepeats, pendingLength } from './inflate-fast';
import { alignInput, bits, drop, inputEnd, refill, startInput, take } from './inflate-state';

const HEADER_BYTES: usize = 2;
const CHECKSUM_BYTES: usize = 4;
/** Deflate with a window of at most 32 KiB, no dictionary (RFC 1950, section 2.2). */
const METHOD_DEFLATE: u32 = 8;
const WINDOW_MAX: u32 = 7;
const DICTIONARY: u32 = 0x20;

const STORED: u32 = 0;
const FIXED: u32 = 1;
const DYNAMIC: u32 = 2;

const LITERALS_MAX: u32 = 286;
const DISTANCES_MAX: u32 = 30;
const FIXED_LITERALS: u32 = 288;
const FIXED_DISTANCES: u32 = 32;

/** Room that a match may take when it is copied by vectors. */
const MATCH_ROOM: usize = 258 + 32;

/** In what order the lengths of the code for lengths come. */
const lengthsOrder = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]);
const LENGTH_CODES: u32 = 19;
/** Code lengths of a block: literals, of which so many are given, then distances. */
let literalsGiven: u32 = 0;
const codeLengths = memory.data(288 + 32 + 16, 16);

let out: usize = 0;
let outEnd: usize = 0;

/** A block of bytes as they are. */
function copyStored(): bool {
  const from = alignInput();
  if (from + 4 > inputEnd) return false;
  const length: u32 = load<u16>(from);
  if ((length ^ 0xffff) != <u32>load<u16>(from + 2)) return false;
  const bytes = <usize>length;
  if (bytes > inputEnd - (from + 4) || bytes > outEnd - out) return false;
  memory.copy(out, from + 4, bytes);
  out += bytes;
  startInput(from + 4 + bytes, inputEnd - (from + 4 + bytes));
  return true;
}

function fixedCodes(): bool {
  literalsGiven = FIXED_LITERALS;
  memory.fill(codeLengths, 8, 144);
  memory.fill(codeLengths + 144, 9, 112);
  memory.fill(codeLengths + 256, 7, 24);
  memory.fill(codeLengths + 280, 8, 8);
  memory.fill(codeLengths + 288, 5, 32);
  return (
    readCode(literalCode, codeLengths, FIXED_LITERALS, false) &&
    readCode(distanceCode, codeLengths + 288, FIXED_DISTANCES, false)
  );
}

/** The codes at the head of a block. */
function dynamicCodes(): bool {
  if (!refill()) return false;
  const literals = take(5) + 257;
  const distances = take(5) + 1;
  const given = take(4) + 4;
  if (literals > LITERALS_MAX || distances > DISTANCES_MAX) return false;
  memory.fill(codeLengths, 0, LENGTH_CODES);
  for (let i: u32 = 0; i < given; i++) {
    if (!refill()) return false;
    store<u8>(codeLengths + <usize>load<u8>(lengthsOrder + <usize>i), <u8>take(3));
  }
  if (!readCode(lengthsCode, codeLengths, LENGTH_CODES, false)) return false;
  literalsGiven = literals;
  const wanted = literals + distances;
  let have: u32 = 0;
  while (have < wanted) {
    if (!refill()) return false;
    const found = walk(lengthsCode, bits);
    if (found == 0) return false;
    drop(found & 255);
    const symbol = found >> 8;
    if (symbol < 16) {
      store<u8>(codeLengths + <usize>have, <u8>symbol);
      have++;
      continue;
    }
    if (symbol == 16 && have == 0) return false;
    const value: u8 = symbol == 16 ? load<u8>(codeLengths + <usize>(have - 1)) : 0;
    const times = symbol == 16 ? 3 + take(2) : symbol == 17 ? 3 + take(3) : 11 + take(7);
    if (have + times > wanted) return false;
    memory.fill(codeLengths + <usize>have, value, <usize>times);
    have += times;
  }
  if (load<u8>(codeLengths + <usize>END_OF_BLOCK) == 0) return false;
  return (
    readCode(literalCode, codeLengths, literals, true) &&
    readCode(distanceCode, codeLengths + <usize>literals, distances, true)
  );
}

/** The bytes of a match. @returns whether there is what it repeats, and room for it. */
function copyMatch(start: usize, distance: usize, length: usize): bool {
  if (distance > out - start || length > outEnd - out) return false;
  if (outEnd - out >= MATCH_ROOM) {
    copyLong(out, distance, length);
    out += length;
    return true;
  }
  for (const end = out + length; out < end; out++) store<u8>(out, load<u8>(out - distance));
  return true;
}

/** How likely the code of the block takes a match to be next, in 2^-15. */
function matchShare(): u32 {
  let share: u32 = 0;
  for (let symbol = END_OF_BLOCK + 1; symbol < literalsGiven; symbol++) {
    const length: u32 = load<u8>(codeLengths + <usize>symbol);
    if (length > 0) share += (<u32>1 << 15) >> length;
  }
  return share;
}

function inflateCoded(start: usize): bool {
  makeLiteralTable();
  makeDistanceTable();
  while (refill()) {
    out = inflateFast(start, out, outEnd);
    if (!refill()) return false;
    let length = pendingLength;
    if (length == 0) {
      const found = walk(literalCode, bits);
      if (found == 0) return false;
      drop(found & 255);
      const symbol = found >> 8;
      if (symbol < END_OF_BLOCK) {
        if (out >= outEnd) return false;
        store<u8>(out, <u8>symbol);
        out++;
        continue;
      }
      if (symbol == END_OF_BLOCK) return true;
      if (!isLength(symbol)) return false;
      length = lengthBase(symbol) + take(lengthExtra(symbol));
    }
    const far = walk(distanceCode, bits);
    if (far == 0 || !isDistance(far >> 8)) return false;
    drop(far & 255);
    const distance = distanceBase(far >> 8) + take(distanceExtra(far >> 8));
    if (!copyMatch(start, <usize>distance, <usize>length)) return false;
  }
  return false;
}

function inflateBlocks(start: usize, leastShare: u32): bool {
  let isFirst = true;
  while (refill()) {
    const isLast = take(1);
    const kind = take(2);
    if (kind == STORED) {
      if (!copyStored()) return false;
    } else if (kind == FIXED || kind == DYNAMIC) {
      if (!(kind == FIXED ? fixedCodes() : dynamicCodes())) return false;
      if (isFirst && matchShare() < leastShare) return false;
      isFirst = false;
      if (!inflateCoded(start)) return false;
    } else return false;
    if (isLast != 0) return true;
  }
  return false;
}

export function inflate(from: usize, length: usize, to: usize, wanted: usize, leastShare: u32): bool {
  if (length < HEADER_BYTES + CHECKSUM_BYTES) return false;
  const method: u32 = load<u8>(from);
  const flags: u32 = load<u8>(from + 1);
  if ((method & 15) != METHOD_DEFLATE || method >> 4 > WINDOW_MAX) return false;
  if (((method << 8) | flags) % 31 != 0 || (flags & DICTIONARY) != 0) return false;
  makeRepeats();
  startInput(from + HEADER_BYTES, length - HEADER_BYTES);
  out = to;
  outEnd = to + wanted;
  if (!inflateBlocks(to, leastShare) || out != outEnd) return false;
  const checksumAt = alignInput();
  if (checksumAt + CHECKSUM_BYTES > inputEnd) return false;
  return bswap<u32>(load<u32>(checksumAt)) == adler32(to, wanted);
}
