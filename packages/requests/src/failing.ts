import { SwathError } from '@swath/core';
import type { RequestDeps } from './deps.ts';
import { MAX_ATTEMPTS, MAX_AUTOMATIC_ATTEMPTS, PROVIDER_PAUSE_S } from './limits.ts';
import { change } from './outbox.ts';
import { type Failure, reasons } from './reasons.ts';
import { canBeginAttempt } from './states.ts';
import { beginAttempt, carryOf } from './store/attempts.ts';
import { type Draft, move } from './store/draft.ts';
import { readAttempt } from './store/read.ts';
import type { Attempt, Head } from './store/rows.ts';

/** Does the machine itself try again after this failure? */
export function triesAgain(head: Head, failure: Failure, nowMs: number): boolean {
  const allowed = Math.min(reasons[failure.reason].automaticAttempts, MAX_AUTOMATIC_ATTEMPTS);
  const inTime = head.deadlineAt !== null && nowMs < Date.parse(head.deadlineAt);
  return head.automatic < allowed && head.attempt < MAX_ATTEMPTS && inTime;
}

/** A failed job: another attempt that takes over what is done, or the end. */
export function failureDraft(nowMs: number, head: Head, attempt: Attempt, failure: Failure): Draft {
  if (!canBeginAttempt(head.state, 'machine') || !triesAgain(head, failure, nowMs)) {
    return endDraft(nowMs, head, failure);
  }
  const atProvider = reasons[failure.reason].fault === 'provider';
  return beginAttempt(nowMs, {
    head,
    by: 'machine',
    message: `Attempt ${head.attempt} ended with ${failure.reason}: ${failure.message}`,
    carry: carryOf(attempt),
    ...(atProvider ? { delayS: PROVIDER_PAUSE_S } : {}),
  });
}

const failing = ['accepted', 'ordering', 'acquiring', 'processing', 'publishing', 'waiting'] as const;

/**
 * The end of a request that cannot succeed.
 * @throws Bug in states that cannot fail.
 */
export function endDraft(
  nowMs: number,
  head: Head,
  failure: Failure,
  to: 'failed' | 'expired' = 'failed',
): Draft {
  const from = failing.find((state) => state === head.state);
  if (from === undefined) throw new SwathError('Bug', `A request that is ${head.state} cannot fail.`);
  const { reason, message } = failure;
  return move(nowMs, {
    head,
    from,
    to,
    message: `${reason}: ${message}`,
    set: { failure: { reason, message } },
  });
}

/** Applies a failure to the attempt it belongs to, unless the request has moved on since `seen` was read. */
export async function failAttempt(deps: RequestDeps, seen: Head, failure: Failure): Promise<void> {
  await change(deps, seen.id, async (head) => {
    if (head.attempt !== seen.attempt || head.state !== seen.state) return undefined;
    return failureDraft(deps.clock.now(), head, await readAttempt(deps.table, head), failure);
  });
}
