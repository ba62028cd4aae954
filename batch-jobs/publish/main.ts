import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { SwathError } from '@swath/core';
import type { Objects } from '@swath/ports';
import { COPY_PART_BYTES, publishProduct } from '@swath/products';
import { workerExecutor } from '@swath/raster';
import type { ChunkResult, ProductResult, PublishManifest } from '@swath/requests';
import { reportKeys } from '@swath/requests';
import { chunkReport, publishManifest, readDocument, readPlan, zonesDocument } from '../support/documents.ts';
import { imageAccess } from '../support/image-access.ts';
import { runJob } from '../support/run-job.ts';
import { withScratch } from '../support/scratch.ts';

/** Verifies and assembles every product of the plan, one after the other, and publishes what is complete first. */
await runJob('publish', {
  manifest: publishManifest,
  reportKeys: (manifest) => [reportKeys.publish(manifest.staging)],
  run: async ({ manifest, environment, storage, scratchDir, signal, note, succeeded, onRead }) => {
    const plan = await readPlan(storage.work, manifest.plan, signal);
    const zones =
      manifest.zones === undefined
        ? undefined
        : await readDocument(storage.work, manifest.zones, zonesDocument, signal);
    const chunks = await chunkResults(storage.work, manifest, signal);
    const access = imageAccess(environment, storage, scratchDir, onRead);
    const { lanes } = environment;
    const executor = workerExecutor({ locate: access.locate, ...(lanes === undefined ? {} : { lanes }) });
    try {
      const products: ProductResult[] = [];
      for (const product of plan.products.keys()) {
        const published = await withScratch(scratchDir, `product-${product}`, (folder) =>
          publishProduct({
            plan,
            product,
            chunks,
            chunkFile: (result) => download(storage.work, result, folder, signal),
            executor,
            open: access.open,
            scratchDir: folder,
            results: storage.results,
            prefix: `results/${manifest.contentKey}/`,
            contentKey: manifest.contentKey,
            ...(zones === undefined ? {} : { zones }),
            created: new Date().toISOString(),
            signal,
          }),
        );
        products.push(published);
      }
      const sizeBytes = products.reduce((sum, product) => sum + product.sizeBytes, 0);
      const failedChunks = products.reduce((sum, product) => sum + product.failedChunks.length, 0);
      note({ products: products.length, sizeBytes, failedChunks });
      await succeeded(reportKeys.publish(manifest.staging), products);
      return undefined;
    } finally {
      await executor.close();
      await access.close();
    }
  },
});

/** What the children left, by chunk. A result named by the manifest that is not there is our own fault. */
async function chunkResults(
  work: Objects,
  manifest: PublishManifest,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, ChunkResult>> {
  const results = new Map<number, ChunkResult>();
  for (const [chunk, key] of Object.entries(manifest.chunkResults)) {
    const report = await readDocument(work, key, chunkReport, signal);
    if (report.value.chunk !== Number(chunk)) {
      throw new SwathError(
        'InvalidInput',
        `${key} is the result of chunk ${report.value.chunk}, not ${chunk}.`,
      );
    }
    results.set(report.value.chunk, report.value);
  }
  return results;
}

/** A chunk's pixels as a local file, in parts. Its checksum is looked at by whoever uses it. */
async function download(
  work: Objects,
  result: ChunkResult,
  scratchDir: string,
  signal: AbortSignal,
): Promise<string> {
  const info = await work.head(result.pixelsKey);
  if (info === undefined) throw new SwathError('Corrupt', `The pixels of chunk ${result.chunk} are gone.`);
  const name = createHash('sha256').update(result.pixelsKey).digest('hex').slice(0, 16);
  const path = join(scratchDir, `chunk-${result.chunk}-${name}.tif`);
  const file = await open(path, 'wx');
  try {
    for (let offset = 0; offset < info.sizeBytes; offset += COPY_PART_BYTES) {
      const length = Math.min(COPY_PART_BYTES, info.sizeBytes - offset);
      await file.writeFile(await work.getRange(result.pixelsKey, offset, length, { signal }));
    }
  } finally {
    await file.close();
  }
  return path;
}
