import { SwathError } from '@swath/core';
import type { Provider, SceneQuery } from '@swath/ports';
import { fixedClock, memoryObjects, memoryTable } from '@swath/ports/memory/index';
import type { Scene } from '@swath/stac';
import { describe, expect, it } from 'vitest';
import { makeCatalogue } from '../catalogue.ts';
import { PROVIDER_CALLS } from '../limits.ts';
import { parseSearch, type SearchInput } from '../search/parse.ts';
import { closeToken } from '../search/token.ts';

const now = Date.UTC(2026, 0, 1);

const scene = (n: number, hours: number): Scene => ({
  provider: 'p',
  collection: 's2',
  id: `s${String(n).padStart(6, '0')}`,
  datetime: new Date(now - n * hours * 3_600_000).toISOString(),
  geometry: {
    type: 'Polygon',
    coordinates: [
      [
        [4, 50],
        [5, 50],
        [5, 51],
        [4, 51],
        [4, 50],
      ],
    ],
  },
  bboxes: [[4, 50, 5, 51]],
  cloudCoverPercent: n % 100,
  assets: [],
  version: '1',
  radiometryHints: {},
});

/** A provider that answers with any of what matches when there is too much, as real ones do. */
function provider(scenes: readonly Scene[]) {
  const asked: SceneQuery[] = [];
  const made: Provider = {
    id: 'p',
    title: 'P',
    acquire: 'reference',
    async search(query) {
      asked.push(query);
      const { start = null, end = null } = query.datetime ?? {};
      const matching = scenes.filter(
        ({ datetime, id }) =>
          (start === null || (datetime ?? '') >= start) &&
          (end === null || (datetime ?? '') <= end) &&
          (query.ids === undefined || query.ids.includes(id)),
      );
      return {
        scenes: matching.slice(0, query.limit),
        skipped: [],
        truncated: matching.length > query.limit,
      };
    },
    collections: async () => [{ id: 's2', title: 'S2', description: '', bands: [] }],
  };
  return { made, asked };
}

function world(scenes: readonly Scene[]) {
  const { made, asked } = provider(scenes);
  const clock = fixedClock(now);
  const store = { table: memoryTable(), objects: memoryObjects(), clock };
  const catalogue = makeCatalogue({ ...store, providers: new Map([['p', made]]), defaultProvider: 'p' });
  const search = async (input: SearchInput) => {
    const query = parseSearch({ collections: ['s2'], ...input });
    const page = await catalogue.search('x', query);
    return {
      ids: page.entries.map(({ id }) => id),
      matched: page.matched,
      token: page.next === undefined ? undefined : closeToken(query.fingerprint, page.next),
    };
  };
  return { search, asked, catalogue };
}

describe("a provider's collection", () => {
  it('is asked once when one answer holds all that matches', async () => {
    const { search, asked } = world(Array.from({ length: 300 }, (_, n) => scene(n, 1)));
    expect(await search({ limit: 2, filter: 'eo:cloud_cover = 7' })).toMatchObject({
      ids: ['s000007', 's000107'],
      matched: 3,
    });
    expect(asked).toHaveLength(1);
  });

  it.each(['-datetime', '+datetime'])(
    'larger than any answer is walked by windows of time, each Item once: %s',
    async (sortby) => {
      const count = 4000;
      const { search, asked } = world(Array.from({ length: count }, (_, n) => scene(n, 0.5)));
      const seen: string[] = [];
      let token: string | undefined;
      do {
        const before = asked.length;
        const page = await search({ limit: 500, sortby, datetime: '2025-06-01T00:00:00Z/..', token });
        expect(asked.length - before).toBeLessThanOrEqual(PROVIDER_CALLS);
        seen.push(...page.ids);
        token = page.token;
      } while (token !== undefined);
      const expected = Array.from({ length: count }, (_, n) => scene(n, 0.5).id);
      expect(seen).toEqual(sortby === '-datetime' ? expected : expected.toReversed());
    },
  );

  it('larger than any answer cannot be sorted by anything but time', async () => {
    const { search } = world(Array.from({ length: 20_000 }, (_, n) => scene(n, 0.5)));
    await expect(search({ sortby: 'eo:cloud_cover' })).rejects.toMatchObject({ code: 'LimitExceeded' });
  });

  it('with too much at one time is refused, not cut, when its time comes', async () => {
    const { search } = world(Array.from({ length: 2000 }, (_, n) => ({ ...scene(0, 0), id: `same-${n}` })));
    const walk = async () => {
      let token: string | undefined;
      do {
        const page = await search({ token });
        expect(page.ids).toEqual([]);
        token = page.token;
      } while (token !== undefined);
    };
    await expect(walk()).rejects.toMatchObject({ code: 'LimitExceeded' });
  });

  it('gives one Item by its id', async () => {
    const { catalogue, asked } = world(Array.from({ length: 2000 }, (_, n) => scene(n, 1)));
    expect(await catalogue.item('x', 's2', 's000042')).toMatchObject({ collection: 's2', id: 's000042' });
    expect(asked.at(-1)?.ids).toEqual(['s000042']);
    await expect(catalogue.item('x', 's2', 'none')).rejects.toMatchObject({ code: 'NotFound' });
  });

  it('of a provider that is not the default has its name before its id', async () => {
    const { made } = provider([scene(1, 1)]);
    const store = { table: memoryTable(), objects: memoryObjects(), clock: fixedClock(now) };
    const failing: Provider = {
      ...made,
      id: 'q',
      collections: async () => {
        throw new SwathError('Unavailable', 'q is down.');
      },
    };
    const providers = new Map([made, { ...made, id: 'r' }, failing].map((one) => [one.id, one]));
    const catalogue = makeCatalogue({ ...store, providers, defaultProvider: 'p' });
    const { collections, silent } = await catalogue.collections('x');
    expect(collections.map(({ id }) => id)).toEqual(['results', 's2', 'r:s2']);
    expect(silent).toEqual([{ provider: 'q', reason: 'q is down.' }]);
    await expect(catalogue.collection('x', 'q:s2')).rejects.toMatchObject({ code: 'Unavailable' });
    await expect(catalogue.collection('x', 'none')).rejects.toMatchObject({ code: 'NotFound' });
  });
});
