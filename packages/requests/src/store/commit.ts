import { isSwathError, SwathError } from '@swath/core';
import type { Write } from '@swath/ports';
import type { RequestDeps } from '../deps.ts';
import { MAX_COMMIT_TRIES, OUTBOX_FIRST_MS } from '../limits.ts';
import { shardOf } from '../names.ts';
import { asRow, cut, type Draft, headConditionOf } from './draft.ts';
import { dueOutbox, eventKey } from './keys.ts';
import { type Head, parseEvent } from './rows.ts';

type Deps = Pick<RequestDeps, 'table' | 'random' | 'clock'>;

/**
 * Writes a draft: head, event, outbox and the rest in one transaction, on the condition that the head is still what
 * the draft was made from. When the outcome is unknown, the event row tells whether the write was ours.
 *
 * @returns the new head; undefined when another writer was first, or a condition of the other rows does not hold.
 * @throws SwathError Unavailable when the outcome stays unknown: whoever comes next reads the table.
 */
export async function commit(deps: Deps, draft: Draft): Promise<Head | undefined> {
  const writeId = deps.random.id();
  const writes = writesOf(draft, writeId, deps.clock.now());
  for (let tries = 1; ; tries++) {
    try {
      await deps.table.transact(writes);
      return draft.after;
    } catch (error) {
      const refused = isSwathError(error, 'Conflict');
      const unknown = isSwathError(error, 'Unavailable') || isSwathError(error, 'Throttled');
      if (!refused && !unknown) throw error;
      const row = await deps.table.get(eventKey(draft.after.id, draft.after.sequence));
      if (row !== undefined) return parseEvent(row).writeId === writeId ? draft.after : undefined;
      if (refused) return undefined;
      if (tries === MAX_COMMIT_TRIES) {
        throw new SwathError('Unavailable', 'The table did not take a change.', { cause: error });
      }
    }
  }
}

function writesOf(draft: Draft, writeId: string, nowMs: number): readonly Write[] {
  const { before, after, event } = draft;
  const dueAt = new Date(nowMs + OUTBOX_FIRST_MS).toISOString();
  return [
    { put: asRow(after), if: before === null ? { exists: false } : headConditionOf(before) },
    {
      put: asRow({
        ...eventKey(after.id, after.sequence),
        ...event,
        message: cut(event.message),
        sequence: after.sequence,
        time: new Date(nowMs).toISOString(),
        writeId,
      }),
      if: { exists: false },
    },
    ...draft.outbox.map((row) => ({
      put: asRow({ ...row, duePk: dueOutbox(shardOf(row.requestId)), dueAt }),
    })),
    ...draft.writes,
  ];
}
