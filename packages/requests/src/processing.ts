import { contentHash, SwathError } from '@swath/core';
import type { JobInfo } from '@swath/ports';
import * as z from 'zod';
import { storedZones } from './check/zones.ts';
import { type ChunkReports, readChunkReports } from './chunks.ts';
import type { RequestDeps } from './deps.ts';
import { writeDocument } from './documents.ts';
import { endDraft, failureDraft, triesAgain } from './failing.ts';
import type { PublishManifest } from './manifest.ts';
import { documentKeys, stagingPrefix, zonesKey } from './names.ts';
import { change } from './outbox.ts';
import { chunksOfChild } from './plan/children.ts';
import { type Failure, failureOfJobEnd, type Reason, reasons } from './reasons.ts';
import { addWarnings, type Draft, move } from './store/draft.ts';
import { readAttempt, readSpec } from './store/read.ts';
import type { Attempt, Head } from './store/rows.ts';

/**
 * The process job has ended: publish what is done, try the rest again, or give up.
 *
 * - all chunks done: publish.
 * - some missing, for a reason that passes: another attempt with only those.
 * - some missing for good: publish the others; the request ends as `partial`.
 * - none done: the request fails with the reason most chunks have.
 */
export async function settleProcessing(deps: RequestDeps, seen: Head, job: JobInfo): Promise<void> {
  await change(deps, seen.id, async (head) => {
    if (head.attempt !== seen.attempt || head.state !== 'processing') return undefined;
    const attempt = await readAttempt(deps.table, head);
    if (attempt.chunksTotal === null || attempt.planKey === null) return undefined;
    const reports = await readChunkReports(deps.work, head.id, attempt, attempt.chunksTotal);
    const failures = await missingChunks(deps, attempt, reports, job);
    const nowMs = deps.clock.now();
    if (failures.size > 0) {
      const passing = [...failures.values()].find((failure) => triesAgain(head, failure, nowMs));
      if (passing !== undefined) return withChunks(failureDraft(nowMs, head, attempt, passing), reports);
      if (reports.done.size === 0) return endDraft(nowMs, head, mostFrequent([...failures.values()]));
    }
    return publishDraft(deps, head, attempt, reports, failures);
  });
}

/** Progress of a failed attempt is kept for the next one to begin with. */
const withChunks = (draft: Draft, reports: ChunkReports): Draft => ({
  ...draft,
  after: { ...draft.after, chunksDone: reports.done.size },
});

/** Writes the manifest, then the draft that starts the publish job. */
export async function publishDraft(
  deps: RequestDeps,
  head: Head,
  attempt: Attempt,
  reports: ChunkReports,
  failures: ReadonlyMap<number, Failure>,
): Promise<Draft> {
  const { planKey, resultBase } = attempt;
  if (planKey === null || resultBase === null) throw new SwathError('Bug', 'Nothing was planned to publish.');
  const missing = [...failures.keys()].sort((a, b) => a - b);
  const resultKey = missing.length === 0 ? resultBase : contentHash({ of: resultBase, missing });
  const zones = storedZones(await readSpec(deps.table, head));
  const manifest: PublishManifest = {
    kind: 'publish',
    requestId: head.id,
    attempt: head.attempt,
    staging: stagingPrefix(head.id, head.attempt),
    plan: planKey,
    contentKey: resultKey,
    ...(zones === undefined ? {} : { zones: zonesKey(head.project, zones.sha256) }),
    chunkResults: Object.fromEntries([...reports.done].sort(([a], [b]) => a - b)),
  };
  await writeDocument(deps.work, documentKeys.manifest(head.id, head.attempt, 'publish'), manifest);
  const done = reports.done.size;
  const total = done + missing.length;
  return move(deps.clock.now(), {
    head,
    from: 'processing',
    to: 'publishing',
    message: `${done} of ${total} chunks are done.`,
    set: {
      resultKey,
      chunksDone: done,
      warnings: addWarnings(head.warnings, summarize(failures, total)),
    },
    attempt: { missing: missing.length },
    effects: [{ kind: 'submit', stage: 'publish' }],
  });
}

const processManifest = z.looseObject({
  chunks: z.array(z.int().min(0)),
  /** @default one chunk a child, in manifests that do not say */
  perChild: z.int().min(1).default(1),
});

/** A chunk whose child ended for another chunk's sake, at a point that no further try would pass. */
const notReached: Failure = {
  reason: 'RESULT_MISSING',
  message: 'The job ended before it came to this chunk.',
};

/**
 * Why each chunk without a result has none: its own report, else how its child ended. A child makes its chunks in order:
 * the first without a word is the one it ended at. Where that end is for good it says nothing of those after it, which
 * are tried again without it.
 */
async function missingChunks(
  deps: RequestDeps,
  attempt: Attempt,
  reports: ChunkReports,
  job: JobInfo,
): Promise<Map<number, Failure>> {
  const missing = new Map<number, Failure>();
  const silent: number[] = [];
  for (let chunk = 0; chunk < (attempt.chunksTotal ?? 0); chunk++) {
    if (reports.done.has(chunk)) continue;
    const failure = reports.failed.get(chunk);
    if (failure === undefined) silent.push(chunk);
    else missing.set(chunk, failure);
  }
  if (silent.length === 0) return missing;
  const key = documentKeys.manifest(attempt.requestId, attempt.attempt, 'process');
  const bytes = await deps.work.get(key);
  const manifest = processManifest.parse(JSON.parse(new TextDecoder().decode(bytes)));
  const children = await deps.jobs.children(job.id);
  const byChunk = new Map(
    children.flatMap((child) => chunksOfChild(manifest, child.index).map((chunk) => [chunk, child] as const)),
  );
  const endedAt = new Set<number>();
  for (const chunk of silent) {
    const child = byChunk.get(chunk);
    const succeeded = child === undefined ? job.status === 'SUCCEEDED' : child.status === 'SUCCEEDED';
    const failure = failureOfJobEnd(succeeded ? { exitCode: 0 } : { ...(child ?? job) });
    const later = child !== undefined && endedAt.has(child.index);
    if (child !== undefined) endedAt.add(child.index);
    missing.set(chunk, later && reasons[failure.reason].automaticAttempts === 0 ? notReached : failure);
  }
  return missing;
}

function summarize(failures: ReadonlyMap<number, Failure>, total: number): string[] {
  if (failures.size === 0) return [];
  const worst = mostFrequent([...failures.values()]);
  return [
    `${failures.size} of ${total} chunks are missing in the results, most for ${worst.reason}: ${worst.message}`,
  ];
}

function mostFrequent(failures: readonly Failure[]): Failure {
  const counts = new Map<Reason, number>();
  for (const { reason } of failures) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const worst = failures.toSorted((a, b) => (counts.get(b.reason) ?? 0) - (counts.get(a.reason) ?? 0))[0];
  if (worst === undefined) throw new SwathError('Bug', 'No failure to tell of.');
  return worst;
}
