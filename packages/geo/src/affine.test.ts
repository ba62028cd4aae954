import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyGeotransform,
  geotransformBounds,
  geotransformFromStac,
  geotransformToStac,
  invertGeotransform,
  pixelOf,
  pixelSize,
  windowGeotransform,
} from './affine.ts';
import type { Geotransform } from './types.ts';

const coordinate = fc.double({ min: -1e7, max: 1e7, noNaN: true });
const term = fc.double({ min: 0.1, max: 1000, noNaN: true });
const northUp = fc
  .tuple(coordinate, term, coordinate, term)
  .map(([x, w, y, h]): Geotransform => [x, w, 0, y, 0, -h]);
const rotated = fc
  .tuple(coordinate, coordinate, term, fc.double({ min: -3, max: 3, noNaN: true }))
  .map(
    ([x, y, size, angle]): Geotransform => [
      x,
      size * Math.cos(angle),
      size * Math.sin(angle),
      y,
      size * Math.sin(angle),
      -size * Math.cos(angle),
    ],
  );

describe('geotransforms', () => {
  it('come back from pixels to coordinates and back', () => {
    const pixel = fc.double({ min: -1e4, max: 1e4, noNaN: true });
    fc.assert(
      fc.property(fc.oneof(northUp, rotated), pixel, pixel, (gt, col, row) => {
        const [backCol, backRow] = pixelOf(gt, ...applyGeotransform(gt, col, row));
        expect(backCol).toBeCloseTo(col, 4);
        expect(backRow).toBeCloseTo(row, 4);
      }),
    );
  });

  it('are the identity when inverted twice', () => {
    const gt: Geotransform = [600000, 10, 2, 5700000, 3, -10];
    invertGeotransform(invertGeotransform(gt)).forEach((value, i) => {
      expect(value).toBeCloseTo(gt[i]!, 6);
    });
    expect(() => invertGeotransform([0, 1, 2, 0, 2, 4])).toThrow('has no inverse');
  });

  it('round trip through proj:transform of six and nine numbers', () => {
    const gt: Geotransform = [600000, 10, 1, 5700000, 2, -10];
    const six = geotransformToStac(gt);
    expect(six).toEqual([10, 1, 600000, 2, -10, 5700000]);
    expect(geotransformFromStac(six)).toEqual(gt);
    expect(geotransformFromStac([...six, 0, 0, 1])).toEqual(gt);
  });

  it('are null for a proj:transform that is none', () => {
    expect(geotransformFromStac([])).toBeNull();
    expect(geotransformFromStac([1, 2, 3, 4, 5])).toBeNull();
    expect(geotransformFromStac([10, 0, 0, 0, -10, 0, 0, 0, 2])).toBeNull();
    expect(geotransformFromStac([0, 0, 0, 0, 0, 0])).toBeNull();
    expect(geotransformFromStac([10, 0, Number.NaN, 0, -10, 0])).toBeNull();
  });

  it('give the windows and bounds of images', () => {
    const gt: Geotransform = [600000, 10, 0, 5700000, 0, -10];
    expect(windowGeotransform(gt, { x: 3, y: 5, width: 1, height: 1 })).toEqual([
      600030, 10, 0, 5699950, 0, -10,
    ]);
    expect(geotransformBounds(gt, 100, 200)).toEqual([600000, 5698000, 601000, 5700000]);
    expect(geotransformBounds([0, 0, 10, 0, 10, 0], 5, 3)).toEqual([0, 0, 30, 50]);
    expect(pixelSize([0, 3, -8, 0, 4, -6])).toEqual([5, 10]);
  });
});
