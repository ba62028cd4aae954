import { isSwathError } from '@swath/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gridBounds, sameGrid, snapGrid, windowGrid } from './grid.ts';
import type { Bounds } from './types.ts';

const utm = { crs: 'EPSG:32631', resolution: [10, 10], anchor: [600000, 5700000] } as const;

describe('snapGrid', () => {
  it('snaps outwards to the lines of a Sentinel-2 tile', () => {
    const grid = snapGrid({ ...utm, bounds: [600014, 5699951, 600031, 5699998] });
    expect(grid).toEqual({
      crs: 'EPSG:32631',
      geotransform: [600010, 10, 0, 5700000, 0, -10],
      width: 3,
      height: 5,
    });
  });

  it('adds no pixel for floating dust', () => {
    const grid = snapGrid({
      crs: 'EPSG:4326',
      resolution: [0.1, 0.1],
      anchor: [0, 0],
      bounds: [0.1, 0.1, 0.1 + 0.2, 0.7],
    });
    expect([grid.width, grid.height]).toEqual([2, 6]);
    expect(
      snapGrid({ ...utm, bounds: [600010 - 1e-7, 5699990 - 1e-7, 600020 + 1e-7, 5700000 + 1e-7] }),
    ).toMatchObject({
      width: 1,
      height: 1,
    });
  });

  it('gives one pixel for a point', () => {
    expect(snapGrid({ ...utm, bounds: [600015, 5699995, 600015, 5699995] })).toMatchObject({
      width: 1,
      height: 1,
    });
    expect(snapGrid({ ...utm, bounds: [600010, 5699990, 600010, 5699990] })).toMatchObject({
      width: 1,
      height: 1,
    });
  });

  const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
  const bounds = fc
    .tuple(number(-1e6, 1e6), number(-1e6, 1e6), number(0, 1e5), number(0, 1e5))
    .map(([x, y, w, h]): Bounds => [x, y, x + w, y + h]);
  const input = fc.record({
    crs: fc.constant('EPSG:32631'),
    resolution: fc.tuple(number(0.01, 1000), number(0.01, 1000)),
    anchor: fc.tuple(number(-1e6, 1e6), number(-1e6, 1e6)),
    bounds,
  });

  it('contains the bounds, is no pixel too large, and lies on the lines of the anchor', () => {
    fc.assert(
      fc.property(input, (question) => {
        const grid = snapGrid(question);
        const [minX, minY, maxX, maxY] = gridBounds(grid);
        const [w, h] = question.resolution;
        const [dustX, dustY] = [w * 1e-5, h * 1e-5];
        const b = question.bounds;
        expect(minX).toBeLessThanOrEqual(b[0] + dustX);
        expect(minY).toBeLessThanOrEqual(b[1] + dustY);
        expect(maxX).toBeGreaterThanOrEqual(b[2] - dustX);
        expect(maxY).toBeGreaterThanOrEqual(b[3] - dustY);
        expect(maxX - minX).toBeLessThanOrEqual(b[2] - b[0] + 2 * w + dustX);
        expect(maxY - minY).toBeLessThanOrEqual(b[3] - b[1] + 2 * h + dustY);
        const cell = (minX - question.anchor[0]) / w;
        expect(Math.abs(cell - Math.round(cell))).toBeLessThan(1e-6);
      }),
      { numRuns: 500 },
    );
  });

  it('changes nothing when its own bounds are snapped again', () => {
    fc.assert(
      fc.property(input, (question) => {
        const once = snapGrid(question);
        const twice = snapGrid({ ...question, bounds: gridBounds(once) });
        expect(sameGrid(once, twice)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('refuses bounds that are none, and grids beyond any index', () => {
    const refused = (b: Bounds, code: 'InvalidInput' | 'LimitExceeded') => {
      try {
        snapGrid({ ...utm, bounds: b });
      } catch (error) {
        return isSwathError(error, code);
      }
      return false;
    };
    expect(refused([1, 0, 0, 1], 'InvalidInput')).toBe(true);
    expect(refused([Number.NaN, 0, 1, 1], 'InvalidInput')).toBe(true);
    expect(refused([0, 0, Infinity, 1], 'InvalidInput')).toBe(true);
    expect(refused([0, 0, 1e12, 1], 'LimitExceeded')).toBe(true);
  });
});

describe('windowGrid', () => {
  it('is the part of the grid under the window', () => {
    const grid = snapGrid({ ...utm, bounds: [600000, 5690000, 610000, 5700000] });
    expect(windowGrid(grid, { x: 100, y: 200, width: 50, height: 60 })).toEqual({
      crs: 'EPSG:32631',
      geotransform: [601000, 10, 0, 5698000, 0, -10],
      width: 50,
      height: 60,
    });
  });
});
