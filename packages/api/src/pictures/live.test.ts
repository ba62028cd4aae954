import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Provider } from '@swath/ports';
import { acquireScenes, sourceOpener } from '@swath/products';
import { imageOpener, rampTable } from '@swath/raster';
import { testGrid, testScene } from '@swath/requests/testing';
import { asInt16, writeTestCog } from '@swath/tiles/tiles.fixture';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fakeApi } from '../../../../test/support/fake-api.ts';
import { makeApp } from '../app.ts';
import { pictureService } from './service.ts';

const grid = { ...testGrid(20), width: 1500, height: 1200 };
const open = imageOpener({ files: true });
const { open: openSource } = sourceOpener({ files: true });
let folder = '';
let app: ReturnType<typeof makeApp>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'swath-live-'));
  const stored = { ...asInt16, dtype: 'uint16', nodata: 0 } as const;
  const nir = (x: number) => (x < 700 ? Number.NaN : 0.5);
  await writeTestCog(join(folder, 'red.tif'), grid, [() => 0.1], stored);
  await writeTestCog(join(folder, 'nir.tif'), grid, [nir], stored);
  const asset = (key: string) => ({
    key,
    href: join(folder, `${key}.tif`),
    bandIndex: 1,
    names: [key],
    roles: ['data'],
  });
  const scene = testScene('S2_1', '2024-06-01T10:30:00Z', { assets: [asset('red'), asset('nir')] });
  const provider: Provider = {
    id: 'test',
    title: 'Test',
    acquire: 'reference',
    search: async () => ({ scenes: [scene], skipped: [], truncated: false }),
    collections: async () => [],
  };
  const fake = fakeApi();
  const pictures = pictureService({
    ownItem: async () => undefined,
    results: fake.deps.results,
    remote: false,
    openScene: open,
    live: {
      providers: new Map([['test', provider]]),
      defaultProvider: 'test',
      readItems: async () => [],
      acquireFacts: (spec, scenes) => acquireScenes({ spec, scenes, open, openSource, mode: 'reference' }),
    },
  });
  app = makeApp({ ...fake.deps, pictures });
});
afterAll(async () => {
  await open.close();
  rmSync(folder, { recursive: true, force: true });
});

const preview = (query: string, pipeline: object) =>
  app.request(`/preview${query}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      aoi: [10.4, 48.6, 10.7, 48.7],
      datetime: '2024-06-01/2024-06-30',
      collections: ['test-s2'],
      mask: 'none',
      pipeline,
    }),
  });

describe('a live preview over HTTP', () => {
  it('is the picture of the request, with where it lies', async () => {
    const response = await preview('?width=300&rescale=-1,1&colormap_name=viridis', { index: 'NDVI' });
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('swath-scenes')).toBe('S2_1');
    const bbox = response.headers.get('swath-bbox')?.split(',').map(Number) ?? [];
    for (const [i, degrees] of [10.4, 48.6, 10.7, 48.7].entries()) expect(bbox[i]).toBeCloseTo(degrees, 2);
    const { data, info } = await sharp(Buffer.from(await response.arrayBuffer()))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(info.width).toBeGreaterThan(290);
    expect(info.width).toBeLessThanOrEqual(300);
    const colours = new Set<string>();
    for (let i = 0; i < data.length; i += 4) colours.add([...data.subarray(i, i + 4)].join());
    // (0.5 - 0.1) / (0.5 + 0.1) on a scale from -1 to 1, and nothing where nir has no data.
    const step = Math.round(((2 / 3 + 1) / 2) * 255);
    const expected = [...rampTable('viridis').subarray(step * 3, step * 3 + 3), 255].join();
    expect([...colours].sort()).toEqual(['0,0,0,0', expected].sort());
  });

  it('of two bands shows the first', async () => {
    const response = await preview('?format=webp', { bands: ['red', 'nir'] });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('image/webp');
  });

  it.each([
    ['?width=15', { index: 'NDVI' }],
    ['?width=1025', { index: 'NDVI' }],
    ['?width=1e2', { index: 'NDVI' }],
    ['?format=tiff', { index: 'NDVI' }],
    ['?rescale=2,1', { index: 'NDVI' }],
    ['', { index: 'NDVX' }],
    ['', { expression: 'process.exit()' }],
    ['', { bands: ['thermal'] }],
  ])('of nonsense is refused: %s %o', async (query, pipeline) => {
    const response = await preview(query, pipeline);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
  });
});
