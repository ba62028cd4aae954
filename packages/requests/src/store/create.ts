import type { Write } from '@swath/ports';
import { ATTEMPT_DEADLINE_MS, MESSAGE_SILENCE_MS, UNITS_PER_REQUEST } from '../limits.ts';
import { attemptRow, nothingCarried } from './attempts.ts';
import { type Draft, outboxRow, withDue } from './draft.ts';
import { headKey, monthKey, monthOf, projectPk, usageKey } from './keys.ts';
import type { Head } from './rows.ts';
import { holdBudget } from './settle.ts';

export interface NewRequest {
  readonly id: string;
  readonly project: string;
  /** Who asked; null where nobody signs in. */
  readonly requestedBy: string | null;
  readonly name: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly retentionDays: number;
  readonly spec: string | null;
  readonly specPieces: number;
  readonly writes: readonly Write[];
}

/** The first transaction of a request. */
export function newRequest(nowMs: number, request: NewRequest): Draft {
  const { writes, labels, ...given } = request;
  const now = new Date(nowMs).toISOString();
  const month = monthOf(now);
  const head: Head = withDue(
    {
      ...headKey(request.id),
      ...given,
      labels: { ...labels },
      schema: 1,
      state: 'accepted',
      waitingReason: null,
      resumeState: null,
      attempt: 1,
      sequence: 1,
      automatic: 0,
      waits: 0,
      createdAt: now,
      updatedAt: now,
      deadlineAt: new Date(nowMs + ATTEMPT_DEADLINE_MS).toISOString(),
      scenes: null,
      products: null,
      chunksDone: 0,
      chunksTotal: null,
      failure: null,
      contentKey: null,
      leads: false,
      resultKey: null,
      reused: false,
      warnings: [],
      heldUnits: UNITS_PER_REQUEST,
      heldAttempt: 1,
      projectPk: projectPk(request.project, month),
      projectSk: `${now}#${request.id}`,
    },
    nowMs,
    MESSAGE_SILENCE_MS,
  );
  return {
    before: null,
    after: head,
    event: {
      kind: 'transition',
      from: null,
      to: 'accepted',
      attempt: 1,
      message: 'The request is accepted.',
    },
    outbox: [
      outboxRow(head, { kind: 'send', queue: 'order', delayS: 0 }, nowMs),
      outboxRow(head, { kind: 'tell', sequence: 1, time: now, from: null, to: 'accepted' }, nowMs),
    ],
    writes: [
      { put: attemptRow(head, nothingCarried(1), nowMs), if: { exists: false } },
      { put: { ...monthKey(request.project, month) } },
      { update: usageKey(request.project, month), add: { accepted: 1 } },
      ...holdBudget(head, nowMs),
      ...writes,
    ],
  };
}
