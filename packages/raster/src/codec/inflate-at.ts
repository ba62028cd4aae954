import type { KernelSpace } from '../kernels/space.ts';
import {
  KERNEL_BLOCK_BYTES,
  KERNEL_INFLATE_MATCH_SHARE,
  KERNEL_INFLATE_MAX_RATIO,
  KERNEL_INFLATE_MIN_BYTES,
} from '../limits.ts';
import { inflateInto } from './inflate-into.ts';

/** What the kernel is asked to refuse, as {@link Kernels.inflate} takes it. */
export const LEAST_SHARE = Math.round(KERNEL_INFLATE_MATCH_SHARE * 2 ** 15);

/** Whether a stream may be of the kind that the kernel is the faster one for, as far as its size tells. */
export function isForKernel(storedBytes: number, length: number): boolean {
  return (
    length >= KERNEL_INFLATE_MIN_BYTES &&
    length <= KERNEL_BLOCK_BYTES &&
    storedBytes <= length &&
    storedBytes * KERNEL_INFLATE_MAX_RATIO >= length
  );
}

/**
 * Decodes with the kernel, whatever the stream is like: the stored bytes are copied into kernel memory first.
 * @param leastShare as {@link Kernels.inflate} takes it.
 * @returns whether the stream decodes to just so many bytes; what is not accepted may be broken or not.
 */
export function inflateWithKernel(
  stored: Uint8Array,
  space: KernelSpace,
  at: number,
  length: number,
  leastShare: number,
): boolean {
  const mark = space.mark();
  const from = space.take(stored.length);
  space.bytes(from, stored.length).set(stored);
  const isDecoded = space.kernels.inflate(from, stored.length, at, length, leastShare) === 1;
  space.release(mark);
  return isDecoded;
}

/**
 * Decodes a zlib stream (RFC 1950) to exactly `length` bytes at an address of the space; on failure they hold anything. What
 * the kernel does not accept is decoded by zlib, so that zlib alone says what is broken, and how.
 * @throws SwathError Corrupt when the stream is broken, or decodes to fewer or more bytes.
 */
export function inflateAt(stored: Uint8Array, space: KernelSpace, at: number, length: number): void {
  if (isForKernel(stored.length, length) && space.fits(stored.length)) {
    if (inflateWithKernel(stored, space, at, length, LEAST_SHARE)) return;
  }
  inflateInto(stored, space.bytes(at, length));
}
