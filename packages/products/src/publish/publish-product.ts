import { join } from 'node:path';
import { SwathError, sha256Hex } from '@swath/core';
import type { Grid, PixelWindow, Zone } from '@swath/geo';
import {
  addCounts,
  type Executor,
  noPixels,
  type OpenImage,
  type PixelCounts,
  type PixelSource,
  type ProductReport,
  writeProduct,
} from '@swath/raster';
import type { ChunkResult, ProductPlan, ProductResult, RequestPlan } from '@swath/requests';
import { resultItemId } from '@swath/stac';
import { THUMBNAIL_SIDE_PIXELS } from '../limits.ts';
import { windowGrid } from '../process/chunk-grid.ts';
import { type ProductKeys, productKeys } from './keys.ts';
import { putFinal } from './put-final.ts';
import { type ItemFiles, putItem } from './put-item.ts';
import type { ResultStore } from './result-store.ts';
import { drawThumbnail } from './thumbnail.ts';
import { verifyChunk } from './verify-chunk.ts';
import { type ZoneFacts, zonesCsv, zonesJson } from './zone-documents.ts';

export interface PublishInput {
  readonly plan: RequestPlan;
  /** Index into `plan.products`. */
  readonly product: number;
  /** Makes the COG. */
  readonly executor: Executor;
  /** Opens local files. */
  readonly open: OpenImage;
  /** Empty, the caller's to remove. */
  readonly scratchDir: string;
  readonly results: ResultStore;
  /** Prefix of every key: `results/<contentKey>/`. */
  readonly prefix: string;
  /** Identity of the product in its Item: equal content, equal id. */
  readonly contentKey: string;
  /** RFC 3339 instant that goes into a new Item. */
  readonly created: string;
  /** Polygons that statistics are asked of. */
  readonly zones?: readonly Zone[];
  readonly signal?: AbortSignal;
}

export interface ChunksInput extends PublishInput {
  /** Chunks that are done, by chunk. Those of the product that are not in here are published as nodata. */
  readonly chunks: ReadonlyMap<number, ChunkResult>;
  /** A local file with the pixels of a chunk. */
  readonly chunkFile: (result: ChunkResult) => Promise<string>;
}

export interface WholeInput extends PublishInput {
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Makes one product out of its chunks, and publishes it: COG with overviews and statistics, picture, statistics as JSON,
 * and, last of all, the STAC Item. Whoever finds the Item finds everything it names. Objects are created, never replaced.
 *
 * @throws SwathError Corrupt (a chunk is not what its result says), Conflict (other content under a key).
 */
export async function publishProduct(input: ChunksInput): Promise<ProductResult> {
  const product = productOf(input);
  const { parts, counts, failedChunks } = await gatherChunks(input, product);
  const made = await makeCog(input, product, { kind: 'parts', parts });
  return await publishCog(input, product, { ...made, counts, failedChunks });
}

/** The same without chunks: the whole product is computed here, in one pass. The objects have the same bytes. */
export async function makeProduct(input: WholeInput): Promise<ProductResult> {
  const product = productOf(input);
  const source: PixelSource = { kind: 'work', work: product.work, origin: { x: 0, y: 0 } };
  const made = await makeCog(input, product, source, input.onProgress);
  return await publishCog(input, product, { ...made, counts: made.cog.counts, failedChunks: [] });
}

function productOf({ plan, product }: PublishInput): ProductPlan {
  const found = plan.products[product];
  if (found === undefined) throw new SwathError('InvalidInput', `The plan has no product ${product}.`);
  return found;
}

interface MadeCog {
  readonly cog: Omit<ProductReport, 'counts'>;
  readonly path: string;
  readonly thumbnail: Uint8Array;
  readonly counts: PixelCounts;
  readonly failedChunks: readonly number[];
}

async function publishCog(
  input: PublishInput,
  product: ProductPlan,
  { cog, path, thumbnail, counts, failedChunks }: MadeCog,
): Promise<ProductResult> {
  const { plan, results, signal } = input;
  const keys = productKeys(input.prefix, product, failedChunks, { hasZones: input.zones !== undefined });
  const statistics = Object.fromEntries(
    product.work.outputs.map(({ name }, band) => [name, statisticsOf(cog, band)]),
  );
  const cloudPercent = counts.withData === 0 ? null : (100 * counts.masked) / counts.withData;
  const facts = { label: product.label, start: product.start, end: product.end, counts, cloudPercent };

  await putFinal(
    results,
    {
      key: keys.cog,
      contentType: 'image/tiff',
      sha256: cog.sha256,
      keepDays: plan.spec.retentionDays,
      body: { path, sizeBytes: cog.sizeBytes },
    },
    signal,
  );
  await putBytes(input, keys.thumbnail, 'image/png', thumbnail);
  const document = new TextEncoder().encode(
    `${JSON.stringify({ ...facts, failedChunks, bands: statistics }, null, 2)}\n`,
  );
  await putBytes(input, keys.statistics, 'application/json', document);
  const zones = await putZones(input, keys, cog, {
    label: product.label,
    start: product.start,
    end: product.end,
    failedChunks,
    bands: product.work.outputs.map(({ name }) => name),
  });
  const itemId = resultItemId({
    label: product.label,
    contentKey: input.contentKey,
    isPartial: failedChunks.length > 0,
  });
  await putItem(results, keys, {
    ...facts,
    plan,
    product,
    itemId,
    created: input.created,
    failedChunks,
    statistics,
    files: {
      cog: { sha256: cog.sha256, sizeBytes: cog.sizeBytes },
      thumbnail: factsOf(thumbnail),
      statistics: factsOf(document),
      ...zones,
    },
  });
  return {
    ...facts,
    itemId,
    statistics,
    assets: keys,
    sha256: cog.sha256,
    sizeBytes: cog.sizeBytes,
    failedChunks,
  };
}

/** Both documents of statistics by zone, and what the Item says of them; nothing without zones. */
async function putZones(
  input: PublishInput,
  keys: ProductKeys,
  cog: MadeCog['cog'],
  facts: Omit<ZoneFacts, 'zones' | 'statistics'>,
): Promise<Pick<ItemFiles, 'zones' | 'zonesCsv'>> {
  const { zones } = input;
  if (zones === undefined) return {};
  if (cog.zones === null || keys.zones === undefined || keys.zonesCsv === undefined) {
    throw new SwathError('Bug', 'a product with zones has no statistics of them');
  }
  const all: ZoneFacts = { ...facts, zones, statistics: cog.zones };
  const [json, csv] = [zonesJson(all), zonesCsv(all)];
  await putBytes(input, keys.zones, 'application/json', json);
  await putBytes(input, keys.zonesCsv, 'text/csv', csv);
  return { zones: factsOf(json), zonesCsv: factsOf(csv) };
}

const factsOf = (bytes: Uint8Array) => ({ sha256: sha256Hex(bytes), sizeBytes: bytes.length });

/** Every chunk of the product that is there, verified, with what they count together. */
async function gatherChunks(
  { plan, chunks, chunkFile, open, signal }: ChunksInput,
  product: ProductPlan,
): Promise<{
  readonly parts: Extract<PixelSource, { kind: 'parts' }>['parts'];
  readonly counts: PixelCounts;
  readonly failedChunks: readonly number[];
}> {
  const parts: { readonly path: string; readonly window: PixelWindow }[] = [];
  const failedChunks: number[] = [];
  let counts = noPixels;
  for (const chunk of product.chunks) {
    signal?.throwIfAborted();
    const window = plan.chunks[chunk]?.window;
    if (window === undefined) throw new SwathError('InvalidInput', `The plan has no chunk ${chunk}.`);
    const result = chunks.get(chunk);
    if (result === undefined) {
      failedChunks.push(chunk);
      continue;
    }
    const path = await chunkFile(result);
    const { grid, outputs } = product.work;
    const expected = { grid: windowGrid(grid, window), bands: outputs.length, stored: product.stored };
    await verifyChunk({ chunk, path, sha256: result.sha256 }, expected, open, signal);
    parts.push({ path, window });
    counts = addCounts(counts, result.counts);
  }
  return { parts, counts, failedChunks };
}

/** The COG and its picture, which is drawn from the overviews while full resolution is still being written. */
async function makeCog(
  { plan, executor, open, scratchDir, zones, signal }: PublishInput,
  product: ProductPlan,
  source: PixelSource,
  onProgress?: WholeInput['onProgress'],
): Promise<Pick<MadeCog, 'path' | 'thumbnail'> & { readonly cog: ProductReport }> {
  const { work, stored } = product;
  const path = join(scratchDir, `product-${product.label}.tif`);
  const bands = work.outputs.map(({ name }) => ({ name, stored }));
  const draw = (drawn: string) =>
    drawThumbnail({ plan, product, path: drawn, open, ...optionalSignal(signal) });
  let thumbnail: Uint8Array | undefined;
  const cog = await writeProduct(path, { grid: work.grid, bands, overviews: true }, source, executor, {
    signal,
    onProgress,
    zones: zones?.map(({ geometry }) => geometry),
    onOverviews: overviewsServe(work.grid)
      ? async (unfinished) => {
          thumbnail = await draw(unfinished);
        }
      : undefined,
  });
  return { cog, path, thumbnail: thumbnail ?? (await draw(path)) };
}

/** Whether a thumbnail is drawn from an overview: the first has half the side. */
function overviewsServe({ width, height }: Grid): boolean {
  return Math.max(width, height) >= 2 * THUMBNAIL_SIDE_PIXELS;
}

function statisticsOf(cog: MadeCog['cog'], band: number) {
  const statistics = cog.statistics[band];
  if (statistics === undefined) throw new SwathError('Bug', `the COG has no statistics of band ${band + 1}`);
  return statistics;
}

async function putBytes(
  input: PublishInput,
  key: string,
  contentType: string,
  bytes: Uint8Array,
): Promise<void> {
  await putFinal(
    input.results,
    {
      key,
      contentType,
      sha256: sha256Hex(bytes),
      keepDays: input.plan.spec.retentionDays,
      body: { bytes },
    },
    input.signal,
  );
}

function optionalSignal(signal: AbortSignal | undefined): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}
