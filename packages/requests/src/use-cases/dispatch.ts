import { errorJson, isSwathError, SwathError } from '@swath/core';
import { checkSpec } from '../check/check-spec.ts';
import { type ChunkReports, readChunkReports } from '../chunks.ts';
import type { RequestDeps, RequestMessage } from '../deps.ts';
import { readDocument, readReport, writeDocument } from '../documents.ts';
import { failureDraft } from '../failing.ts';
import { MAX_CHUNKS } from '../limits.ts';
import type { ProcessManifest } from '../manifest.ts';
import { documentKeys, stagingPrefix } from '../names.ts';
import { change } from '../outbox.ts';
import { childCount, chunksPerChild } from '../plan/children.ts';
import { planRequest } from '../plan/plan-request.ts';
import { publishDraft } from '../processing.ts';
import type { AcquiredScenes, RequestPlan } from '../product.ts';
import { failureOfError } from '../reasons.ts';
import { addWarnings, type Draft, note } from '../store/draft.ts';
import { readAttempt, readSpec } from '../store/read.ts';
import type { Attempt, Head } from '../store/rows.ts';

/** Plans the chunks of a request and submits the process job, in runs of the chunks that no earlier attempt has done. */
export async function dispatch(deps: RequestDeps, message: RequestMessage): Promise<void> {
  await change(deps, message.requestId, async (head) => {
    if (head.attempt !== message.attempt || head.state !== 'processing') return undefined;
    const attempt = await readAttempt(deps.table, head);
    if (attempt.children !== null) return undefined;
    try {
      return await dispatchDraft(deps, head, attempt);
    } catch (error) {
      // Storage that is away comes back; everything else would end the same way again.
      if (isSwathError(error, 'Unavailable') || isSwathError(error, 'Throttled')) throw error;
      deps.log.error('Request:Plan:Failed', { requestId: head.id, error: errorJson(error) });
      return failureDraft(deps.clock.now(), head, attempt, failureOfError(error));
    }
  });
}

interface Planned {
  readonly planKey: string;
  readonly products: number;
  readonly chunksTotal: number;
  /** Of the plan's estimate: decides how many chunks a child makes. */
  readonly inputBytes: number;
  readonly warnings: readonly string[];
}

async function dispatchDraft(deps: RequestDeps, head: Head, attempt: Attempt): Promise<Draft> {
  const planned = await planOf(deps, head, attempt);
  const { planKey, products, chunksTotal } = planned;
  const reports = await readChunkReports(deps.work, head.id, attempt, chunksTotal);
  const chunks = missingOf(reports, chunksTotal);
  const patch = { planKey, products, chunksTotal, children: 0 };
  const set = {
    products,
    chunksTotal,
    chunksDone: reports.done.size,
    warnings: addWarnings(head.warnings, planned.warnings),
  };
  if (chunks.length === 0) {
    const draft = await publishDraft(deps, { ...head, ...set }, { ...attempt, ...patch }, reports, new Map());
    return { ...draft, before: head };
  }
  const perChild = chunksPerChild({
    todo: chunks.length,
    chunksTotal,
    inputBytes: planned.inputBytes,
    try: attempt.attempt > attempt.since ? 'again' : 'first',
  });
  const children = childCount({ chunks, perChild });
  const manifest: ProcessManifest = {
    kind: 'process',
    requestId: head.id,
    attempt: head.attempt,
    staging: stagingPrefix(head.id, head.attempt),
    plan: planKey,
    chunks,
    perChild,
  };
  await writeDocument(deps.work, documentKeys.manifest(head.id, head.attempt, 'process'), manifest);
  return note(deps.clock.now(), {
    head,
    kind: 'note',
    attemptOfEvent: head.attempt,
    message: `${products} products in ${chunksTotal} chunks; ${chunks.length} to do, by ${children} ${children === 1 ? 'job' : 'jobs'}.`,
    set,
    attempt: { ...patch, children },
    effects: [{ kind: 'submit', stage: 'process' }],
  });
}

/** The plan an earlier attempt made, else a new one. */
async function planOf(deps: RequestDeps, head: Head, attempt: Attempt): Promise<Planned> {
  if (attempt.planKey !== null && attempt.products !== null && attempt.chunksTotal !== null) {
    const { planKey, products, chunksTotal } = attempt;
    const plan = await readDocument(deps.work, 'plan', planKey);
    if (plan === undefined) throw new SwathError('Corrupt', 'The plan of the request is gone.');
    return { planKey, products, chunksTotal, inputBytes: plan.estimate.inputBytes, warnings: [] };
  }
  const plan = await makePlan(deps, head, await readAcquired(deps, attempt));
  if (plan.chunks.length > MAX_CHUNKS) {
    throw new SwathError(
      'LimitExceeded',
      `The request has ${plan.chunks.length} chunks; at most ${MAX_CHUNKS}.`,
    );
  }
  if (plan.chunks.length === 0)
    throw new SwathError('InvalidInput', 'No scene covers any pixel of the area.');
  const planKey = documentKeys.plan(head.id, head.attempt);
  await writeDocument(deps.work, planKey, plan);
  return {
    planKey,
    products: plan.products.length,
    chunksTotal: plan.chunks.length,
    inputBytes: plan.estimate.inputBytes,
    warnings: plan.warnings,
  };
}

async function makePlan(deps: RequestDeps, head: Head, acquired: AcquiredScenes): Promise<RequestPlan> {
  const { spec, aoi } = checkSpec(await readSpec(deps.table, head));
  return planRequest({ spec, aoi, acquired });
}

async function readAcquired(deps: RequestDeps, attempt: Attempt): Promise<AcquiredScenes> {
  const report =
    attempt.acquiredKey === null ? undefined : await readReport(deps.work, 'acquire', attempt.acquiredKey);
  if (!report?.ok) throw new SwathError('Corrupt', 'The record of the acquired imagery is gone.');
  return report.value;
}

function missingOf(reports: ChunkReports, total: number): number[] {
  return Array.from({ length: total }, (_, chunk) => chunk).filter((chunk) => !reports.done.has(chunk));
}
