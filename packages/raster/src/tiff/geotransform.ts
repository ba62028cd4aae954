import type { Geotransform } from '@swath/geo';
import { corrupt, type Ifd, type TiffFile } from './ifd.ts';
import { tagDoubles } from './values.ts';

/** Numbers of the three georeferencing tags (GeoTIFF 1.1, Annex A to C). */
export interface GeoTags {
  readonly pixelScale: readonly number[] | undefined;
  readonly tiepoint: readonly number[] | undefined;
  readonly transformation: readonly number[] | undefined;
}

export async function readGeoTags(file: TiffFile, ifd: Ifd): Promise<GeoTags> {
  return {
    pixelScale: await tagDoubles(file, ifd, 'ModelPixelScale'),
    tiepoint: await tagDoubles(file, ifd, 'ModelTiepoint'),
    transformation: await tagDoubles(file, ifd, 'ModelTransformation'),
  };
}

/**
 * The affine that GDAL derives: scale and first tiepoint, else the 4 x 4 matrix; null with neither (several
 * tiepoints alone are ground control points). A negative scale in y is taken as positive. PixelIsPoint moves the
 * origin by half a pixel, because there the tiepoint names the centre.
 * @throws SwathError Corrupt when the numbers are not finite.
 */
export function geotransformOf(tags: GeoTags, pixelIsPoint: boolean, name: string): Geotransform | null {
  const { pixelScale, tiepoint, transformation } = tags;
  const [scaleX = 0, scaleY = 0] = pixelScale ?? [];
  let affine: [number, number, number, number, number, number];
  if (scaleX !== 0 && scaleY !== 0) {
    if (tiepoint === undefined || tiepoint.length < 6) return null;
    const [col = 0, row = 0, , x = 0, y = 0] = tiepoint;
    const height = -Math.abs(scaleY);
    affine = [x - col * scaleX, scaleX, 0, y - row * height, 0, height];
  } else if (transformation !== undefined && transformation.length === 16) {
    const m = transformation;
    affine = [m[3] ?? 0, m[0] ?? 0, m[1] ?? 0, m[7] ?? 0, m[4] ?? 0, m[5] ?? 0];
  } else {
    return null;
  }
  if (!affine.every(Number.isFinite))
    throw corrupt(name, `the geotransform is not finite: ${affine.join(', ')}`);
  if (pixelIsPoint) {
    affine[0] -= affine[1] * 0.5 + affine[2] * 0.5;
    affine[3] -= affine[4] * 0.5 + affine[5] * 0.5;
  }
  return affine;
}
