import { isFinalJobStatus, type JobInfo } from '@swath/ports';
import type { RequestDeps } from './deps.ts';
import { readReport } from './documents.ts';
import { sendMessage } from './effects.ts';
import { failAttempt } from './failing.ts';
import { CAPACITY_PATIENCE_MS } from './limits.ts';
import { reportKeys, type Stage, stagingPrefix } from './names.ts';
import { change } from './outbox.ts';
import { settleProcessing } from './processing.ts';
import { failureOfJobEnd } from './reasons.ts';
import { move } from './store/draft.ts';
import type { Head } from './store/rows.ts';
import { stateOfStage } from './submission.ts';

/** Does the request wait for the job of this stage? Waiting for capacity is part of it. */
export function awaits(head: Head, stage: Stage): boolean {
  const state = stateOfStage[stage];
  return head.state === state || (head.state === 'waiting' && head.resumeState === state);
}

/**
 * Applies what the executor says about the job of a stage. What the job left in its report counts before its status:
 * a complete report of a job that is called failed is a success, a success without report is a failure.
 */
export async function applyTruth(deps: RequestDeps, seen: Head, stage: Stage, job: JobInfo): Promise<void> {
  const head = await followCapacity(deps, seen, stage, job);
  if (head === undefined || !isFinalJobStatus(job.status)) return;
  if (stage === 'process') return settleProcessing(deps, head, job);
  const key = reportKeys[stage](stagingPrefix(head.id, head.attempt));
  const report = await readReport(deps.work, stage, key);
  if (report?.ok) {
    const queue = stage === 'acquire' ? 'imagery' : 'publish';
    return sendMessage(deps, head.id, head.attempt, { queue });
  }
  const failure = report?.failure ?? failureOfJobEnd(endOf(job));
  await failAttempt(deps, head, failure);
}

/** How a job ended, for the case that it left no report: success counts as exit code 0. */
export function endOf(job: Pick<JobInfo, 'status' | 'exitCode' | 'statusReason'>) {
  if (job.status === 'SUCCEEDED') return { exitCode: 0 };
  return {
    ...(job.exitCode === undefined ? {} : { exitCode: job.exitCode }),
    ...(job.statusReason === undefined ? {} : { statusReason: job.statusReason }),
  };
}

/**
 * A job that does not start for a while makes the request wait for capacity, and says so; one that has started ends
 * the wait.
 * @returns the head in the state of the stage, or in `waiting`; undefined when it has moved on.
 */
async function followCapacity(
  deps: RequestDeps,
  seen: Head,
  stage: Stage,
  job: JobInfo,
): Promise<Head | undefined> {
  const state = stateOfStage[stage];
  const started = hasStarted(job);
  const nowMs = deps.clock.now();
  const patient = nowMs - Date.parse(job.createdAt) < CAPACITY_PATIENCE_MS;
  const head = await change(deps, seen.id, (current) => {
    if (current.attempt !== seen.attempt || !awaits(current, stage)) return undefined;
    if (current.state === 'waiting') {
      if (!started) return undefined;
      return move(nowMs, { head: current, from: 'waiting', to: state, message: 'There is capacity again.' });
    }
    if (started || patient) return undefined;
    return move(nowMs, {
      head: current,
      from: state,
      to: 'waiting',
      message: 'The job waits for a machine.',
      set: { waitingReason: 'capacity', resumeState: state },
    });
  });
  return head !== undefined && head.attempt === seen.attempt && awaits(head, stage) ? head : undefined;
}

/** An array parent is PENDING until its last child has ended: its children tell. */
function hasStarted(job: JobInfo): boolean {
  if (job.status === 'RUNNING' || isFinalJobStatus(job.status)) return true;
  const { RUNNING = 0, SUCCEEDED = 0, FAILED = 0 } = job.children ?? {};
  return RUNNING + SUCCEEDED + FAILED > 0;
}
