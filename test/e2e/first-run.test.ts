import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startScript, temporaryFolder } from '../support/start.ts';
import { swathRunner } from '../support/swath-runner.ts';

const data = temporaryFolder('first-run');
afterAll(() => data.remove());

describe('npm start -- --once', { timeout: 120_000 }, () => {
  it('orders, processes and delivers the sample, and the same again at once from what is there', async () => {
    const env = { SWATH_DATA: data.path };
    const first = await startScript('packages/cli/src/start.ts', ['--once'], env).finished;
    expect(first.stderr).toContain('succeeded');
    expect(first.code).toBe(0);
    expect(first.stdout).toMatch(/date +mean ndvi +cloud % +valid %/);
    expect(first.stdout).toMatch(/2024-06-07 +0\.\d{3} +\d+\.\d/);

    const folders = globSync('shown/*/*/', { cwd: data.path });
    expect(folders).toHaveLength(9);
    for (const folder of folders) {
      for (const file of ['ndvi.tif', 'item.json', 'statistics.json', 'thumbnail.png']) {
        expect(existsSync(join(data.path, folder, file))).toBe(true);
      }
    }
    const item = readFileSync(join(data.path, folders[0] ?? '', 'item.json'), 'utf8');
    expect(JSON.parse(item)).toMatchObject({ properties: { 'swath:radiometry': expect.anything() } });
    expect(item).toContain('offset-already-applied');

    const second = await startScript('packages/cli/src/start.ts', ['--once'], env).finished;
    expect(second.code).toBe(0);
    expect(second.stderr).not.toContain('processing');
    const tables = [first, second].map(({ stdout }) => stdout.match(/^ {2}2024-.*$/gm));
    expect(tables[1]).toEqual(tables[0]);
  });

  it('leaves tables whose numbers are those of the published statistics and Items', async () => {
    const swath = swathRunner({ cwd: data.path, env: { SWATH_DATA: data.path } });
    const rowsOf = async (query: string): Promise<readonly Record<string, unknown>[]> => {
      const { code, stdout, stderr } = await swath(['sql', query, '--json']);
      expect(code, stderr).toBe(0);
      return JSON.parse(stdout).rows;
    };
    const folders = globSync('shown/*/*/', { cwd: data.path });
    const documents = folders.map((folder) => ({
      item: JSON.parse(readFileSync(join(data.path, folder, 'item.json'), 'utf8')),
      statistics: JSON.parse(readFileSync(join(data.path, folder, 'statistics.json'), 'utf8')),
    }));
    // Both runs were shown the same nine.
    const published = [...new Map(documents.map((one) => [one.item.id, one])).values()].sort((a, b) =>
      a.item.id < b.item.id ? -1 : 1,
    );
    expect(published).toHaveLength(9);
    const sqlInstant = (iso: string) =>
      iso
        .replace('T', ' ')
        .replace(/(\.\d*?)0*Z$/, '$1')
        .replace(/[.Z]$/, '');

    const series = await rowsOf('SELECT * FROM ndvi_time_series ORDER BY item_id');
    expect(series).toEqual(
      published.map(({ item, statistics: { bands, cloudPercent } }) =>
        expect.objectContaining({
          item_id: item.id,
          datetime: sqlInstant(item.properties.datetime),
          mean: bands.ndvi.mean,
          median: bands.ndvi.percentiles.p50,
          p5: bands.ndvi.percentiles.p5,
          p95: bands.ndvi.percentiles.p95,
          std: bands.ndvi.std,
          valid_percent: bands.ndvi.validPercent,
          cloud_percent: cloudPercent,
        }),
      ),
    );
    const results = await rowsOf(
      'SELECT * EXCLUDE (geometry) FROM results WHERE NOT reused AND request_name IS NOT NULL ORDER BY item_id',
    );
    expect(results).toEqual(
      published.map(({ item, statistics: { counts } }) =>
        expect.objectContaining({
          item_id: item.id,
          crs: item.properties['proj:code'],
          transform: item.properties['proj:transform'],
          height: item.properties['proj:shape'][0],
          width: item.properties['proj:shape'][1],
          west: item.bbox[0],
          north: item.bbox[3],
          size_bytes: item.assets.data['file:size'],
          sha256: item.assets.data['file:checksum'].slice(4),
          pixels_valid: counts.valid,
          bands: ['ndvi'],
        }),
      ),
    );
    // Both runs are on record; the second found everything there.
    expect(await rowsOf('SELECT state, reused FROM requests ORDER BY created_at')).toEqual([
      { state: 'succeeded', reused: false },
      { state: 'succeeded', reused: true },
    ]);
    const [cost] = await rowsOf('SELECT * FROM cost_per_project_and_day');
    const bytes = published.reduce((sum, { item }) => sum + item.assets.data['file:size'], 0);
    expect(cost).toMatchObject({ project: 'local', requests: 2, budget_units: 1, output_bytes: bytes });
    const plot = await swath(['sql', 'SELECT datetime, mean FROM ndvi_time_series', '--plot']);
    expect(plot.stdout).toMatch(/2024-03-14 +2024-10-30/);
  });
});
