import { PICTURE_SIDE_MAX } from './limits.ts';
import { encodePng, tooLarge } from './png.ts';
import { type PictureInput, renderRgba } from './render.ts';

/** JPEG has no transparency: nodata becomes white there. */
export type PictureFormat = 'png' | 'webp' | 'jpeg';

/** WebP and JPEG quality: artefacts begin to show below 80 on smooth ramps. */
const QUALITY = 85;

/**
 * Encodes 8-bit RGBA; WebP and JPEG by sharp, which sees finished colours only: it never reads measurements, which its colour pipeline
 * changes.
 * @throws SwathError LimitExceeded above {@link PICTURE_SIDE_MAX}.
 */
export async function encodeRgba(
  rgba: Uint8Array,
  size: { readonly width: number; readonly height: number },
  format: PictureFormat,
): Promise<Uint8Array> {
  if (format === 'png') return encodePng(rgba, size);
  const { width, height } = size;
  if (Math.max(width, height) > PICTURE_SIDE_MAX) throw tooLarge(size);
  // Loaded when first needed: it takes 40 ms.
  const { default: sharp } = await import('sharp');
  const picture = sharp(rgba, { raw: { width, height, channels: 4 } });
  switch (format) {
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
