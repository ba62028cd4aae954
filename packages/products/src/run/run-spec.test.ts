import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256Hex } from '@swath/core';
import { crsTransformer } from '@swath/geo';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tinyGrid, writeTinyScene } from '../../../../test/support/tiny-scene.ts';
import type { RunProgress } from './run-input.ts';
import { runSpec } from './run-spec.ts';

let folder = '';
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'swath-run-'));
  await writeTinyScene(folder, 'a', '2024-06-01');
  await writeTinyScene(folder, 'b', '2024-06-11');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const scene = (id: string, datetime: string) => [
  ...['red', 'nir'].map((band) => ({ href: `${id}-${band}.tif`, band, datetime })),
  { href: `${id}-scl.tif`, band: 'scl', datetime },
];
const items = [...scene('a', '2024-06-01T10:00:00Z'), ...scene('b', '2024-06-11T10:00:00Z')];
const spec = {
  items,
  pipeline: { index: 'NDVI' },
  mask: { band: 'scl', classes: [9] },
  radiometry: { scale: 0.0001 },
};
const run = (change: object = {}, more: Partial<Parameters<typeof runSpec>[0]> = {}) =>
  runSpec({
    spec: { ...spec, ...change },
    baseFolder: folder,
    outDir: join(folder, 'out'),
    now: () => 0,
    ...more,
  });

describe('a run', () => {
  it('makes one product a date, each with its four files, and leaves nothing else', async () => {
    const progress: RunProgress[] = [];
    const report = await run({}, { onProgress: (step) => progress.push(step) });
    expect(readdirSync(join(folder, 'out')).sort()).toEqual(['2024-06-01', '2024-06-11']);
    expect(readdirSync(join(folder, 'out', '2024-06-01')).sort()).toEqual([
      'item.json',
      'ndvi.tif',
      'statistics.json',
      'thumbnail.png',
    ]);
    const [first] = report.results;
    expect(first).toMatchObject({
      label: '2024-06-01',
      path: join(folder, 'out', '2024-06-01', 'ndvi.tif'),
      counts: { total: 7680, withData: 7616, masked: 256, valid: 7360 },
      cloudPercent: (100 * 256) / 7616,
      failedChunks: [],
      proj: { code: 'EPSG:32631', shape: [tinyGrid.height, tinyGrid.width] },
      radiometry: [{ scene: 'a-red', bands: { red: { rule: 'explicit', scale: 0.0001 } } }],
    });
    expect(sha256Hex(readFileSync(first?.path ?? ''))).toBe(first?.sha256);
    expect(first?.statistics['ndvi']).toMatchObject({
      count: 7360,
      max: expect.closeTo((3900 - 1500) / (3900 + 1500), 6),
    });
    expect(progress.at(-1)).toEqual({ stage: 'publish', done: 2, total: 2 });
  });

  it('reduces the dates of a composite to one product', async () => {
    const report = await run({ composite: 'max', name: 'June' });
    expect(report.results.map(({ label }) => label)).toEqual(['2024-06-01_2024-06-11']);
    const item = JSON.parse(readFileSync(report.results[0]?.files.item ?? '', 'utf8'));
    expect(item.properties).toMatchObject({
      title: 'June',
      datetime: null,
      start_datetime: '2024-06-01T10:00:00.000Z',
      end_datetime: '2024-06-11T10:00:00.000Z',
    });
  });

  it('replaces its own files, and gives the same bytes for the same request', async () => {
    const first = await run();
    const again = await run();
    expect(again.results.map(({ sha256 }) => sha256)).toEqual(first.results.map(({ sha256 }) => sha256));
    const changed = await run({ output: { dtype: 'int16' } });
    expect(changed.results[0]?.sha256).not.toBe(first.results[0]?.sha256);
    expect(changed.contentKey).not.toBe(first.contentKey);
  });

  it('gives statistics of zones, in files beside the others and in the Item', async () => {
    const { inverse } = crsTransformer('EPSG:4326', tinyGrid.crs);
    const box = (x: number, y: number, side: number) => {
      const corner = (dx: number, dy: number) => inverse(600_000 + 10 * (x + dx), 5_800_000 - 10 * (y + dy));
      return [[corner(0, 0), corner(side, 0), corner(side, side), corner(0, side), corner(0, 0)]];
    };
    const zone = (id: string, coordinates: unknown) => ({
      type: 'Feature',
      id,
      geometry: { type: 'Polygon', coordinates },
    });
    const zones = {
      type: 'FeatureCollection',
      features: [zone('left, top', box(0, 0, 16)), zone('b', box(20, 20, 30))],
    };
    const aoi = [...inverse(600_005, 5_799_205), ...inverse(600_955, 5_799_995)];
    const report = await run({ zones, aoi: undefined });
    const [first] = report.results;
    const document = JSON.parse(readFileSync(first?.files.zones ?? '', 'utf8'));
    expect(document).toMatchObject({
      label: '2024-06-01',
      rows: [
        { zone: 'left, top', band: 'ndvi', pixels: 256, count: 192, validPercent: 75, percentileError: 0 },
        { zone: 'b', band: 'ndvi', pixels: 900, count: 900, validPercent: 100 },
      ],
    });
    const lines = readFileSync(first?.files.zonesCsv ?? '', 'utf8').split('\n');
    expect(lines[0]).toMatch(
      /^zone,band,product,start,end,pixels,count,valid_percent,sum,min,max,mean,std,p2,/,
    );
    expect(lines[1]).toMatch(/^"left, top",ndvi,2024-06-01,2024-06-01T10:00:00.000Z,/);
    expect(lines).toHaveLength(4);
    const item = JSON.parse(readFileSync(first?.files.item ?? '', 'utf8'));
    expect(item.assets.zones).toMatchObject({ href: './zones.json', roles: ['metadata'] });
    expect(item.assets.zones_csv).toMatchObject({ href: './zones.csv', type: 'text/csv' });
    const whole = await run({ zones, aoi });
    const again = JSON.parse(readFileSync(whole.results[0]?.files.zones ?? '', 'utf8'));
    expect(again.rows).toEqual(document.rows);
    await run();
    expect(existsSync(first?.files.zones ?? '')).toBe(false);
  });

  it('leaves out scenes beside the asked time, and says so', async () => {
    const report = await run({ datetime: '2024-06-05/2024-06-30' });
    expect(report.results.map(({ label }) => label)).toEqual(['2024-06-11']);
    expect(report.skipped).toEqual([
      { scene: 'a-red', reason: "Its date 2024-06-01T10:00:00.000Z lies outside the request's." },
    ]);
  });

  it('goes on without a scene whose file is missing, and says so', async () => {
    rmSync(join(folder, 'a-nir.tif'));
    const report = await run();
    expect(report.results.map(({ label }) => label)).toEqual(['2024-06-11']);
    expect(report.skipped).toMatchObject([{ scene: 'a-red', reason: expect.stringContaining('a-nir.tif') }]);
  });

  it('fails with the field of the request when nothing can be used, and leaves no scratch', async () => {
    await expect(run({ pipeline: { index: 'EVI' } })).rejects.toMatchObject({ code: 'InvalidInput' });
    await expect(run({ items: undefined, collections: ['c'], aoi: [0, 0, 1, 1] })).rejects.toMatchObject({
      pointer: '/items',
    });
    expect(readdirSync(join(folder, 'out'))).toEqual([]);
  });

  it('that is cancelled ends early and publishes nothing half', async () => {
    const controller = new AbortController();
    const onProgress = ({ stage }: RunProgress) => {
      if (stage === 'process') controller.abort();
    };
    await expect(run({}, { signal: controller.signal, onProgress })).rejects.toThrow();
    expect(existsSync(join(folder, 'out', '2024-06-01', 'item.json'))).toBe(false);
  });
});
