import { SwathError } from '@swath/core';
import type { PictureFormat } from '@swath/raster';
import { ZOOM_MAX } from './limits.ts';

/** A tile of WebMercatorQuad, rows counted from the north (XYZ, WMTS). */
export interface TileAddress {
  readonly z: number;
  readonly x: number;
  readonly y: number;
  /** 1 is 256 pixels, 2 is 512 of the same ground. */
  readonly scale: 1 | 2;
  readonly format: PictureFormat;
}

const formats: ReadonlyMap<string, PictureFormat> = new Map([
  ['png', 'png'],
  ['webp', 'webp'],
  ['jpg', 'jpeg'],
  ['jpeg', 'jpeg'],
]);

/** @throws SwathError InvalidInput naming the formats. */
export function pictureFormat(word: string): PictureFormat {
  const format = formats.get(word);
  if (format !== undefined) return format;
  throw new SwathError('InvalidInput', `"${word.slice(0, 20)}" is not a picture format.`, {
    pointer: '/format',
    fix: `Use ${[...formats.keys()].join(', ')}.`,
  });
}

export const mediaTypeOf: Readonly<Record<PictureFormat, string>> = {
  png: 'image/png',
  webp: 'image/webp',
  jpeg: 'image/jpeg',
};

function wholeNumber(text: string, name: string): number {
  // No signs, exponents or leading zeros: one tile has one address.
  if (/^(0|[1-9]\d{0,9})$/.test(text)) return Number(text);
  throw new SwathError(
    'InvalidInput',
    `The ${name} of a tile is a whole number, not "${text.slice(0, 20)}".`,
    {
      fix: 'Use {z}/{x}/{y}.png.',
    },
  );
}

/**
 * The last three segments of a tile's path. The last is `{y}`, an optional `@2x` and an optional extension.
 * @throws SwathError InvalidInput for anything that is no tile of the world.
 */
export function parseTileAddress(segments: {
  readonly z: string;
  readonly x: string;
  readonly y: string;
}): TileAddress {
  const match = /^([^.@]*)(@2x)?(?:\.([^.@]*))?$/.exec(segments.y);
  if (match === null) {
    throw new SwathError('InvalidInput', `"${segments.y.slice(0, 40)}" is not the row of a tile.`, {
      fix: 'Use {y}.png or {y}@2x.png.',
    });
  }
  const [, row = '', double, extension = 'png'] = match;
  const z = wholeNumber(segments.z, 'zoom');
  if (z > ZOOM_MAX) {
    throw new SwathError('InvalidInput', `Zoom ${z} is above ${ZOOM_MAX}.`, {
      fix: 'TileJSON says up to which zoom there is detail.',
    });
  }
  const x = wholeNumber(segments.x, 'column');
  const y = wholeNumber(row, 'row');
  const last = 2 ** z - 1;
  if (x > last || y > last) {
    throw new SwathError('InvalidInput', `Zoom ${z} has columns and rows 0 to ${last}, not ${x}/${y}.`);
  }
  return { z, x, y, scale: double === undefined ? 1 : 2, format: pictureFormat(extension) };
}
