import { setImmediate } from 'node:timers/promises';
import type { PixelWindow } from '@swath/geo';
import type { LevelInfo, RasterImage, RasterInfo } from '@swath/raster';
import { MAX_BANDS, MAX_DECODED_BYTES, STRIP_BYTES } from '../limits.ts';
import { addPixels, type Moments, noMoments } from './moments.ts';
import { Refused } from './refused.ts';

/** Bytes of one sample: `uint16` has 2, `complex64` 8. */
const sampleBytes = ({ dtype }: RasterInfo): number => Math.ceil(Number(/\d+$/.exec(dtype)?.[0] ?? 64) / 8);

/**
 * Decodes everything there is, once: all bands of all levels, in windows of whole blocks. What cannot be decoded fails
 * here and not in somebody's request.
 *
 * @returns statistics of the full resolution, by band.
 * @throws Refused TOO_LARGE before anything is decoded; what `readWindow` throws.
 */
export async function decodeAll(
  image: RasterImage,
  nodata: number | 'nan' | null,
  checkTime: () => void,
): Promise<readonly Moments[]> {
  const { info } = image;
  requireDecodable(info);
  const moments = info.bands.map(noMoments);
  for (const [level, size] of info.levels.entries()) {
    for (const window of windowsOf(size, sampleBytes(info) * info.bands.length)) {
      for (const [at, into] of moments.entries()) {
        checkTime();
        const { data, valid } = await image.readWindow({ band: at + 1, level, window });
        if (level === 0) addPixels(into, data, valid, nodata);
      }
      // Decoding is computing: whoever else this thread serves gets a turn.
      await setImmediate();
    }
  }
  return moments;
}

function requireDecodable(info: RasterInfo): void {
  const { bands, dtype, levels } = info;
  if (bands.length > MAX_BANDS) {
    throw new Refused('TOO_LARGE', `The file has ${bands.length} bands; at most ${MAX_BANDS}.`);
  }
  if (/complex|cint/.test(dtype)) {
    throw new Refused('UNSUPPORTED', `Samples of type ${dtype} are not computed with.`);
  }
  const pixels = levels.reduce((sum, { width, height }) => sum + width * height, 0);
  const bytes = pixels * bands.length * sampleBytes(info);
  if (bytes > MAX_DECODED_BYTES) {
    throw new Refused('TOO_LARGE', `Decoded, the file has ${bytes} bytes; at most ${MAX_DECODED_BYTES}.`);
  }
}

/** Whole blocks, row by row; as many side by side as fit `STRIP_BYTES`, one at least. */
export function* windowsOf(
  { width, height, blockWidth, blockHeight }: LevelInfo,
  pixelBytes: number,
): Generator<PixelWindow> {
  const fitting = Math.floor(STRIP_BYTES / (blockWidth * blockHeight * pixelBytes));
  const step = blockWidth * Math.max(1, fitting);
  for (let y = 0; y < height; y += blockHeight) {
    for (let x = 0; x < width; x += step) {
      yield { x, y, width: Math.min(step, width - x), height: Math.min(blockHeight, height - y) };
    }
  }
}
