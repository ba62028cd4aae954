// The header of a block with codes of its own (RFC 1951, section 3.2.7): the lengths of its codes, which are coded too.

import { flushBits, putBits } from './bits';
import { canonicalCodes, codeLengths } from './huffman';

/** Lengths of codes are coded too; their codes have at most 7 bits. */
const LENGTH_SYMBOLS: i32 = 19;
const LENGTH_CODE_LIMIT: i32 = 7;
/** Symbols of the code of lengths: the last length again 3 to 6 times, 3 to 10 zeros, 11 to 138 zeros. */
const AGAIN: i32 = 16;
const ZEROS: i32 = 17;
const MANY_ZEROS: i32 = 18;

/** The order in which a header gives the lengths of the code of lengths (RFC 1951, section 3.2.7). */
const headerOrder = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]);

/** The header's lengths as symbols, with what follows each: symbol | extra << 8, 2 bytes each. */
const headerSymbols = memory.data(320 * 2, 16);
let headerSymbolCount: i32 = 0;
const headerCounts = memory.data(19 * 4, 16);
const headerLengths = memory.data(32, 16);
const headerCodes = memory.data(19 * 4, 16);
/** How many lengths of the code of lengths the header gives. */
let headerLengthsGiven: i32 = 0;

@inline
function word(table: usize, index: usize): u32 {
  return load<u32>(table + (index << 2));
}

@inline
function addToWord(table: usize, index: usize, value: u32): void {
  const at = table + (index << 2);
  store<u32>(at, load<u32>(at) + value);
}

@inline
function addHeaderSymbol(symbol: i32, extra: i32): void {
  store<u16>(headerSymbols + (<usize>headerSymbolCount << 1), <u16>(symbol | (extra << 8)));
  headerSymbolCount++;
  addToWord(headerCounts, symbol, 1);
}

/** Puts the code lengths, of `count` symbols, into the symbols of the header. */
function describeLengths(lengths: usize, count: i32): void {
  headerSymbolCount = 0;
  memory.fill(headerCounts, 0, LENGTH_SYMBOLS * 4);
  let at = 0;
  while (at < count) {
    const length: i32 = load<u8>(lengths + at);
    let left = 1;
    while (at + left < count && <i32>load<u8>(lengths + at + left) == length) left++;
    at += left;
    if (length == 0) {
      while (left >= 11) {
        const zeros = left < 138 ? left : 138;
        addHeaderSymbol(MANY_ZEROS, zeros - 11);
        left -= zeros;
      }
      if (left >= 3) {
        addHeaderSymbol(ZEROS, left - 3);
        left = 0;
      }
    } else {
      addHeaderSymbol(length, 0);
      left--;
      while (left >= 3) {
        const again = left < 6 ? left : 6;
        addHeaderSymbol(AGAIN, again - 3);
        left -= again;
      }
    }
    while (left > 0) {
      addHeaderSymbol(length, 0);
      left--;
    }
  }
}

@inline
function headerExtraBits(symbol: i32): i32 {
  return symbol == AGAIN ? 2 : symbol == ZEROS ? 3 : symbol == MANY_ZEROS ? 7 : 0;
}

function headerBits(): u64 {
  let bits: u64 = 3 + 5 + 5 + 4 + 3 * headerLengthsGiven;
  for (let symbol = 0; symbol < LENGTH_SYMBOLS; symbol++) {
    const each = <i32>load<u8>(headerLengths + symbol) + headerExtraBits(symbol);
    bits += <u64>word(headerCounts, symbol) * <u64>each;
  }
  return bits;
}

/**
 * Plans a header for code lengths.
 * @param lengths - a byte each: of literals and match lengths, then of distances
 * @returns its bits
 */
export function planHeader(lengths: usize, count: i32): u64 {
  describeLengths(lengths, count);
  codeLengths(headerCounts, LENGTH_SYMBOLS, LENGTH_CODE_LIMIT, headerLengths);
  headerLengthsGiven = LENGTH_SYMBOLS;
  while (headerLengthsGiven > 4 && load<u8>(headerLengths + load<u8>(headerOrder + headerLengthsGiven - 1)) == 0) {
    headerLengthsGiven--;
  }
  return headerBits();
}

/**
 * Writes the header that was planned last.
 * @param last - 1 for the last block of the stream, else 0
 * @param lengthCodes - codes of match lengths that it gives
 */
export function writeHeader(last: u64, lengthCodes: i32): void {
  canonicalCodes(headerLengths, LENGTH_SYMBOLS, headerCodes);
  putBits(last | (2 << 1), 3);
  putBits(lengthCodes, 5);
  putBits(0, 5);
  putBits(headerLengthsGiven - 4, 4);
  flushBits();
  for (let i = 0; i < headerLengthsGiven; i++) {
    putBits(load<u8>(headerLengths + load<u8>(headerOrder + i)), 3);
    flushBits();
  }
  for (let i = 0; i < headerSymbolCount; i++) {
    const entry: u32 = load<u16>(headerSymbols + (<usize>i << 1));
    const symbol = <i32>(entry & 0xff);
    const code = word(headerCodes, symbol);
    putBits(code >> 8, code & 0xff);
    putBits(entry >> 8, headerExtraBits(symbol));
    flushBits();
  }
}
