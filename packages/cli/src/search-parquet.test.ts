import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { swathRunner } from '../../../test/support/swath-runner.ts';
import { closeApis, page, startApi } from '../../providers/test/api-server.ts';
import { makeItem } from '../../providers/test/make-item.ts';

let folder = '';
let swath: ReturnType<typeof swathRunner>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'swath-search-'));
  swath = swathRunner({ cwd: folder, env: {} });
});
afterEach(async () => {
  await closeApis();
  await rm(folder, { recursive: true, force: true });
});

describe('search --parquet', () => {
  it('writes the Items as the API sent them, no more than asked for', async () => {
    const sent = ['a', 'b', 'c'].map((id) => makeItem(id, { properties: { 'view:off_nadir': 3.5 } }));
    const { server } = await startApi(() => page(sent));
    const stac = `${server.origin}/`;
    const ran = await swath([
      'search',
      '--stac',
      stac,
      '--limit',
      '2',
      '--parquet',
      'items.parquet',
      '--json',
    ]);
    expect(ran.code, ran.stdout).toBe(0);
    expect(JSON.parse(ran.stdout)).toEqual({ file: 'items.parquet', items: 2, truncated: true });
    const file = await readFile(join(folder, 'items.parquet'));
    const rows = await parquetReadObjects({ file: new Uint8Array(file).buffer });
    expect(rows).toMatchObject(
      sent.slice(0, 2).map(({ id, geometry, assets }) => ({ id, geometry, assets, 'view:off_nadir': 3.5 })),
    );
  });

  it('asks for an API, whose Items they are', async () => {
    const ran = await swath(['search', '--parquet', 'items.parquet']);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('--stac');
  });
});
