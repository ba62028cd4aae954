import { SwathError } from '@swath/core';
import type { Provider } from '@swath/ports';
import { type ProviderCollections, providerCollections, type Silent } from './providers/collections.ts';
import { providerSource } from './providers/source.ts';
import { pageOf } from './search/page.ts';
import type { Page, SearchQuery } from './search/query.ts';
import type { Source } from './search/source.ts';
import { isCollectionId, isItemId } from './store/check-item.ts';
import { getCollection, listCollections, noSuchCollection } from './store/collections.ts';
import { getItem } from './store/items.ts';
import { idsSource, indexSource } from './store/source.ts';
import type { CollectionFacts, Entry, StoreDeps } from './store/types.ts';

/** Everything a STAC API answers with, for one project at a time. */
export interface Catalogue {
  /** The project's own first, then the providers'; those that did not answer are named. */
  collections(
    project: string,
  ): Promise<{ readonly collections: readonly CollectionFacts[]; readonly silent: readonly Silent[] }>;
  /** The project's own, without asking any provider. */
  ownCollections(project: string): Promise<readonly CollectionFacts[]>;
  /** @throws NotFound; what a provider throws. */
  collection(project: string, id: string): Promise<CollectionFacts>;
  /** @throws NotFound, also for Items of other projects. */
  item(project: string, collection: string, id: string, signal?: AbortSignal): Promise<Entry>;
  /** @throws InvalidInput, LimitExceeded; what a provider throws. */
  search(project: string, query: SearchQuery, signal?: AbortSignal): Promise<Page<Entry>>;
}

export interface CatalogueDeps extends StoreDeps {
  readonly providers: ReadonlyMap<string, Provider>;
  readonly defaultProvider: string;
}

/**
 * Own collections (results, registered imagery) and those of providers as one catalogue. A search that names no
 * collection looks through the project's own: a provider is only asked when one of its collections is named.
 */
export function makeCatalogue(deps: CatalogueDeps): Catalogue {
  const foreign = providerCollections(deps.providers, deps.defaultProvider, deps.clock);
  return {
    async collections(project) {
      const [own, { collections, silent }] = await Promise.all([
        listCollections(deps, project),
        foreign.list(),
      ]);
      const taken = new Set(own.map(({ id }) => id));
      return { collections: [...own, ...collections.filter(({ id }) => !taken.has(id))], silent };
    },
    ownCollections: (project) => listCollections(deps, project),
    async collection(project, id) {
      const own = isCollectionId(id) ? await getCollection(deps, project, id) : undefined;
      const facts = own ?? (await foreign.get(id))?.facts;
      if (facts === undefined) throw noSuchCollection(id);
      return facts;
    },
    async item(project, collection, id, signal) {
      const found = isItemId(id)
        ? await itemOf(deps, foreign, { project, collection, id, signal })
        : undefined;
      if (found !== undefined) return found;
      throw new SwathError('NotFound', 'There is no such Item.', {
        fix: 'Search for it; Items are deleted when the retention of their files is over.',
      });
    },
    async search(project, query, signal) {
      return await pageOf(await sourcesOf(deps, foreign, project, query), query, signal);
    },
  };
}

async function itemOf(
  deps: CatalogueDeps,
  foreign: ProviderCollections,
  wanted: {
    readonly project: string;
    readonly collection: string;
    readonly id: string;
    readonly signal: AbortSignal | undefined;
  },
): Promise<Entry | undefined> {
  const { project, collection, id, signal } = wanted;
  if (!isCollectionId(collection)) return undefined;
  if ((await getCollection(deps, project, collection)) !== undefined) {
    return await getItem(deps, project, collection, id);
  }
  const theirs = await foreign.get(collection);
  if (theirs === undefined) return undefined;
  const source = providerSource({
    provider: theirs.provider,
    providerCollection: theirs.id,
    collection,
    area: undefined,
    ids: [id],
    clock: deps.clock,
  });
  const scan = source.scan({
    direction: 'desc',
    datetime: { start: null, end: null },
    ...(signal === undefined ? {} : { signal }),
  });
  for await (const { entries } of scan) {
    const found = entries.find((entry) => entry.id === id);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function sourcesOf(
  deps: CatalogueDeps,
  foreign: ProviderCollections,
  project: string,
  query: SearchQuery,
): Promise<readonly Source[]> {
  const named = query.collections ?? (await listCollections(deps, project)).map(({ id }) => id);
  const own: string[] = [];
  const sources: Source[] = [];
  for (const id of named.filter(isCollectionId)) {
    if (query.collections === undefined || (await getCollection(deps, project, id)) !== undefined) {
      own.push(id);
      continue;
    }
    const theirs = await foreign.get(id);
    if (theirs === undefined) continue;
    sources.push(
      providerSource({
        provider: theirs.provider,
        providerCollection: theirs.id,
        collection: id,
        area: query.area,
        ids: query.ids,
        clock: deps.clock,
      }),
    );
  }
  if (query.ids !== undefined) return [...sources, idsSource(deps, project, own, query.ids)];
  const kinds = ['T', 'S'] as const;
  return [...sources, ...own.flatMap((id) => kinds.map((kind) => indexSource(deps, project, id, kind)))];
}
