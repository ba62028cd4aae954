import { makeCatalogue, registerCollection, registerItems } from '@swath/catalog';
import { fixedClock, memoryObjects, memoryTable } from '@swath/ports/memory/index';
import { buildResultItem } from '@swath/stac';
import { beforeEach, describe, expect, it } from 'vitest';
import { contentKey, fakeApi, fakeProvider } from '../../../test/support/fake-api.ts';
import { stacSchemas } from '../../../test/support/stac-schemas.ts';
import { makeApp } from './app.ts';

type Json = Record<string, unknown>;
type Document = Json & {
  links: { rel: string; href: string; body?: Json; method?: string }[];
  features: Json[];
};

const errorsOf = stacSchemas();
const sha256 = 'ab'.repeat(32);
const base = `results/${contentKey}/2024-06-01/item.json`;

function resultItem(id: string, start: string, end: string, west: number, cloud: number): Json {
  return buildResultItem({
    id,
    title: 'NDVI',
    geometry: {
      type: 'Polygon',
      coordinates: [
        [
          [west, 50],
          [west + 1, 50],
          [west + 1, 51],
          [west, 51],
          [west, 50],
        ],
      ],
    },
    start,
    end,
    created: '2026-01-01T00:00:00.000Z',
    grid: { crs: 'EPSG:32631', geotransform: [500_000, 10, 0, 5_600_000, 0, -10], width: 20, height: 10 },
    bands: [
      {
        name: 'ndvi',
        stored: { dtype: 'int16', scale: 0.0001, offset: 0, nodata: -32768 },
        statistics: {
          count: 9,
          validPercent: 50,
          min: -0.1,
          max: 0.9,
          mean: 0.5,
          std: 0.2,
          histogram: [1, 2, 3],
        },
      },
    ],
    cloudCoverPercent: cloud,
    processing: { lineage: 'NDVI.', software: { swath: '0.1.0' } },
    scenes: [
      { id: 'S2', collection: 's2', itemHref: 'https://e.test/S2.json', version: '1', radiometry: {} },
    ],
    assets: {
      cog: { href: './ndvi.tif', sizeBytes: 10, sha256 },
      thumbnail: { href: './thumbnail.png' },
      statistics: { href: './statistics.json' },
    },
  }) as Json;
}

const heavier = (item: Json, bytes: number): Json =>
  bytes === 0
    ? item
    : { ...item, properties: { ...(item['properties'] as Json), 'test:text': 'x'.repeat(bytes) } };

const items = [
  resultItem('a', '2024-06-01T10:00:00Z', '2024-06-01T10:00:00Z', 3, 5),
  resultItem('b', '2024-06-11T10:00:00Z', '2024-06-11T10:00:00Z', 3, 40),
  resultItem('c', '2024-06-21T10:00:00Z', '2024-06-21T10:00:00Z', 8, 90),
  resultItem('summer', '2024-06-01T00:00:00Z', '2024-08-31T00:00:00Z', 3, 20),
];

/** @param extraBytes of each Item. */
async function start(extraBytes = 0) {
  const clock = fixedClock(Date.UTC(2026, 0, 2));
  const store = { table: memoryTable(), objects: memoryObjects(), clock };
  await registerItems(store, {
    project: 'local',
    collection: 'results',
    items: items.map((item) => ({ item: heavier(item, extraBytes), base })),
  });
  await registerItems(store, {
    project: 'other',
    collection: 'results',
    items: [{ item: resultItem('theirs', '2024-06-01T10:00:00Z', '2024-06-01T10:00:00Z', 3, 5) }],
  });
  await registerCollection(store, 'local', { id: 'drone', title: 'Drone', description: 'Our own.' });
  const silent = {
    ...fakeProvider,
    id: 'down',
    collections: async () => Promise.reject(new Error('no network')),
  };
  const providers = new Map([fakeProvider, silent].map((provider) => [provider.id, provider]));
  const catalogue = makeCatalogue({ ...store, providers, defaultProvider: fakeProvider.id });
  const app = makeApp(fakeApi({ catalogue, publicUrl: 'https://swath.test/api' }).deps);
  return async (path: string, body?: unknown) => {
    const response = await app.request(path, {
      headers: { 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, json: (await response.json()) as Document };
  };
}

let call: Awaited<ReturnType<typeof start>>;
beforeEach(async () => {
  call = await start();
});

const ids = ({ json }: { json: Document }) => json.features.map(({ id }) => id);
const linkOf = (json: Document, rel: string) => json.links.find((link) => link.rel === rel);
/** A link of the public address as a path of the app. */
const pathOf = (href = '') => href.replace('https://swath.test/api', '');

describe('the STAC API', () => {
  it('leads from a result to its maps, in single and in searches', async () => {
    const item = (await call('/collections/results/items/a')).json as unknown as Json & Document;
    const found = (await call('/search?ids=a')).json.features[0] as unknown as Json & Document;
    for (const { links, stac_extensions: extensions } of [item, found]) {
      const tiles = `https://swath.test/api/tiles/${contentKey}`;
      expect(links.filter(({ rel }) => rel === 'tilejson' || rel === 'wmts')).toEqual([
        expect.objectContaining({ href: `${tiles}/2024-06-01/tilejson.json`, type: 'application/json' }),
        expect.objectContaining({ href: `${tiles}/wmts`, 'wmts:layer': '2024-06-01' }),
      ]);
      expect(extensions).toContain('https://stac-extensions.github.io/web-map-links/v1.2.0/schema.json');
    }
  });

  it('says at its root what it is, where everything lies and what it conforms to', async () => {
    const { json } = await call('/');
    for (const rel of [
      'self',
      'root',
      'conformance',
      'data',
      'service-desc',
      'service-doc',
      'search',
      'child',
    ]) {
      expect([rel, linkOf(json, rel)?.href]).toEqual([
        rel,
        expect.stringMatching(/^https:\/\/swath\.test\/api\//),
      ]);
    }
    expect(json.links.filter(({ rel }) => rel === 'search').map(({ method }) => method)).toEqual([
      'GET',
      'POST',
    ]);
    expect(json['conformsTo']).toEqual((await call('/conformance')).json['conformsTo']);
    expect(json['conformsTo']).toContain('http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30');
    expect(json['conformsTo']).toContain('https://api.stacspec.org/v1.0.0/item-search');
  });

  it('lists own collections and those of providers, and names the provider that is silent', async () => {
    const { json } = await call('/collections');
    const collections = json['collections'] as Json[];
    expect(collections.map(({ id }) => id)).toEqual(['drone', 'results', 'sentinel-2-l2a']);
    expect(json['swath:silent']).toEqual([{ provider: 'down', reason: 'It could not be asked (Bug).' }]);
    expect(collections.find(({ id }) => id === 'results')).toMatchObject({
      itemType: 'feature',
      extent: {
        spatial: { bbox: [[3, 50, 9, 51]] },
        temporal: { interval: [['2024-06-01T00:00:00.000Z', '2024-08-31T00:00:00.000Z']] },
      },
    });
  });

  it('shows an Item with absolute hrefs of its own files', async () => {
    const { json, headers } = await call('/collections/results/items/a');
    expect(headers.get('content-type')).toBe('application/geo+json');
    expect(json).toMatchObject({
      collection: 'results',
      assets: {
        data: {
          href: `https://swath.test/api/results/${contentKey}/2024-06-01/ndvi.tif`,
          type: 'image/tiff; application=geotiff; profile=cloud-optimized',
          'proj:epsg': 32631,
          'proj:code': 'EPSG:32631',
          'raster:bands': [{ statistics: { minimum: -1000 } }],
        },
        thumbnail: { roles: ['thumbnail'] },
      },
    });
    expect(linkOf(json, 'derived_from')?.href).toBe('https://e.test/S2.json');
    expect(pathOf(linkOf(json, 'collection')?.href)).toBe('/collections/results');
  });

  it.each([
    ['/collections/results/items/theirs'],
    ['/collections/results/items/nothing'],
    ['/collections/nothing'],
    ['/collections/nothing/items'],
    ['/collections/down%23x/items/a'],
  ])('knows nothing of %s', async (path) => {
    expect((await call(path)).status).toBe(404);
  });

  it('finds nothing of another project, whatever the search', async () => {
    expect(ids(await call('/search?ids=theirs'))).toEqual([]);
    expect(ids(await call('/search', { filter: "id = 'theirs'", limit: 100 }))).toEqual([]);
  });

  it.each<readonly [string, Json, readonly string[]]>([
    ['newest first', {}, ['c', 'b', 'a', 'summer']],
    ['by box', { bbox: [7.5, 50, 8.5, 50.5] }, ['c']],
    ['by shape', { intersects: { type: 'Point', coordinates: [3.5, 50.5] } }, ['b', 'a', 'summer']],
    ['by time, intervals included', { datetime: '2024-06-15T00:00:00Z/..' }, ['c', 'summer']],
    ['by id', { ids: ['b', 'a', 'theirs'] }, ['b', 'a']],
    ['by filter in text', { filter: 'eo:cloud_cover < 30' }, ['a', 'summer']],
    ['by filter in JSON', { filter: { op: '>', args: [{ property: 'eo:cloud_cover' }, 30] } }, ['c', 'b']],
    [
      'sorted',
      { sortby: [{ field: 'properties.eo:cloud_cover', direction: 'desc' }] },
      ['c', 'b', 'summer', 'a'],
    ],
    ['in no collection there is', { collections: ['nothing'] }, []],
  ])('searches %s', async (_, search, expected) => {
    const found = await call('/search', search);
    expect(ids(found)).toEqual(expected);
    expect(found.json).toMatchObject({ numberMatched: expected.length, numberReturned: expected.length });
  });

  it('reads the same search from a URL', async () => {
    const filter = encodeURIComponent("eo:cloud_cover < 50 AND collection = 'results'");
    const path = `/search?bbox=3,50,4,51&filter=${filter}&sortby=+eo:cloud_cover&fields=id,-geometry`;
    expect(ids(await call(path))).toEqual(['a', 'summer', 'b']);
    expect((await call(path)).json.features[0]).toEqual({
      type: 'Feature',
      stac_version: '1.0.0',
      id: 'a',
      collection: 'results',
    });
  });

  it('pages by the next link: a body to be merged after POST, a URL after GET', async () => {
    const search = { limit: 3, sortby: '-eo:cloud_cover' };
    const first = await call('/search', search);
    const next = linkOf(first.json, 'next');
    expect(next).toMatchObject({ method: 'POST', merge: true, href: 'https://swath.test/api/search' });
    const second = await call('/search', { ...search, ...next?.body });
    expect([...ids(first), ...ids(second)]).toEqual(['c', 'b', 'summer', 'a']);
    expect(linkOf(second.json, 'next')).toBeUndefined();

    const page = await call('/collections/results/items?limit=3');
    expect(page.headers.get('link')).toBe(`<${linkOf(page.json, 'next')?.href}>; rel="next"`);
    expect(ids(await call(pathOf(linkOf(page.json, 'next')?.href)))).toEqual(['summer']);
  });

  it('takes the queries that scripts for older catalogues send, beside a filter', async () => {
    const query = { 'eo:cloud_cover': { lt: 30 } };
    expect(ids(await call('/search', { query })).sort()).toEqual(['a', 'summer']);
    expect(ids(await call('/search', { query, filter: 'eo:cloud_cover > 10' }))).toEqual(['summer']);
    const byUrl = `query=${encodeURIComponent(JSON.stringify(query))}`;
    for (const path of ['/search', '/collections/results/items']) {
      const first = await call(`${path}?${byUrl}&limit=1`);
      const second = await call(pathOf(linkOf(first.json, 'next')?.href));
      expect([...ids(first), ...ids(second)].sort()).toEqual(['a', 'summer']);
      expect(linkOf(second.json, 'next')).toBeUndefined();
    }
    expect((await call('/search?query=eo:cloud_cover<10')).json['pointer']).toBe('/query');
  });

  it('takes the id of the collection and ids of Items where pystac-client sends them: get_items()', async () => {
    const path = '/collections/results/items';
    expect(ids(await call(`${path}?collections=results&ids=a,b`)).sort()).toEqual(['a', 'b']);
    const wrong = await call(`${path}?collections=drone`);
    expect([wrong.status, wrong.json['pointer']]).toEqual([400, '/collections']);
  });

  it('ends a page where its bytes would not come through a Lambda, and goes on behind it', async () => {
    const heavy = await start(2_000_000);
    const seen: unknown[] = [];
    for (let path = '/search?limit=500'; path !== ''; ) {
      const page = await heavy(path);
      expect(Buffer.byteLength(JSON.stringify(page.json))).toBeLessThan(5_000_000);
      expect(ids(page).length).toBeGreaterThan(0);
      seen.push(...ids(page));
      const next = linkOf(page.json, 'next')?.href;
      path = next === undefined ? '' : pathOf(next);
    }
    expect(seen.sort()).toEqual(['a', 'b', 'c', 'summer']);
  });

  it('finds collections by place, time and words, page by page', async () => {
    const named = async (query: string) => {
      const { json } = await call(`/collections?${query}`);
      return (json['collections'] as Json[]).map(({ id }) => id);
    };
    expect(await named('q=drone')).toEqual(['drone']);
    expect(await named('bbox=100,0,101,1&datetime=2024-06-01T00:00:00Z')).not.toContain('results');
    expect(await named('bbox=3,50,3.5,50.5')).toContain('results');
    const all = await named('');
    const pages: unknown[] = [];
    for (let path = '/collections?limit=1'; path !== ''; ) {
      const { json, headers } = await call(path);
      expect(json).toMatchObject({ numberReturned: 1, numberMatched: all.length });
      pages.push(...(json['collections'] as Json[]).map(({ id }) => id));
      const next = linkOf(json, 'next')?.href;
      expect(headers.get('link')).toBe(next === undefined ? null : `<${next}>; rel="next"`);
      path = next === undefined ? '' : pathOf(next);
    }
    expect(pages).toEqual(all);
  });

  it('refuses a token of another search', async () => {
    const { json } = await call('/search', { limit: 1 });
    const { status } = await call('/search', { limit: 1, ids: ['a'], ...linkOf(json, 'next')?.body });
    expect(status).toBe(400);
  });

  it.each<readonly [Json, string]>([
    [{ filter: 'eo:cloud_cover <' }, '/filter'],
    [{ filter: { op: '=', args: [{ property: 'x' }] } }, '/filter/args'],
    [{ bbox: [0, 10, 1, 5] }, '/bbox'],
    [{ bbox: [0, 0, 1, 1], intersects: { type: 'Point', coordinates: [0, 0] } }, '/intersects'],
    [{ datetime: '../..' }, '/datetime'],
    [{ datetime: '2024-06-01' }, '/datetime'],
    [{ query: { 'eo:cloud_cover': { near: 1 } } }, '/query/eo:cloud_cover/near'],
    [{ query: { 'eo:cloud_cover': 20 } }, '/query/eo:cloud_cover'],
    [{ limit: 0 }, '/limit'],
    [{ sortby: [{ field: 'x', direction: 'up' }] }, '/sortby'],
  ])('refuses %j and points to what is wrong', async (search, pointer) => {
    const { status, json } = await call('/search', search);
    expect([status, json['pointer']]).toEqual([400, pointer]);
    expect(json['fix']).toBeTypeOf('string');
  });

  it('shows the scenes of a provider as Items, when its collection is named', async () => {
    const { json } = await call('/search', {
      collections: ['sentinel-2-l2a'],
      filter: 'eo:cloud_cover < 10',
    });
    expect(json.features).toMatchObject([
      { id: 'S2_20240705', collection: 'sentinel-2-l2a', assets: { red: { href: 'file:///data/red.tif' } } },
    ]);
    expect((await call('/collections/sentinel-2-l2a/items/S2_20240705')).status).toBe(200);
    expect((await call('/search', { collections: ['down:x'] })).status).toBe(500);
  });

  it('says what a filter may name', async () => {
    const { json, headers } = await call('/collections/results/queryables');
    expect(headers.get('content-type')).toBe('application/schema+json');
    expect(json).toMatchObject({
      $id: 'https://swath.test/api/collections/results/queryables',
      additionalProperties: true,
      properties: { 'eo:cloud_cover': { type: 'number' } },
    });
  });

  it.skipIf(errorsOf === undefined)(
    'answers documents that the schemas of STAC and its extensions accept',
    async () => {
      const documents = [
        (await call('/')).json,
        ...((await call('/collections')).json['collections'] as Json[]),
        (await call('/collections/sentinel-2-l2a')).json,
        ...(await call('/search')).json.features,
        ...(await call('/search?collections=sentinel-2-l2a')).json.features,
        (await call('/collections/results/items/summer')).json,
      ];
      expect(documents).toHaveLength(11);
      expect(documents.map((document) => [document['id'], errorsOf?.(document)])).toEqual(
        documents.map((document) => [document['id'], []]),
      );
    },
  );
});
