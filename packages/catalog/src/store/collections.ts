import { isSwathError, SwathError } from '@swath/core';
import { asArray, asObject, asText } from '@swath/stac/item/json';
import * as z from 'zod';
import { MAX_PROJECT_COLLECTIONS, WRITE_TRIES } from '../limits.ts';
import type { CheckedItem } from './check-item.ts';
import { collectionKey, collectionPk, timeKey } from './keys.ts';
import type { CollectionFacts, StoreDeps } from './types.ts';

/** Collection of every result of a project; it is there before the first of them. */
export const RESULTS = 'results';

const resultsFacts: CollectionFacts = {
  id: RESULTS,
  title: 'Results',
  description:
    'What the requests of this project made: one Item for each date or composite, with its Cloud Optimized GeoTIFF.',
  license: 'other',
  keywords: ['swath', 'results'],
  bands: [],
  interval: [null, null],
};

const row = z.looseObject({
  sk: z.string(),
  title: z.string(),
  description: z.string(),
  license: z.string(),
  keywords: z.array(z.string()),
  bands: z.array(z.string()),
  bbox: z.array(z.number()).nullable(),
  startMs: z.number().nullable(),
  endMs: z.number().nullable(),
  revision: z.int(),
});
type CollectionRow = z.output<typeof row>;

export interface CollectionInput {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** SPDX id. @default 'other' */
  readonly license?: string;
  readonly keywords?: readonly string[];
  readonly bands?: readonly string[];
}

/** Describes a collection of the project; its extent is that of the Items registered in it. Again replaces the words. */
export async function registerCollection(
  deps: StoreDeps,
  project: string,
  { id, title, description, license = 'other', keywords = [], bands = [] }: CollectionInput,
): Promise<void> {
  await change(deps, project, id, (known) => ({
    ...known,
    title,
    description,
    license,
    keywords: [...keywords],
    bands: [...bands],
  }));
}

/** Makes a collection's extent hold the Items. */
export async function extendCollection(
  deps: StoreDeps,
  project: string,
  id: string,
  items: readonly Pick<CheckedItem, 'item' | 'startMs' | 'endMs'>[],
): Promise<void> {
  if (items.length === 0) return;
  await change(deps, project, id, (known) => {
    let { bbox, startMs, endMs } = known;
    for (const item of items) {
      bbox = union(bbox, item.item['bbox']);
      startMs = Math.min(startMs ?? item.startMs, item.startMs);
      endMs = Math.max(endMs ?? item.endMs, item.endMs);
    }
    const bands = [...new Set([...known.bands, ...items.flatMap(({ item }) => bandsOf(item['assets']))])];
    return { ...known, bbox, startMs, endMs, bands };
  });
}

/** An Item's box around what is there; one over the antimeridian makes it as wide as the world. */
function union(box: readonly number[] | null, of: unknown): number[] | null {
  const numbers = Array.isArray(of) ? of.filter((n): n is number => Number.isFinite(n)) : [];
  const [w, s, e, n] = numbers.length === 6 ? [numbers[0], numbers[1], numbers[3], numbers[4]] : numbers;
  if (w === undefined || s === undefined || e === undefined || n === undefined)
    return box === null ? null : [...box];
  const [west, east] = w > e ? [-180, 180] : [w, e];
  const [bw = west, bs = s, be = east, bn = n] = box ?? [];
  return [Math.min(bw, west), Math.min(bs, s), Math.max(be, east), Math.max(bn, n)];
}

/** Names of `bands` and `eo:bands` of all assets. */
function bandsOf(assets: unknown): readonly string[] {
  const objects = Object.values(asObject(assets) ?? {}).map(asObject);
  return objects.flatMap((asset) =>
    [asset?.['bands'], asset?.['eo:bands']].flatMap((list) =>
      (asArray(list) ?? []).flatMap((band) => asText(asObject(band)?.['name']) ?? []),
    ),
  );
}

/** undefined when the project has none of this id. */
export async function getCollection(
  deps: Pick<StoreDeps, 'table'>,
  project: string,
  id: string,
): Promise<CollectionFacts | undefined> {
  const found = id === '' ? undefined : await deps.table.get(collectionKey(project, id));
  if (found !== undefined) return factsOf(row.parse(found));
  return id === RESULTS ? resultsFacts : undefined;
}

/** `results` and what else the project registered, by id. */
export async function listCollections(
  deps: Pick<StoreDeps, 'table'>,
  project: string,
): Promise<readonly CollectionFacts[]> {
  const { rows } = await deps.table.query({
    partition: collectionPk(project),
    limit: MAX_PROJECT_COLLECTIONS,
  });
  const found = rows.map((found) => factsOf(row.parse(found)));
  return found.some(({ id }) => id === RESULTS) ? found : [resultsFacts, ...found];
}

function factsOf(known: CollectionRow): CollectionFacts {
  const { sk, title, description, license, keywords, bands, bbox, startMs, endMs } = known;
  return {
    id: sk,
    title,
    description,
    license,
    keywords,
    bands,
    ...(bbox === null ? {} : { bbox }),
    interval: [startMs === null ? null : timeKey(startMs), endMs === null ? null : timeKey(endMs)],
  };
}

/** Compare and set, again when another writer was faster. Nothing is written when nothing changes. */
async function change(
  deps: Pick<StoreDeps, 'table'>,
  project: string,
  id: string,
  to: (known: CollectionRow) => CollectionRow,
): Promise<void> {
  const key = collectionKey(project, id);
  for (let tries = 1; ; tries++) {
    const there = await deps.table.get(key);
    const known = there === undefined ? fresh(id) : row.parse(there);
    const next = to(known);
    if (there !== undefined && JSON.stringify(next) === JSON.stringify(known)) return;
    const { title, description, license, keywords, bands, bbox, startMs, endMs } = next;
    const put = { ...key, title, description, license, keywords, bands, bbox, startMs, endMs };
    try {
      await deps.table.transact([
        {
          put: { ...put, revision: known.revision + 1 },
          if: there === undefined ? { exists: false } : { equals: { revision: known.revision } },
        },
      ]);
      return;
    } catch (error) {
      if (!isSwathError(error, 'Conflict') || tries >= WRITE_TRIES) throw error;
    }
  }
}

function fresh(id: string): CollectionRow {
  const words =
    id === RESULTS
      ? resultsFacts
      : { title: id, description: `Items registered as ${id}.`, license: 'other', keywords: [], bands: [] };
  const { title, description, license, keywords, bands } = words;
  return {
    sk: id,
    title,
    description,
    license,
    keywords: [...keywords],
    bands: [...bands],
    bbox: null,
    startMs: null,
    endMs: null,
    revision: 0,
  };
}

/** The same words for what is not there and for what is not yours. */
export function noSuchCollection(id: string): SwathError {
  return new SwathError('NotFound', `There is no collection "${id.slice(0, 100)}".`, {
    fix: 'GET /collections lists those there are.',
  });
}
