import { constants, deflateSync } from 'node:zlib';
import { SwathError } from '@swath/core';
import type { KernelSpace } from '../kernels/space.ts';

/** Level of zlib: its default, and GDAL's. */
const LEVEL = 6;

/**
 * Below so many bits a byte, and so many for each literal or match, the kernel's stream leaves matches that may pay:
 * classes, masks, flags, terrain with flat parts. The second tells them from measurements that are mostly masked: of 250 tiles
 * of Sentinel-2, Landsat, elevation, class maps and products of them, zlib makes those below both up to 38 % smaller
 * (flags; 11 % whole metres of elevation); above, up to 8 % at 60 MB/s, where the kernel does 1000.
 */
const TIDY_BITS_PER_BYTE = 1;
const TIDY_BITS_PER_SYMBOL = 5.2;
/** A tile of next to nothing, nodata above all, is a two-hundredth of its size by then: not worth the time of a second try. */
const EMPTY_BITS_PER_BYTE = 0.04;

/**
 * Bands that were resampled from a coarser grid by nearest neighbour have rows that repeat the one above, which zlib makes
 * about half as large. They are found by samples: so many places of a tile, so many bytes there, looked for in the bytes
 * that follow, a row of 1,024 singles at most. With every other row a repeat, half of the places find themselves again.
 */
const PROBES = 12;
const PROBE_BYTES = 32;
const PROBE_REACH_BYTES = 4096 + PROBE_BYTES;
const PROBES_FOUND = 3;
/** Places with fewer values are parts of runs, which tell nothing: the kernel has them anyway. */
const PROBE_MIN_VALUES = 8;

/** Whether noise repeats at a distance, as far as samples of the bytes tell. */
function repeatsRows(bytes: Uint8Array<ArrayBuffer>): boolean {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let found = 0;
  for (let probe = 0; probe < PROBES && found < PROBES_FOUND; probe++) {
    const at = Math.floor(((probe + 0.5) * all.length) / PROBES);
    const sample = all.subarray(at, at + PROBE_BYTES);
    if (sample.length < PROBE_BYTES || new Set(sample).size < PROBE_MIN_VALUES) continue;
    const behind = all.subarray(at + PROBE_BYTES, at + PROBE_BYTES + PROBE_REACH_BYTES);
    if (behind.includes(sample)) found++;
  }
  return found >= PROBES_FOUND;
}

/**
 * A zlib stream (RFC 1950) of `length` bytes at `at` of the space, a predicted tile: the kernel's, or zlib's where the tile
 * is tidy or repeats its rows and zlib's is smaller. Decided by the bytes alone. The space is left
 * as it was; the result may be a view of it, dead after the next use. The only place that knows how tiles are compressed.
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
    const bits = size * 8;
    const tidy =
      bits > length * EMPTY_BITS_PER_BYTE &&
      bits < length * TIDY_BITS_PER_BYTE &&
      bits < kernels.deflateSymbols() * TIDY_BITS_PER_SYMBOL;
    if (tidy || repeatsRows(space.bytes(at, length))) {
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
