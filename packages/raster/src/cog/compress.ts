<<<<<<< HEAD
import { SwathError } from '@swath/core';
import type { KernelSpace } from '../kernels/space.ts';
=======
import { promisify } from 'node:util';
import { constants, deflate, deflateSync } from 'node:zlib';
import { SwathError } from '@swath/core';
import type { KernelSpace } from '../kernels/space.ts';

const deflateAsync = promisify(deflate);
>>>>>>> deflate

/**
 * A zlib stream (RFC 1950) of bytes in kernel memory: the only place that knows how tiles are compressed.
 * @returns a view of kernel memory, dead after the next use of the space.
 */
<<<<<<< HEAD
export function compressTile(space: KernelSpace, at: number, length: number): Uint8Array {
  const capacity = space.kernels.deflateBound(length);
  const to = space.take(capacity);
  const written = space.kernels.deflate(at, length, to, capacity);
  if (written === 0) throw new SwathError('Bug', `${length} bytes do not deflate into ${capacity}`);
  return space.bytes(to, written);
=======
const LEVEL = 6;

/**
 * Below so many bits a byte matches may pay: classes, masks, flags, terrain with flat parts. Of about 250 tiles of Sentinel-2,
 * Landsat, elevation, class maps and products of them, zlib makes those below it up to 38 % smaller (QA flags; 11 % whole
 * degrees of elevation), at 200 to 500 MB/s because little but runs is left; above it, up to 6 % at 60 MB/s, where the
 * kernel does 1000.
 */
const TIDY_BITS_PER_BYTE = 1;

/** A zlib stream (RFC 1950) of the bytes, made in libuv's pool. The only place that knows how tiles are compressed. */
export async function compressTile(bytes: Uint8Array): Promise<Uint8Array> {
  return deflateAsync(bytes, { level: LEVEL, memLevel: constants.Z_MAX_MEMLEVEL });
>>>>>>> deflate
}

/**
 * A zlib stream (RFC 1950) of `length` bytes at `at` of the space, a predicted tile: the kernel's, or zlib's where that is
 * tidy and zlib's is smaller. Decided by the bytes alone. The space is left as it was, the result is a copy.
 * @throws SwathError LimitExceeded when the space has no room for {@link Kernels.deflateBound}.
 */
export function compressSpace(space: KernelSpace, at: number, length: number): Uint8Array<ArrayBuffer> {
  const { kernels } = space;
  const mark = space.mark();
  try {
    const capacity = kernels.deflateBound(length);
    const to = space.take(capacity);
    const size = kernels.deflate(at, length, to, capacity);
    if (size === 0) throw new SwathError('Bug', `deflate refused ${length} bytes with room for ${capacity}`);
    if (size * 8 < length * TIDY_BITS_PER_BYTE) {
      const matched = deflateSync(space.bytes(at, length), {
        level: LEVEL,
        memLevel: constants.Z_MAX_MEMLEVEL,
      });
      if (matched.length < size) return matched;
    }
    return space.bytes(to, size).slice();
  } finally {
    space.release(mark);
  }
}
