import { isSwathError, SwathError, sha256Hex } from '@swath/core';
import type { Objects, Row, RowKey } from '@swath/ports';
import * as z from 'zod';
import {
  MAX_ITEM_BYTES,
  MAX_ITEMS_PER_CALL,
  MAX_ROW_JSON_BYTES,
  WRITE_TRIES,
  WRITES_AT_ONCE,
} from '../limits.ts';
import { type CheckedItem, checkItem, isCollectionId } from './check-item.ts';
import { extendCollection } from './collections.ts';
import { itemKey, itemObjectKey, timePk, timeSk } from './keys.ts';
import type { Entry, JsonObject, StoreDeps } from './types.ts';

/** Items to be found in a collection of a project. */
export interface Registration {
  readonly project: string;
  readonly collection: string;
  readonly items: readonly {
    /** A STAC Item. */
    readonly item: unknown;
    /** Object key beside which its relative hrefs lie. */
    readonly base?: string;
    /** Unix seconds after which it is not found any more: its files are deleted then. */
    readonly expiresAtS?: number;
  }[];
}

const itemRow = z.looseObject({
  pk: z.string(),
  sk: z.string(),
  collection: z.string(),
  startMs: z.number(),
  endMs: z.number(),
  updatedMs: z.number(),
  /** sha256 of the JSON. */
  version: z.string(),
  json: z.string().exactOptional(),
  object: z.string().exactOptional(),
  base: z.string().exactOptional(),
  expiresAt: z.number().exactOptional(),
});

/**
 * Puts Items into a collection, each replacing an older one of its id. Again is the same: an Item that is there with the
 * same or a later `updated` stays as it is.
 *
 * @throws InvalidInput with a pointer (`/items/3/item/id`), before anything is written; LimitExceeded.
 */
export async function registerItems(deps: StoreDeps, registration: Registration): Promise<void> {
  const { project, collection, items } = registration;
  checkCollectionId(collection);
  if (items.length > MAX_ITEMS_PER_CALL) {
    throw new SwathError('LimitExceeded', `${items.length} Items at once; at most ${MAX_ITEMS_PER_CALL}.`);
  }
  const checked = items.map(({ item }, index) => checkItem(item, `/items/${index}/item`));
  for (let at = 0; at < checked.length; at += WRITES_AT_ONCE) {
    const batch = checked.slice(at, at + WRITES_AT_ONCE);
    await Promise.all(
      batch.map((item, index) => writeItem(deps, project, collection, item, items[at + index] ?? {})),
    );
  }
  await extendCollection(deps, project, collection, checked);
}

export function checkCollectionId(collection: string): void {
  if (isCollectionId(collection)) return;
  throw new SwathError('InvalidInput', `"${collection.slice(0, 40)}" cannot be the id of a collection.`, {
    pointer: '/collection',
    fix: 'Use letters, digits, "_", ".", ":", "~", "+" and "-".',
  });
}

async function writeItem(
  deps: StoreDeps,
  project: string,
  collection: string,
  checked: CheckedItem,
  facts: { readonly base?: string; readonly expiresAtS?: number },
): Promise<void> {
  const { item, id, startMs, endMs, updatedMs } = checked;
  const json = JSON.stringify(item);
  const version = sha256Hex(json);
  const content = await placeJson(deps.objects, project, json, version);
  const key = itemKey(project, collection, id);
  for (let tries = 1; ; tries++) {
    const there = await deps.table.get(key);
    const known = there === undefined ? undefined : parseRow(there);
    if (known !== undefined && known.updatedMs > updatedMs) return;
    if (known?.version === version && known.expiresAt === facts.expiresAtS) return;
    const row = {
      ...key,
      collection,
      startMs,
      endMs,
      updatedMs,
      version,
      ...content,
      ...(facts.base === undefined ? {} : { base: facts.base }),
      ...(facts.expiresAtS === undefined ? {} : { expiresAt: facts.expiresAtS }),
      projectPk: timePk(project, collection, startMs === endMs ? 'T' : 'S'),
      projectSk: timeSk(startMs, id),
    };
    try {
      await deps.table.transact([
        { put: row, if: known === undefined ? { exists: false } : { equals: { version: known.version } } },
      ]);
      return;
    } catch (error) {
      if (!isSwathError(error, 'Conflict') || tries >= WRITE_TRIES) throw error;
    }
  }
}

async function placeJson(objects: Objects, project: string, json: string, sha256: string) {
  const bytes = new TextEncoder().encode(json);
  if (bytes.byteLength > MAX_ITEM_BYTES) {
    throw new SwathError(
      'LimitExceeded',
      `The Item has ${bytes.byteLength} bytes; at most ${MAX_ITEM_BYTES}.`,
    );
  }
  if (bytes.byteLength <= MAX_ROW_JSON_BYTES) return { json };
  const object = itemObjectKey(project, sha256);
  await objects.put(object, bytes, { contentType: 'application/geo+json', sha256 });
  return { object };
}

/** Takes an Item out of a collection; its extent stays as it was. Idempotent. The JSON of a large one stays as an object. */
export async function removeItem(
  deps: Pick<StoreDeps, 'table'>,
  project: string,
  collection: string,
  id: string,
): Promise<void> {
  await deps.table.transact([{ delete: itemKey(project, collection, id) }]);
}

/** undefined when there is no such Item in the project, or no more. */
export async function getItem(
  deps: StoreDeps,
  project: string,
  collection: string,
  id: string,
): Promise<Entry | undefined> {
  const key: RowKey = itemKey(project, collection, id);
  const row = id === '' ? undefined : await deps.table.get(key);
  return row === undefined ? undefined : entryOf(deps, row);
}

/** The Item of a row; undefined when its time is over but the table has not deleted it yet. */
export async function entryOf(deps: StoreDeps, row: Row): Promise<Entry | undefined> {
  const { sk, collection, startMs, endMs, base, expiresAt, json, object } = parseRow(row);
  if (expiresAt !== undefined && expiresAt * 1000 <= deps.clock.now()) return undefined;
  const text = json ?? new TextDecoder().decode(await deps.objects.get(object ?? ''));
  return {
    id: sk,
    collection,
    startMs,
    endMs,
    item: JSON.parse(text) as JsonObject,
    ...(base === undefined ? {} : { base }),
  };
}

function parseRow(row: Row): z.output<typeof itemRow> {
  const parsed = itemRow.safeParse(row);
  if (parsed.success) return parsed.data;
  throw new SwathError('Corrupt', `Row ${row.pk} ${row.sk} is no Item: ${z.prettifyError(parsed.error)}`);
}
