import { canonicalJson, isSwathError, SwathError } from '@swath/core';
import type { SceneQuery, SearchAnswer } from '@swath/ports';
import { asArray, asObject, asText, type JsonObject } from '@swath/stac/item/json';
import { gather } from '../gather.ts';
import type { JsonClient } from '../http/client.ts';
import { shownUrl } from '../http/origin.ts';
import { maxIdlePages, maxPages } from '../limits.ts';
import { below, type Landing } from './landing.ts';
import { nextPage, type PageRequest } from './paging.ts';
import { searchBody, searchUrl } from './query.ts';

export interface ApiContext {
  readonly id: string;
  readonly base: URL;
  readonly client: JsonClient;
  readonly headers: Readonly<Record<string, string>>;
  readonly onItem?: (item: JsonObject) => void;
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
  const asked = new Set<string>();
  let idle = 0;
  let request: PageRequest | undefined = firstPage(landing, query);
  for (let pages = 0; request !== undefined; pages++) {
    const from = shownUrl(request.url);
    if (pages >= maxPages) {
      throw new SwathError('LimitExceeded', `${from}: the search has more than ${maxPages} pages.`, {
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
      if (found.add(item, itemAddress(api.base, item))) {
        fresh++;
        api.onItem?.(asObject(item) ?? {});
      }
      if (found.isFull()) return found.answer();
    }
    idle = fresh === 0 ? idle + 1 : 0;
    if (idle > maxIdlePages) {
      throw new SwathError('Corrupt', `${from}: ${idle} pages in a row brought nothing new.`);
    }
    request = nextPage(page, url, request);
  }
  return found.answer();
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
