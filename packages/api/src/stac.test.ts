import { beforeEach, describe, expect, it } from 'vitest';
import { contentKey } from '../../../test/support/fake-api.ts';
import { stacSchemas } from '../../../test/support/stac-schemas.ts';
import { type Document, ids, type Json, linkOf, pathOf, startCatalogue } from './stac.fixture.ts';

const errorsOf = stacSchemas();

let call: Awaited<ReturnType<typeof startCatalogue>>;
beforeEach(async () => {
  call = await startCatalogue();
});

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
