import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startScript, temporaryFolder } from '../support/start.ts';

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
});
