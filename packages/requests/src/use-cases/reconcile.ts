import { errorJson } from '@swath/core';
import type { Row } from '@swath/ports';
import type { RequestDeps } from '../deps.ts';
import { findJob, performEffect, resumeOrdering, sendMessage, submitStage } from '../effects.ts';
import { endDraft } from '../failing.ts';
import { applyTruth } from '../job-truth.ts';
import {
  DUE_SHARDS,
  JOB_SILENCE_MS,
  MESSAGE_SILENCE_MS,
  SWEEP_BUDGET_MS,
  SWEEP_PAGES,
  SWEEP_PERIOD_MS,
  SWEEP_ROWS,
} from '../limits.ts';
import { apply, change, performOrPostpone } from '../outbox.ts';
import { isFinal, openStates } from '../states.ts';
import { type Draft, headConditionOf, move } from '../store/draft.ts';
import { dueAttempts, dueHeads, dueOutbox, headKey } from '../store/keys.ts';
import { readAttempt, readContent, readHead, readOutbox } from '../store/read.ts';
import type { Head } from '../store/rows.ts';
import { stageOfState } from '../submission.ts';

export interface Reconciled {
  readonly outbox: number;
  readonly requests: number;
  readonly deadlines: number;
  /** Rows that could not be handled; each backs off alone. */
  readonly failed: number;
}

/**
 * The sweep: performs what is left in the outbox, looks at requests that have been silent, ends those past their
 * deadline. Idempotent; runs may overlap, repeat or come late. Bounded per run: what is over is due at the next one.
 */
export async function reconcile(deps: RequestDeps): Promise<Reconciled> {
  const counts = { outbox: 0, requests: 0, deadlines: 0, failed: 0 };
  const each = async (what: keyof typeof counts, rows: readonly Row[], task: (row: Row) => Promise<void>) => {
    for (const row of rows) {
      try {
        await task(row);
        counts[what]++;
      } catch (error) {
        counts.failed++;
        deps.log.error('Reconcile:Row:Failed', { pk: row.pk, sk: row.sk, error: errorJson(error) });
      }
    }
  };
  const endMs = deps.clock.now() + SWEEP_BUDGET_MS;
  const all = async (what: keyof typeof counts, partition: string, task: (row: Row) => Promise<void>) => {
    for (let page = 0; page < SWEEP_PAGES && deps.clock.now() < endMs; page++) {
      const rows = await due(deps, partition);
      await each(what, rows, task);
      if (rows.length < SWEEP_ROWS) return;
    }
  };
  for (let shard = 0; shard < DUE_SHARDS; shard++) {
    await all('outbox', dueOutbox(shard), (row) => performDue(deps, row));
    await all('deadlines', dueAttempts(shard), (row) => endOverdueAttempt(deps, row));
    for (const state of openStates) {
      await all('requests', dueHeads(state, shard), (row) => lookAt(deps, requestIdOf(row)));
    }
  }
  return counts;
}

const requestIdOf = (row: Row): string => row.pk.slice('REQ#'.length);

/** Candidates only: the index is late, so each row is read again before anything is decided. */
async function due(deps: RequestDeps, partition: string): Promise<readonly Row[]> {
  const to = new Date(deps.clock.now()).toISOString();
  const page = await deps.table.query({ index: 'due', partition, to, limit: SWEEP_ROWS });
  return page.rows;
}

async function performDue(deps: RequestDeps, candidate: Row): Promise<void> {
  const row = await readOutbox(deps.table, candidate);
  if (row !== undefined) await performOrPostpone(deps, row);
}

/** An attempt row leaves the index when its attempt ends; one that could not be ended comes again, after the others. */
async function endOverdueAttempt(deps: RequestDeps, row: Row): Promise<void> {
  const dueAt = new Date(deps.clock.now() + SWEEP_PERIOD_MS).toISOString();
  const key = { pk: row.pk, sk: row.sk };
  try {
    await endOverdue(deps, requestIdOf(row));
  } catch (error) {
    await deps.table.transact([{ update: key, set: { dueAt }, if: { exists: true } }]);
    throw error;
  }
}

/** No state outlives its deadline, whatever the executor says. */
async function endOverdue(deps: RequestDeps, requestId: string): Promise<void> {
  await change(deps, requestId, (head) => {
    const nowMs = deps.clock.now();
    if (isFinal(head.state) || head.deadlineAt === null || nowMs < Date.parse(head.deadlineAt))
      return undefined;
    return overdueDraft(nowMs, head);
  });
}

/** What was waited for never came: expired. Work that did not end in time: failed. */
function overdueDraft(nowMs: number, head: Head): Draft {
  if (head.state === 'cancelling') {
    return move(nowMs, { head, from: 'cancelling', to: 'cancelled', message: 'The request is cancelled.' });
  }
  const waited = head.state === 'waiting';
  const what = waited ? `waited for ${head.waitingReason}` : `was ${head.state}`;
  return endDraft(
    nowMs,
    head,
    { reason: 'DEADLINE_EXCEEDED', message: `The request ${what} until its deadline, ${head.deadlineAt}.` },
    waited ? 'expired' : 'failed',
  );
}

/** A request that was silent: finds out what became of it, and asks again for what got lost. */
async function lookAt(deps: RequestDeps, requestId: string): Promise<void> {
  const head = await readHead(deps.table, requestId);
  const nowMs = deps.clock.now();
  if (head === undefined || isFinal(head.state)) return;
  if (head.dueAt === undefined || nowMs < Date.parse(head.dueAt)) return;
  if (head.deadlineAt !== null && nowMs >= Date.parse(head.deadlineAt)) {
    await endOverdue(deps, requestId);
    return;
  }
  // First out of the way, so that a head that cannot be handled does not come first again and again.
  await postponeHead(deps, head);
  await nudge(deps, head);
}

async function postponeHead(deps: RequestDeps, head: Head): Promise<void> {
  const silenceMs = stageOfState(head.state) === undefined ? MESSAGE_SILENCE_MS : JOB_SILENCE_MS;
  const dueAt = new Date(deps.clock.now() + silenceMs).toISOString();
  const condition = headConditionOf(head);
  await deps.table
    .transact([{ update: headKey(head.id), set: { dueAt }, if: condition }])
    .catch((error: unknown) => {
      deps.log.warn('Reconcile:Postpone:Lost', { requestId: head.id, error: errorJson(error) });
    });
}

async function nudge(deps: RequestDeps, head: Head): Promise<void> {
  switch (head.state) {
    case 'accepted':
    case 'ordering':
      return sendMessage(deps, head.id, head.attempt, { queue: 'order' });
    case 'acquiring':
    case 'processing':
    case 'publishing':
      return nudgeJob(deps, head);
    case 'waiting':
      return nudgeWaiting(deps, head);
    case 'cancelling':
      return nudgeCancelling(deps, head);
    default:
      return;
  }
}

/** The executor knows the job: its truth. It does not: the submission got lost, or was never made. */
async function nudgeJob(deps: RequestDeps, head: Head): Promise<void> {
  const state = head.state === 'waiting' ? head.resumeState : head.state;
  const stage = state === null ? undefined : stageOfState(state);
  if (stage === undefined) return;
  const attempt = await readAttempt(deps.table, head);
  if (stage === 'process' && attempt.children === null) {
    return sendMessage(deps, head.id, head.attempt, { queue: 'dispatch' });
  }
  const job = await findJob(deps, head, stage);
  if (job === undefined) await submitStage(deps, head, stage);
  else await applyTruth(deps, head, stage, job);
}

async function nudgeWaiting(deps: RequestDeps, head: Head): Promise<void> {
  if (head.waitingReason === 'capacity') return nudgeJob(deps, head);
  if (head.waitingReason === 'approval') return;
  if (head.waitingReason === 'shared' && head.contentKey !== null) {
    const content = await readContent(deps.table, head.contentKey);
    if (content?.state === 'running' && content.leader !== head.id) return;
  }
  await change(deps, head.id, (current) =>
    current.sequence === head.sequence && current.state === 'waiting'
      ? resumeOrdering(deps.clock.now(), current, 'Trying again.')
      : undefined,
  );
}

async function nudgeCancelling(deps: RequestDeps, head: Head): Promise<void> {
  const { id: requestId, project, attempt } = head;
  const row = { pk: '', sk: '', requestId, project, attempt, effect: { kind: 'cancel' }, tries: 0 } as const;
  await performEffect(deps, row, apply);
}
