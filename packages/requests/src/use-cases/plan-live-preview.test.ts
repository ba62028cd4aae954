import { describe, expect, it } from 'vitest';
import { testSpec, testWorld } from '../testing/index.ts';
import { testScene } from '../testing.ts';
import { planLivePreview } from './plan-live-preview.ts';

const { cloudCoverPercent: _clouds, ...unstated } = testScene('unknown', '2024-06-16T10:30:00Z');
const scenes = [
  testScene('cloudy', '2024-06-01T10:30:00Z', { cloudCoverPercent: 80 }),
  testScene('clear', '2024-06-11T10:30:00Z', { cloudCoverPercent: 2 }),
  unstated,
];
const { deps } = testWorld({ scenes });
const mapSide = ({ work }: { work: { grid: { width: number; height: number } } }) =>
  Math.max(work.grid.width, work.grid.height);

describe('a live preview', () => {
  it('is of the clearest day, on a map grid as large as asked for', async () => {
    const live = await planLivePreview(deps, 'p', testSpec(), 256);
    expect(live.scenes).toEqual(['clear']);
    expect(live.label).toBe('2024-06-11');
    expect(live.work.grid.crs).toBe('EPSG:3857');
    expect(mapSide(live)).toBeLessThanOrEqual(256);
    expect(mapSide(live)).toBeGreaterThan(250);
  });

  it('of a composite looks at several days', async () => {
    const live = await planLivePreview(deps, 'p', testSpec({ composite: 'median' }), 256);
    expect(live.scenes).toEqual(['cloudy', 'clear', 'unknown']);
    expect(live.work.composite).toBe('median');
  });

  it('keeps the CRS that was asked for, and is never finer than the imagery', async () => {
    const live = await planLivePreview(
      deps,
      'p',
      testSpec({ aoi: [10.5, 48.5, 10.51, 48.505], grid: { crs: 'EPSG:32632' } }),
      1024,
    );
    expect(live.work.grid.crs).toBe('EPSG:32632');
    expect(live.work.grid.geotransform[1]).toBe(10);
    expect(mapSide(live)).toBeLessThan(80);
  });

  it('stays small for an area that no request could have', async () => {
    const live = await planLivePreview(deps, 'p', testSpec({ aoi: [10.3, 48, 11.7, 48.8] }), 512);
    expect(mapSide(live)).toBeLessThanOrEqual(512);
  });

  it('shows the pipeline’s own colours', async () => {
    const live = await planLivePreview(deps, 'p', testSpec({ pipeline: { index: 'NDVI' } }), 64);
    expect(live).toMatchObject({ ramp: 'ndvi', bands: ['ndvi'], range: { min: expect.any(Number) } });
  });

  it('says what is wrong as a request would', async () => {
    await expect(
      planLivePreview(deps, 'p', testSpec({ pipeline: { index: 'NDVX' } }), 64),
    ).rejects.toMatchObject({
      code: 'InvalidInput',
    });
    await expect(planLivePreview(testWorld({ scenes: [] }).deps, 'p', testSpec(), 64)).rejects.toMatchObject({
      code: 'NotFound',
    });
  });
});
