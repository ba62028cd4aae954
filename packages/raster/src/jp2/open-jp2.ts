import { SwathError } from '@swath/core';
import { decodeJ2k } from '../codec/openjpeg.ts';
import type { RasterImage, RasterInfo, SampleType, WindowPixels } from '../image.ts';
import { MAX_JP2_COMPONENTS, MAX_JP2_FILE_BYTES } from '../limits.ts';
import type { LevelContext } from '../tiff/levels.ts';
import { checkWindow } from '../tiff/read-window.ts';
import { copySamples, samplesOf } from '../tiff/samples.ts';
import { jp2Kind, scanBoxes } from './boxes.ts';
import { type CodestreamSize, readSize } from './codestream.ts';
import { readReference } from './georeference.ts';

function sampleType({ bits, signed }: CodestreamSize): SampleType {
  if (bits <= 8) return signed ? 'int8' : 'uint8';
  return signed ? 'int16' : 'uint16';
}

/**
 * Opens a JPEG 2000 file: boxes and the codestream's header are read now. The pixels are decoded whole at the first
 * window and kept in the opener's cache. One level: the reduced resolutions of the codestream are not offered.
 * @throws SwathError Corrupt, LimitExceeded (40 Mi samples, 256 MiB), Unsupported.
 */
export async function openJp2(context: LevelContext): Promise<RasterImage> {
  const { source } = context;
  const { name } = source;
  const sizeBytes = await source.size();
  if (sizeBytes > MAX_JP2_FILE_BYTES) {
    throw new SwathError(
      'LimitExceeded',
      `${name}: the JPEG 2000 file has ${sizeBytes} bytes, the limit is ${MAX_JP2_FILE_BYTES}`,
    );
  }
  const isFile = jp2Kind(await source.read(0, 12)) === 'jp2';
  const boxes = isFile ? await scanBoxes(source, sizeBytes) : [];
  const stream = isFile ? boxes.find((box) => box.type === 'jp2c') : { start: 0, end: sizeBytes };
  if (stream === undefined) throw new SwathError('Corrupt', `${name}: the JP2 file has no codestream box`);
  const { start, end } = stream;
  const headBytes = Math.min(42 + 3 * MAX_JP2_COMPONENTS, end - start);
  const size = readSize(await source.read(start, headBytes), name);
  const reference = await readReference(source, sizeBytes, boxes);
  const dtype = sampleType(size);
  const info: RasterInfo = {
    width: size.width,
    height: size.height,
    bands: Array.from({ length: size.components }, () => ({ scale: 1, offset: 0 })),
    dtype,
    crs: reference.crs,
    geotransform: reference.geotransform,
    nodata: null,
    levels: [
      { width: size.width, height: size.height, blockWidth: size.tileWidth, blockHeight: size.tileHeight },
    ],
    compression: 'jp2k',
    tags: {
      bits: size.bits,
      samples: size.components,
      ...(reference.reason === undefined ? {} : { crs_reason: reference.reason }),
    },
  };
  let decoding: Promise<Uint8Array> | undefined;

  async function decodeWhole(): Promise<Uint8Array> {
    const [codestream] = await source.readRanges([{ offset: start, length: end - start }]);
    if (codestream === undefined) throw new SwathError('Bug', `${name}: the codestream was not fetched`);
    return await decodeJ2k(codestream, size);
  }

  /** One decode serves windows that are asked for together; later ones find it in the cache or decode again. */
  async function pixels(): Promise<Uint8Array> {
    const kept = context.cache.get(context.cacheKey);
    if (kept !== undefined) return kept;
    decoding ??= decodeWhole().finally(() => {
      decoding = undefined;
    });
    const decoded = await decoding.catch((cause: unknown) => {
      if (!(cause instanceof SwathError)) throw cause;
      throw new SwathError(cause.code, `${name}: ${cause.message}`, { cause });
    });
    context.cache.set(context.cacheKey, decoded, decoded.length);
    return decoded;
  }

  return {
    name,
    info,
    async readWindow({ band, level, window, signal }): Promise<WindowPixels> {
      if (level !== 0) throw new SwathError('Bug', `${name}: level ${level} of 1`);
      if (!Number.isInteger(band) || band < 1 || band > size.components) {
        throw new SwathError('Bug', `${name}: band ${band} of ${size.components}`);
      }
      const sampleBytes = size.bits <= 8 ? 1 : 2;
      checkWindow(name, window, size, sampleBytes);
      if (signal?.aborted) throw new SwathError('Cancelled', `Reading ${name} was cancelled.`);
      const decoded = await pixels();
      const bytes = new Uint8Array(window.width * window.height * sampleBytes);
      copySamples(decoded, bytes, sampleBytes, {
        rows: window.height,
        columns: window.width,
        fromStart: (window.y * size.width + window.x) * size.components + band - 1,
        fromRow: size.width * size.components,
        fromStep: size.components,
        toStart: 0,
        toRow: window.width,
      });
      return { data: samplesOf(dtype, bytes) };
    },
    close: () => source.close(),
  };
}
