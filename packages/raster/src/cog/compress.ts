import { constants, deflateSync } from 'node:zlib';
import { SwathError } from '@swath/core';
import type { KernelSpace } from '../kernels/space.ts';

/** Level of zlib for tidy tiles: its default, and GDAL's. */
const LEVEL = 6;

/**
 * Below so many bits a byte matches may pay: classes, masks, flags, terrain with flat parts. Of about 250 tiles of Sentinel-2,
 * Landsat, elevation, class maps and products of them, zlib makes those below it up to 38 % smaller (QA flags; 11 % whole
 * degrees of elevation), at 200 to 500 MB/s because little but runs is left; above it, up to 6 % at 60 MB/s, where the
 * kernel does 1000.
 */
const TIDY_BITS_PER_BYTE = 1;

/**
 * A zlib stream (RFC 1950) of `length` bytes at `at` of the space, a predicted tile: the kernel's, or zlib's where that is
 * tidy and zlib's is smaller. Decided by the bytes alone. The space is left as it was; the result may be a view of it,
 * dead after the next use. The only place that knows how tiles are compressed.
 * @throws SwathError LimitExceeded when the space has no room for {@link Kernels.deflateBound}.
 */
export function compressTile(space: KernelSpace, at: number, length: number): Uint8Array {
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
    return space.bytes(to, size);
  } finally {
    space.release(mark);
  }
}
