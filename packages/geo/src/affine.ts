import { SwathError } from '@swath/core';
import type { Bounds, Geotransform, PixelWindow } from './types.ts';

/** `[x, y]` of the fractional pixel position (col, row); (0.5, 0.5) is the centre of the first pixel. */
export function applyGeotransform(gt: Geotransform, col: number, row: number): [x: number, y: number] {
  return [gt[0] + col * gt[1] + row * gt[2], gt[3] + col * gt[4] + row * gt[5]];
}

/**
 * The inverse transform: applied to (x, y) it gives (col, row).
 * @throws SwathError InvalidInput when the pixels have no area.
 */
export function invertGeotransform(gt: Geotransform): Geotransform {
  const determinant = gt[1] * gt[5] - gt[2] * gt[4];
  if (determinant === 0 || !Number.isFinite(determinant)) {
    throw new SwathError('InvalidInput', `The geotransform [${gt.join(', ')}] has no inverse.`, {
      fix: 'Use an image whose pixels have a width and a height.',
    });
  }
  const colPerX = gt[5] / determinant;
  const colPerY = -gt[2] / determinant;
  const rowPerX = -gt[4] / determinant;
  const rowPerY = gt[1] / determinant;
  return [
    -gt[0] * colPerX - gt[3] * colPerY,
    colPerX,
    colPerY,
    -gt[0] * rowPerX - gt[3] * rowPerY,
    rowPerX,
    rowPerY,
  ];
}

/** Fractional (col, row) of a point. Exact to the last bit at grid lines of an unrotated grid whose origin is exact. */
export function pixelOf(gt: Geotransform, x: number, y: number): [col: number, row: number] {
  if (gt[2] === 0 && gt[4] === 0) return [(x - gt[0]) / gt[1], (y - gt[3]) / gt[5]];
  const inverse = invertGeotransform(gt);
  return applyGeotransform(inverse, x, y);
}

/** The transform of the image that a window cuts out. */
export function windowGeotransform(gt: Geotransform, window: PixelWindow): Geotransform {
  const [x, y] = applyGeotransform(gt, window.x, window.y);
  return [x, gt[1], gt[2], y, gt[4], gt[5]];
}

/** Outer bounds of `width` x `height` pixels, rotated or not. */
export function geotransformBounds(gt: Geotransform, width: number, height: number): Bounds {
  const corners = [
    applyGeotransform(gt, 0, 0),
    applyGeotransform(gt, width, 0),
    applyGeotransform(gt, 0, height),
    applyGeotransform(gt, width, height),
  ];
  const xs = corners.map(([x]) => x);
  const ys = corners.map(([, y]) => y);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** Sizes of one pixel, both positive, in units of the CRS; of a rotated grid, the lengths of its pixel edges. */
export function pixelSize(gt: Geotransform): [width: number, height: number] {
  return [Math.hypot(gt[1], gt[4]), Math.hypot(gt[2], gt[5])];
}

/** True when rows run along x and columns along y. */
export function isNorthAligned(gt: Geotransform): boolean {
  return gt[2] === 0 && gt[4] === 0;
}

/**
 * `proj:transform` of STAC: the affine matrix row by row, `x = t[0] * col + t[1] * row + t[2]`; 9 numbers add `0, 0, 1`.
 * @returns null unless it has 6 or 9 finite numbers, the last row of 9 is `0, 0, 1`, and pixels have an area.
 */
export function geotransformFromStac(transform: readonly number[]): Geotransform | null {
  if (transform.length !== 6 && transform.length !== 9) return null;
  if (!transform.every(Number.isFinite)) return null;
  if (transform.length === 9 && (transform[6] !== 0 || transform[7] !== 0 || transform[8] !== 1)) return null;
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = transform;
  if (a * e - b * d === 0) return null;
  return [c, a, b, f, d, e];
}

/** `proj:transform` with 6 numbers. */
export function geotransformToStac(
  gt: Geotransform,
): [a: number, b: number, c: number, d: number, e: number, f: number] {
  return [gt[1], gt[2], gt[0], gt[4], gt[5], gt[3]];
}
