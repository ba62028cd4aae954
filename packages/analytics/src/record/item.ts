import { SwathError } from '@swath/core';
import type { ProductResult } from '@swath/requests';
import * as z from 'zod';
import { ITEM_CONCURRENCY, MAX_ITEM_BYTES } from '../limits.ts';

const lonLat = z.tuple([z.number(), z.number()]).rest(z.number());
const geometry = z.union([
  z.object({ type: z.literal('Polygon'), coordinates: z.array(z.array(lonLat)) }),
  z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(z.array(z.array(lonLat))) }),
]);

/** What the tables take from a result's Item. Written by `buildResultItem`, perhaps of another version. */
const resultItem = z.object({
  id: z.string(),
  geometry,
  bbox: z.tuple([z.number(), z.number(), z.number(), z.number()]),
  properties: z.looseObject({
    created: z.string(),
    'proj:code': z.string().nullish(),
    'swath:crs': z.string().nullish(),
    'proj:shape': z.tuple([z.int(), z.int()]),
    'proj:transform': z.array(z.number()).min(6),
    'processing:lineage': z.string().nullish(),
    'processing:software': z.record(z.string(), z.string()).nullish(),
    'swath:radiometry': z.array(z.looseObject({ scene: z.string(), collection: z.string() })),
  }),
  assets: z.looseObject({
    data: z.looseObject({ bands: z.array(z.looseObject({ name: z.string(), data_type: z.string() })) }),
  }),
});
export type ResultItem = Readonly<z.output<typeof resultItem>>;

interface ReadsItems {
  get(key: string): Promise<Uint8Array>;
}

/** @throws SwathError NotFound, Corrupt. */
async function readItem(results: ReadsItems, key: string): Promise<ResultItem> {
  const bytes = await results.get(key);
  if (bytes.length > MAX_ITEM_BYTES) {
    throw new SwathError('LimitExceeded', `${key} has ${bytes.length} bytes; at most ${MAX_ITEM_BYTES}.`);
  }
  try {
    return resultItem.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    throw new SwathError('Corrupt', `${key} is not the Item of a result.`, { cause });
  }
}

/** The Item of each product, in the same order. */
export async function readItems(
  results: ReadsItems,
  products: readonly ProductResult[],
): Promise<readonly ResultItem[]> {
  const items: ResultItem[] = [];
  for (let at = 0; at < products.length; at += ITEM_CONCURRENCY) {
    const batch = products.slice(at, at + ITEM_CONCURRENCY);
    items.push(...(await Promise.all(batch.map(({ assets }) => readItem(results, assets.item)))));
  }
  return items;
}
