import { SwathError } from '@swath/core';

/**
 * A complete JPEG stream from the tables shared by all blocks (TIFF technote 2) and one abbreviated block, with an
 * Adobe marker that says how the components are meant: JPEG itself does not, and decoders guess YCbCr for three.
 */
export function completeJpeg(
  tables: Uint8Array | undefined,
  block: Uint8Array,
  colour: 'as-stored' | 'ycbcr',
): Uint8Array {
  if (block[0] !== 0xff || block[1] !== 0xd8) {
    throw new SwathError('Corrupt', 'the JPEG block does not begin with SOI');
  }
  const parts: Uint8Array[] = [Uint8Array.of(0xff, 0xd8), adobeMarker(colour === 'ycbcr' ? 1 : 0)];
  if (tables !== undefined) parts.push(tableSegments(tables));
  parts.push(withoutAdobe(block.subarray(2)));
  return Buffer.concat(parts);
}

/** APP14: "Adobe", version 100, two flag words, transform (0 none, 1 YCbCr). */
function adobeMarker(transform: 0 | 1): Uint8Array {
  return Uint8Array.of(0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, transform);
}

function tableSegments(tables: Uint8Array): Uint8Array {
  if (tables[0] !== 0xff || tables[1] !== 0xd8) {
    throw new SwathError('Corrupt', 'the JPEG tables do not begin with SOI');
  }
  const ends = tables.length >= 4 && tables.at(-2) === 0xff && tables.at(-1) === 0xd9;
  return tables.subarray(2, ends ? tables.length - 2 : tables.length);
}

/** Segments before the scan without APP0 and APP14, which would speak against ours. */
function withoutAdobe(body: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  let at = 0;
  while (at + 4 <= body.length && body[at] === 0xff) {
    const marker = body[at + 1] as number;
    if (marker === 0xda) break;
    if (marker === 0xff) {
      at++;
      continue;
    }
    const end = at + 2 + (body[at + 2] as number) * 256 + (body[at + 3] as number);
    if (end > body.length) {
      throw new SwathError('Corrupt', `a JPEG segment ends at ${end}, the block has ${body.length} bytes`);
    }
    if (marker !== 0xe0 && marker !== 0xee) parts.push(body.subarray(at, end));
    at = end;
  }
  parts.push(body.subarray(at));
  return Buffer.concat(parts);
}

/** Size, precision and components of the frame header. @throws SwathError Corrupt when there is none. */
export function jpegFrame(jpeg: Uint8Array): {
  readonly width: number;
  readonly height: number;
  readonly precision: number;
  readonly components: number;
} {
  let at = 2;
  while (at + 9 < jpeg.length && jpeg[at] === 0xff) {
    const marker = jpeg[at + 1] as number;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    const word = (offset: number): number =>
      (jpeg[at + offset] as number) * 256 + (jpeg[at + offset + 1] as number);
    if (isFrame) {
      return {
        precision: jpeg[at + 4] as number,
        height: word(5),
        width: word(7),
        components: jpeg[at + 9] as number,
      };
    }
    at += marker === 0xff ? 1 : 2 + word(2);
  }
  throw new SwathError('Corrupt', 'the JPEG block has no frame header');
}
