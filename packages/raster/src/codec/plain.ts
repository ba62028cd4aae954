import { SwathError } from '@swath/core';
import type { KernelSpace } from '../kernels/space.ts';
import type { Layout } from '../tiff/layout.ts';
import { compressionName } from '../tiff/tags.ts';
import { decodeDeflate, decodeZstd } from './inflate.ts';
import { inflateAt } from './inflate-at.ts';
import { decodeLzw } from './lzw.ts';
import { decodePackbits } from './packbits.ts';
import { toHostOrder } from './predictor.ts';
import { mirrorBits } from './unpack.ts';

/** What a block holds besides what its layout says. */
export interface BlockContext {
  /** Less than the block height only for the last strip of a plane. */
  readonly rows: number;
  readonly order: 'little' | 'big';
}

const plainCompressions = new Set([1, 5, 8, 32946, 32773, 50000]);

/** Whether blocks are byte streams of whole samples: what {@link decodePlain} decodes without waiting for anything. */
export function isPlain({ compression, bits, format, dtype }: Layout): boolean {
  return (
    plainCompressions.has(compression) &&
    format < 5 &&
    dtype !== 'float16' &&
    (bits === 8 || bits === 16 || bits === 32 || bits === 64)
  );
}

/** The bytes of a block before predictor and byte order. @throws SwathError Corrupt, Unsupported. */
export function decompress(stored: Uint8Array, layout: Layout): Uint8Array {
  const input = layout.mirrored ? mirrorBits(stored) : stored;
  const capacity = layout.blockBytes;
  switch (layout.compression) {
    case 1:
      return input;
    case 5:
      return decodeLzw(input, capacity);
    case 8:
    case 32946:
      return decodeDeflate(input, capacity);
    case 32773:
      return decodePackbits(input, capacity);
    case 50000:
      return decodeZstd(input, capacity);
    default:
      throw new SwathError('Unsupported', `${compressionName(layout.compression)} compression`);
  }
}

/** Whether a block is a zlib stream of just the bytes that are wanted of it. */
function inflatesTo({ compression, mirrored, blockBytes }: Layout, length: number): boolean {
  return (compression === 8 || compression === 32946) && !mirrored && blockBytes === length;
}

/** Far above the size of Node's shared pool of small buffers. */
const LARGE_BYTES = 2 ** 17;

/**
 * Gives the memory of a decompressed block back at once: the collector lets 64 MiB a thread of such buffers pile up.
 */
export function freeNow({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength >= LARGE_BYTES) buffer.transfer(0);
}

/** The first `length` bytes. @throws SwathError Corrupt when there are fewer. */
export function atLeast(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length < length) {
    throw new SwathError('Corrupt', `the block decodes to ${bytes.length} bytes, it must be ${length}`);
  }
  return bytes.subarray(0, length);
}

/**
 * One block of a plain layout as samples in the host's byte order, row by row, at address `at` of the space, which has
 * room for `rows * rowBytes`. Deflate decodes there, anything else is copied once; predictors are undone in place.
 * @throws SwathError Corrupt when the block decodes short, long or not at all.
 */
export function decodePlain(
  stored: Uint8Array,
  layout: Layout,
  { rows, order }: BlockContext,
  space: KernelSpace,
  at: number,
): void {
  const { bits, rowBytes, predictor, blockSamples } = layout;
  const sampleBytes = bits / 8;
  const rowSamples = layout.blockWidth * blockSamples;
  const length = rows * rowBytes;
  if (inflatesTo(layout, length)) inflateAt(stored, space, at, length);
  else {
    const bytes = decompress(stored, layout);
    try {
      space.bytes(at, length).set(atLeast(bytes, length));
    } finally {
      if (bytes.buffer !== stored.buffer) freeNow(bytes);
    }
  }
  if (predictor === 3) {
    const mark = space.mark();
    const scratch = space.take(rowBytes);
    space.kernels.undoFloatingPoint(at, scratch, rows, rowSamples, blockSamples, sampleBytes);
    space.release(mark);
    return;
  }
  toHostOrder(space.bytes(at, length), sampleBytes, order);
  if (predictor === 2) space.kernels.undoHorizontal(at, rows, rowSamples, blockSamples, sampleBytes);
}
