import { isSwathError } from '@swath/core';
import { MAX_ITEMS_PER_CALL, WRITES_AT_ONCE } from '../limits.ts';
import { RESULTS } from './collections.ts';
import { registerItems } from './items.ts';
import type { JsonObject, StoreDeps } from './types.ts';

/** The published products of one request. */
export interface PublishedResults {
  readonly project: string;
  readonly requestId: string;
  readonly products: readonly {
    readonly assets: {
      /** Key of the Item among the results. */
      readonly item: string;
    };
  }[];
  /** RFC 3339 instant at which storage deletes the files. */
  readonly availableUntil?: string;
}

/**
 * Puts the Items of a request's products into the collection `results` of its project. Any number of times is once;
 * products whose files are gone already are left out.
 *
 * @param deps.objects the bucket of the results.
 */
export async function registerResults(deps: StoreDeps, published: PublishedResults): Promise<void> {
  const { project, requestId, products, availableUntil } = published;
  const expires = availableUntil === undefined ? undefined : Math.floor(Date.parse(availableUntil) / 1000);
  const items: { item: JsonObject; base: string; expiresAtS?: number }[] = [];
  for (let at = 0; at < products.length; at += WRITES_AT_ONCE) {
    const read = products.slice(at, at + WRITES_AT_ONCE).map(async ({ assets }) => {
      const item = await readItem(deps, assets.item);
      return item === undefined ? [] : [{ item: withRequest(item, requestId), base: assets.item }];
    });
    for (const [found] of await Promise.all(read)) {
      if (found !== undefined)
        items.push({ ...found, ...(expires === undefined ? {} : { expiresAtS: expires }) });
    }
  }
  for (let at = 0; at < items.length; at += MAX_ITEMS_PER_CALL) {
    await registerItems(deps, {
      project,
      collection: RESULTS,
      items: items.slice(at, at + MAX_ITEMS_PER_CALL),
    });
  }
}

async function readItem({ objects }: StoreDeps, key: string): Promise<JsonObject | undefined> {
  try {
    return JSON.parse(new TextDecoder().decode(await objects.get(key))) as JsonObject;
  } catch (error) {
    if (isSwathError(error, 'NotFound')) return undefined;
    throw error;
  }
}

/** Several requests may share a product; the Item names the one that listed it last. */
function withRequest(item: JsonObject, requestId: string): JsonObject {
  return { ...item, properties: { ...(item['properties'] as JsonObject), 'swath:request': requestId } };
}
