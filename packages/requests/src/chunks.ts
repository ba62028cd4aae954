import type { Objects } from '@swath/ports';
import { readReport } from './documents.ts';
import { OBJECT_CONCURRENCY } from './limits.ts';
import { reportKeys, stagingPrefix } from './names.ts';
import type { Failure } from './reasons.ts';

/** What is known about the chunks of a plan from the reports of the attempts that worked on it. */
export interface ChunkReports {
  /** Key of the report of each chunk that is done. */
  readonly done: ReadonlyMap<number, string>;
  /** Why the others failed, where the newest attempt said so. */
  readonly failed: ReadonlyMap<number, Failure>;
}

const chunkFile = /chunk-([0-9]+)\.json$/;

/**
 * Reads the chunk reports of attempts `since` to `attempt`, newest first; done once is done.
 * Chunks at or beyond `total` are not of this plan and are left out.
 */
export async function readChunkReports(
  work: Objects,
  requestId: string,
  attempts: { readonly since: number; readonly attempt: number },
  total: number,
): Promise<ChunkReports> {
  const done = new Map<number, string>();
  const failed = new Map<number, Failure>();
  for (let attempt = attempts.attempt; attempt >= attempts.since; attempt--) {
    const keys = await listChunkReports(work, requestId, attempt);
    const wanted = [...keys].filter(([chunk]) => chunk < total && !done.has(chunk));
    await forEachBounded(wanted, async ([chunk, key]) => {
      const report = await readReport(work, 'chunk', key);
      if (report?.ok && report.value.chunk === chunk) done.set(chunk, key);
      else if (report?.ok === false && attempt === attempts.attempt) failed.set(chunk, report.failure);
    });
  }
  for (const chunk of done.keys()) failed.delete(chunk);
  return { done, failed };
}

/** Report key of every chunk of one attempt that left one. */
export async function listChunkReports(
  work: Objects,
  requestId: string,
  attempt: number,
): Promise<Map<number, string>> {
  const staging = stagingPrefix(requestId, attempt);
  const found = new Map<number, string>();
  let after: string | undefined;
  do {
    const page = await work.list(`${staging}chunk-`, after === undefined ? {} : { after });
    for (const { key } of page.objects) {
      const chunk = Number(chunkFile.exec(key)?.[1] ?? Number.NaN);
      if (key === reportKeys.chunk(staging, chunk)) found.set(chunk, key);
    }
    after = page.next;
  } while (after !== undefined);
  return found;
}

/** Runs `task` over all values, at most `OBJECT_CONCURRENCY` at once; the first error ends it. */
export async function forEachBounded<T>(
  values: Iterable<T>,
  task: (value: T) => Promise<void>,
): Promise<void> {
  const iterator = values[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (let next = iterator.next(); !next.done; next = iterator.next()) await task(next.value);
  };
  await Promise.all(Array.from({ length: OBJECT_CONCURRENCY }, worker));
}
