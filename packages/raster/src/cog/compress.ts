import { SwathError } from '@swath/core';
import type { KernelSpace } from '../kernels/space.ts';

/**
 * A zlib stream (RFC 1950) of bytes in kernel memory: the only place that knows how tiles are compressed.
 * @returns a view of kernel memory, dead after the next use of the space.
 */
export function compressTile(space: KernelSpace, at: number, length: number): Uint8Array {
  const capacity = space.kernels.deflateBound(length);
  const to = space.take(capacity);
  const written = space.kernels.deflate(at, length, to, capacity);
  if (written === 0) throw new SwathError('Bug', `${length} bytes do not deflate into ${capacity}`);
  return space.bytes(to, written);
}
