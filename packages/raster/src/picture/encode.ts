import { SwathError } from '@swath/core';
import { PICTURE_SIDE_MAX } from './limits.ts';
import { type PictureInput, renderRgba } from './render.ts';

/** JPEG has no transparency: nodata becomes white there. */
export type PictureFormat = 'png' | 'webp' | 'jpeg';

/** WebP and JPEG quality: artefacts begin to show below 80 on smooth ramps. */
const QUALITY = 85;

/**
 * Encodes 8-bit RGBA. sharp sees finished colours only: it never reads measurements, which its colour pipeline changes.
 * @throws SwathError LimitExceeded above {@link PICTURE_SIDE_MAX}.
 */
export async function encodeRgba(
  rgba: Uint8Array,
  size: { readonly width: number; readonly height: number },
  format: PictureFormat,
): Promise<Uint8Array> {
  const { width, height } = size;
  if (Math.max(width, height) > PICTURE_SIDE_MAX) {
    throw new SwathError(
      'LimitExceeded',
      `A picture of ${width} x ${height} is above ${PICTURE_SIDE_MAX} pixels.`,
      {
        fix: 'Ask for a smaller picture.',
      },
    );
  }
  // Loaded when first needed: it takes 40 ms.
  const { default: sharp } = await import('sharp');
  const picture = sharp(rgba, { raw: { width, height, channels: 4 } });
  switch (format) {
    case 'png':
      return picture.png({ compressionLevel: 6 }).toBuffer();
    case 'webp':
      return picture.webp({ quality: QUALITY }).toBuffer();
    case 'jpeg':
      return picture.flatten({ background: '#ffffff' }).jpeg({ quality: QUALITY }).toBuffer();
  }
}

/** A picture of values: {@link renderRgba}, encoded. */
export async function renderThumbnail(
  input: PictureInput & { readonly format?: PictureFormat },
): Promise<Uint8Array> {
  return encodeRgba(renderRgba(input), input, input.format ?? 'png');
}
