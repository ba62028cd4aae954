import { SwathError } from '@swath/core';

/** What a JPEG or WebP block must decode to: 8-bit samples, interleaved. */
export interface PictureShape {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

/**
 * One 8-bit JPEG or WebP picture as samples. libjpeg-turbo and libwebp through sharp: the same libraries as GDAL's,
 * so lossy pixels agree. Only 1, 3 and 4 channels as stored: no profile, no orientation, no colour conversion beyond
 * the YCbCr to RGB of the format itself.
 * @throws SwathError Corrupt when it does not decode to that shape.
 */
export async function decodePicture(
  format: 'jpeg' | 'webp',
  bytes: Uint8Array,
  shape: PictureShape,
): Promise<Uint8Array> {
  const { width, height, channels } = shape;
  // Loaded when first needed: most images have no such block, and it takes 30 ms.
  const { default: sharp } = await import('sharp');
  try {
    const image = sharp(format === 'webp' && channels === 4 ? withAlphaUsed(bytes) : bytes, {
      // A warning is damage that was papered over: Corrupt data before a marker, an early end.
      failOn: 'warning',
      limitInputPixels: width * height,
      ignoreIcc: true,
      sequentialRead: true,
    });
    const meta = await image.metadata();
    if (meta.format !== format) throw new SwathError('Corrupt', `the ${format} block holds ${meta.format}`);
    if (meta.width !== width || (meta.height ?? 0) > height) {
      throw new SwathError(
        'Corrupt',
        `the ${format} block is ${meta.width} x ${meta.height} pixels, it must be ${width} x ${height}`,
      );
    }
    const raw = channels === 1 ? image.toColourspace('b-w') : image;
    const opaque = format === 'webp' && channels === 4 && !meta.hasAlpha ? raw.ensureAlpha() : raw;
    const { data, info } = await opaque.raw().toBuffer({ resolveWithObject: true });
    const dropAlpha = info.channels === 4 && channels === 3;
    if (info.channels !== channels && !dropAlpha) {
      throw new SwathError(
        'Corrupt',
        `the ${format} block has ${info.channels} channels, it must have ${channels}`,
      );
    }
    return dropAlpha ? withoutAlpha(data) : data;
  } catch (cause) {
    if (cause instanceof SwathError) throw cause;
    throw new SwathError('Corrupt', `the ${format} block is broken`, { cause });
  }
}

/**
 * `alpha_is_used` of a VP8L header is a hint that "should not impact decoding" (WebP lossless specification, section 3):
 * libtiff decodes alpha whatever it says, libvips leaves it out where it is 0.
 */
function withAlphaUsed(webp: Uint8Array): Uint8Array {
  const isLossless = webp.length > 24 && webp[12] === 0x56 && webp[15] === 0x4c && webp[20] === 0x2f;
  if (!isLossless) return webp;
  const out = new Uint8Array(webp);
  out[24] = (out[24] ?? 0) | 0x10;
  return out;
}

function withoutAlpha(rgba: Uint8Array): Uint8Array {
  const out = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4) {
    out[to++] = rgba[from] as number;
    out[to++] = rgba[from + 1] as number;
    out[to++] = rgba[from + 2] as number;
  }
  return out;
}
