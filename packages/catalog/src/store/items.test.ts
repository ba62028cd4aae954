import { sha256Hex } from '@swath/core';
import { fixedClock, memoryObjects, memoryTable } from '@swath/ports/memory/index';
import { describe, expect, it } from 'vitest';
import { makeCatalogue } from '../catalogue.ts';
import { parseSearch, type SearchInput } from '../search/parse.ts';
import { closeToken } from '../search/token.ts';
import { getCollection, listCollections, registerCollection } from './collections.ts';
import { getItem, registerItems } from './items.ts';
import { registerResults } from './results.ts';
import type { JsonObject } from './types.ts';

const item = (id: string, properties: JsonObject = {}): JsonObject => ({
  type: 'Feature',
  stac_version: '1.0.0',
  id,
  geometry: { type: 'Point', coordinates: [1, 2] },
  bbox: [1, 2, 1, 2],
  properties: { datetime: '2024-06-01T00:00:00Z', ...properties },
  links: [],
  assets: {},
});

function world() {
  const clock = fixedClock(Date.UTC(2026, 0, 1));
  const table = memoryTable();
  const deps = { table, objects: memoryObjects(), clock };
  const catalogue = makeCatalogue({ ...deps, providers: new Map(), defaultProvider: 'none' });
  const register = (items: readonly JsonObject[], project = 'p', collection = 'c') =>
    registerItems(deps, { project, collection, items: items.map((one) => ({ item: one })) });
  const search = async (input: SearchInput) => {
    const query = parseSearch(input);
    const page = await catalogue.search('p', query);
    return { ...page, token: page.next === undefined ? undefined : closeToken(query.fingerprint, page.next) };
  };
  return { ...deps, deps, catalogue, register, search };
}

describe('registered Items', () => {
  it('are found in their project and in no other', async () => {
    const { deps, register } = world();
    await register([item('a')]);
    expect((await getItem(deps, 'p', 'c', 'a'))?.item).toEqual(item('a'));
    expect(await getItem(deps, 'q', 'c', 'a')).toBeUndefined();
    expect((await listCollections(deps, 'p')).map(({ id }) => id)).toEqual(['results', 'c']);
    expect((await listCollections(deps, 'q')).map(({ id }) => id)).toEqual(['results']);
  });

  it('do not meet where a project is named like a project with a collection', async () => {
    const { deps, register } = world();
    await register([item('a')], 'p#c', 'd');
    expect(await getItem(deps, 'p', 'c#d', 'a')).toEqual(expect.objectContaining({ id: 'a' }));
    await expect(register([item('a')], 'p', 'c#d')).rejects.toMatchObject({ code: 'InvalidInput' });
  });

  it('are replaced by a later version and never by an earlier one', async () => {
    const { deps, register } = world();
    await register([item('a', { updated: '2025-02-01T00:00:00Z', title: 'new' })]);
    await register([item('a', { updated: '2025-01-01T00:00:00Z', title: 'old' })]);
    expect((await getItem(deps, 'p', 'c', 'a'))?.item['properties']).toMatchObject({ title: 'new' });
    await register([
      item('a', { updated: '2025-03-01T00:00:00Z', title: 'newest', datetime: '2024-07-01T00:00:00Z' }),
    ]);
    expect((await getItem(deps, 'p', 'c', 'a'))?.item['properties']).toMatchObject({ title: 'newest' });
  });

  it('written again change nothing', async () => {
    const { table, register } = world();
    await register([item('a'), item('b')]);
    const before = JSON.stringify(table.rows());
    await register([item('a'), item('b')]);
    expect(JSON.stringify(table.rows())).toBe(before);
  });

  it('written by many at once are all there, and so is the extent of their collection', async () => {
    const { deps, register, search } = world();
    await Promise.all(
      Array.from({ length: 8 }, (_, n) => register([{ ...item(`i${n}`), bbox: [n, n, n + 1, n + 1] }])),
    );
    expect((await search({ limit: 100 })).matched).toBe(8);
    expect((await getCollection(deps, 'p', 'c'))?.bbox).toEqual([0, 0, 8, 8]);
  });

  it('too large for a row lie in an object and are found all the same', async () => {
    const { table, deps, register, search } = world();
    const large = item('large', { text: 'x'.repeat(500_000) });
    await register([large]);
    expect(JSON.stringify(table.rows()).length).toBeLessThan(5_000);
    expect((await getItem(deps, 'p', 'c', 'large'))?.item).toEqual(large);
    expect((await search({ filter: "text LIKE 'xxx%'" })).entries).toHaveLength(1);
  });

  it('vanish when their files are deleted, before the table has deleted them', async () => {
    const { deps, clock, search } = world();
    const expiresAtS = clock.now() / 1000 + 60;
    await registerItems(deps, { project: 'p', collection: 'c', items: [{ item: item('a'), expiresAtS }] });
    expect((await search({})).matched).toBe(1);
    clock.advance(60_000);
    expect((await search({})).matched).toBe(0);
    expect(await getItem(deps, 'p', 'c', 'a')).toBeUndefined();
  });

  it.each<readonly [JsonObject, string]>([
    [{ ...item('a'), type: 'feature' }, '/items/0/item/type'],
    [item('a/b'), '/items/0/item/id'],
    [item('a', { datetime: null }), '/items/0/item/properties/datetime'],
    [{ ...item('a'), geometry: { type: 'Point', coordinates: ['x'] } }, '/items/0/item/geometry/coordinates'],
    [{ ...item('a'), assets: { data: {} } }, '/items/0/item/assets/data/href'],
  ])('that are none are refused: %j', async (wrong, pointer) => {
    await expect(world().register([wrong])).rejects.toMatchObject({ code: 'InvalidInput', pointer });
  });
});

describe('results of a request', () => {
  it('are registered any number of times, with the place of their files', async () => {
    const { deps, objects, table } = world();
    const body = new TextEncoder().encode(JSON.stringify(item('r')));
    await objects.put('results/k/2024-06-01/item.json', body, { sha256: sha256Hex(body) });
    const published = {
      project: 'p',
      requestId: 'req',
      products: [
        { assets: { item: 'results/k/2024-06-01/item.json' } },
        { assets: { item: 'results/k/2024-06-11/item.json' } },
      ],
      availableUntil: '2026-03-01T00:00:00.000Z',
    };
    await registerResults(deps, published);
    const before = JSON.stringify(table.rows());
    await registerResults(deps, published);
    expect(JSON.stringify(table.rows())).toBe(before);
    expect(await getItem(deps, 'p', 'results', 'r')).toMatchObject({
      base: 'results/k/2024-06-01/item.json',
      item: { properties: { 'swath:request': 'req' } },
    });
    expect(table.rows().find((row) => row.sk === 'r')?.expiresAt).toBe(Date.UTC(2026, 2, 1) / 1000);
  });

  it.each([[['d-k-partial', 'd-k']], [['d-k', 'd-k-partial']]])(
    'show a whole product and not the same with missing parts, in whichever order they come: %j',
    async (order) => {
      const { deps, objects, search } = world();
      for (const id of [...order, 'e-k-partial']) {
        const key = `results/${id}/item.json`;
        const body = new TextEncoder().encode(JSON.stringify(item(id)));
        await objects.put(key, body, { sha256: sha256Hex(body) });
        await registerResults(deps, {
          project: 'p',
          requestId: 'req',
          products: [{ assets: { item: key } }],
        });
      }
      const { entries } = await search({ collections: ['results'] });
      expect(entries.map(({ id }) => id).sort()).toEqual(['d-k', 'e-k-partial']);
      expect(await getItem(deps, 'p', 'results', 'd-k-partial')).toBeUndefined();
    },
  );
});

describe('a search', () => {
  const days = (count: number) =>
    Array.from({ length: count }, (_, n) =>
      item(`i${String(n).padStart(5, '0')}`, {
        datetime: new Date(Date.UTC(2024, 0, 1) + n * 3_600_000).toISOString(),
        'eo:cloud_cover': n % 1000,
      }),
    );

  it('that finds little among much ends its pages short, goes on, and finds each once', async () => {
    const { register, search } = world();
    const all = days(5000);
    for (let at = 0; at < all.length; at += 1000) await register(all.slice(at, at + 1000));
    const found: string[] = [];
    let token: string | undefined;
    let pages = 0;
    do {
      const page = await search({ filter: '"eo:cloud_cover" = 7', limit: 3, token });
      found.push(...page.entries.map(({ id }) => id));
      token = page.token;
      pages += 1;
    } while (token !== undefined);
    expect(found).toEqual(['i04007', 'i03007', 'i02007', 'i01007', 'i00007']);
    expect(pages).toBeGreaterThan(2);
  });

  it('says how many match only where that is cheap', async () => {
    const { register, search } = world();
    await register(days(1000));
    await register(days(1500).slice(1000));
    expect((await search({ limit: 5 })).matched).toBeUndefined();
    expect((await search({ limit: 5, datetime: '2024-01-01T00:00:00Z/2024-01-02T00:00:00Z' })).matched).toBe(
      25,
    );
  });

  it('keeps its place while Items come and go before it', async () => {
    const { register, search } = world();
    await register(days(10));
    const first = await search({ limit: 4 });
    await register([item('later', { datetime: '2024-02-01T00:00:00Z' })]);
    const second = await search({ limit: 4, token: first.token });
    expect(second.entries.map(({ id }) => id)).toEqual(['i00005', 'i00004', 'i00003', 'i00002']);
  });

  it('finds intervals that began long before, and sorts them by their start', async () => {
    const { register, search } = world();
    const season = {
      datetime: null,
      start_datetime: '2023-01-01T00:00:00Z',
      end_datetime: '2024-01-01T05:30:00Z',
    };
    await register([...days(10), item('season', season)]);
    const page = await search({ datetime: '2024-01-01T05:00:00Z/2024-01-01T06:00:00Z' });
    expect(page.entries.map(({ id }) => id)).toEqual(['i00006', 'i00005', 'season']);
    const filter = "T_INTERSECTS(datetime, TIMESTAMP('2023-06-01T00:00:00Z'))";
    expect((await search({ filter })).entries.map(({ id }) => id)).toEqual(['season']);
  });

  it.each([
    'x',
    '',
    'x'.repeat(9000),
    Buffer.from('[1,"x",{"kind":"time","beforeMs":0}]').toString('base64url'),
  ])('refuses what is no token of it', async (token) => {
    await expect(world().search({ token })).rejects.toMatchObject({
      code: 'InvalidInput',
      pointer: '/token',
    });
  });
});

describe('a collection', () => {
  it('keeps its words when Items come, and its extent when its words change', async () => {
    const { deps, register } = world();
    await registerCollection(deps, 'p', { id: 'c', title: 'Drone', description: 'Flights.' });
    await register([item('a')]);
    await registerCollection(deps, 'p', { id: 'c', title: 'Drones', description: 'Flights.' });
    expect(await getCollection(deps, 'p', 'c')).toMatchObject({
      title: 'Drones',
      bbox: [1, 2, 1, 2],
      interval: ['2024-06-01T00:00:00.000Z', '2024-06-01T00:00:00.000Z'],
    });
  });
});
