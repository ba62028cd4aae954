import { SwathError } from '@swath/core';
import { asArray, asNumber, asObject, asText, type JsonObject } from '@swath/stac/item/json';
import type { JsonRequest } from '../http/client.ts';
import { sameOrigin } from '../http/origin.ts';

export type PageRequest = Pick<JsonRequest, 'method' | 'url' | 'body' | 'headers'>;

/** Headers a next link must not set: they belong to the connection or to our credentials. */
const ownHeaders =
  /^(host|authorization|cookie|connection|content-.*|transfer-encoding|proxy-.*|x-api-key)$/i;

/**
 * The request for the page after this one; undefined on the last page. Ways in use:
 * a POST link with a full body and `merge: false` (Earth Search v1) or without `merge` (Planetary Computer),
 * with `merge: true` the body is laid over the one before; a GET link with a token in its href; and, where there is
 * no link, a page number with the count of matches (sat-api, Earth Search v0).
 * @throws Corrupt when the link leads to another origin.
 */
export function nextPage(page: JsonObject, answeredBy: URL, before: PageRequest): PageRequest | undefined {
  const links = (asArray(page['links']) ?? []).map(asObject);
  const link = links.find((entry) => entry?.['rel'] === 'next');
  if (link === undefined) return nextNumber(page, before);
  const href = asText(link['href']);
  if (href === undefined) throw new SwathError('Corrupt', `${answeredBy.origin}: the next link has no href.`);
  const url = sameOrigin(href, answeredBy, 'the next link');
  const headers = safeHeaders(link['headers']);
  if (asText(link['method'])?.toUpperCase() !== 'POST') return { method: 'GET', url, headers };
  const body = asObject(link['body']) ?? {};
  const merged = link['merge'] === true ? { ...asObject(before.body), ...body } : body;
  return { method: 'POST', url, body: merged, headers };
}

function safeHeaders(value: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(asObject(value) ?? {}).flatMap(([name, text]) =>
    typeof text === 'string' && /^[\w-]+$/.test(name) && /^[\x20-\x7e]*$/.test(text) && !ownHeaders.test(name)
      ? [[name, text] as const]
      : [],
  );
  return Object.fromEntries(entries);
}

/** `context` (STAC API 0.9, sat-api `meta`): {page, limit, matched, returned}. */
function nextNumber(page: JsonObject, before: PageRequest): PageRequest | undefined {
  const context = asObject(page['context']) ?? asObject(page['meta']);
  const number = asNumber(context?.['page']);
  const limit = asNumber(context?.['limit']);
  const matched = asNumber(context?.['matched']) ?? asNumber(context?.['found']);
  const returned = asArray(page['features'])?.length ?? 0;
  if (number === undefined || limit === undefined || matched === undefined) return undefined;
  if (returned === 0 || number * limit >= matched) return undefined;
  if (before.method === 'POST') return { ...before, body: { ...asObject(before.body), page: number + 1 } };
  const url = new URL(before.url);
  url.searchParams.set('page', String(number + 1));
  return { ...before, url };
}
