// A zlib stream (RFC 1950) of predicted raster samples: repeats of a byte, dynamic Huffman codes, nothing else. On such
// data that is as small as what an encoder with real matching makes (they have none that pay) at several times the speed.
// Data that has them (classes, masks, palettes) goes to zlib: src/cog/compress.ts chooses.

import { adler32 } from './adler';
import { alignBits, bitsAddress, bitsPending, bitsPendingCount, resumeBits, startBits } from './bits';
import { LITERAL_BITS_MAX, planBlock, plannedSymbols, storedBits, writePlanned, writeStored } from './block';
import { BLOCK_BYTES, countsAreSampled, findRuns, mayBeSampled } from './runs';

/** Deflate with a window of 32 KiB, default level, no dictionary (RFC 1950, section 2.2). */
const ZLIB_HEADER: u16 = 0x9c78;
const ZLIB_HEADER_BYTES: usize = 2;
const CHECKSUM_BYTES: usize = 4;

/** A flush of bits stores 8 bytes, whatever their number. */
const FLUSH_BYTES: usize = 8;

/** What a block of sampled counts can take beyond its size before it is written again, stored: 256 Ki literals of 14 bits. */
const OVERSHOOT_BYTES: usize = (BLOCK_BYTES * (LITERAL_BITS_MAX - 8)) / 8 + 512;

/**
 * Room for a stream of `length` bytes: each block stored, whose overhead is rounded up to whole bytes, and what one takes
 * before that shows.
 */
export function deflateBound(length: usize): usize {
  const wholeBlocks = length / BLOCK_BYTES;
  const bits = <u64>wholeBlocks * storedBits(BLOCK_BYTES) + storedBits(length - wholeBlocks * BLOCK_BYTES);
  return ZLIB_HEADER_BYTES + <usize>((bits + 7) >> 3) + CHECKSUM_BYTES + FLUSH_BYTES + overshoot(length);
}

function overshoot(length: usize): usize {
  return mayBeSampled(length) ? OVERSHOOT_BYTES : 0;
}

/** Bits that were written from a place on. */
@inline
function bitsSince(address: usize, count: u64): u64 {
  return (<u64>(bitsAddress() - address) << 3) + bitsPendingCount() - count;
}

/** Writes a planned block, or its bytes as they are where the plan was an estimate, and too low. */
function writeBest(from: usize, size: usize, last: u64): void {
  const address = bitsAddress();
  const pending = bitsPending();
  const count = bitsPendingCount();
  writePlanned(from, last);
  if (!countsAreSampled() || bitsSince(address, count) <= storedBits(size)) return;
  resumeBits(address, pending, count);
  writeStored(from, size, last);
}

/** Literals and matches of the last stream. */
let symbols: u64 = 0;

export function deflateSymbols(): usize {
  return <usize>symbols;
}

export function deflate(from: usize, length: usize, to: usize, capacity: usize): usize {
  if (capacity < deflateBound(length)) return 0;
  symbols = 0;
  store<u16>(to, ZLIB_HEADER);
  startBits(to + ZLIB_HEADER_BYTES);
  const end = from + length;
  let at = from;
  do {
    const left = end - at;
    const size: usize = left < BLOCK_BYTES ? left : BLOCK_BYTES;
    const last: u64 = size == left ? 1 : 0;
    findRuns(at, size, from);
    if (planBlock() < storedBits(size)) writeBest(at, size, last);
    else writeStored(at, size, last);
    symbols += plannedSymbols();
    at += size;
  } while (at < end);
  const checksumAt = alignBits();
  store<u32>(checksumAt, bswap(adler32(from, length)));
  return checksumAt + CHECKSUM_BYTES - to;
}
