import { isSwathError } from '@swath/core';
import type { Objects } from '@swath/ports';
import * as z from 'zod';
import { forEachBounded } from '../chunks.ts';
import { parseJson } from '../documents.ts';
import type { JobUse } from '../manifest.ts';
import { reportKeys, type Stage, stagingPrefix } from '../names.ts';
import type { AttemptRecord, RequestRecord } from '../record.ts';
import type { Attempt } from '../store/rows.ts';
import { billedSeconds, type TasksUsed, type Used } from './estimate.ts';

/** What an attempt used, for the price of it. What was published counts for the attempt that published it. */
export function usedOf({ request, retentionDays }: RequestRecord, attempt: AttemptRecord): Used {
  const own = attempt.attempt === request.attempt && !request.reused ? request.results : [];
  const jobs = attempt.tasks.acquire.count + attempt.tasks.process.count + attempt.tasks.publish.count;
  return {
    attempts: jobs > 0 ? { withJobs: 1, withoutJobs: 0 } : { withJobs: 0, withoutJobs: 1 },
    tasks: attempt.tasks,
    chunks: attempt.chunksProcessed,
    products: own.length,
    inputBytes: attempt.readBytes ?? 0,
    chunkBytes: attempt.chunkBytes,
    outputBytes: own.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    retentionDays,
  };
}

/** What the jobs of an attempt used, from what they left: sums do not depend on the order in which reports arrive. */
export interface JobsUsed {
  /** Chunks computed, and the seconds worked on them. */
  readonly chunks: number;
  readonly chunkSeconds: number;
  /** Of all jobs, children and threads; null when no report says. */
  readonly cpuSeconds: number | null;
  /** Bytes that came from providers; null as `cpuSeconds`. */
  readonly readBytes: number | null;
  readonly tasks: Readonly<Record<Stage, TasksUsed>>;
  /** Bytes of the chunks in the work bucket. */
  readonly chunkBytes: number;
}

const use = z.looseObject({
  seconds: z.number().min(0),
  cpuSeconds: z.number().min(0),
  readBytes: z.int().min(0).default(0),
});
const report = z.looseObject({
  ok: z.boolean(),
  value: z.unknown(),
  /** Absent in reports of earlier versions. */
  used: use.exactOptional(),
});
const timed = z.looseObject({ seconds: z.number().min(0) });

/**
 * A try of a child that a machine took away is not in its reports, and neither is a container's start: both are missing
 * here.
 */
export async function jobsUsed(work: Objects, row: Attempt): Promise<JobsUsed> {
  const staging = stagingPrefix(row.requestId, row.attempt);
  const files = await chunkFiles(work, staging);
  let chunks = 0;
  const ms = { chunks: 0, process: 0, cpu: 0 };
  let readBytes = 0;
  let said = false;
  const add = ({ cpuSeconds, readBytes: bytes }: Pick<JobUse, 'cpuSeconds' | 'readBytes'>) => {
    said = true;
    ms.cpu += milli(cpuSeconds);
    readBytes += bytes;
  };
  await forEachBounded(files.reports, async (key) => {
    const found = await readUse(work, key);
    if (found === undefined) return;
    if (found.used !== undefined) add(found.used);
    ms.process += milli(found.used?.seconds ?? found.chunkSeconds);
    if (!found.ok) return;
    chunks++;
    ms.chunks += milli(found.chunkSeconds);
  });
  const single = async (stage: 'acquire' | 'publish', job: string | undefined): Promise<TasksUsed> => {
    if (job === undefined) return { count: 0, seconds: 0 };
    const found = await readUse(work, reportKeys[stage](staging));
    if (found?.used !== undefined) add(found.used);
    return { count: 1, seconds: billedSeconds(1, found?.used?.seconds ?? 0) };
  };
  const children = row.jobProcess === undefined ? 0 : Math.max(1, row.children ?? 1);
  const tasks = {
    acquire: await single('acquire', row.jobAcquire),
    process: { count: children, seconds: billedSeconds(children, ms.process / 1000) },
    publish: await single('publish', row.jobPublish),
  };
  return {
    chunks,
    chunkSeconds: ms.chunks / 1000,
    tasks,
    cpuSeconds: said ? ms.cpu / 1000 : null,
    readBytes: said ? readBytes : null,
    chunkBytes: files.bytes,
  };
}

/** Whole milliseconds. */
const milli = (seconds: number): number => Math.round(seconds * 1000);

/** Reports of chunks, and the bytes of everything that begins as they do: their pixels. */
async function chunkFiles(work: Objects, staging: string) {
  const reports: string[] = [];
  let bytes = 0;
  let after: string | undefined;
  do {
    const page = await work.list(`${staging}chunk-`, after === undefined ? {} : { after });
    for (const { key, sizeBytes } of page.objects) {
      bytes += sizeBytes;
      if (/chunk-[0-9]+\.json$/.test(key)) reports.push(key);
    }
    after = page.next;
  } while (after !== undefined);
  return { reports, bytes };
}

/** @returns undefined for none, and for one that is damaged: its work was done again. */
async function readUse(work: Objects, key: string) {
  const bytes = await work.get(key).catch((error: unknown) => {
    if (isSwathError(error, 'NotFound')) return undefined;
    throw error;
  });
  const parsed = bytes === undefined ? undefined : report.safeParse(parseJson(bytes));
  if (!parsed?.success) return undefined;
  const { ok, value, used } = parsed.data;
  return {
    ok,
    chunkSeconds: timed.safeParse(value).data?.seconds ?? 0,
    used,
  };
}
