import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { swathRunner } from '../../../test/support/swath-runner.ts';
import { closeApis, page, startApi, tokenOf } from '../../providers/test/api-server.ts';
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

const rowsOf = async (name: string) =>
  parquetReadObjects({ file: new Uint8Array(await readFile(join(folder, name))).buffer });

/** An API of `count` Items, in pages of 20, each beginning with the last of the one before. */
const paged = (count: number) =>
  startApi((request, origin) => {
    const from = tokenOf(request);
    const features = Array.from({ length: Math.min(21, count - from) }, (_, i) => makeItem(`s${from + i}`));
    const next = {
      rel: 'next',
      method: 'POST',
      href: `${origin}/search`,
      body: { token: from + 20 },
      merge: true,
    };
    return page(features, ...(from + 20 < count ? [next] : []));
  });

describe('search --parquet of a STAC API', () => {
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
    expect(await rowsOf('items.parquet')).toMatchObject(
      sent.slice(0, 2).map(({ id, geometry, assets }) => ({ id, geometry, assets, 'view:off_nadir': 3.5 })),
    );
  });

  it('goes on to the last page when no limit is named, each Item once', async () => {
    const { server, searches } = await paged(130);
    const ran = await swath(['search', '--stac', `${server.origin}/`, '--parquet', 'all.parquet', '--json']);
    expect(JSON.parse(ran.stdout)).toEqual({ file: 'all.parquet', items: 130, truncated: false });
    expect((await rowsOf('all.parquet')).map(({ id }) => id)).toEqual(
      Array.from({ length: 130 }, (_, i) => `s${i}`),
    );
    expect(searches().map(({ body }) => Object(body).limit)).toEqual(Array(7).fill(100));
  });

  it('says when nothing matches, or the folder is not there, and writes nothing', async () => {
    const { server } = await startApi(() => page([]));
    const stac = `${server.origin}/`;
    const none = await swath(['search', '--stac', stac, '--parquet', 'none.parquet']);
    expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('no Item') });
    expect(await readdir(folder)).toEqual([]);
    const nowhere = await swath(['search', '--stac', stac, '--parquet', 'no/such/x.parquet']);
    expect(nowhere).toMatchObject({ code: 2, stderr: expect.stringContaining('cannot be written') });
  });
});

describe('search --parquet through a server', () => {
  const providers = {
    providers: [
      { id: 'here', title: 'Here', acquire: 'reference', default: true, links: [] },
      { id: 'far', title: 'Far', acquire: 'reference', default: false, links: [] },
    ],
  };
  const collection = (id: string) => ({ id, title: id, description: '', bands: [] });

  /** The STAC API of a server: 7 Items, three a page. */
  const start = async (collections: readonly string[]) => {
    const { server } = await startApi((request, origin) => {
      if (request.path === '/providers') return providers;
      if (request.path !== '/search') {
        return { provider: 'x', collections: collections.map(collection) };
      }
      const from = tokenOf(request);
      const features = [0, 1, 2].slice(0, 7 - from).map((i) => makeItem(`s${from + i}`));
      const next = { rel: 'next', href: `${origin}/search`, body: { token: String(from + 3) }, merge: true };
      return {
        ...page(features, ...(from + 3 < 7 ? [next] : [])),
        timeStamp: '2026-01-01T00:00:00Z',
        numberReturned: features.length,
      };
    });
    const run = (...flags: readonly string[]) =>
      swath(['search', '--url', server.origin, '--parquet', 'items.parquet', '--json', ...flags]);
    const bodies = () => server.requests.filter(({ path }) => path === '/search').map(({ body }) => body);
    return { run, bodies };
  };

  it('walks its STAC API to the end, in the words of STAC', async () => {
    const { run, bodies } = await start([]);
    const ran = await run(
      ...[
        '--collection',
        'results',
        '--aoi',
        '4,50,5,51',
        '--datetime',
        '2024-05-01/..',
        '--max-cloud',
        '20',
      ],
    );
    expect(ran.code, ran.stderr).toBe(0);
    expect(JSON.parse(ran.stdout)).toMatchObject({ items: 7, truncated: false });
    expect((await rowsOf('items.parquet')).map(({ id }) => id)).toEqual(
      [0, 1, 2, 3, 4, 5, 6].map((i) => `s${i}`),
    );
    const asked = {
      collections: ['results'],
      intersects: { type: 'Polygon', coordinates: expect.anything() },
      datetime: '2024-05-01T00:00:00.000Z/..',
      filter: { op: '<=', args: [{ property: 'eo:cloud_cover' }, 20] },
      sortby: [{ field: 'datetime', direction: 'asc' }],
      limit: 250,
    };
    expect(bodies()).toMatchObject([asked, { ...asked, token: '3' }, { ...asked, token: '6' }]);
  });

  it('ends after as many as asked for, and asks for no page beyond', async () => {
    const { run, bodies } = await start([]);
    expect(JSON.parse((await run('--collection', 'results', '--limit', '2')).stdout)).toMatchObject({
      items: 2,
      truncated: true,
    });
    expect(bodies()).toHaveLength(1);
  });

  it.each([
    [[], ['a', 'b']],
    [
      ['--provider', 'here'],
      ['a', 'b'],
    ],
    [
      ['--provider', 'far'],
      ['far:a', 'far:b'],
    ],
    [['--provider', 'far', '--collection', 'c'], ['far:c']],
    [['--collection', 'own'], ['own']],
  ])('names the collections as its STAC API does: %j', async (flags, collections) => {
    const { run, bodies } = await start(['a', 'b']);
    expect((await run(...flags)).code).toBe(0);
    expect(bodies()[0]).toMatchObject({ collections });
  });

  it('asks for names where a provider has very many, and says which providers there are', async () => {
    const { run } = await start(Array.from({ length: 17 }, (_, i) => `c${i}`));
    expect(await run()).toMatchObject({ code: 2, stderr: expect.stringContaining('--collection') });
    expect(await run('--provider', 'none')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('here, far'),
    });
  });
});
