import { join } from 'node:path';
import { SwathError, sha256Hex } from '@swath/core';
import { type CogReport, type OpenImage, type PixelCounts, writeCog } from '@swath/raster';
import type { ChunkResult, ProductPlan, ProductResult, RequestPlan } from '@swath/requests';
import { windowGrid } from '../process/chunk-grid.ts';
import { type ChunkFile, chunkMosaic } from './assemble.ts';
import { productKeys } from './keys.ts';
import { putFinal } from './put-final.ts';
import { putItem } from './put-item.ts';
import type { ResultStore } from './result-store.ts';
import { drawThumbnail } from './thumbnail.ts';
import { verifyChunk } from './verify-chunk.ts';

export interface PublishInput {
  readonly plan: RequestPlan;
  /** Index into `plan.products`. */
  readonly product: number;
  /** Chunks that are done, by chunk. Those of the product that are not in here are published as nodata. */
  readonly chunks: ReadonlyMap<number, ChunkResult>;
  /** A local file with the pixels of a chunk. */
  readonly chunkFile: (result: ChunkResult) => Promise<string>;
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
  readonly signal?: AbortSignal;
}

/**
 * Makes one product out of its chunks: COG with overviews and statistics, picture, statistics as JSON, and, last of
 * all, the STAC Item. Whoever finds the Item finds everything it names. Objects are created, never replaced.
 *
 * @throws SwathError Corrupt (a chunk is not what its result says), Conflict (other content under a key).
 */
export async function publishProduct(input: PublishInput): Promise<ProductResult> {
  const { plan, results, signal } = input;
  const product = plan.products[input.product];
  if (product === undefined)
    throw new SwathError('InvalidInput', `The plan has no product ${input.product}.`);
  const { files, counts, failedChunks } = await gatherChunks(input, product);
  const keys = productKeys(input.prefix, product, failedChunks);
  const path = join(input.scratchDir, `product-${input.product}.tif`);
  const cog = await assemble(input, product, files, path);
  const statistics = Object.fromEntries(
    product.work.outputs.map(({ name }, band) => [name, statisticsOf(cog, band)]),
  );
  const cloudPercent = counts.withData === 0 ? null : (100 * counts.masked) / counts.withData;
  const facts = { label: product.label, start: product.start, end: product.end, counts, cloudPercent };

  await putFinal(
    results,
    { key: keys.cog, contentType: 'image/tiff', sha256: cog.sha256, body: { path } },
    signal,
  );
  const thumbnail = await drawThumbnail({ plan, product, path, open: input.open, ...optionalSignal(signal) });
  await putBytes(input, keys.thumbnail, 'image/png', thumbnail);
  const document = new TextEncoder().encode(
    `${JSON.stringify({ ...facts, failedChunks, bands: statistics }, null, 2)}\n`,
  );
  await putBytes(input, keys.statistics, 'application/json', document);
  const itemId = `${product.label}-${input.contentKey.slice(0, 12)}${failedChunks.length === 0 ? '' : '-partial'}`;
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
      thumbnail: { sha256: sha256Hex(thumbnail), sizeBytes: thumbnail.length },
      statistics: { sha256: sha256Hex(document), sizeBytes: document.length },
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

/** Every chunk of the product that is there, verified, with what they count together. */
async function gatherChunks(
  { plan, chunks, chunkFile, open, signal }: PublishInput,
  product: ProductPlan,
): Promise<{
  readonly files: readonly ChunkFile[];
  readonly counts: PixelCounts;
  readonly failedChunks: readonly number[];
}> {
  const files: ChunkFile[] = [];
  const failedChunks: number[] = [];
  let counts: PixelCounts = { total: 0, withData: 0, masked: 0, valid: 0 };
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
    files.push({ chunk, window, path });
    counts = addCounts(counts, result.counts);
  }
  return { files, counts, failedChunks };
}

async function assemble(
  { open, signal }: PublishInput,
  product: ProductPlan,
  files: readonly ChunkFile[],
  path: string,
): Promise<CogReport> {
  const { work, stored } = product;
  const mosaic = chunkMosaic(files, work.outputs.length, stored, open, signal);
  try {
    const bands = work.outputs.map(({ name }) => ({ name, stored }));
    return await writeCog(path, { grid: work.grid, bands, overviews: true }, mosaic.read, signal);
  } finally {
    await mosaic.close();
  }
}

function statisticsOf(cog: CogReport, band: number) {
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
    { key, contentType, sha256: sha256Hex(bytes), body: { bytes } },
    input.signal,
  );
}

function addCounts(a: PixelCounts, b: PixelCounts): PixelCounts {
  return {
    total: a.total + b.total,
    withData: a.withData + b.withData,
    masked: a.masked + b.masked,
    valid: a.valid + b.valid,
  };
}

function optionalSignal(signal: AbortSignal | undefined): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}
