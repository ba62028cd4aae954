import { canonicalJson, isSwathError, SwathError } from '@swath/core';
import type { Row, Write } from '@swath/ports';
import type { UploadDeps } from './deps.ts';
import { ENDED_DAYS, MAX_OPEN_UPLOADS, MAX_PROJECT_BYTES, WRITE_TRIES } from './limits.ts';
import {
  dueUploads,
  isUploadId,
  nextStates,
  parseUploadRow,
  type StoredState,
  totalsKey,
  totalsRow,
  type UploadRow,
  uploadKey,
} from './rows.ts';

type StoreDeps = Pick<UploadDeps, 'table' | 'clock'>;

/** The same words for what is not there and for what is not yours. */
export function noUpload(id: string): SwathError {
  return new SwathError('NotFound', `There is no upload "${id.slice(0, 80)}".`, {
    fix: '"swath uploads" and GET /uploads list those of the project.',
  });
}

/** undefined when the project has none of this id. Deleted ones are there until their row expires. */
export async function readUpload(
  { table }: Pick<UploadDeps, 'table'>,
  project: string,
  id: string,
): Promise<UploadRow | undefined> {
  const found = isUploadId(id) ? await table.get(uploadKey(project, id)) : undefined;
  return found === undefined ? undefined : parseUploadRow(found);
}

/** @throws NotFound, also for uploads of other projects, and deleted ones. */
export async function needUpload(deps: Pick<UploadDeps, 'table'>, project: string, id: string) {
  const found = await readUpload(deps, project, id);
  if (found === undefined || found.state === 'deleted') throw noUpload(id);
  return found;
}

/** How a state counts in the project's totals. */
const counts: Readonly<Record<StoredState, { readonly open: 0 | 1; readonly keeps: 0 | 1 }>> = {
  open: { open: 1, keeps: 1 },
  checking: { open: 1, keeps: 1 },
  registered: { open: 0, keeps: 1 },
  refused: { open: 0, keeps: 0 },
  expired: { open: 0, keeps: 0 },
  deleted: { open: 0, keeps: 0 },
};

/**
 * Writes the row of a new upload and counts it.
 * @throws LimitExceeded when the project has too many open, or too many bytes.
 */
export async function createUpload(deps: StoreDeps, fresh: UploadRow): Promise<void> {
  const { sizeBytes } = fresh.spec;
  const key = totalsKey(fresh.project);
  for (let tries = 1; ; tries++) {
    const there = await deps.table.get(key);
    const totals = there === undefined ? { open: 0, bytes: 0 } : totalsRow.parse(there);
    if (totals.open >= MAX_OPEN_UPLOADS) {
      throw new SwathError(
        'LimitExceeded',
        `The project has ${totals.open} uploads open; at most ${MAX_OPEN_UPLOADS}.`,
        {
          fix: 'Complete or delete some: GET /uploads lists them.',
        },
      );
    }
    if (totals.bytes + sizeBytes > MAX_PROJECT_BYTES) {
      throw new SwathError(
        'LimitExceeded',
        `With this file the project would have ${totals.bytes + sizeBytes} bytes of uploads; at most ${MAX_PROJECT_BYTES}.`,
        { pointer: '/sizeBytes', fix: 'Delete uploads that are not needed any more.' },
      );
    }
    try {
      await deps.table.transact([
        { put: rowOf(fresh), if: { exists: false } },
        {
          update: key,
          add: { open: 1, bytes: sizeBytes },
          if:
            there === undefined ? { exists: false } : { equals: { open: totals.open, bytes: totals.bytes } },
        },
      ]);
      return;
    } catch (error) {
      if (!isSwathError(error, 'Conflict') || tries >= WRITE_TRIES) throw error;
    }
  }
}

/** What a transition sets besides the state. */
export type UploadChange = Partial<
  Pick<UploadRow, 'checks' | 'leaseUntil' | 'refusal' | 'sha256' | 'notes'>
> & { readonly dueAt?: string | null };

/**
 * One fenced write: the row is as it was read, or nothing happens.
 * @param to the state after it; the same for what changes within a state.
 * @returns the row as it is now; undefined when another writer was faster.
 */
export async function changeUpload(
  deps: StoreDeps,
  seen: UploadRow,
  to: StoredState,
  { dueAt, ...set }: UploadChange = {},
): Promise<UploadRow | undefined> {
  const allowed: readonly StoredState[] = [seen.state, ...nextStates[seen.state]];
  if (!allowed.includes(to)) throw new SwathError('Bug', `An upload cannot go from ${seen.state} to ${to}.`);
  const { duePk: _duePk, dueAt: before, expiresAt: _expiresAt, ...rest } = seen;
  const due = dueAt === undefined ? before : (dueAt ?? undefined);
  const nowMs = deps.clock.now();
  const isOver = to === 'refused' || to === 'expired' || to === 'deleted';
  const next = {
    ...rest,
    ...set,
    state: to,
    revision: seen.revision + 1,
    updatedAt: new Date(nowMs).toISOString(),
    ...(due === undefined || isOver || to === 'registered' ? {} : { duePk: dueUploads, dueAt: due }),
    ...(isOver ? { expiresAt: Math.floor(nowMs / 1000) + ENDED_DAYS * 86_400 } : {}),
  };
  const writes: Write[] = [{ put: rowOf(next), if: { equals: { revision: seen.revision } } }];
  const open = counts[to].open - counts[seen.state].open;
  const bytes = (counts[to].keeps - counts[seen.state].keeps) * seen.spec.sizeBytes;
  if (open !== 0 || bytes !== 0) writes.push({ update: totalsKey(seen.project), add: { open, bytes } });
  try {
    await deps.table.transact(writes);
    return next;
  } catch (error) {
    if (isSwathError(error, 'Conflict')) return undefined;
    throw error;
  }
}

function rowOf({ spec, ...rest }: UploadRow): Row {
  return { ...rest, spec: canonicalJson(spec) };
}
