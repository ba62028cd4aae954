import {
  chooseFields,
  closeToken,
  collectionHref,
  GEOJSON_TYPE,
  JSON_TYPE,
  type Link,
  PAGE_BYTES,
  parseFields,
  parseSearch,
  type SearchInput,
} from '@swath/catalog';
import { SwathError } from '@swath/core';
import type * as z from 'zod';
import { shownItem } from './pictures/map-links.ts';
import type { Call } from './route.ts';
import { linkHeader } from './routes/paging.ts';
import type { Sent } from './schemas/common.ts';
import type { itemCollection, searchQuery } from './schemas/stac.ts';

type Query = z.output<typeof searchQuery>;

/** How a page of Items was asked for. */
export interface PageRequest {
  readonly input: SearchInput;
  readonly fields: Parameters<typeof parseFields>[0];
  /** Path below the API. */
  readonly path: string;
  /** `GET` pages on by URL, `POST` by a body that is merged into the last. */
  readonly method: 'GET' | 'POST';
}

/** The parameters of a URL as a search. @throws InvalidInput. */
export function inputOf(query: Query): SearchInput {
  const { bbox, ids, collections, limit, token, sortby, datetime, filter } = query;
  return {
    collections: collections?.split(','),
    ids: ids?.split(','),
    bbox: bbox === undefined ? undefined : numbersOf(bbox),
    intersects: query.intersects === undefined ? undefined : jsonOf(query.intersects, 'intersects'),
    datetime,
    filter,
    filterLang: filter === undefined ? undefined : (query['filter-lang'] ?? 'cql2-text'),
    filterCrs: query['filter-crs'],
    ...(query.query === undefined ? {} : { query: jsonOf(query.query, 'query') }),
    sortby,
    limit,
    token,
  };
}

function numbersOf(text: string): number[] {
  const numbers = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (numbers.every(Number.isFinite)) return numbers;
  throw new SwathError('InvalidInput', `"${text.slice(0, 60)}" is no bbox.`, {
    pointer: '/bbox',
    fix: 'Send west,south,east,north in degrees.',
  });
}

const jsonParameters = {
  intersects: 'a GeoJSON geometry',
  query: '{"eo:cloud_cover":{"lt":20}}',
} as const;

function jsonOf(text: string, name: keyof typeof jsonParameters): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SwathError('InvalidInput', `"${name}" is no JSON.`, {
      pointer: `/${name}`,
      fix: `Send ${jsonParameters[name]}, or use POST.`,
      cause,
    });
  }
}

/** Runs a search, and answers one page with the links that lead on. */
export async function answerPage(
  request: PageRequest,
  { deps, identity, baseUrl, request: http }: Call,
): Promise<{
  readonly value: Sent<typeof itemCollection>;
  readonly headers: Readonly<Record<string, string>>;
}> {
  const query = parseSearch(request.input);
  const choice = parseFields(request.fields);
  const shown = async (limit: number) => {
    const page = await deps.catalogue.search(identity.project, { ...query, limit }, http.signal);
    return { page, features: page.entries.map((entry) => chooseFields(shownItem(entry, baseUrl), choice)) };
  };
  const whole = await shown(query.limit);
  const fit = countWithin(whole.features, PAGE_BYTES);
  // Asked again, and not cut off: the next page has to begin where this one ends.
  const { page, features } = fit < whole.features.length ? await shown(fit) : whole;
  const token = page.next === undefined ? undefined : closeToken(query.fingerprint, page.next);
  const href = `${baseUrl}${request.path}`;
  const next = token === undefined ? undefined : nextLink(request.method, http, href, token);
  return {
    headers: linkHeader(request.method === 'GET' ? next?.href : undefined),
    value: {
      type: 'FeatureCollection',
      features: features.map((feature) => ({ ...feature, id: String(feature['id']) })),
      links: [
        { rel: 'self', href: request.method === 'GET' ? withQuery(href, http) : href, type: GEOJSON_TYPE },
        { rel: 'root', href: `${baseUrl}/`, type: JSON_TYPE },
        ...parentLinks(request, baseUrl),
        ...(next === undefined ? [] : [next]),
      ],
      timeStamp: new Date(deps.clock.now()).toISOString(),
      numberReturned: features.length,
      ...(page.matched === undefined ? {} : { numberMatched: page.matched }),
    },
  };
}

/** How many of them have so many bytes of JSON together; one at least. */
function countWithin(features: readonly object[], bytesMax: number): number {
  let bytes = 0;
  const end = features.findIndex((feature) => {
    bytes += Buffer.byteLength(JSON.stringify(feature));
    return bytes > bytesMax;
  });
  return end < 0 ? features.length : Math.max(1, end);
}

const withQuery = (href: string, http: Request) => `${href}${new URL(http.url).search}`;

function nextLink(method: 'GET' | 'POST', http: Request, href: string, token: string): Link {
  const common = { rel: 'next', type: GEOJSON_TYPE, method };
  // pystac-client sends the body of the search again with this merged into it.
  if (method === 'POST') return { ...common, href, body: { token }, merge: true };
  const parameters = new URL(http.url).searchParams;
  parameters.set('token', token);
  return { ...common, href: `${href}?${parameters}` };
}

function parentLinks({ path, input }: PageRequest, baseUrl: string): readonly Link[] {
  const [collection] = input.collections ?? [];
  if (path === '/search' || collection === undefined) return [];
  const href = collectionHref(baseUrl, collection);
  return ['collection', 'parent'].map((rel) => ({ rel, href, type: JSON_TYPE }));
}
