import { isSwathError } from '@swath/core';
import { siblingItemIds } from '@swath/stac/result/item-id';
import { MAX_ITEMS_PER_CALL, WRITES_AT_ONCE } from '../limits.ts';
import { RESULTS } from './collections.ts';
import { getItem, registerItems } from './items.ts';
import { itemKey } from './keys.ts';
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
 * products whose files are gone already are left out. A whole product takes the place of the same with missing parts.
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
  const ids = items.map(({ item }) => String(item['id']));
  for (let at = 0; at < ids.length; at += WRITES_AT_ONCE) {
    await Promise.all(ids.slice(at, at + WRITES_AT_ONCE).map((id) => dropSuperseded(deps, project, id)));
  }
}

/**
 * Where the Item of a whole product is, the one with missing parts that came before it goes. Whoever registers one of the
 * two looks after writing, so that the order in which they come does not matter.
 */
async function dropSuperseded(deps: StoreDeps, project: string, id: string): Promise<void> {
  const { whole, partial } = siblingItemIds(id);
  if (id !== whole && (await getItem(deps, project, RESULTS, whole)) === undefined) return;
  if ((await deps.table.get(itemKey(project, RESULTS, partial))) === undefined) return;
  await deps.table.transact([{ delete: itemKey(project, RESULTS, partial) }]);
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
