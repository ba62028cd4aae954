import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { SwathError } from '@swath/core';
import { type JobFailure, jobFailure, processChunk } from '@swath/products';
import { type Executor, workerExecutor } from '@swath/raster';
import {
  type ChunkResult,
  chunksOfChild,
  exitCodes,
  type ProcessManifest,
  type RequestPlan,
  reportKeys,
} from '@swath/requests';
import { chunkReport, processManifest, readPlan, readReport } from '../support/documents.ts';
import { imageAccess } from '../support/image-access.ts';
import { runJob, type StepContext } from '../support/run-job.ts';

/** Child i makes its run of the manifest's chunks, those that no earlier try of it has made. */
await runJob('process', {
  manifest: processManifest,
  reportKeys: (manifest, { childIndex }) =>
    chunksOfChild(manifest, childIndex).map((chunk) => reportKeys.chunk(manifest.staging, chunk)),
  run: async (context) => {
    const { manifest, environment, storage, scratchDir, signal, note, onRead } = context;
    const chunks = chunksOfChild(manifest, environment.childIndex);
    if (chunks.length === 0) throw noSuchChild(manifest, environment.childIndex);
    const todo: number[] = [];
    for (const chunk of chunks) if (!(await isDone(context, chunk))) todo.push(chunk);
    note({ already: chunks.length - todo.length, chunks: 0 });
    if (todo.length === 0) return undefined;
    const plan = await readPlan(storage.work, manifest.plan, signal);
    const access = imageAccess(environment, storage, scratchDir, onRead);
    const executor = workerExecutor({ locate: access.locate, lanes: environment.lanes ?? 1 });
    try {
      return await makeAll(context, plan, executor, todo);
    } finally {
      await executor.close();
      await access.close();
    }
  },
});

type Context = StepContext<ProcessManifest>;

/**
 * One after the other, each with a report of its own as soon as it is there. A chunk that fails takes no other with it,
 * unless trouble has to pass first: then the next try of this child goes on from here.
 * @returns how the container ends.
 */
async function makeAll(
  context: Context,
  plan: RequestPlan,
  executor: Executor,
  todo: readonly number[],
): Promise<JobFailure | undefined> {
  const { manifest, signal, note, succeeded, failed } = context;
  const failures: JobFailure[] = [];
  let made = 0;
  for (const chunk of todo) {
    const key = reportKeys.chunk(manifest.staging, chunk);
    try {
      await succeeded(key, await make(context, plan, executor, chunk));
      made += 1;
      note({ chunks: made });
    } catch (error) {
      if (signal.aborted) throw error;
      const failure = jobFailure(error);
      failures.push(failure);
      note({ failedChunks: failures.length, error: error instanceof Error ? error.stack : String(error) });
      await failed(key, failure);
      if (failure.exitCode === exitCodes.temporary) return failure;
    }
  }
  // A bug is what an operator has to see.
  return failures.find(({ exitCode }) => exitCode === exitCodes.bug) ?? failures[0];
}

async function make(
  { manifest, environment, storage, scratchDir, signal }: Context,
  plan: RequestPlan,
  executor: Executor,
  chunk: number,
): Promise<ChunkResult> {
  const startedMs = performance.now();
  const made = await processChunk({ plan, chunk, executor, scratchDir, signal });
  const { counts, path, sha256 } = made;
  // A key per attempt: two that overlap write two objects, and the report names one of them.
  const pixelsKey = `${manifest.staging}chunk-${chunk}-${environment.jobAttempt}.tif`;
  await storage.work.put(pixelsKey, createReadStream(path), { sha256, contentType: 'image/tiff', signal });
  await rm(path);
  const seconds = Math.round(performance.now() - startedMs) / 1000;
  return { chunk, counts, pixelsKey, sha256, seconds };
}

/** Its report is there, and so are the pixels it names. */
async function isDone({ manifest, storage }: Context, chunk: number): Promise<boolean> {
  const done = await readReport(storage.work, reportKeys.chunk(manifest.staging, chunk), chunkReport);
  return done !== undefined && (await storage.work.head(done.value.pixelsKey))?.sha256 === done.value.sha256;
}

function noSuchChild({ chunks, perChild }: ProcessManifest, index: number): SwathError {
  return new SwathError(
    'InvalidInput',
    `The manifest has ${chunks.length} chunks, ${perChild} for each child: there is none for child ${index}.`,
  );
}
