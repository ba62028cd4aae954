import type { RequestDeps } from '../deps.ts';
import { COUNT_PAGES, DUE_SHARDS, SWEEP_ROWS } from '../limits.ts';
import { openStates } from '../states.ts';
import { dueHeads } from '../store/keys.ts';
import type { RequestState } from '../view.ts';

export interface OpenRequests {
  /** Requests that have not ended, by state; states without any are left out. */
  readonly byState: ReadonlyMap<RequestState, number>;
  /** Seconds since the oldest of them was accepted; 0 without any. */
  readonly oldestS: number;
  /** There are more than were counted. */
  readonly more: boolean;
}

/** Counts by the due index, in which every open request is. It may be a moment late: for watching, not for deciding. */
export async function countOpen(deps: Pick<RequestDeps, 'table' | 'clock'>): Promise<OpenRequests> {
  const byState = new Map<RequestState, number>();
  let oldestMs = Number.POSITIVE_INFINITY;
  let more = false;
  for (const state of openStates) {
    for (let shard = 0; shard < DUE_SHARDS; shard++) {
      let cursor: string | undefined;
      for (let page = 0; page < COUNT_PAGES; page++) {
        const partition = dueHeads(state, shard);
        const { rows, cursor: next } = await deps.table.query({
          index: 'due',
          partition,
          limit: SWEEP_ROWS,
          ...(cursor === undefined ? {} : { cursor }),
        });
        if (rows.length > 0) byState.set(state, (byState.get(state) ?? 0) + rows.length);
        for (const { createdAt } of rows) {
          if (typeof createdAt === 'string') oldestMs = Math.min(oldestMs, Date.parse(createdAt));
        }
        cursor = next;
        if (cursor === undefined) break;
      }
      more ||= cursor !== undefined;
    }
  }
  const oldestS = Number.isFinite(oldestMs) ? Math.max(0, (deps.clock.now() - oldestMs) / 1000) : 0;
  return { byState, oldestS, more };
}
