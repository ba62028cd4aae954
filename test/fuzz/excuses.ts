import { inflateSync } from 'node:zlib';
import { isSwathError } from '@swath/core';
import { jp2Kind } from '@swath/raster/jp2/boxes';
import { bufferedSource } from '@swath/raster/source/buffered';
import { lru } from '@swath/raster/source/lru';
import { memorySource } from '@swath/raster/source/memory';
import { blockRows } from '@swath/raster/tiff/blocks';
import { isTiff } from '@swath/raster/tiff/ifd';
import { type ReadableImage, readImages } from '@swath/raster/tiff/levels';

/**
 * Why a file may have other pixels in GDAL than here without either being wrong.
 *
 * - `codec`: the codec leaves open what damaged data decode to (JPEG 2000; zstd without a checksum).
 * - `overrun`: a deflated last strip holds more rows than the image has left. libtiff gives libdeflate room for those
 *   rows alone, and libdeflate does not begin a match that would reach past its room: up to 257 bytes stay 0. Built with
 *   zlib, which ends in the middle of a match, libtiff reads what we read.
 */
export type Excuse = 'codec' | 'overrun';

/** The reason why readers may differ over these bytes, or undefined where a difference is somebody's fault. */
export async function excuseOf(bytes: Uint8Array): Promise<Excuse | undefined> {
  if (isUndefinedByCodec(bytes)) return 'codec';
  return (await overruns(bytes)) ? 'overrun' : undefined;
}

const ZSTD_MAGIC = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd);

/** Zstd frames have a checksum where bit 2 of the frame header descriptor is set (RFC 8878 section 3.1.1.1.1). */
function isUndefinedByCodec(bytes: Uint8Array): boolean {
  if (jp2Kind(bytes) !== undefined) return true;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = buffer.indexOf(ZSTD_MAGIC); at >= 0; at = buffer.indexOf(ZSTD_MAGIC, at + 4)) {
    if (((buffer[at + 4] ?? 4) & 4) === 0) return true;
  }
  return false;
}

const DEFLATE_CODES = new Set([8, 32946]);

async function overruns(bytes: Uint8Array): Promise<boolean> {
  if (!isTiff(bytes.subarray(0, 16))) return false;
  const source = bufferedSource(memorySource(bytes));
  try {
    const { main } = await readImages({ source, cache: lru(0), cacheKey: 'excuse' });
    const { layout } = main;
    if (layout.tiled || !DEFLATE_CODES.has(layout.compression)) return false;
    const planes = layout.planar === 'separate' ? layout.samples : 1;
    const last = Array.from({ length: planes }, (_, plane) => (plane + 1) * layout.down - 1);
    const place = await main.places();
    return last.some((index) => holdsMore(bytes, main, index, place(index)));
  } catch (error) {
    if (isSwathError(error)) return false;
    throw error;
  }
}

function holdsMore(
  bytes: Uint8Array,
  { layout }: ReadableImage,
  index: number,
  { offset, length }: { readonly offset: number; readonly length: number },
): boolean {
  const rows = blockRows(layout, index);
  if (length === 0 || rows === layout.blockHeight) return false;
  const stored = bytes.subarray(offset, offset + length);
  try {
    return inflateSync(stored, { maxOutputLength: layout.blockBytes }).length > rows * layout.rowBytes;
  } catch {
    // Nothing to excuse: such a strip ends in an error here.
    return false;
  }
}
