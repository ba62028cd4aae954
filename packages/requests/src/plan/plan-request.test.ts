import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CheckedSpec, checkSpec } from '../check/check-spec.ts';
import { contentKey } from '../content-key.ts';
import type { RequestPlan } from '../product.ts';
import { testAcquired, testScene } from '../testing.ts';
import { chunkCount, chunkWindows } from './chunks.ts';
import { planRequest } from './plan-request.ts';

const scenes = [
  testScene('a', '2024-06-01T10:20:00.000Z', { cloudCoverPercent: 40 }),
  testScene('b', '2024-06-01T10:20:15.000Z', { cloudCoverPercent: 5 }),
  testScene('c', '2024-06-11T10:20:00.000Z'),
];

function check(changes: object = {}): CheckedSpec {
  return checkSpec({
    aoi: [10.5, 48.3, 10.6, 48.4],
    collections: ['s2'],
    pipeline: { index: 'NDVI' },
    ...changes,
  });
}

function plan(changes: object = {}, from = scenes): RequestPlan {
  const { spec, aoi } = check(changes);
  return planRequest({ spec, aoi, acquired: testAcquired(from) });
}

describe('a plan', () => {
  it('makes one product for each day, the clearest scene of a day first', () => {
    const { products } = plan();
    expect(products.map(({ label }) => label)).toEqual(['2024-06-01', '2024-06-11']);
    expect(products[0]?.work.steps[0]?.scenes.map(({ id }) => id)).toEqual(['b', 'a']);
    expect(products[0]).toMatchObject({ start: '2024-06-01T10:20:00.000Z', end: '2024-06-01T10:20:15.000Z' });
  });

  it('makes one product of all days for a composite', () => {
    const { products } = plan({ composite: 'median' });
    expect(products.map(({ label }) => label)).toEqual(['2024-06-01_2024-06-11']);
    expect(products[0]?.work.steps).toHaveLength(2);
  });

  it('snaps the area to the finest band of the scenes', () => {
    const { grid } = plan().products[0]!.work;
    const [x, size, , y, , down] = grid.geotransform;
    expect([size, down]).toEqual([10, -10]);
    expect((x - 600_000) % 10).toBe(0);
    expect((5_400_000 - y) % 10).toBe(0);
    // 0.1 degrees at 48.35 N: about 7.4 km x 11.1 km.
    expect(grid.width).toBeGreaterThan(720);
    expect(grid.width).toBeLessThan(790);
    expect(grid.height).toBeGreaterThan(1100);
    expect(grid.height).toBeLessThan(1140);
  });

  it('keeps bounds that are given, to the number', () => {
    const bounds = [610_005, 5_350_005, 612_005, 5_351_005];
    const { grid } = plan({ grid: { bounds, resolution: 100 } }).products[0]!.work;
    expect(grid).toEqual({
      crs: 'EPSG:32632',
      geotransform: [610_005, 100, 0, 5_351_005, 0, -100],
      width: 20,
      height: 10,
    });
  });

  it('carries the native pixel size into another CRS', () => {
    const metres = plan({ grid: { crs: 'EPSG:3857' } }).products[0]!.work.grid;
    expect(metres.geotransform[1]).toBe(10);
    const degrees = plan({ grid: { crs: 'EPSG:4326' } }).products[0]!.work.grid;
    expect(degrees.geotransform[1]).toBeCloseTo(10 / 111_319.49, 10);
  });

  it('leaves out scenes that do not meet the area, and says so', () => {
    const far = testScene('far', '2024-06-21T10:20:00.000Z');
    const acquired = testAcquired([...scenes, far]);
    const moved = {
      ...acquired,
      assets: acquired.assets.map((asset) =>
        asset.sceneIndex === 3
          ? { ...asset, grid: { ...asset.grid, geotransform: [100_000, 10, 0, 9_000_000, 0, -10] as const } }
          : asset,
      ),
    };
    const { spec, aoi } = check();
    const result = planRequest({ spec, aoi, acquired: moved });
    expect(result.products).toHaveLength(2);
    expect(result.warnings).toContain('Scene far does not meet the area.');
  });

  it('refuses an area beside the imagery', () => {
    expect(() => plan({ aoi: [2, 48.3, 2.1, 48.4] })).toThrow(expect.objectContaining({ pointer: '/aoi' }));
  });

  it('refuses more chunks than a Batch array holds, with numbers', () => {
    expect(() => plan({ aoi: [10.4, 48.1, 11.6, 48.7], grid: { resolution: 0.25 } })).toThrow(
      expect.objectContaining({ code: 'LimitExceeded' }),
    );
  });

  it('stores int16 as ten-thousandths, digital numbers as they are', () => {
    expect(plan({ output: { dtype: 'int16' } }).products[0]?.stored).toEqual({
      dtype: 'int16',
      scale: 0.0001,
      offset: 0,
      nodata: -32768,
    });
    const raw = plan({ output: { dtype: 'uint16' }, radiometry: 'raw', pipeline: { bands: ['red'] } });
    expect(raw.products[0]?.stored.scale).toBe(1);
  });

  it('names the missing band and lists those there are', () => {
    expect(() => plan({ pipeline: { expression: 'pan * 2' } })).toThrow(
      expect.objectContaining({ pointer: '/pipeline', fix: expect.stringMatching(/nir.*red/) }),
    );
  });

  it('warns where clouds cannot be masked', () => {
    const bare = scenes.map((scene) => ({
      ...scene,
      assets: scene.assets.filter(({ key }) => key !== 'scl'),
    }));
    expect(plan({}, bare).warnings.join()).toMatch(/no quality band/);
  });

  it('gives every pixel to exactly one chunk', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 70 }),
        fc.integer({ min: 1, max: 70 }),
        fc.integer({ min: 1, max: 32 }),
        (width, height, size) => {
          const seen = new Uint8Array(width * height);
          const windows = chunkWindows({ width, height }, size);
          for (const { x, y, width: w, height: h } of windows) {
            for (let row = y; row < y + h; row++)
              for (let col = x; col < x + w; col++) seen[row * width + col]!++;
          }
          return windows.length === chunkCount({ width, height }, size) && seen.every((count) => count === 1);
        },
      ),
    );
  });
});

describe('the content key', () => {
  const key = (changes: object = {}, from = scenes) => contentKey(check(changes), from);

  it('does not depend on name, labels, retention or spelling', () => {
    const plain = key({ pipeline: { expression: '(nir-red)/(nir+red)', name: 'ndvi' } });
    expect(key({ name: 'x', labels: { a: 'b' }, retentionDays: 5 })).toBe(plain);
    const renamed = { expression: ' (a - b) / ( a + b )', bands: { a: 'nir', b: 'red' }, name: 'ndvi' };
    expect(key({ pipeline: renamed })).toBe(plain);
    expect(key({ grid: { crs: 'epsg:3857' } })).toBe(key({ grid: { crs: 'EPSG:3857' } }));
  });

  it('changes with whatever decides a pixel', () => {
    const variants = [
      {},
      { aoi: [10.5, 48.3, 10.6, 48.41] },
      { pipeline: { index: 'NDWI' }, mask: 'none' },
      { mask: 'none' },
      { composite: 'max' },
      { radiometry: 'raw' },
      { grid: { resolution: 20 } },
      { output: { dtype: 'int16' } },
    ].map((changes) => {
      const bands = scenes.map((scene) => ({
        ...scene,
        assets: [...scene.assets, { ...scene.assets[0]!, key: 'green', names: ['green'] }],
      }));
      return key(changes, bands);
    });
    expect(new Set(variants).size).toBe(variants.length);
    const reprocessed = [...scenes.slice(0, 2), testScene('c', '2024-06-11T10:20:00.000Z', { version: '2' })];
    expect(key({}, reprocessed)).not.toBe(key());
  });
});
