import type { RowKey } from '@swath/ports';
import { shardOf } from '../names.ts';
import type { RequestState } from '../view.ts';

/** Keys of the single table; docs/architecture.md has the whole layout. */

const padded = (n: number, digits: number) => String(n).padStart(digits, '0');

export const requestPk = (requestId: string): string => `REQ#${requestId}`;
export const headKey = (requestId: string): RowKey => ({ pk: requestPk(requestId), sk: 'HEAD' });
/** Eight digits: sorts by number up to 99,999,999 events. */
export const eventKey = (requestId: string, sequence: number): RowKey => ({
  pk: requestPk(requestId),
  sk: `EV#${padded(sequence, 8)}`,
});
export const attemptKey = (requestId: string, attempt: number): RowKey => ({
  pk: requestPk(requestId),
  sk: `AT#${padded(attempt, 4)}`,
});
export const specKey = (requestId: string, piece: number): RowKey => ({
  pk: requestPk(requestId),
  sk: `SPEC#${padded(piece, 2)}`,
});
/** Says that a late event was recorded, so that its repeats are not. */
export const staleKey = (requestId: string, what: string): RowKey => ({
  pk: requestPk(requestId),
  sk: `STALE#${what}`,
});

export const contentPk = (contentKey: string): string => `KEY#${contentKey}`;
export const contentHeadKey = (contentKey: string): RowKey => ({ pk: contentPk(contentKey), sk: 'HEAD' });
export const followerKey = (contentKey: string, requestId: string): RowKey => ({
  pk: contentPk(contentKey),
  sk: `F#${requestId}`,
});
/** One product of the results under this key. */
export const resultRowKey = (resultKey: string, label: string): RowKey => ({
  pk: contentPk(resultKey),
  sk: `R#${label}`,
});

/** Says that a project may read the results under a key. */
export const accessKey = (project: string, resultKey: string): RowKey => ({
  pk: `ACCESS#${project}`,
  sk: resultKey,
});

export const budgetKey = (project: string): RowKey => ({ pk: `BUD#${project}`, sk: 'HEAD' });
export const ledgerKey = (project: string, requestId: string, attempt: number, what: string): RowKey => ({
  pk: `BUD#${project}`,
  sk: `L#${requestId}#${padded(attempt, 4)}#${what}`,
});

/** What the requests of a month used, of one project. */
export const usageKey = (project: string, month: string): RowKey => ({ pk: `USE#${project}`, sk: month });
/** What of a request is in that row. */
export const countedKey = (requestId: string): RowKey => ({ pk: requestPk(requestId), sk: 'USED' });

export const idempotencyKey = (project: string, key: string): RowKey => ({
  pk: `IDK#${project}#${key}`,
  sk: 'HEAD',
});

/** `yyyymm` of an ISO instant: one partition of the project index per month. */
export const monthOf = (iso: string): string => iso.slice(0, 4) + iso.slice(5, 7);
export const projectPk = (project: string, month: string): string => `PRJ#${project}#${month}`;
/** The months in which a project has requests, so that listings know where to look and when to stop. */
export const monthKey = (project: string, month: string): RowKey => ({
  pk: `PRJ#${project}`,
  sk: `MONTH#${month}`,
});

/** What the partitions of the outbox begin with, and no others. */
export const outboxPrefix = 'OBX#';
export const outboxKey = (requestId: string, id: string): RowKey => ({
  pk: `${outboxPrefix}${shardOf(requestId)}`,
  sk: id,
});
export const dueOutbox = (shard: number): string => `Q#${outboxPrefix}${shard}`;
export const dueAttempts = (shard: number): string => `Q#ATTEMPT#${shard}`;
export const dueHeads = (state: RequestState, shard: number): string => `Q#${state}#${shard}`;
