import { SwathError } from '@swath/core';
import type { ByteSource } from '../image.ts';

/** Bytes [offset, offset + length) that exist in a source of `sizeBytes`. @throws SwathError Bug for negative or fractional input. */
export function clampRange(
  offset: number,
  length: number,
  sizeBytes: number,
): { start: number; end: number } {
  if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length) || offset < 0 || length < 0) {
    throw new SwathError('Bug', `range of ${length} bytes at ${offset} is not a range`);
  }
  return { start: Math.min(offset, sizeBytes), end: Math.min(offset + length, sizeBytes) };
}

/** A source over bytes in memory. Reads are views, not copies. */
export function memorySource(bytes: Uint8Array, name = 'memory'): ByteSource {
  return {
    name,
    async read(offset, length) {
      const { start, end } = clampRange(offset, length, bytes.length);
      return bytes.subarray(start, end);
    },
    async size() {
      return bytes.length;
    },
    async close() {},
  };
}
