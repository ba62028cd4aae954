import { SwathError } from '@swath/core';
import type { Row } from '@swath/ports';
import { ATTEMPT_DEADLINE_MS, MAX_ATTEMPTS, MESSAGE_SILENCE_MS, UNITS_PER_REQUEST } from '../limits.ts';
import { canBeginAttempt } from '../states.ts';
import { asRow, attemptWrites, type Draft, dueAttempt, outboxRow, withDue } from './draft.ts';
import { attemptKey } from './keys.ts';
import type { Attempt, Head } from './rows.ts';
import { holdBudget } from './settle.ts';

/** What an attempt takes over from the one before: pinned scenes always, the rest as far as it got. */
export type Carry = Pick<
  Attempt,
  'scenesKey' | 'acquiredKey' | 'planKey' | 'contentKey' | 'resultBase' | 'since' | 'products' | 'chunksTotal'
>;

export const nothingCarried = (attempt: number): Carry => ({
  scenesKey: null,
  acquiredKey: null,
  planKey: null,
  contentKey: null,
  resultBase: null,
  since: attempt,
  products: null,
  chunksTotal: null,
});

export function carryOf(attempt: Attempt): Carry {
  const { scenesKey, acquiredKey, planKey, contentKey, resultBase, since, products, chunksTotal } = attempt;
  // Without a plan nothing that was done before can be used again.
  const first = planKey === null ? attempt.attempt + 1 : since;
  return { scenesKey, acquiredKey, planKey, contentKey, resultBase, since: first, products, chunksTotal };
}

export function attemptRow(head: Head, carry: Carry, nowMs: number): Row {
  const deadlineAt = head.deadlineAt ?? new Date(nowMs + ATTEMPT_DEADLINE_MS).toISOString();
  return asRow({
    ...attemptKey(head.id, head.attempt),
    ...dueAttempt(head.id, deadlineAt),
    ...carry,
    requestId: head.id,
    attempt: head.attempt,
    startedAt: new Date(nowMs).toISOString(),
    endedAt: null,
    outcome: null,
    deadlineAt,
    children: null,
    missing: 0,
  });
}

/**
 * Attempt n + 1, from `accepted` on. The machine's own attempts keep the deadline, the hold on the budget and the
 * content key; the user's begin with new ones.
 *
 * @throws Conflict when this state has no further attempt.
 */
export function beginAttempt(
  nowMs: number,
  start: {
    readonly head: Head;
    readonly by: 'machine' | 'user';
    readonly message: string;
    readonly carry: Carry;
    readonly delayS?: number;
  },
): Draft {
  const { head, by, message, carry, delayS = 0 } = start;
  if (!canBeginAttempt(head.state, by) || head.attempt >= MAX_ATTEMPTS) {
    throw new SwathError('Conflict', `A request that is ${head.state} cannot be tried again.`, {
      fix: 'Send a new request.',
    });
  }
  const now = new Date(nowMs).toISOString();
  const attempt = head.attempt + 1;
  const renewed =
    by === 'machine'
      ? { automatic: head.automatic + 1 }
      : {
          automatic: 0,
          deadlineAt: new Date(nowMs + ATTEMPT_DEADLINE_MS).toISOString(),
          heldUnits: UNITS_PER_REQUEST,
          heldAttempt: attempt,
          warnings: carry.planKey === null ? [] : head.warnings,
          chunksDone: carry.planKey === null ? 0 : head.chunksDone,
          chunksTotal: carry.chunksTotal,
          products: carry.products,
        };
  const after = withDue(
    {
      ...head,
      ...renewed,
      state: 'accepted',
      attempt,
      sequence: head.sequence + 1,
      updatedAt: now,
      waitingReason: null,
      resumeState: null,
      waits: 0,
      failure: null,
      resultKey: null,
      reused: false,
    },
    nowMs,
    MESSAGE_SILENCE_MS + delayS * 1000,
  );
  const ended = by === 'machine' ? { endedAt: now, outcome: 'again' } : undefined;
  return {
    before: head,
    after,
    event: { kind: 'transition', from: head.state, to: 'accepted', attempt, message },
    outbox: [
      outboxRow(after, { kind: 'send', queue: 'order', delayS }, nowMs),
      outboxRow(
        after,
        { kind: 'tell', sequence: after.sequence, time: now, from: head.state, to: 'accepted' },
        nowMs,
      ),
    ],
    writes: [
      ...attemptWrites(head, undefined, ended),
      { put: attemptRow(after, carry, nowMs), if: { exists: false } },
      ...(by === 'user' ? holdBudget(after, nowMs) : []),
    ],
  };
}
