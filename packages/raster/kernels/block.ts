// One DEFLATE block (RFC 1951, section 3.2): its codes from the counts of `runs.ts`, its size before it is written, and the
// writing, as dynamic Huffman codes or stored.

import {
  alignBits,
  bitsAddress,
  bitsPending,
  bitsPendingCount,
  flushBits,
  putBits,
  resumeBits,
  startBits,
} from './bits';
import { planHeader, writeHeader } from './block-header';
import { canonicalCodes, codeLengths } from './huffman';
import {
  literalCounts,
  literalsOfBlock,
  MATCH_BITS,
  MATCH_MASK,
  matchCounts,
  MAX_MATCH,
  stepsAddress,
  stepsCount,
} from './runs';

const END_OF_BLOCK: i32 = 256;
const FIRST_LENGTH_SYMBOL: i32 = 257;
const SYMBOLS: i32 = 286;

/**
 * Longest code of a literal or length. The format allows 15; 4 codes of 14 bits beside 7 pending ones are what a flush
 * takes at once.
 */
const CODE_LIMIT: i32 = 14;
export const LITERAL_BITS_MAX: usize = <usize>CODE_LIMIT;

/** Bytes of one stored piece, and bits of its header at most: 3, up to 7 to the end of the byte, twice 16 for the length. */
const STORED_BYTES: usize = 65_535;
const STORED_HEADER_BITS: u64 = 42;

/** Smallest match length of each length symbol, and the bits that follow it (RFC 1951, section 3.2.5). */
const lengthBases = memory.data<u16>([
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
]);
const lengthExtraBits = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
]);
const LENGTHS: i32 = 29;

const counts = memory.data(288 * 4, 16);
/** Lengths of the codes in use, followed by that of the only distance. */
const lengths = memory.data(288 + 16, 16);
const codes = memory.data(288 * 4, 16);
/** For each literal its code and two to the power of its length, 4 bytes each. */
const LITERALS: usize = memory.data(256 * 8, 16);
/** For each match length what stands for it: code, extra bits and the distance, as bits << 8 | number of bits. */
const matchCodes = memory.data(259 * 4, 16);

/** How many literal and length codes the header gives. */
let codesGiven: i32 = 0;

@inline
function word(table: usize, index: usize): u32 {
  return load<u32>(table + (index << 2));
}

/** Shortest match of the length symbols after this one. */
@inline
function nextBase(index: i32): i32 {
  return index + 1 < LENGTHS ? <i32>load<u16>(lengthBases + (<usize>(index + 1) << 1)) : MAX_MATCH + 1;
}

/** Counts of all symbols: literals, one end of block, and the symbols of the match lengths. */
function countSymbols(): void {
  memory.copy(counts, literalCounts(), 256 * 4);
  store<u32>(counts + END_OF_BLOCK * 4, 1);
  let match = <i32>load<u16>(lengthBases);
  for (let index = 0; index < LENGTHS; index++) {
    let sum: u32 = 0;
    const next = nextBase(index);
    while (match < next) {
      sum += word(matchCounts(), match);
      match++;
    }
    store<u32>(counts + (<usize>(FIRST_LENGTH_SYMBOL + index) << 2), sum);
  }
}

/** Makes the codes for the counts of `runs.ts`. @returns how many bits the block has with them, header included. */
export function planBlock(): u64 {
  countSymbols();
  codeLengths(counts, SYMBOLS, CODE_LIMIT, lengths);
  codesGiven = SYMBOLS;
  while (codesGiven > FIRST_LENGTH_SYMBOL && load<u8>(lengths + codesGiven - 1) == 0) codesGiven--;
  // Behind the last code stands that of the only distance: one bit, which the format allows to be an incomplete code.
  const beyond = load<u8>(lengths + codesGiven);
  store<u8>(lengths + codesGiven, 1);
  const headerBits = planHeader(lengths, codesGiven + 1);
  store<u8>(lengths + codesGiven, beyond);
  return headerBits + bodyBits();
}

function bodyBits(): u64 {
  let bits: u64 = 0;
  for (let symbol = 0; symbol < FIRST_LENGTH_SYMBOL; symbol++) {
    bits += <u64>word(counts, symbol) * <u64>load<u8>(lengths + symbol);
  }
  for (let index = 0; index < LENGTHS; index++) {
    const symbol = FIRST_LENGTH_SYMBOL + index;
    const each = <u64>load<u8>(lengths + symbol) + <u64>load<u8>(lengthExtraBits + index) + 1;
    bits += <u64>word(counts, symbol) * each;
  }
  return bits;
}

/** Literals and matches of the block that was planned last. */
export function plannedSymbols(): u64 {
  let sum: u64 = <u64>literalsOfBlock();
  for (let symbol = FIRST_LENGTH_SYMBOL; symbol < SYMBOLS; symbol++) sum += word(counts, symbol);
  return sum;
}

/** Most bits of `length` bytes stored. */
export function storedBits(length: usize): u64 {
  const pieces: u64 = length == 0 ? 1 : <u64>((length + STORED_BYTES - 1) / STORED_BYTES);
  return pieces * STORED_HEADER_BITS + 8 * <u64>length;
}

/** Writes bytes as they are. @param last - 1 for the last block of the stream, else 0 */
export function writeStored(from: usize, length: usize, last: u64): void {
  let at = from;
  let left = length;
  do {
    const piece: usize = left < STORED_BYTES ? left : STORED_BYTES;
    left -= piece;
    putBits(left == 0 ? last : 0, 3);
    const to = alignBits();
    store<u16>(to, <u16>piece);
    store<u16>(to + 2, ~(<u16>piece));
    memory.copy(to + 4, at, piece);
    startBits(to + 4 + piece);
    at += piece;
  } while (left > 0);
}

/** Joins the code, the extra bits and the distance, whose code is a single 0, of every match length. */
function joinMatchCodes(): void {
  let match = <i32>load<u16>(lengthBases);
  for (let index = 0; index < LENGTHS; index++) {
    const code = word(codes, FIRST_LENGTH_SYMBOL + index);
    const codeBits = code & 0xff;
    const base = match;
    const next = nextBase(index);
    const allBits = codeBits + <u32>load<u8>(lengthExtraBits + index) + 1;
    while (match < next) {
      const bits = (code >> 8) | (<u32>(match - base) << codeBits);
      store<u32>(matchCodes + (<usize>match << 2), (bits << 8) | allBits);
      match++;
    }
  }
}

/** Writes the block that was planned last. @param last - 1 for the last block of the stream, else 0 */
export function writePlanned(from: usize, last: u64): void {
  canonicalCodes(lengths, SYMBOLS, codes);
  writeHeader(last, codesGiven - FIRST_LENGTH_SYMBOL);
  joinMatchCodes();
  writeSteps(from);
  const end = word(codes, END_OF_BLOCK);
  putBits(end >> 8, end & 0xff);
  flushBits();
}

/** Puts codes and powers of literals side by side, for {@link literal}. */
function placeLiterals(): void {
  for (let byte = 0; byte < 256; byte++) {
    const code = word(codes, byte);
    store<u32>(<usize>byte << 3, code >> 8, LITERALS);
    store<u32>(<usize>byte << 3, 1 << (code & 0xff), LITERALS + 4);
  }
}

@inline
function codeAt(place: usize): u64 {
  return load<u32>(place, LITERALS);
}

@inline
function powerAt(place: usize): u64 {
  return load<u32>(place, LITERALS + 4);
}

/**
 * Writes literals and matches: the hot loop, with the state of the bits in locals. Codes are put behind each other by
 * products with powers of two, since a shift by a variable takes V8 four instructions.
 */
function writeSteps(from: usize): void {
  placeLiterals();
  let to = bitsAddress();
  let bits = bitsPending();
  let count = bitsPendingCount();
  let at = from;
  let step = stepsAddress();
  const lastStep = step + (<usize>stepsCount() << 2);
  while (step < lastStep) {
    const entry = load<u32>(step);
    step += 4;
    const literals = <usize>(entry >> MATCH_BITS);
    const match = <usize>(entry & MATCH_MASK);
    const end = at + literals;
    while (at + 8 <= end) {
      const a = <usize>load<u8>(at) << 3;
      const b = <usize>load<u8>(at, 1) << 3;
      const c = <usize>load<u8>(at, 2) << 3;
      const d = <usize>load<u8>(at, 3) << 3;
      const aPower = powerAt(a);
      const cPower = powerAt(c);
      const abPower = aPower * powerAt(b);
      bits |= (codeAt(a) + codeAt(b) * aPower + (codeAt(c) + codeAt(d) * cPower) * abPower) << count;
      count += ctz(abPower * cPower * powerAt(d));
      store<u64>(to, bits);
      to += <usize>(count >> 3);
      bits >>= count & 0x38;
      count &= 7;
      const e = <usize>load<u8>(at, 4) << 3;
      const f = <usize>load<u8>(at, 5) << 3;
      const g = <usize>load<u8>(at, 6) << 3;
      const h = <usize>load<u8>(at, 7) << 3;
      const ePower = powerAt(e);
      const gPower = powerAt(g);
      const efPower = ePower * powerAt(f);
      bits |= (codeAt(e) + codeAt(f) * ePower + (codeAt(g) + codeAt(h) * gPower) * efPower) << count;
      count += ctz(efPower * gPower * powerAt(h));
      store<u64>(to, bits);
      to += <usize>(count >> 3);
      bits >>= count & 0x38;
      count &= 7;
      at += 8;
    }
    while (at < end) {
      const place = <usize>load<u8>(at) << 3;
      at++;
      bits |= codeAt(place) << count;
      count += ctz(powerAt(place));
      store<u64>(to, bits);
      to += <usize>(count >> 3);
      bits >>= count & 0x38;
      count &= 7;
    }
    if (match != 0) {
      const code: u64 = word(matchCodes, match);
      bits |= (code >> 8) << count;
      count += code & 0xff;
      store<u64>(to, bits);
      to += <usize>(count >> 3);
      bits >>= count & ~7;
      count &= 7;
      at += match;
    }
  }
  resumeBits(to, bits, count);
}
