import { endianness } from 'node:os';
import { SwathError } from '@swath/core';
import type { KernelSpace } from '../kernels/space.ts';
import type { StoredType } from '../process/work.ts';
import { compressTile } from './compress.ts';
import { BYTES_PER_SAMPLE, nodataNumber } from './samples.ts';

if (endianness() !== 'LE') {
  throw new SwathError(
    'Unsupported',
    'The writer lays samples out as this machine does: little-endian only.',
  );
}

/** Stored samples of one tile in kernel memory, cut at the edge of the image: one plane a band. */
export interface TileSource {
  readonly width: number;
  readonly height: number;
  /** Address of the first sample of each band. */
  readonly planes: readonly number[];
  readonly rowBytes: number;
}

/** Compresses tiles of one image. */
export interface TileEncoder {
  /** The compressed tile; dead after the next use of the space. */
  encode(tile: TileSource): Uint8Array;
  /** A tile without a valid pixel: the same bytes as encoding it. */
  empty(): Uint8Array;
}

/**
 * Samples pixel-interleaved, little-endian, padded with nodata to the block, predicted (TIFF 6.0 section 14 for
 * integers, TIFF Technical Note 3 for floats) and deflated.
 */
export function tileEncoder(
  space: KernelSpace,
  stored: StoredType,
  bands: number,
  blockSize: number,
): TileEncoder {
  const { kernels } = space;
  const sampleBytes = BYTES_PER_SAMPLE[stored.dtype];
  const rowSamples = blockSize * bands;
  const rowBytes = rowSamples * sampleBytes;
  const tileBytes = rowBytes * blockSize;
  const isFloat = stored.dtype === 'float32';
  let emptyTile: Uint8Array | undefined;

  /** Predicts and compresses whole rows of a block. */
  function compress(from: number, fromRowBytes: number): Uint8Array {
    const predicted = space.take(tileBytes);
    if (isFloat) {
      const scratch = space.take(rowBytes);
      kernels.predictFloatingPoint(from, fromRowBytes, predicted, scratch, blockSize, rowSamples, bands);
    } else {
      kernels.predictHorizontal(from, fromRowBytes, predicted, blockSize, rowSamples, bands, sampleBytes);
    }
    return compressTile(space, predicted, tileBytes);
  }

  return {
    encode({ width, height, planes, rowBytes: fromRowBytes }) {
      const mark = space.mark();
      try {
        const [only] = planes;
        if (planes.length === 1 && only !== undefined && width === blockSize && height === blockSize) {
          return compress(only, fromRowBytes);
        }
        const block = space.take(tileBytes);
        if (width < blockSize || height < blockSize) fillNodata(space, block, tileBytes, stored);
        for (const [band, plane] of planes.entries()) {
          const to = block + band * sampleBytes;
          kernels.interleave(plane, fromRowBytes, width, height, to, rowBytes, bands, sampleBytes);
        }
        return compress(block, rowBytes);
      } finally {
        space.release(mark);
      }
    },
    empty() {
      if (emptyTile !== undefined) return emptyTile;
      const mark = space.mark();
      const block = space.take(tileBytes);
      fillNodata(space, block, tileBytes, stored);
      emptyTile = compress(block, rowBytes).slice();
      space.release(mark);
      return emptyTile;
    },
  };
}

/** Fills bytes at an address with samples of nodata. */
export function fillNodata(space: KernelSpace, at: number, bytes: number, stored: StoredType): void {
  const count = bytes / BYTES_PER_SAMPLE[stored.dtype];
  const nodata = nodataNumber(stored);
  const { buffer } = space.memory;
  switch (stored.dtype) {
    case 'uint8':
      new Uint8Array(buffer, at, count).fill(nodata);
      break;
    case 'uint16':
      new Uint16Array(buffer, at, count).fill(nodata);
      break;
    case 'int16':
      new Int16Array(buffer, at, count).fill(nodata);
      break;
    case 'int32':
      new Int32Array(buffer, at, count).fill(nodata);
      break;
    case 'float32':
      new Float32Array(buffer, at, count).fill(nodata);
      break;
  }
}
