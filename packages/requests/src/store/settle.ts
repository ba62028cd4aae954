import type { Write } from '@swath/ports';
import { REUSE_MARGIN_MS } from '../limits.ts';
import { accessKey, budgetKey, contentHeadKey, ledgerKey } from './keys.ts';
import type { Effect, Head } from './rows.ts';

const dayMs = 86_400_000;

/** What ends with a request, in the transaction that ends it: its hold on the budget and on the content key. */
export interface Settlement {
  readonly head: Head;
  readonly writes: readonly Write[];
  readonly effects: readonly Effect[];
}

export function settle(head: Head, nowMs: number): Settlement {
  const hasResults = (head.state === 'succeeded' || head.state === 'partial') && head.resultKey !== null;
  return {
    head: { ...head, deadlineAt: null, leads: false, heldUnits: 0 },
    writes: [
      ...settleBudget(head, hasResults, nowMs),
      ...settleContent(head, nowMs),
      ...(hasResults && head.resultKey !== null
        ? [{ put: { ...accessKey(head.project, head.resultKey) } }]
        : []),
    ],
    effects: [
      ...(hasResults && head.resultKey !== null
        ? [{ kind: 'list-items', resultKey: head.resultKey } as const]
        : []),
      ...(head.leads && head.contentKey !== null
        ? [{ kind: 'wake', contentKey: head.contentKey } as const]
        : []),
      { kind: 'record', sequence: head.sequence },
    ],
  };
}

/** Held units come back; those of work that was done here are spent. The ledger row makes a second settlement fail. */
function settleBudget(head: Head, hasResults: boolean, nowMs: number): readonly Write[] {
  if (head.heldUnits === 0) return [];
  const spentUnits = hasResults && !head.reused ? head.heldUnits : 0;
  return [
    { update: budgetKey(head.project), add: { heldUnits: -head.heldUnits, spentUnits } },
    {
      put: {
        ...ledgerKey(head.project, head.id, head.heldAttempt, 'settle'),
        heldUnits: -head.heldUnits,
        spentUnits,
        time: new Date(nowMs).toISOString(),
      },
      if: { exists: false },
    },
  ];
}

/**
 * Complete results are shared under their content key until shortly before storage deletes them. In every other end
 * the key is let go, and the first follower to come takes it over.
 */
function settleContent(head: Head, nowMs: number): readonly Write[] {
  if (!head.leads || head.contentKey === null) return [];
  const key = contentHeadKey(head.contentKey);
  const mine = { equals: { state: 'running', leader: head.id } };
  if (head.state !== 'succeeded' || head.resultKey !== head.contentKey) return [{ delete: key, if: mine }];
  const availableUntil = new Date(nowMs + head.retentionDays * dayMs - REUSE_MARGIN_MS).toISOString();
  return [
    {
      update: key,
      set: { state: 'done', settledAt: new Date(nowMs).toISOString(), availableUntil },
      if: mine,
    },
  ];
}

/** The hold that every attempt asked for by the user begins with. */
export function holdBudget(head: Head, nowMs: number): readonly Write[] {
  return [
    { update: budgetKey(head.project), add: { heldUnits: head.heldUnits, requests: 1 } },
    {
      put: {
        ...ledgerKey(head.project, head.id, head.heldAttempt, 'hold'),
        heldUnits: head.heldUnits,
        spentUnits: 0,
        time: new Date(nowMs).toISOString(),
      },
      if: { exists: false },
    },
  ];
}
