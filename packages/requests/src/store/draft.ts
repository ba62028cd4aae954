import { SwathError } from '@swath/core';
import type { AttributeValue, Row, Write } from '@swath/ports';
import { JOB_SILENCE_MS, MAX_MESSAGE_CHARS, MAX_WARNINGS, MESSAGE_SILENCE_MS } from '../limits.ts';
import { jobName, shardOf } from '../names.ts';
import { assertMove, isFinal, type NextState } from '../states.ts';
import type { RequestState } from '../view.ts';
import { attemptKey, dueAttempts, dueHeads, followerKey, outboxKey } from './keys.ts';
import type { Attempt, Effect, Head, OutboxRow } from './rows.ts';
import { settle } from './settle.ts';

/** One transaction that changes a request: pure data until `commit`. */
export interface Draft {
  /** The head as it was read; null when the request is new. */
  readonly before: Head | null;
  readonly after: Head;
  readonly event: {
    readonly kind: 'transition' | 'stale' | 'note';
    readonly from: RequestState | null;
    readonly to: RequestState | null;
    readonly attempt: number;
    readonly message: string;
  };
  readonly outbox: readonly OutboxRow[];
  /** Rows besides head, event and outbox. */
  readonly writes: readonly Write[];
}

export type HeadPatch = Partial<
  Pick<
    Head,
    | 'automatic'
    | 'chunksDone'
    | 'chunksTotal'
    | 'contentKey'
    | 'failure'
    | 'leads'
    | 'products'
    | 'resultKey'
    | 'resumeState'
    | 'reused'
    | 'scenes'
    | 'waitingReason'
    | 'waits'
    | 'warnings'
  >
>;

export type AttemptPatch = Partial<
  Pick<
    Attempt,
    | 'acquiredKey'
    | 'children'
    | 'chunksTotal'
    | 'contentKey'
    | 'missing'
    | 'planKey'
    | 'products'
    | 'resultBase'
    | 'scenesKey'
  >
>;

export interface Change<From extends RequestState> {
  readonly head: Head;
  readonly from: From;
  readonly to: NextState<From>;
  readonly message: string;
  readonly set?: HeadPatch;
  readonly attempt?: AttemptPatch;
  readonly effects?: readonly Effect[];
  readonly writes?: readonly Write[];
  /** When the sweep looks, unless something happens before. @default the silence of the state */
  readonly dueInMs?: number;
}

/** How long a state may be silent before the sweep looks at it. */
function silenceMs(state: RequestState): number {
  const waitsForJob = state === 'acquiring' || state === 'processing' || state === 'publishing';
  return waitsForJob ? JOB_SILENCE_MS : MESSAGE_SILENCE_MS;
}

/**
 * A transition of the table, with what belongs to it: event row, due time, budget, content key, followers, the news.
 * @throws Bug when the table does not have it.
 */
export function move<From extends RequestState>(nowMs: number, change: Change<From>): Draft {
  const { head, from, to } = change;
  if (head.state !== from) throw new SwathError('Bug', `A change from ${from} was planned on ${head.state}.`);
  assertMove(from, to);
  const final = isFinal(to);
  const now = new Date(nowMs).toISOString();
  const moved: Head = {
    ...head,
    ...change.set,
    state: to,
    sequence: head.sequence + 1,
    updatedAt: now,
    waitingReason: to === 'waiting' ? (change.set?.waitingReason ?? head.waitingReason) : null,
    resumeState: to === 'waiting' ? (change.set?.resumeState ?? head.resumeState) : null,
    waits: to === 'waiting' ? (change.set?.waits ?? head.waits) : from === 'waiting' ? head.waits : 0,
  };
  const settled = final ? settle(moved, nowMs) : { head: moved, writes: [], effects: [] };
  const after = withDue(settled.head, nowMs, change.dueInMs ?? silenceMs(to));
  const tell: Effect = { kind: 'tell', sequence: after.sequence, time: now, from, to };
  return {
    before: head,
    after,
    event: { kind: 'transition', from, to, attempt: head.attempt, message: change.message },
    outbox: [...(change.effects ?? []), ...settled.effects, tell].map((effect) =>
      outboxRow(after, effect, nowMs),
    ),
    writes: [
      ...leaveFollowers(head),
      ...attemptWrites(head, change.attempt, final ? { endedAt: now, outcome: to } : undefined),
      ...(change.writes ?? []),
      ...settled.writes,
    ],
  };
}

/** An event that changes no state: what was planned, or a late report of an older attempt. */
export function note(
  nowMs: number,
  change: {
    readonly head: Head;
    readonly kind: 'note' | 'stale';
    readonly attemptOfEvent: number;
    readonly message: string;
    readonly set?: HeadPatch;
    readonly attempt?: AttemptPatch;
    readonly effects?: readonly Effect[];
    readonly writes?: readonly Write[];
  },
): Draft {
  const { head } = change;
  const after: Head = { ...head, ...change.set, sequence: head.sequence + 1 };
  return {
    before: head,
    after,
    event: {
      kind: change.kind,
      from: null,
      to: null,
      attempt: change.attemptOfEvent,
      message: change.message,
    },
    outbox: (change.effects ?? []).map((effect) => outboxRow(after, effect, nowMs)),
    writes: [...attemptWrites(head, change.attempt, undefined), ...(change.writes ?? [])],
  };
}

function leaveFollowers(head: Head): readonly Write[] {
  if (head.waitingReason !== 'shared' || head.contentKey === null) return [];
  return [{ delete: followerKey(head.contentKey, head.id) }];
}

/** An attempt row is written together with its head only, so the head's condition fences it too. */
export function attemptWrites(
  head: Head,
  patch: AttemptPatch | undefined,
  end: { readonly endedAt: string; readonly outcome: string } | undefined,
): readonly Write[] {
  if (patch === undefined && end === undefined) return [];
  return [
    {
      update: attemptKey(head.id, head.attempt),
      set: { ...patch, ...end },
      ...(end === undefined ? {} : { remove: ['duePk', 'dueAt'] }),
      if: { exists: true },
    },
  ];
}

/** In the due index while open: when the sweep looks next, at the latest at the deadline. */
export function withDue(head: Head, nowMs: number, dueInMs: number): Head {
  const { duePk: _pk, dueAt: _at, ...rest } = head;
  if (isFinal(head.state) || head.deadlineAt === null) return rest as Head;
  const dueAt = new Date(Math.min(nowMs + dueInMs, Date.parse(head.deadlineAt))).toISOString();
  return { ...rest, duePk: dueHeads(head.state, shardOf(head.id)), dueAt } as Head;
}

export const dueAttempt = (requestId: string, deadlineAt: string) =>
  ({ duePk: dueAttempts(shardOf(requestId)), dueAt: deadlineAt }) as const;

/** The id is the idempotency token of the effect: the name of the job, or what the message is about. */
export function outboxRow(head: Head, effect: Effect, nowMs: number): OutboxRow {
  const id =
    effect.kind === 'submit'
      ? jobName(head.id, head.attempt, effect.stage)
      : `${head.id}-${head.attempt}-${effect.kind}${effect.kind === 'send' ? `-${effect.queue}` : ''}-${head.sequence}`;
  return {
    ...outboxKey(head.id, id),
    requestId: head.id,
    project: head.project,
    attempt: head.attempt,
    effect,
    tries: 0,
    createdAt: new Date(nowMs).toISOString(),
  };
}

export const cut = (text: string): string =>
  text.length <= MAX_MESSAGE_CHARS ? text : `${[...text].slice(0, MAX_MESSAGE_CHARS - 1).join('')}…`;

/** Warnings of a request, bounded; what is over is counted in the last sentence. */
export function addWarnings(before: readonly string[], more: readonly string[]): string[] {
  const all = [...new Set([...before, ...more.map(cut)])];
  if (all.length <= MAX_WARNINGS) return all;
  const kept = all.slice(0, MAX_WARNINGS - 1);
  return [...kept, `${all.length - kept.length} more warnings are not shown.`];
}

/** Rows as the table takes them: everything in them came from the table or was made here. */
export const asRow = (row: object): Row => row as Row & Readonly<Record<string, AttributeValue>>;

export const headConditionOf = (head: Head) =>
  ({ equals: { state: head.state, attempt: head.attempt, sequence: head.sequence } }) as const;
