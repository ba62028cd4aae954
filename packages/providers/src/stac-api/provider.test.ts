import type { SearchAnswer } from '@swath/ports';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type ReceivedRequest,
  type RunningServer,
  sendJson,
  startServer,
} from '../../../../test/support/http-server.ts';
import { makeAoi, makeItem, makeQuery } from '../../test/make-item.ts';
import { earthSearch } from '../earth-search.ts';
import { type StacApiOptions, stacApiProvider } from './provider.ts';

const open: RunningServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

type Handler = (request: ReceivedRequest, origin: string) => unknown;

interface Setup extends Partial<StacApiOptions> {
  readonly landing?: unknown;
}

/** An API whose searches are answered by `search`, and its landing page by `landing` (404 by default). */
async function setup(search: Handler, { landing, ...options }: Setup = {}) {
  const server = await startServer(async (request, response, origin) => {
    if (request.path === '/') {
      if (landing === undefined) return sendJson(response, 404, {});
      return sendJson(response, 200, typeof landing === 'function' ? landing(origin) : landing);
    }
    const body: unknown = await search(request, origin);
    sendJson(response, 200, body);
  });
  open.push(server);
  const waits: number[] = [];
  const provider = stacApiProvider({
    id: 'p',
    title: 'P',
    url: `${server.origin}/`,
    sleep: async (ms) => void waits.push(ms),
    random: () => 0.5,
    ...options,
  });
  const searches = () => server.requests.filter((request) => request.path !== '/');
  return { server, provider, waits, searches };
}

const page = (features: readonly unknown[], ...links: readonly unknown[]) => ({
  type: 'FeatureCollection',
  features,
  links,
});
const ids = (answer: SearchAnswer) => answer.scenes.map((scene) => scene.id);
const tokenOf = (request: ReceivedRequest) => Number(Object(request.body).token ?? 0);

describe('search of a STAC API', () => {
  it('asks what can be asked, and for one scene more than wanted', async () => {
    const { provider, searches } = await setup(() => page([]), {
      landing: { conformsTo: ['https://api.stacspec.org/v1.0.0/item-search#query'] },
    });
    await provider.search(
      makeQuery({
        aoi: makeAoi([0, 0, 1, 1]),
        datetime: { start: '2024-05-01T00:00:00Z', end: null },
        maxCloudCoverPercent: 20,
        limit: 7,
      }),
    );
    expect(searches()[0]).toMatchObject({
      method: 'POST',
      path: '/search',
      body: {
        collections: ['c'],
        bbox: [0, 0, 1, 1],
        datetime: '2024-05-01T00:00:00Z/..',
        query: { 'eo:cloud_cover': { lte: 20 } },
        limit: 8,
      },
    });
  });

  it('asks for cloud cover by CQL2 where only that is offered, and not at all where nothing is', async () => {
    const cql2 = await setup(() => page([]), {
      landing: {
        conformsTo: [
          'https://api.stacspec.org/v1.0.0/item-search#filter',
          'http://www.opengis.net/spec/cql2/1.0/conf/cql2-json',
        ],
      },
    });
    await cql2.provider.search(makeQuery({ maxCloudCoverPercent: 20 }));
    expect(cql2.searches()[0]?.body).toMatchObject({
      'filter-lang': 'cql2-json',
      filter: { op: '<=', args: [{ property: 'eo:cloud_cover' }, 20] },
    });
    const plain = await setup(() => page([]));
    await plain.provider.search(makeQuery({ maxCloudCoverPercent: 20 }));
    expect(plain.searches()[0]?.body).toEqual({ collections: ['c'], limit: 100 });
  });

  it('sends the shape of an AOI that clips, and its box when the shape is too large', async () => {
    const { provider, searches } = await setup(() => page([]));
    const aoi = makeAoi([0, 0, 1, 1], { clip: true });
    await provider.search(makeQuery({ aoi }));
    const ring = Array.from({ length: 5000 }, (_, i) => [i / 5000, 0] as const);
    await provider.search(makeQuery({ aoi: { ...aoi, geometry: { type: 'Polygon', coordinates: [ring] } } }));
    expect(searches()[0]?.body).toMatchObject({ intersects: aoi.geometry });
    expect(searches()[1]?.body).toMatchObject({ bbox: [0, 0, 1, 1] });
  });

  it('reads the landing page once', async () => {
    const { provider, server } = await setup(() => page([]), { landing: { conformsTo: [] } });
    await provider.search(makeQuery());
    await provider.search(makeQuery());
    expect(server.requests.filter((request) => request.path === '/')).toHaveLength(1);
  });

  it('uses GET where the API names no POST, with the box of an AOI on both sides of the antimeridian', async () => {
    const { provider, searches } = await setup(() => page([]), {
      landing: (origin: string) => ({
        links: [{ rel: 'search', method: 'GET', href: `${origin}/find?x=1` }],
      }),
    });
    const aoi = makeAoi([179, 0, 180, 1], {
      bboxes: [
        [179, 0, 180, 1],
        [-180, -1, -179, 1],
      ],
    });
    await provider.search(makeQuery({ aoi, collections: ['a', 'b'] }));
    expect(searches()[0]).toMatchObject({ method: 'GET' });
    const asked = new URL(searches()[0]?.path ?? '', 'http://x');
    expect(Object.fromEntries(asked.searchParams)).toEqual({
      x: '1',
      collections: 'a,b',
      bbox: '179,-1,-179,1',
      limit: '100',
    });
  });

  it('falls back to GET when POST is refused', async () => {
    const server = await startServer((request, response) => {
      if (request.method === 'POST') return void response.writeHead(405).end();
      return sendJson(response, request.path === '/' ? 404 : 200, page([makeItem('a')]));
    });
    open.push(server);
    const provider = stacApiProvider({ id: 'p', title: 'P', url: server.origin });
    expect(ids(await provider.search(makeQuery()))).toEqual(['a']);
    await provider.search(makeQuery());
    expect(server.requests.filter((request) => request.method === 'POST')).toHaveLength(1);
  });

  it('checks everything again that a server ignored', async () => {
    const inside = { datetime: '2024-05-15T00:00:00Z', 'eo:cloud_cover': 10 };
    const { provider } = await setup(() =>
      page([
        makeItem('good', { properties: inside }),
        makeItem('far', { x: 50, properties: inside }),
        makeItem('late', { properties: { ...inside, datetime: '2024-07-01T00:00:00Z' } }),
        makeItem('early', { properties: { ...inside, datetime: '2024-04-30T23:59:59.999Z' } }),
        makeItem('cloudy', { properties: { ...inside, 'eo:cloud_cover': 20.1 } }),
        makeItem('other', { collection: 'd', properties: inside }),
        makeItem('unknown', { properties: { datetime: inside.datetime } }),
        makeItem('interval', {
          properties: {
            ...inside,
            datetime: null,
            start_datetime: '2024-01-01T00:00:00Z',
            end_datetime: '2024-05-01T00:00:00Z',
          },
        }),
      ]),
    );
    const answer = await provider.search(
      makeQuery({
        aoi: makeAoi([0.5, 0.5, 3, 3]),
        datetime: { start: '2024-05-01T00:00:00Z', end: '2024-05-31T23:59:59Z' },
        maxCloudCoverPercent: 20,
      }),
    );
    expect(ids(answer)).toEqual(['interval', 'good']);
    expect(answer.skipped).toEqual([{ id: 'unknown', reason: 'Left out, its cloud cover is unknown.' }]);
  });

  it('orders by datetime, collection and id, each scene once, whatever order it came in', async () => {
    const items = [
      makeItem('b', { collection: 'd' }),
      makeItem('b'),
      makeItem('a'),
      makeItem('z', { properties: { datetime: '2023-01-01T00:00:00+02:00' } }),
    ];
    let order = items;
    const { provider } = await setup(() => page(order));
    const shuffled = fc.shuffledSubarray([...items, ...items], { minLength: 8 });
    await fc.assert(
      fc.asyncProperty(shuffled, async (shuffle) => {
        order = shuffle;
        const answer = await provider.search(makeQuery({ collections: ['c', 'd'] }));
        expect(answer.scenes.map((scene) => `${scene.collection} ${scene.id}`)).toEqual([
          'c z',
          'c a',
          'c b',
          'd b',
        ]);
      }),
      { numRuns: 20 },
    );
  });

  it('counts Items that cannot be used, with the reason', async () => {
    const { provider } = await setup(() =>
      page([
        makeItem('good'),
        makeItem('bare', { assets: undefined, geometry: undefined, links: undefined }),
        7,
        null,
      ]),
    );
    const answer = await provider.search(makeQuery());
    expect(ids(answer)).toEqual(['good']);
    expect(answer.skipped).toEqual([
      { id: 'bare', reason: expect.stringContaining('/assets is missing') },
      { id: '', reason: expect.stringContaining('not a JSON object') },
      { id: '', reason: expect.stringContaining('not a JSON object') },
    ]);
  });

  it('says when the limit cut the answer, and only then', async () => {
    const { provider, searches } = await setup((request) => {
      const token = tokenOf(request);
      const link = { rel: 'next', method: 'POST', href: '/search', body: { token: token + 1 } };
      // The last page is empty although the page before promised one more, as at Earth Search.
      return token < 2 ? page([makeItem(`a${token}`)], link) : page([]);
    });
    expect(await provider.search(makeQuery({ limit: 1 }))).toMatchObject({ truncated: true });
    expect(searches()).toHaveLength(2);
    const all = await provider.search(makeQuery({ limit: 2 }));
    expect([ids(all), all.truncated]).toEqual([['a0', 'a1'], false]);
  });

  it('gives relative assets the address of their Item', async () => {
    const assets = { red: { href: './red.tif', type: 'image/tiff' } };
    const { provider, server } = await setup(() => page([makeItem('a/b', { assets })]));
    const [scene] = (await provider.search(makeQuery())).scenes;
    expect(scene?.itemHref).toBe(`${server.origin}/collections/c/items/a%2Fb`);
    expect(scene?.assets[0]?.href).toBe(`${server.origin}/collections/c/items/red.tif`);
  });
});

describe('paging', () => {
  it.each([
    ['merge: false', false, { token: 1, collections: ['c'] }, { token: 1, collections: ['c'] }],
    ['no merge', undefined, { token: 1 }, { token: 1 }],
    ['merge: true', true, { token: 1 }, { token: 1, collections: ['c'], limit: 100 }],
  ])('by POST with %s', async (_, merge, body, expected) => {
    const { provider, searches } = await setup((request) =>
      tokenOf(request) === 0
        ? page([makeItem('a')], { rel: 'next', method: 'POST', href: '/search', merge, body })
        : page([makeItem('b')]),
    );
    expect(ids(await provider.search(makeQuery()))).toEqual(['a', 'b']);
    expect(searches()[1]?.body).toEqual(expected);
  });

  it('by GET with a token, after a POST', async () => {
    const { provider, searches } = await setup((request) =>
      request.method === 'POST'
        ? page([makeItem('a')], { rel: 'next', href: '/search?token=x' })
        : page([makeItem('b')]),
    );
    expect(ids(await provider.search(makeQuery()))).toEqual(['a', 'b']);
    expect(searches()[1]).toMatchObject({ method: 'GET', path: '/search?token=x' });
  });

  it.each(['context', 'meta'])('by page number in %s, where there is no link (v0)', async (key) => {
    const { provider, searches } = await setup((request) => {
      const number = Number(Object(request.body).page ?? 1);
      const counts = { page: number, limit: 1, matched: 3, found: 3 };
      return { type: 'FeatureCollection', features: [makeItem(`a${number}`)], [key]: counts };
    });
    expect(ids(await provider.search(makeQuery()))).toEqual(['a1', 'a2', 'a3']);
    expect(searches()).toHaveLength(3);
  });

  it('sends the headers of a link, but none that are ours', async () => {
    const headers = { 'x-page': '2', Authorization: 'evil', Host: 'evil.test', 'X-Api-Key': 'evil', bad: 7 };
    const { provider, searches } = await setup(
      (request) =>
        tokenOf(request) === 0
          ? page([makeItem('a')], {
              rel: 'next',
              method: 'POST',
              href: '/search',
              body: { token: 1 },
              headers,
            })
          : page([]),
      { headers: { authorization: 'Bearer mine' } },
    );
    await provider.search(makeQuery());
    expect(searches()[1]?.headers).toMatchObject({ 'x-page': '2', authorization: 'Bearer mine' });
    expect(JSON.stringify(searches()[1]?.headers)).not.toContain('evil');
  });

  it.each([
    'https://evil.test/search',
    'http://127.0.0.1:1/search',
    '//evil.test/search',
    'file:///etc/passwd',
  ])('does not follow a next link to %s', async (href) => {
    const { provider } = await setup(
      () => page([makeItem('a')], { rel: 'next', method: 'POST', href, body: { t: 1 } }),
      {
        headers: { authorization: 'Bearer hunter2' },
      },
    );
    const error = await provider.search(makeQuery()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'Corrupt', message: expect.stringContaining('another origin') });
    expect(String(error)).not.toContain('hunter2');
  });

  it('stops at a loop', async () => {
    const { provider, searches } = await setup((request) => {
      const token = (tokenOf(request) % 3) + 1;
      return page([makeItem(`a${token}`)], { rel: 'next', method: 'POST', href: '/search', body: { token } });
    });
    await expect(provider.search(makeQuery())).rejects.toMatchObject({
      code: 'Corrupt',
      message: expect.stringContaining('loop'),
    });
    expect(searches().length).toBeLessThan(6);
  });

  it('stops when page after page brings nothing new under ever new tokens', async () => {
    const { provider, searches } = await setup((request) =>
      page([makeItem('a')], {
        rel: 'next',
        method: 'POST',
        href: '/search',
        body: { token: tokenOf(request) + 1 },
      }),
    );
    await expect(provider.search(makeQuery())).rejects.toMatchObject({
      code: 'Corrupt',
      message: expect.stringContaining('nothing new'),
    });
    expect(searches().length).toBeLessThan(15);
  });

  it('stops after a thousand pages', async () => {
    let asked = 0;
    const provider = stacApiProvider({
      id: 'p',
      title: 'P',
      url: 'https://stac.test',
      fetch: async () => {
        asked += 1;
        const next = { rel: 'next', method: 'POST', href: '/search', body: { token: asked } };
        return new Response(JSON.stringify(page([makeItem(`a${asked}`, { x: 50 })], next)));
      },
    });
    await expect(provider.search(makeQuery({ aoi: makeAoi([0, 0, 1, 1]) }))).rejects.toMatchObject({
      code: 'LimitExceeded',
    });
    expect(asked).toBe(1001);
  });

  it.each([
    ['a list', []],
    ['no features', { type: 'FeatureCollection' }],
    ['a text', 'hello'],
  ])('calls %s instead of a page corrupt', async (_, body) => {
    const { provider } = await setup(() => body);
    await expect(provider.search(makeQuery())).rejects.toMatchObject({ code: 'Corrupt' });
  });

  it('repeats a page that failed, not the search', async () => {
    let failed = false;
    const server = await startServer((request, response) => {
      if (request.path === '/') return sendJson(response, 404, {});
      if (tokenOf(request) === 1 && !failed) {
        failed = true;
        return void response.writeHead(503).end();
      }
      const next = { rel: 'next', method: 'POST', href: '/search', body: { token: 1 } };
      return sendJson(
        response,
        200,
        tokenOf(request) === 0 ? page([makeItem('a')], next) : page([makeItem('b')]),
      );
    });
    open.push(server);
    const provider = stacApiProvider({ id: 'p', title: 'P', url: server.origin, sleep: async () => {} });
    expect(ids(await provider.search(makeQuery()))).toEqual(['a', 'b']);
    expect(server.requests).toHaveLength(4);
  });
});

describe('stacApiProvider', () => {
  it.each([
    'http://stac.test',
    'ftp://stac.test',
    'stac.test',
    'https://user:pass@stac.test',
    'http://10.0.0.1/',
    '',
  ])('refuses the URL %j', (url) => {
    expect(() => stacApiProvider({ id: 'p', title: 'P', url })).toThrow(
      expect.objectContaining({ code: 'InvalidInput', message: expect.not.stringContaining('pass@') }),
    );
  });

  it('does not believe a search link to another origin', async () => {
    const { provider } = await setup(() => page([]), {
      landing: { links: [{ rel: 'search', method: 'POST', href: 'https://evil.test/search' }] },
    });
    await expect(provider.search(makeQuery())).rejects.toMatchObject({ code: 'Corrupt' });
  });

  it('is cancelled by its signal', async () => {
    const { provider } = await setup(() => page([]));
    await expect(provider.search(makeQuery({ signal: AbortSignal.abort() }))).rejects.toMatchObject({
      code: 'Cancelled',
    });
  });

  it('lists collections over pages, with the bands they name', async () => {
    const item_assets = {
      red: { type: 'image/tiff', 'eo:bands': [{ name: 'B04', common_name: 'red' }] },
      thumbnail: { type: 'image/jpeg' },
    };
    const { provider } = await setup((request) =>
      request.path.includes('page=2')
        ? {
            collections: [
              { id: 'a', summaries: { bands: [{ name: 'x', 'eo:common_name': 'nir' }] } },
              { title: 'no id' },
            ],
          }
        : {
            collections: [{ id: 'b', title: 'B', description: 'd', item_assets }],
            links: [{ rel: 'next', href: '/collections?page=2' }],
          },
    );
    expect(await provider.collections()).toEqual([
      { id: 'a', title: 'a', description: '', bands: ['x', 'nir'] },
      { id: 'b', title: 'B', description: 'd', bands: ['red', 'B04'] },
    ]);
  });

  it('stops at a loop of collection pages', async () => {
    const { provider } = await setup(() => ({
      collections: [],
      links: [{ rel: 'next', href: '/collections' }],
    }));
    await expect(provider.collections()).rejects.toMatchObject({ code: 'Corrupt' });
  });

  it('has Earth Search as a preset', () => {
    expect(earthSearch()).toMatchObject({ id: 'earth-search', acquire: 'reference' });
  });
});
