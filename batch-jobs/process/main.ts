import { createReadStream } from 'node:fs';
import { SwathError } from '@swath/core';
import { processChunk } from '@swath/products';
import { workerExecutor } from '@swath/raster';
import type { ProcessManifest } from '@swath/requests';
import { reportKeys } from '@swath/requests';
import { chunkReport, processManifest, readPlan, readReport } from '../support/documents.ts';
import { imageAccess } from '../support/image-access.ts';
import { runJob } from '../support/run-job.ts';

/** Child i computes `chunks[i]` of the plan, unless an earlier attempt of it did. */
await runJob('process', {
  manifest: processManifest,
  reportKey: (manifest, { childIndex }) =>
    reportKeys.chunk(manifest.staging, chunkOfChild(manifest, childIndex)),
  run: async ({ manifest, environment, storage, scratchDir, signal }) => {
    const chunk = chunkOfChild(manifest, environment.childIndex);
    const done = await readReport(storage.work, reportKeys.chunk(manifest.staging, chunk), chunkReport);
    if (done !== undefined && (await storage.work.head(done.value.pixelsKey))?.sha256 === done.value.sha256) {
      return { value: done.value, summary: { chunk, already: true } };
    }
    const startedMs = performance.now();
    const plan = await readPlan(storage.work, manifest.plan, signal);
    const access = imageAccess(environment, storage, scratchDir);
    const executor = workerExecutor({ locate: access.locate, lanes: environment.lanes ?? 1 });
    try {
      const { counts, path, sha256, sizeBytes } = await processChunk({
        plan,
        chunk,
        executor,
        scratchDir,
        signal,
      });
      // A key per attempt: two that overlap write two objects, and the report names one of them.
      const pixelsKey = `${manifest.staging}chunk-${chunk}-${environment.jobAttempt}.tif`;
      await storage.work.put(pixelsKey, createReadStream(path), {
        sha256,
        contentType: 'image/tiff',
        signal,
      });
      const seconds = Math.round(performance.now() - startedMs) / 1000;
      return {
        value: { chunk, counts, pixelsKey, sha256, seconds },
        summary: { chunk, ...counts, sizeBytes },
      };
    } finally {
      await executor.close();
      await access.close();
    }
  },
});

function chunkOfChild(manifest: ProcessManifest, childIndex: number): number {
  const chunk = manifest.chunks[childIndex];
  if (chunk === undefined) {
    throw new SwathError(
      'InvalidInput',
      `The manifest has ${manifest.chunks.length} chunks, there is none for child ${childIndex}.`,
    );
  }
  return chunk;
}
