import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixedClock, memoryObjects, memoryTable } from '@swath/ports/memory/index';
import { describe, expect, it } from 'vitest';
import { sharedPath } from '../../../../test/support/shared.ts';
import { makeCatalogue } from '../catalogue.ts';
import { registerItems } from '../store/items.ts';
import { parseSearch, type SearchInput } from './parse.ts';
import { closeToken } from './token.ts';

const folder = sharedPath('data', '06-cql2-search', 'pgstac');
if (folder === undefined) console.warn('skipped: no shared data (the searches of pgstac)');

interface Vector {
  readonly kind: string;
  readonly request: SearchInput;
  readonly expected: {
    readonly ids: readonly string[];
    readonly numberMatched: number;
    readonly has_next: boolean;
    readonly pages: readonly (readonly string[])[];
  };
}

const read = (file: string) => (folder === undefined ? '' : readFileSync(join(folder, file), 'utf8'));
const vectors: readonly Vector[] = folder === undefined ? [] : JSON.parse(read('search-vectors.json'));
const searches = vectors.filter(({ kind }) => kind === 'item-search');
const walks = vectors.filter(({ kind }) => kind === 'item-search-pagewalk');

async function filled() {
  const deps = { table: memoryTable(), objects: memoryObjects(), clock: fixedClock(Date.UTC(2026, 0, 1)) };
  const items = read('items.ndjson')
    .trim()
    .split('\n')
    .map((line) => ({ item: JSON.parse(line) as unknown }));
  await registerItems(deps, { project: 'p', collection: 'pgstac-test-collection', items });
  const catalogue = makeCatalogue({ ...deps, providers: new Map(), defaultProvider: 'none' });
  return async (input: SearchInput) => {
    const query = parseSearch(input);
    const page = await catalogue.search('p', query);
    const token = page.next === undefined ? undefined : closeToken(query.fingerprint, page.next);
    return { ids: page.entries.map(({ id }) => id), matched: page.matched, token };
  };
}

describe.skipIf(folder === undefined)('searches as pgstac answers them', () => {
  it.each(searches.map((vector) => [JSON.stringify(vector.request), vector] as const))(
    '%s',
    async (_, vector) => {
      const search = await filled();
      const { ids, matched, token } = await search(vector.request);
      expect({ ids, matched, hasNext: token !== undefined }).toEqual({
        ids: vector.expected.ids,
        matched: vector.expected.numberMatched,
        hasNext: vector.expected.has_next,
      });
    },
  );

  it.each(walks.map((vector) => [JSON.stringify(vector.request), vector] as const))(
    'page by page: %s',
    async (_, vector) => {
      const search = await filled();
      let token: string | undefined;
      for (const expected of vector.expected.pages) {
        const page = await search({ ...vector.request, token });
        expect(page.ids).toEqual(expected);
        token = page.token;
      }
    },
  );

  it('are these many; only the one of collections is not ours', () => {
    expect([searches.length, walks.length, vectors.length]).toEqual([23, 3, 27]);
  });

  it.each(['datetime', '-datetime', '-eo:cloud_cover,datetime', 'naip:state'])(
    'walk through all of them once, sorted by %s',
    async (sortby) => {
      const search = await filled();
      const seen: string[] = [];
      let token: string | undefined;
      do {
        const page = await search({ sortby, limit: 7, token });
        seen.push(...page.ids);
        token = page.token;
      } while (token !== undefined);
      expect([seen.length, new Set(seen).size]).toEqual([100, 100]);
    },
  );
});
