import type { JobInfo } from '@swath/ports';
import type { RequestDeps, RequestMessage } from './deps.ts';
import { MAX_WOKEN } from './limits.ts';
import { jobName, type Stage, stages } from './names.ts';
import { type Draft, move } from './store/draft.ts';
import { attemptKey } from './store/keys.ts';
import { readAttempt, readContent, readFollowers, readHead, readResults } from './store/read.ts';
import type { Effect, Head, OutboxRow } from './store/rows.ts';
import { jobIdField, stateOfStage, submission } from './submission.ts';

const DAY_MS = 86_400_000;

/** Commits a draft and performs what it puts into the outbox. @returns undefined when another writer was first. */
export type Apply = (deps: RequestDeps, draft: Draft) => Promise<Head | undefined>;

/**
 * Performs one side effect. Each may be performed any number of times, also long after its moment has passed: the
 * name of the job, the fence of the head or the id of the event make repeats harmless.
 */
export async function performEffect(deps: RequestDeps, row: OutboxRow, apply: Apply): Promise<void> {
  const { effect } = row;
  switch (effect.kind) {
    case 'send':
      await sendMessage(deps, row.requestId, row.attempt, effect);
      return;
    case 'submit':
      return submit(deps, row, effect.stage);
    case 'cancel':
      return endCancelling(deps, row, apply);
    case 'wake':
      return wake(deps, effect.contentKey, apply);
    case 'list-items':
      return listItems(deps, row, effect.resultKey);
    case 'record':
      return sendMessage(deps, row.requestId, row.attempt, { queue: 'record' });
    case 'tell':
      return tell(deps, row, effect);
  }
}

export async function sendMessage(
  deps: RequestDeps,
  requestId: string,
  attempt: number,
  to: { readonly queue: keyof RequestDeps['queues']; readonly delayS?: number },
): Promise<void> {
  const message: RequestMessage = { v: 1, requestId, attempt };
  await deps.queues[to.queue].send(JSON.stringify(message), to.delayS ? { delayS: to.delayS } : {});
}

/** Too late when the request has moved on: then nobody waits for this job any more. */
async function submit(deps: RequestDeps, row: OutboxRow, stage: Stage): Promise<void> {
  const head = await readHead(deps.table, row.requestId);
  if (head === undefined || head.attempt !== row.attempt || stageState(head) !== stateOfStage[stage]) return;
  await submitStage(deps, head, stage);
}

/** `waiting` for capacity is still the state it waits in. */
const stageState = (head: Head) => (head.state === 'waiting' ? head.resumeState : head.state);

/** Submits by name, so again is the same, and writes the id down for looking it up. */
export async function submitStage(deps: RequestDeps, head: Head, stage: Stage): Promise<void> {
  const attempt = await readAttempt(deps.table, head);
  const jobId = await deps.jobs.submit(submission(head, attempt, stage));
  await deps.table.transact([
    {
      update: attemptKey(head.id, head.attempt),
      set: { [jobIdField[stage]]: jobId },
      if: { exists: true },
    },
  ]);
}

/** The job of a stage as its executor knows it: by the id that was written down, else by name. */
export async function findJob(deps: RequestDeps, head: Head, stage: Stage): Promise<JobInfo | undefined> {
  const name = jobName(head.id, head.attempt, stage);
  const jobId = (await readAttempt(deps.table, head))[jobIdField[stage]];
  if (jobId !== undefined) {
    const [job] = await deps.jobs.describe([jobId]);
    if (job !== undefined && job.name === name) return job;
  }
  return deps.jobs.findByName(name);
}

export const jobEnded = (job: JobInfo): boolean => job.status === 'SUCCEEDED' || job.status === 'FAILED';

/** Stops what runs; what was submitted a moment ago ends by its own time-out, and its result is fenced off. */
async function endCancelling(deps: RequestDeps, row: OutboxRow, apply: Apply): Promise<void> {
  const head = await readHead(deps.table, row.requestId);
  if (head === undefined || head.attempt !== row.attempt || head.state !== 'cancelling') return;
  for (const stage of stages) {
    const job = await findJob(deps, head, stage);
    if (job !== undefined && !jobEnded(job)) await deps.jobs.cancel(job.id, 'The request was cancelled.');
  }
  await apply(
    deps,
    move(deps.clock.now(), {
      head,
      from: 'cancelling',
      to: 'cancelled',
      message: 'The request is cancelled.',
    }),
  );
}

/** Each follower decides anew; those beyond the limit find out by their own due time. */
async function wake(deps: RequestDeps, contentKey: string, apply: Apply): Promise<void> {
  for (const requestId of await readFollowers(deps.table, contentKey, MAX_WOKEN)) {
    const head = await readHead(deps.table, requestId);
    if (head?.state !== 'waiting' || head.waitingReason !== 'shared') continue;
    await apply(deps, resumeOrdering(deps.clock.now(), head, 'The request it waited for has ended.'));
  }
}

export function resumeOrdering(nowMs: number, head: Head, message: string): Draft {
  return move(nowMs, {
    head,
    from: 'waiting',
    to: 'ordering',
    message,
    effects: [{ kind: 'send', queue: 'order', delayS: 0 }],
  });
}

/** Items appear in the catalogue after the request has succeeded, never before. */
async function listItems(deps: RequestDeps, row: OutboxRow, resultKey: string): Promise<void> {
  if (deps.registerResults === undefined) return;
  const head = await readHead(deps.table, row.requestId);
  if (head === undefined) return;
  // Results that were there already are as old as their content key says.
  const shared = await readContent(deps.table, resultKey);
  const own = new Date(Date.parse(head.updatedAt) + head.retentionDays * DAY_MS).toISOString();
  await deps.registerResults({
    project: row.project,
    requestId: row.requestId,
    products: await readResults(deps.table, resultKey),
    availableUntil: shared?.availableUntil ?? own,
  });
}

/** Consumers drop repeats by the id. */
async function tell(
  deps: RequestDeps,
  row: OutboxRow,
  effect: Extract<Effect, { readonly kind: 'tell' }>,
): Promise<void> {
  const { requestId, project, attempt } = row;
  const { sequence, from, to, time } = effect;
  await deps.bus.publish([
    {
      type: 'Request State Change',
      id: `${requestId}-${sequence}`,
      time,
      detail: { requestId, project, attempt, sequence, from, to },
    },
  ]);
}
