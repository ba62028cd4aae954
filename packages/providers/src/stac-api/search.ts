import { canonicalJson, isSwathError, SwathError } from '@swath/core';
import type { SceneQuery, SearchAnswer } from '@swath/ports';
import { asArray, asObject, asText, type JsonObject } from '@swath/stac/item/json';
import { gather, itemKey, readScene } from '../gather.ts';
import type { JsonClient } from '../http/client.ts';
import { shownUrl } from '../http/origin.ts';
import { maxIdlePages, maxItemPages, maxPages } from '../limits.ts';
import { recheck } from '../recheck.ts';
import { below, type Landing } from './landing.ts';
import { nextPage, type PageRequest } from './paging.ts';
import { searchBody, searchUrl } from './query.ts';

export interface ApiContext {
  readonly id: string;
  readonly base: URL;
  readonly client: JsonClient;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Walks the pages of a search until the limit is passed or the pages end.
 * @throws LimitExceeded after maxPages; Corrupt when the paging loops, stands still or leaves the API's origin.
 */
export async function searchScenes(
  api: ApiContext,
  landing: Landing,
  query: SceneQuery,
): Promise<SearchAnswer> {
  const found = gather(api.id, query);
  for await (const item of newItems(api, landing, query, maxPages)) {
    found.add(item, itemAddress(api.base, item));
    if (found.isFull()) break;
  }
  return found.answer();
}

/**
 * Items of a search as the API sent them, in its order, none held: those that `searchScenes` would make scenes of, all of
 * them whatever the limit.
 * @throws as `searchScenes`, after maxItemPages.
 */
export async function* searchItems(
  api: ApiContext,
  landing: Landing,
  query: SceneQuery,
): AsyncGenerator<JsonObject> {
  for await (const item of newItems(api, landing, query, maxItemPages)) {
    const scene = readScene(item, { provider: api.id });
    if (typeof scene !== 'string' && recheck(item, scene, query) === 'match') yield asObject(item) ?? {};
  }
}

/** What the pages hold, each Item once, page after page as it is asked for. */
async function* newItems(
  api: ApiContext,
  landing: Landing,
  query: SceneQuery,
  mostPages: number,
): AsyncGenerator<unknown> {
  const asked = new Set<string>();
  const seen = new Set<string>();
  let idle = 0;
  let request: PageRequest | undefined = firstPage(landing, query);
  for (let pages = 0; request !== undefined; pages++) {
    const from = shownUrl(request.url);
    if (pages >= mostPages) {
      throw new SwathError('LimitExceeded', `${from}: the search has more than ${mostPages} pages.`, {
        fix: 'Narrow the area, the dates or the collections.',
      });
    }
    const key = `${request.method} ${request.url.href} ${canonicalJson(request.body ?? null)}`;
    if (asked.has(key))
      throw new SwathError('Corrupt', `${from}: the pages of the search go round in a loop.`);
    asked.add(key);
    const { page, url } = await readPage(api, request, query);
    let fresh = 0;
    for (const item of asArray(page['features']) ?? []) {
      const mark = itemKey(item);
      if (!mark.endsWith('\n') && seen.has(mark)) continue;
      seen.add(mark);
      fresh++;
      yield item;
    }
    idle = fresh === 0 ? idle + 1 : 0;
    if (idle > maxIdlePages) {
      throw new SwathError('Corrupt', `${from}: ${idle} pages in a row brought nothing new.`);
    }
    request = nextPage(page, url, request);
  }
}

function firstPage(landing: Landing, query: SceneQuery): PageRequest {
  if (landing.searchMethod === 'GET') return { method: 'GET', url: searchUrl(landing.searchUrl, query) };
  return { method: 'POST', url: landing.searchUrl, body: searchBody(query, landing.cloudFilter) };
}

async function readPage(api: ApiContext, request: PageRequest, query: SceneQuery) {
  const { json, url } = await api.client({
    ...request,
    headers: { ...request.headers, ...api.headers },
    ...(query.signal === undefined ? {} : { signal: query.signal }),
  });
  const page = asObject(json);
  if (page === undefined || asArray(page['features']) === undefined) {
    throw new SwathError('Corrupt', `${shownUrl(request.url)} answered without a list of features.`);
  }
  return { page, url };
}

/** The Item's own address: its self link within the API, else where the specification puts it. */
function itemAddress(base: URL, item: unknown): string | undefined {
  const fields: JsonObject = asObject(item) ?? {};
  const links = (asArray(fields['links']) ?? []).map(asObject);
  const self = asText(links.find((link) => link?.['rel'] === 'self')?.['href']);
  if (self !== undefined && URL.canParse(self)) {
    const url = new URL(self);
    if (url.protocol === 'https:' || url.origin === base.origin) return url.href;
  }
  const [id, collection] = [asText(fields['id']), asText(fields['collection'])];
  if (id === undefined || collection === undefined) return undefined;
  return below(base, `collections/${encodeURIComponent(collection)}/items/${encodeURIComponent(id)}`).href;
}

/** Whether an API that did not say so refuses POST. */
export function refusesPost(error: unknown): boolean {
  return isSwathError(error, 'InvalidInput') && /answered (405|501)\b/.test(error.message);
}
