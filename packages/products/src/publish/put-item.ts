import { ENGINE_VERSION, isSwathError, SWATH_VERSION, SwathError, sha256Hex } from '@swath/core';
import { gridFootprintWgs84 } from '@swath/geo';
import type { BandStatistics, PixelCounts } from '@swath/raster';
import type { ProductPlan, RequestPlan } from '@swath/requests';
import { buildResultItem } from '@swath/stac';
import type { ProductKeys } from './keys.ts';
import type { ResultStore } from './result-store.ts';

interface FileFacts {
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** The product's files beside its Item. */
export interface ItemFiles {
  readonly cog: FileFacts;
  readonly thumbnail: FileFacts;
  readonly statistics: FileFacts;
  readonly zones?: FileFacts;
  readonly zonesCsv?: FileFacts;
}

/** What the Item of a product tells. */
export interface ItemFacts {
  readonly plan: RequestPlan;
  readonly product: ProductPlan;
  readonly itemId: string;
  readonly start: string | null;
  readonly end: string | null;
  /** RFC 3339 instant. */
  readonly created: string;
  readonly counts: PixelCounts;
  readonly cloudPercent: number | null;
  readonly failedChunks: readonly number[];
  readonly statistics: Readonly<Record<string, BandStatistics>>;
  readonly files: ItemFiles;
}

/**
 * Creates the product's Item, the last of its objects. An Item that is there already and differs in nothing but its
 * time of creation is the same Item: an earlier attempt wrote it.
 *
 * @throws SwathError Conflict when another Item is there.
 */
export async function putItem(results: ResultStore, keys: ProductKeys, facts: ItemFacts): Promise<void> {
  const item = buildItem(keys, facts);
  const body = new TextEncoder().encode(`${JSON.stringify(item, null, 2)}\n`);
  try {
    await results.put(keys.item, body, {
      contentType: 'application/geo+json',
      sha256: sha256Hex(body),
      keepDays: facts.plan.spec.retentionDays,
      ifAbsent: true,
    });
  } catch (error) {
    if (!isSwathError(error, 'Conflict')) throw error;
    const there: unknown = JSON.parse(new TextDecoder().decode(await results.get(keys.item)));
    if (timeless(there) !== timeless(item)) {
      throw new SwathError('Conflict', `${keys.item} exists with other content.`, { cause: error });
    }
  }
}

/** An Item as text, without the two fields that tell when it was written. */
function timeless(item: unknown): string {
  return JSON.stringify(item, (name, value: unknown) =>
    name === 'created' || name === 'updated' ? undefined : value,
  );
}

function buildItem(keys: ProductKeys, facts: ItemFacts): Readonly<Record<string, unknown>> {
  const { plan, product, files, failedChunks } = facts;
  const { work, stored } = product;
  const scenes = product.sceneIndexes.flatMap((index) => {
    const scene = plan.scenes[index];
    if (scene === undefined) return [];
    const { id, collection, version, itemHref } = scene;
    const radiometry = plan.radiometry[index] ?? {};
    return [{ id, collection, version, radiometry, ...(itemHref === undefined ? {} : { itemHref }) }];
  });
  return buildResultItem({
    id: facts.itemId,
    ...(plan.spec.name === undefined ? {} : { title: plan.spec.name }),
    geometry: gridFootprintWgs84(work.grid).geometry,
    start: facts.start,
    end: facts.end,
    created: facts.created,
    grid: work.grid,
    bands: work.outputs.map(({ name }) => {
      const statistics = facts.statistics[name];
      if (statistics === undefined) throw new SwathError('Bug', `no statistics of band ${name}`);
      return { name, stored, statistics };
    }),
    cloudCoverPercent: facts.cloudPercent,
    processing: {
      lineage: lineageOf(product, scenes.length),
      software: { swath: SWATH_VERSION, 'swath-engine': ENGINE_VERSION },
      expression: { format: 'swath', expression: plan.spec.pipeline },
    },
    scenes,
    assets: {
      cog: { href: relativeTo(keys.item, keys.cog), ...files.cog },
      thumbnail: { href: relativeTo(keys.item, keys.thumbnail), ...files.thumbnail },
      statistics: { href: relativeTo(keys.item, keys.statistics), ...files.statistics },
      ...(keys.zones === undefined || files.zones === undefined
        ? {}
        : { zones: { href: relativeTo(keys.item, keys.zones), ...files.zones } }),
      ...(keys.zonesCsv === undefined || files.zonesCsv === undefined
        ? {}
        : { zonesCsv: { href: relativeTo(keys.item, keys.zonesCsv), ...files.zonesCsv } }),
    },
    properties: {
      'swath:counts': facts.counts,
      ...(failedChunks.length === 0 ? {} : { 'swath:failed_chunks': missingOf(plan, failedChunks) }),
    },
  });
}

function lineageOf({ work }: ProductPlan, scenes: number): string {
  const what = work.outputs.map(({ name }) => name).join(', ');
  const how = work.composite === 'none' ? '' : `, ${work.composite} over ${work.steps.length} dates`;
  return `${what} from ${scenes} ${scenes === 1 ? 'scene' : 'scenes'}${how}, ${work.resampling} resampling.`;
}

/** Chunks that are nodata because they failed, with where they lie on the grid. */
function missingOf(plan: RequestPlan, failedChunks: readonly number[]) {
  return failedChunks.map((chunk) => ({ chunk, window: plan.chunks[chunk]?.window }));
}

/** Both keys lie in one folder: the href is the file's name. */
function relativeTo(item: string, key: string): string {
  const folder = item.slice(0, item.lastIndexOf('/') + 1);
  if (!key.startsWith(folder)) throw new SwathError('Bug', `${key} does not lie beside ${item}`);
  return `./${key.slice(folder.length)}`;
}
