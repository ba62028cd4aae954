import { SwathError } from '@swath/core';
import type { CollectionSummary } from '@swath/ports';
import { parseInstant } from '@swath/stac';
import { asArray, asNumber, asObject, asText, type JsonObject } from '@swath/stac/item/json';
import { shownUrl } from '../http/origin.ts';
import { maxCollectionPages } from '../limits.ts';
import type { Landing } from './landing.ts';
import { nextPage, type PageRequest } from './paging.ts';
import type { ApiContext } from './search.ts';

/** All collections of an API, sorted by id, each once. */
export async function readCollections(
  api: ApiContext,
  landing: Landing,
  signal: AbortSignal | undefined,
): Promise<readonly CollectionSummary[]> {
  const found = new Map<string, CollectionSummary>();
  const asked = new Set<string>();
  let request: PageRequest | undefined = { method: 'GET', url: landing.collectionsUrl };
  while (request !== undefined) {
    const from = shownUrl(request.url);
    if (asked.has(request.url.href)) {
      throw new SwathError('Corrupt', `${from}: the pages of collections go round in a loop.`);
    }
    if (asked.size >= maxCollectionPages) {
      throw new SwathError(
        'LimitExceeded',
        `${from}: there are more than ${maxCollectionPages} pages of collections.`,
      );
    }
    asked.add(request.url.href);
    const { json, url } = await api.client({
      ...request,
      headers: { ...request.headers, ...api.headers },
      ...(signal === undefined ? {} : { signal }),
    });
    const page = asObject(json);
    const list = asArray(page?.['collections']);
    if (page === undefined || list === undefined) {
      throw new SwathError('Corrupt', `${from} answered without a list of collections.`);
    }
    for (const entry of list) {
      const summary = collectionSummary(entry);
      if (summary !== undefined && !found.has(summary.id)) found.set(summary.id, summary);
    }
    request = nextPage(page, url, request);
  }
  return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** A Collection of any STAC version; undefined without an id: nothing could be ordered from it. */
export function collectionSummary(value: unknown): CollectionSummary | undefined {
  const collection = asObject(value);
  const id = asText(collection?.['id']);
  if (collection === undefined || id === undefined) return undefined;
  return {
    id,
    title: asText(collection['title']) ?? id,
    description: asText(collection['description']) ?? '',
    bands: bandsOf(collection),
    ...extentOf(collection),
    ...licenseOf(collection),
  };
}

function licenseOf(collection: JsonObject): Pick<CollectionSummary, 'license'> {
  const license = asText(collection['license']);
  return license !== undefined && /^[\w.+-]+$/.test(license) ? { license } : {};
}

/** The first box and interval, which hold all others; nothing where they are not as the specification has them. */
function extentOf(collection: JsonObject): Pick<CollectionSummary, 'bbox' | 'interval'> {
  const extent = asObject(collection['extent']);
  const numbers = (asArray(asArray(asObject(extent?.['spatial'])?.['bbox'])?.[0]) ?? []).flatMap(
    (value) => asNumber(value) ?? [],
  );
  const bbox = numbers.length === 6 ? [0, 1, 3, 4].map((at) => numbers[at] ?? 0) : numbers;
  const interval = asArray(asArray(asObject(extent?.['temporal'])?.['interval'])?.[0]) ?? [];
  const instant = (value: unknown) => parseInstant(asText(value) ?? '') ?? null;
  return {
    ...(bbox.length === 4 ? { bbox } : {}),
    ...(interval.length === 2 ? { interval: [instant(interval[0]), instant(interval[1])] } : {}),
  };
}

/** From `item_assets` (asset keys and their bands), else from summaries; STAC 0.x had bands in `properties`. */
function bandsOf(collection: JsonObject): readonly string[] {
  const names = new Set<string>();
  for (const [key, value] of Object.entries(asObject(collection['item_assets']) ?? {})) {
    const asset = asObject(value) ?? {};
    const type = asText(asset['type'])?.toLowerCase() ?? 'image/tiff';
    if (!/^image\/.*(tiff|jp2|jpx|jpeg2000)/.test(type)) continue;
    names.add(key);
    addNames(names, asset);
  }
  const summaries = asObject(collection['summaries']) ?? {};
  addNames(names, summaries);
  addNames(names, collection);
  addNames(names, asObject(collection['properties']) ?? {});
  return [...names];
}

function addNames(names: Set<string>, fields: JsonObject): void {
  for (const list of [fields['bands'], fields['eo:bands']]) {
    for (const band of (asArray(list) ?? []).map(asObject)) {
      for (const key of ['name', 'common_name', 'eo:common_name']) {
        const name = asText(band?.[key]);
        if (name !== undefined) names.add(name);
      }
    }
  }
}
