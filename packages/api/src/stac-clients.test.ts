import { beforeEach, describe, expect, it } from 'vitest';
import { ids, type Json, linkOf, pathOf, startCatalogue } from './stac.fixture.ts';

let call: Awaited<ReturnType<typeof startCatalogue>>;
beforeEach(async () => {
  call = await startCatalogue();
});

describe('what STAC clients send besides the specification', () => {
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
    const heavy = await startCatalogue(2_000_000);
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
});
