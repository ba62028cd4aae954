import { promisify } from 'node:util';
import { crc32, deflate } from 'node:zlib';
import { SwathError } from '@swath/core';
import { PICTURE_SIDE_MAX } from './limits.ts';

const compress = promisify(deflate);

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const BYTES_PER_PIXEL = 4;

/** Filter type 0: bytes as they are, best for few colours. */
const NONE = 0;
/** Filter type 2: each byte minus the one above it, which leaves small numbers where colours change slowly. */
const UP = 2;

const PALETTE_MAX = 256;

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
function filtered(bytes: Uint8Array, stride: number, filter: typeof NONE | typeof UP): Uint8Array {
  const height = bytes.length / stride;
  const rows = new Uint8Array(height * (stride + 1));
  for (let y = 0, from = 0, at = 0; y < height; y++) {
    rows[at++] = filter;
    if (filter === NONE || y === 0) {
      rows.set(bytes.subarray(from, from + stride), at);
      at += stride;
      from += stride;
    } else {
      for (let i = 0; i < stride; i++, from++) rows[at++] = bytes[from]! - bytes[from - stride]!;
    }
  }
  return rows;
}

interface Indexed {
  /** An index into the palette per pixel. */
  readonly pixels: Uint8Array;
  readonly colours: Uint8Array;
  readonly alphas: Uint8Array;
}

/** The picture with a palette, in the order its colours are met; null when it has more than a palette holds. */
function indexed(rgba: Uint8Array): Indexed | null {
  const view = new DataView(rgba.buffer, rgba.byteOffset, rgba.byteLength);
  const pixels = new Uint8Array(rgba.length / BYTES_PER_PIXEL);
  const palette = new Map<number, number>();
  let last = -1;
  let lastIndex = 0;
  for (let i = 0; i < pixels.length; i++) {
    const colour = view.getUint32(i * BYTES_PER_PIXEL);
    if (colour !== last) {
      const known = palette.get(colour);
      if (known === undefined && palette.size === PALETTE_MAX) return null;
      lastIndex = known ?? palette.size;
      if (known === undefined) palette.set(colour, lastIndex);
      last = colour;
    }
    pixels[i] = lastIndex;
  }
  const colours = new Uint8Array(3 * palette.size);
  const alphas = new Uint8Array(palette.size);
  for (const [colour, index] of palette) {
    colours.set([colour >>> 24, (colour >>> 16) & 255, (colour >>> 8) & 255], 3 * index);
    alphas[index] = colour & 255;
  }
  return { pixels, colours, alphas };
}

export const tooLarge = ({
  width,
  height,
}: {
  readonly width: number;
  readonly height: number;
}): SwathError =>
  new SwathError('LimitExceeded', `A picture of ${width} x ${height} is above ${PICTURE_SIDE_MAX} pixels.`, {
    fix: 'Ask for a smaller picture.',
  });

/**
 * Encodes 8-bit RGBA as PNG (W3C PNG, third edition, not interlaced): with a palette (color type 3) when it has up to 256 colours, as
 * what is drawn with a ramp does, else as truecolour with alpha (6). Needs no native code, whose loading takes longer than this.
 * @throws SwathError LimitExceeded above PICTURE_SIDE_MAX; Bug for as many bytes as the size does not say.
 */
export async function encodePng(
  rgba: Uint8Array,
  { width, height }: { readonly width: number; readonly height: number },
): Promise<Uint8Array> {
  if (Math.max(width, height) > PICTURE_SIDE_MAX) throw tooLarge({ width, height });
  const bytes = width * height * BYTES_PER_PIXEL;
  if (rgba.length !== bytes || bytes === 0) {
    throw new SwathError('Bug', `${rgba.length} bytes for ${width} x ${height} pixels of RGBA`);
  }
  const small = indexed(rgba);
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header[8] = 8; // bits
  header[9] = small === null ? 6 : 3;
  const rows =
    small === null ? filtered(rgba, width * BYTES_PER_PIXEL, UP) : filtered(small.pixels, width, NONE);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    ...(small === null ? [] : [chunk('PLTE', small.colours), chunk('tRNS', small.alphas)]),
    chunk('IDAT', await compress(rows)),
    chunk('IEND', new Uint8Array()),
  ]);
}
