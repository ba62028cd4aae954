import { errorJson, isSwathError, SwathError } from '@swath/core';
import type { RequestDeps } from './deps.ts';
import { performEffect } from './effects.ts';
import { MAX_COLLISIONS, OUTBOX_FIRST_MS, OUTBOX_MAX_MS, OUTBOX_MAX_TRIES } from './limits.ts';
import { commit } from './store/commit.ts';
import type { Draft } from './store/draft.ts';
import { readHead } from './store/read.ts';
import type { Head, OutboxRow } from './store/rows.ts';

/**
 * Commits a draft, then performs its side effects at once. One that fails stays in the outbox for the sweep: the
 * change itself has happened.
 *
 * @returns the new head; undefined when another writer was first.
 */
export async function apply(deps: RequestDeps, draft: Draft): Promise<Head | undefined> {
  const head = await commit(deps, draft);
  if (head === undefined) return undefined;
  const { kind, from, to } = draft.event;
  deps.log.info('Request:Change:Done', { requestId: head.id, attempt: head.attempt, kind, from, to });
  for (const row of draft.outbox) {
    try {
      await performRow(deps, row);
    } catch (error) {
      deps.log.warn('Outbox:Perform:Postponed', {
        row: row.sk,
        kind: row.effect.kind,
        error: errorJson(error),
      });
    }
  }
  return head;
}

/**
 * Performs, then forgets: a crash in between repeats the effect, never loses it. Rows that wait for a confirmation are
 * forgotten by whoever confirms: nothing else would notice that a message about an ended request is lost.
 *
 * @returns `sent` when the row stays until it is confirmed.
 */
export async function performRow(deps: RequestDeps, row: OutboxRow): Promise<'done' | 'sent'> {
  await performEffect(deps, row, apply);
  if (row.effect.kind === 'record') return 'sent';
  await deps.table.transact([{ delete: { pk: row.pk, sk: row.sk } }]);
  return 'done';
}

/** For those who find a row: performs it, or has it back off alone, and so does nothing twice in a hurry. */
export async function performOrPostpone(deps: RequestDeps, row: OutboxRow): Promise<'done' | 'postponed'> {
  let error: unknown;
  try {
    if ((await performRow(deps, row)) === 'done') return 'done';
  } catch (caught) {
    error = caught;
  }
  try {
    await postponeRow(deps, row, error);
    return 'postponed';
  } catch (conflict) {
    // Confirmed, or done by somebody else, a moment ago.
    if (!isSwathError(conflict, 'Conflict')) throw conflict;
    return 'done';
  }
}

/**
 * A row that failed, or that nobody has confirmed, backs off alone; after the last try it stays, out of the index, for
 * an operator.
 * @throws Conflict when it has been confirmed meanwhile.
 */
async function postponeRow(deps: RequestDeps, row: OutboxRow, error?: unknown): Promise<void> {
  const tries = row.tries + 1;
  const key = { pk: row.pk, sk: row.sk };
  const why = error === undefined ? { waitsFor: 'confirmation' } : { error: errorJson(error) };
  const fields = { row: row.sk, kind: row.effect.kind, tries, ...why };
  if (tries >= OUTBOX_MAX_TRIES) {
    deps.log.error('Outbox:Perform:Abandoned', fields);
    await deps.table.transact([
      { update: key, set: { tries }, remove: ['duePk', 'dueAt'], if: { exists: true } },
    ]);
    return;
  }
  deps.log.warn('Outbox:Perform:Postponed', fields);
  const waitMs = Math.min(OUTBOX_FIRST_MS * 2 ** (tries - 1), OUTBOX_MAX_MS);
  const dueAt = new Date(deps.clock.now() + waitMs).toISOString();
  await deps.table.transact([{ update: key, set: { tries, dueAt }, if: { exists: true } }]);
}

/**
 * Reads the head, lets `plan` decide, applies; once more from the start when another writer was first.
 *
 * @param plan returns undefined when nothing is to be done on this head.
 * @returns the head as it is now, changed or not; undefined when there is no such request.
 * @throws Unavailable after `MAX_COLLISIONS` collisions.
 */
export async function change(
  deps: RequestDeps,
  requestId: string,
  plan: (head: Head) => Draft | undefined | Promise<Draft | undefined>,
): Promise<Head | undefined> {
  for (let collisions = 0; collisions < MAX_COLLISIONS; collisions++) {
    const head = await readHead(deps.table, requestId);
    if (head === undefined) return undefined;
    const draft = await plan(head);
    if (draft === undefined) return head;
    const after = await apply(deps, draft);
    if (after !== undefined) return after;
  }
  throw new SwathError('Unavailable', 'Too many writers at once changed this request.', {
    retryAfterMs: 1000,
  });
}
