import type { Grid } from '@swath/geo';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryImage } from '../../../../test/support/memory-image.ts';
import type { RasterImage } from '../image.ts';
import type { Resampling } from '../process/work.ts';
import { coarsenessOf, kernelScale, levelFor } from './level.ts';
import { POSITION_ERROR_PX } from './limits.ts';
import { patchesOf, patchPosition } from './patches.ts';
import { positionMap } from './positions.ts';
import { readOnGrid } from './read-on-grid.ts';

const UTM = 'EPSG:32631';
const source = (width: number, height: number, at: (x: number, y: number) => number) =>
  memoryImage({
    name: 's',
    crs: UTM,
    geotransform: [500000, 10, 0, 5000000, 0, -10],
    width,
    height,
    nodata: 0,
    at,
  });

const gridOf = (originX: number, originY: number, size: number, width: number, height: number): Grid => ({
  crs: UTM,
  geotransform: [originX, size, 0, originY, 0, -size],
  width,
  height,
});

async function bring(image: RasterImage, grid: Grid, resampling: Resampling): Promise<number[]> {
  const window = { x: 0, y: 0, width: grid.width, height: grid.height };
  const { values, valid } = await readOnGrid({ image, band: 1, grid, window, resampling, nodata: 0 });
  return Array.from(values, (value, i) => (valid[i] === 1 ? value : Number.NaN));
}

const METHODS: readonly Resampling[] = ['nearest', 'bilinear', 'cubic', 'average', 'mode', 'min', 'max'];

describe('a band on its own pixels', () => {
  it.each(METHODS)('is a copy, whatever the method: %s', async (method) => {
    const image = source(4, 3, (x, y) => y * 4 + x);
    // One column outside on the left, the last row missing; the coordinates carry rounding of a micrometre.
    const grid = gridOf(499990.000001, 5000000, 10, 4, 2);
    const none = Number.NaN;
    expect(await bring(image, grid, method)).toEqual([none, none, 1, 2, none, 4, 5, 6]);
    expect(image.reads.map(({ window }) => window)).toEqual([{ x: 0, y: 0, width: 3, height: 2 }]);
  });
});

describe('a band on other pixels of its CRS', () => {
  const ramp = source(8, 8, (x, y) => 100 + x * 10 + y);
  const none = Number.NaN;

  it('takes the pixel right of and below an edge that the centre lies on', async () => {
    // Centres at source positions 1, 2, 3 in both directions.
    const grid = gridOf(500005, 4999995, 10, 3, 1);
    expect(await bring(ramp, grid, 'nearest')).toEqual([111, 121, 131]);
  });

  it('halves 20 m into 10 m by repeating, when the grids share a corner', async () => {
    expect(
      await bring(
        source(2, 1, (x) => x + 1),
        gridOf(500000, 5000000, 5, 4, 1),
        'nearest',
      ),
    ).toEqual([1, 1, 2, 2]);
  });

  it('is linear where the source is', async () => {
    const grid = gridOf(500012, 4999988, 10, 3, 3);
    const wanted = [0, 1, 2].flatMap((y) => [0, 1, 2].map((x) => 100 + (x + 1.2) * 10 + y + 1.2));
    for (const method of ['bilinear', 'cubic'] as const) {
      (await bring(ramp, grid, method)).forEach((value, i) => {
        expect(value).toBeCloseTo(wanted[i]!, 5);
      });
    }
  });

  it('renormalises over valid neighbours, and stays empty where the pixel itself is', async () => {
    const holed = source(3, 1, (x) => [10, 0, 30][x]!);
    const pixels = await bring(holed, gridOf(500002, 5000000, 10, 3, 1), 'bilinear');
    expect(pixels.map((value) => Number(value.toFixed(9)))).toEqual([10, none, 30]);
  });

  it('is the mean of what a grid pixel covers, weighted by how much, without nodata', async () => {
    const cells = source(6, 1, (x) => [10, 20, 30, 0, 50, 60][x]!);
    const average = await bring(cells, gridOf(500000, 5000000, 15, 4, 1), 'average');
    expect(average).toEqual(
      [(10 + 20 * 0.5) / 1.5, (30 + 20 * 0.5) / 1.5, 50, (60 + 50 * 0.5) / 1.5].map(Math.fround),
    );
  });

  it('finds mode, least and largest of the pixels touched', async () => {
    const cells = source(4, 2, (x, y) => [7, 7, 3, 4, 2, 0, 4, 4][y * 4 + x]!);
    const grid = gridOf(500000, 5000000, 20, 2, 1);
    expect(await bring(cells, grid, 'mode')).toEqual([7, 4]);
    expect(await bring(cells, grid, 'min')).toEqual([2, 3]);
    expect(await bring(cells, grid, 'max')).toEqual([7, 4]);
  });

  it('reads only what it needs', async () => {
    const wide = source(1000, 1000, () => 1);
    await bring(wide, gridOf(505003, 4994997, 10, 5, 5), 'bilinear');
    expect(wide.reads.length).toBe(1);
    expect(wide.reads[0]!.window.width * wide.reads[0]!.window.height).toBeLessThan(100);
  });

  it('reads a source in pieces when all of it is too much at once, to the same pixels', async () => {
    const huge = source(4000, 4000, (x, y) => 1 + ((x * 31 + y * 17) % 250));
    const grid = gridOf(500000, 5000000, 10000, 4, 4);
    const pixels = await bring(huge, grid, 'nearest');
    expect(huge.reads.length).toBeGreaterThan(1);
    const centre = (i: number) => 1000 * i + 500;
    expect(pixels).toEqual(
      [0, 1, 2, 3].flatMap((y) => [0, 1, 2, 3].map((x) => 1 + ((centre(x) * 31 + centre(y) * 17) % 250))),
    );
  });
});

describe('a band that cannot be brought to a grid', () => {
  const grid = gridOf(500000, 5000000, 10, 2, 2);
  const image = source(2, 2, () => 1);
  const changed = (info: Partial<RasterImage['info']>): RasterImage => ({
    ...image,
    info: { ...image.info, ...info },
  });

  it.each([
    ['no CRS', changed({ crs: null }), 'Unsupported'],
    ['no geotransform', changed({ geotransform: null }), 'Unsupported'],
    ['complex samples', changed({ dtype: 'complex64' }), 'Unsupported'],
    ['no such band', changed({ bands: [] }), 'InvalidInput'],
  ])('is refused: %s', async (_name, broken, code) => {
    await expect(bring(broken, grid, 'nearest')).rejects.toMatchObject({ code });
  });

  it('is empty where the source lies elsewhere', async () => {
    expect(await bring(image, gridOf(900000, 5000003, 10, 2, 2), 'nearest')).toEqual([NaN, NaN, NaN, NaN]);
  });
});

describe('positions in another CRS', () => {
  const image = source(1000, 1000, () => 1);
  const grids: readonly Grid[] = [
    { crs: 'EPSG:3857', geotransform: [333900, 14, 0, 5645900, 0, -14], width: 1000, height: 1000 },
    { crs: 'EPSG:4326', geotransform: [3, 0.0001, 0, 45.15, 0, -0.0001], width: 1000, height: 1000 },
    // Over the edge of what a UTM zone can hold, and coarse: curved within a cell.
    { crs: 'EPSG:4326', geotransform: [-30, 0.05, 0, 80, 0, -0.05], width: 1400, height: 1000 },
  ];

  it.each(grids)('are within the stated error of the exact ones: $crs from $geotransform', (grid) => {
    const map = positionMap(grid, 's', image.info);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: grid.width - 40 }),
        fc.integer({ min: 0, max: grid.height - 30 }),
        (x, y) => {
          for (const patch of patchesOf(map, { x, y, width: 40, height: 30 }, 0.5, image.info)) {
            const { part } = patch;
            for (let i = 0; i < part.width * part.height; i += 7) {
              const column = part.x + (i % part.width);
              const row = part.y + Math.floor(i / part.width);
              const exact = map.exact(column + 0.5, row + 0.5);
              for (const axis of [0, 1] as const) {
                const at = patchPosition(patch, column - patch.x, row - patch.y, axis);
                if (!Number.isNaN(exact[axis]))
                  expect(Math.abs(at - exact[axis])).toBeLessThan(POSITION_ERROR_PX);
              }
            }
          }
        },
      ),
      { numRuns: 12 },
    );
  });
});

describe('the level that is read', () => {
  const level = (width: number, height = width) => ({ width, height, blockWidth: 512, blockHeight: 512 });
  const levels = [level(8000), level(4000), level(2000), level(1000)];

  it("is an overview for average, at least twice as fine as the grid, and gdalwarp's for interpolation", () => {
    const at = (method: Resampling) => (ratio: number) => levelFor(method, { x: ratio, y: ratio }, levels);
    expect([1, 3.9, 4, 8, 15, 16, 100].map(at('average'))).toEqual([0, 0, 1, 2, 2, 3, 3]);
    for (const method of ['nearest', 'bilinear', 'cubic'] as const) {
      // gdalwarp: a hair under twice the pixel size is still full resolution.
      expect([0.5, 1, 1.05, 1.999, 2, 2.05, 3.8, 4, 8, 100].map(at(method))).toEqual([
        0, 0, 0, 0, 1, 1, 1, 2, 3, 3,
      ]);
    }
  });

  it('is full resolution for what averages would falsify', () => {
    for (const method of ['mode', 'min', 'max'] as const) {
      expect(levelFor(method, { x: 100, y: 100 }, levels)).toBe(0);
    }
  });

  it('is never an overview of another shape', () => {
    expect(levelFor('average', { x: 100, y: 100 }, [level(8000), level(4000, 3000)])).toBe(0);
  });
});

describe('the widening of kernels', () => {
  it('follows the ratio of pixels, snapped to whole numbers', () => {
    expect(kernelScale({ x: 0.5, y: 1.04 })).toEqual({ x: 1, y: 1 });
    expect(kernelScale({ x: 2.03, y: 3.5 })).toEqual({ x: 2, y: 3.5 });
  });

  it('is measured where the grid has a position', () => {
    const grid = gridOf(500000, 5000000, 35, 100, 100);
    const map = positionMap(grid, 's', source(10, 10, () => 1).info);
    expect(coarsenessOf(map, grid)).toEqual({ x: 3.5, y: 3.5 });
  });
});
