import { isSwathError } from '@swath/core';
import { asArray, asObject, asText, asTexts, type JsonObject } from '@swath/stac/item/json';
import type { JsonClient } from '../http/client.ts';
import { sameOrigin } from '../http/origin.ts';

/** What an API says about itself. */
export interface Landing {
  readonly searchUrl: URL;
  readonly searchMethod: 'GET' | 'POST';
  readonly collectionsUrl: URL;
  /** How cloud cover can be asked for, if at all. */
  readonly cloudFilter: 'query' | 'cql2-json' | 'none';
}

/** An address below the API's own, which may or may not end in a slash. */
export function below(base: URL, path: string): URL {
  const url = new URL(base);
  url.pathname = `${base.pathname.replace(/\/+$/, '')}/${path}`;
  return url;
}

/**
 * Reads the landing page. APIs without one (Earth Search v0 has none of use) get what the STAC API specification
 * fixes: POST /search, /collections, no filter.
 */
export async function readLanding(
  base: URL,
  client: JsonClient,
  options: { readonly headers: Readonly<Record<string, string>>; readonly signal?: AbortSignal },
): Promise<Landing> {
  const plain: Landing = {
    searchUrl: below(base, 'search'),
    searchMethod: 'POST',
    collectionsUrl: below(base, 'collections'),
    cloudFilter: 'none',
  };
  let page: Awaited<ReturnType<JsonClient>>;
  try {
    page = await client({ method: 'GET', url: base, ...options });
  } catch (error) {
    if (isSwathError(error, 'NotFound') || isSwathError(error, 'InvalidInput')) return plain;
    throw error;
  }
  const body = asObject(page.json);
  const links = (asArray(body?.['links']) ?? []).map(asObject).filter((link) => link !== undefined);
  const searches = links.filter((link) => link['rel'] === 'search' && asText(link['href']) !== undefined);
  const method = (link: JsonObject) => asText(link['method'])?.toUpperCase();
  // A link without a method may be an API that takes both (USGS stac-server): POST is tried, GET is the way back.
  const post =
    searches.find((link) => method(link) === 'POST') ?? searches.find((link) => method(link) !== 'GET');
  const search = post ?? searches[0];
  const href = asText(search?.['href']);
  const data = asText(links.find((link) => link['rel'] === 'data')?.['href']);
  return {
    searchUrl: href === undefined ? plain.searchUrl : sameOrigin(href, page.url, 'the search link'),
    searchMethod: search !== undefined && post === undefined ? 'GET' : 'POST',
    collectionsUrl: data === undefined ? plain.collectionsUrl : sameOrigin(data, page.url, 'the data link'),
    cloudFilter: cloudFilterOf(asTexts(body?.['conformsTo'])),
  };
}

function cloudFilterOf(conformsTo: readonly string[]): Landing['cloudFilter'] {
  const says = (pattern: RegExp) => conformsTo.some((uri) => pattern.test(uri));
  if (says(/item-search#query\b/)) return 'query';
  return says(/item-search#filter\b/) && says(/cql2-json/) ? 'cql2-json' : 'none';
}
