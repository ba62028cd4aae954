import { isSwathError } from '@swath/core';
import type { RasterImage, Samples, SampleType, WindowRequest } from '@swath/raster';
import { createKernelSpace } from '@swath/raster/kernels/space';
import { openFormat } from '@swath/raster/open-located';
import { bufferedSource } from '@swath/raster/source/buffered';
import { lru } from '@swath/raster/source/lru';
import { memorySource } from '@swath/raster/source/memory';

/** At most so many pixels in each direction are read of every level, and so many bands: reading must stay cheap. */
export const WINDOW = 64;
export const MAX_BANDS = 4;
const CACHE_BYTES = 8 << 20;

/** Pixels of the top left window of one band, or the error that reading it ended in. */
export interface BandRead {
  readonly level: number;
  readonly band: number;
  readonly width: number;
  readonly height: number;
  readonly data?: Samples;
  readonly error?: unknown;
}

/** How reading a file ended: an image with its windows, or the error of opening. */
export type Outcome =
  | { readonly kind: 'image'; readonly info: RasterImage['info']; readonly reads: readonly BandRead[] }
  | { readonly kind: 'refused'; readonly error: unknown };

/** Opens bytes as the opener does and reads a window of each level of each band. Never throws: errors are the outcome. */
export async function readSome(bytes: Uint8Array, name = 'mutant.tif'): Promise<Outcome> {
  let image: RasterImage;
  try {
    image = await openFormat(
      { source: bufferedSource(memorySource(bytes, name)), cache: lru(CACHE_BYTES), cacheKey: 'fuzz' },
      async () => ({}),
    );
  } catch (error) {
    return { kind: 'refused', error };
  }
  const reads: BandRead[] = [];
  for (const [level, size] of image.info.levels.entries()) {
    const window = { x: 0, y: 0, width: Math.min(size.width, WINDOW), height: Math.min(size.height, WINDOW) };
    for (let band = 1; band <= Math.min(image.info.bands.length, MAX_BANDS); band++) {
      const place = { level, band, width: window.width, height: window.height };
      try {
        // Into kernel memory first: what is decoded there is not kept, so both ways decode.
        const placed = await readPlaced(image, { band, level, window });
        const { data } = await image.readWindow({ band, level, window });
        if (placed !== undefined && !placed.equals(bytesOf(data))) {
          throw new Error('kernel memory holds other samples than the window');
        }
        reads.push({ ...place, data });
      } catch (error) {
        reads.push({ ...place, error });
      }
    }
  }
  return { kind: 'image', info: image.info, reads };
}

const space = createKernelSpace();

const bytesOf = ({ buffer, byteOffset, byteLength }: Samples): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

const SAMPLE_BYTES_MAX = 8;

/** The bytes of a window read into kernel memory; undefined for images that cannot. */
async function readPlaced(image: RasterImage, request: WindowRequest): Promise<Buffer | undefined> {
  if (image.readInto === undefined) return undefined;
  const { width, height } = request.window;
  const mark = space.mark();
  try {
    const at = space.take(width * height * SAMPLE_BYTES_MAX);
    await image.readInto(request, { space, at });
    return Buffer.from(space.bytes(at, width * height * sampleBytes(image.info.dtype)).slice());
  } finally {
    space.release(mark);
  }
}

function sampleBytes(dtype: SampleType): number {
  if (dtype === 'float16') return 4;
  return Number(/\d+$/.exec(dtype)?.[0] ?? 0) / 8;
}

const ALLOWED = new Set(['Corrupt', 'Unsupported', 'LimitExceeded']);

/** The first error of an outcome that a file may not cause: anything but Corrupt, Unsupported and LimitExceeded. */
export function untyped(outcome: Outcome): unknown {
  const errors =
    outcome.kind === 'refused'
      ? [outcome.error]
      : outcome.reads.flatMap((read) => (read.error === undefined ? [] : [read.error]));
  return errors.find((error) => !isSwathError(error) || !ALLOWED.has(error.code));
}
