import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { sendJson, startServer } from '../../../../test/support/http-server.ts';
import { closeApis, closeLater, ids, page, startApi, tokenOf } from '../../test/api-server.ts';
import { makeAoi, makeItem, makeQuery } from '../../test/make-item.ts';
import { earthSearch } from '../earth-search.ts';
import { stacApiProvider } from './provider.ts';

afterEach(closeApis);

describe('search of a STAC API', () => {
  it('asks what can be asked, and for one scene more than wanted', async () => {
    const { provider, searches } = await startApi(() => page([]), {
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
    const cql2 = await startApi(() => page([]), {
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
    const plain = await startApi(() => page([]));
    await plain.provider.search(makeQuery({ maxCloudCoverPercent: 20 }));
    expect(plain.searches()[0]?.body).toEqual({ collections: ['c'], limit: 100 });
  });

  it('sends the shape of an AOI that clips, and its box when the shape is too large', async () => {
    const { provider, searches } = await startApi(() => page([]));
    const aoi = makeAoi([0, 0, 1, 1], { clip: true });
    await provider.search(makeQuery({ aoi }));
    const ring = Array.from({ length: 5000 }, (_, i) => [i / 5000, 0] as const);
    await provider.search(makeQuery({ aoi: { ...aoi, geometry: { type: 'Polygon', coordinates: [ring] } } }));
    expect(searches()[0]?.body).toMatchObject({ intersects: aoi.geometry });
    expect(searches()[1]?.body).toMatchObject({ bbox: [0, 0, 1, 1] });
  });

  it('reads the landing page once', async () => {
    const { provider, server } = await startApi(() => page([]), { landing: { conformsTo: [] } });
    await provider.search(makeQuery());
    await provider.search(makeQuery());
    expect(server.requests.filter((request) => request.path === '/')).toHaveLength(1);
  });

  it('uses GET where the API names no POST, with the box of an AOI on both sides of the antimeridian', async () => {
    const { provider, searches } = await startApi(() => page([]), {
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
    closeLater(server);
    const provider = stacApiProvider({ id: 'p', title: 'P', url: server.origin });
    expect(ids(await provider.search(makeQuery()))).toEqual(['a']);
    await provider.search(makeQuery());
    expect(server.requests.filter((request) => request.method === 'POST')).toHaveLength(1);
  });

  it('checks everything again that a server ignored', async () => {
    const inside = { datetime: '2024-05-15T00:00:00Z', 'eo:cloud_cover': 10 };
    const { provider } = await startApi(() =>
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
    const { provider } = await startApi(() => page(order));
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
    const { provider } = await startApi(() =>
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
    const { provider, searches } = await startApi((request) => {
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
    const { provider, server } = await startApi(() => page([makeItem('a/b', { assets })]));
    const [scene] = (await provider.search(makeQuery())).scenes;
    expect(scene?.itemHref).toBe(`${server.origin}/collections/c/items/a%2Fb`);
    expect(scene?.assets[0]?.href).toBe(`${server.origin}/collections/c/items/red.tif`);
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
    const { provider } = await startApi(() => page([]), {
      landing: { links: [{ rel: 'search', method: 'POST', href: 'https://evil.test/search' }] },
    });
    await expect(provider.search(makeQuery())).rejects.toMatchObject({ code: 'Corrupt' });
  });

  it('is cancelled by its signal', async () => {
    const { provider } = await startApi(() => page([]));
    await expect(provider.search(makeQuery({ signal: AbortSignal.abort() }))).rejects.toMatchObject({
      code: 'Cancelled',
    });
  });

  it('lists collections over pages, with the bands they name', async () => {
    const item_assets = {
      red: { type: 'image/tiff', 'eo:bands': [{ name: 'B04', common_name: 'red' }] },
      thumbnail: { type: 'image/jpeg' },
    };
    const { provider } = await startApi((request) =>
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
    const { provider } = await startApi(() => ({
      collections: [],
      links: [{ rel: 'next', href: '/collections' }],
    }));
    await expect(provider.collections()).rejects.toMatchObject({ code: 'Corrupt' });
  });

  it('has Earth Search as a preset', () => {
    expect(earthSearch()).toMatchObject({ id: 'earth-search', acquire: 'reference' });
  });
});
