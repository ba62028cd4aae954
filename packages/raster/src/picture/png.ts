import { promisify } from 'node:util';
import { crc32, deflate } from 'node:zlib';
import { SwathError } from '@swath/core';
import { PICTURE_SIDE_MAX } from './limits.ts';

const compress = promisify(deflate);

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const BYTES_PER_PIXEL = 4;

/** Filter type 2: each byte minus the one above it, which leaves mostly zeros in areas of one colour. */
const UP = 2;

/** Length of the data, type, data, CRC-32 of type and data. */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(Buffer.from(type, 'latin1'), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

/** Rows, each behind its filter type. */
function filtered(rgba: Uint8Array, width: number, height: number): Uint8Array {
  const stride = width * BYTES_PER_PIXEL;
  const rows = new Uint8Array(height * (stride + 1));
  for (let y = 0, from = 0, at = 0; y < height; y++) {
    rows[at++] = UP;
    for (let i = 0; i < stride; i++, from++) rows[at++] = rgba[from]! - (y === 0 ? 0 : rgba[from - stride]!);
  }
  return rows;
}

/**
 * Encodes 8-bit RGBA as PNG (W3C PNG, third edition: color type 6, not interlaced), where there is no sharp: in worker threads
 * and in handlers without native code.
 * @throws SwathError LimitExceeded above PICTURE_SIDE_MAX; Bug for as many bytes as the size does not say.
 */
export async function encodePng(
  rgba: Uint8Array,
  { width, height }: { readonly width: number; readonly height: number },
): Promise<Uint8Array> {
  if (Math.max(width, height) > PICTURE_SIDE_MAX) {
    throw new SwathError(
      'LimitExceeded',
      `A picture of ${width} x ${height} is above ${PICTURE_SIDE_MAX} pixels.`,
      { fix: 'Ask for a smaller picture.' },
    );
  }
  const bytes = width * height * BYTES_PER_PIXEL;
  if (rgba.length !== bytes || bytes === 0) {
    throw new SwathError('Bug', `${rgba.length} bytes for ${width} x ${height} pixels of RGBA`);
  }
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header[8] = 8; // bits
  header[9] = 6; // truecolour with alpha
  const data = await compress(filtered(rgba, width, height));
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', data),
    chunk('IEND', new Uint8Array()),
  ]);
}
