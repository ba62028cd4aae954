import { askForCheck } from './complete.ts';
import type { UploadDeps } from './deps.ts';
import { CHECK_LEASE_MS, SWEEP_ROWS } from './limits.ts';
import { dueUploads, parseUploadRow } from './rows.ts';
import { changeUpload, readUpload } from './store.ts';

export interface SweptUploads {
  readonly expired: number;
  /** Checks asked for again: their message got lost, or who had it. */
  readonly asked: number;
}

/** Ends uploads that were not completed in time, and has checks done that nobody ended. Runs may overlap. */
export async function sweepUploads(deps: UploadDeps): Promise<SweptUploads> {
  const nowMs = deps.clock.now();
  const { rows } = await deps.table.query({
    index: 'due',
    partition: dueUploads,
    to: new Date(nowMs).toISOString(),
    limit: SWEEP_ROWS,
  });
  let [expired, asked] = [0, 0];
  for (const found of rows) {
    const { project, id } = parseUploadRow(found);
    const row = await readUpload(deps, project, id);
    if (row?.state === 'open' && Date.parse(row.openUntil) <= nowMs) {
      const ended = await changeUpload(deps, row, 'expired');
      if (ended === undefined) continue;
      await deps.partUploads.abort(row.key, row.multipartId);
      await deps.quarantine.delete(row.key);
      expired++;
    } else if (row?.state === 'checking') {
      const dueAt = new Date(nowMs + CHECK_LEASE_MS).toISOString();
      const waiting = await changeUpload(deps, row, 'checking', { dueAt });
      if (waiting === undefined) continue;
      await askForCheck(deps, row);
      asked++;
    }
  }
  return { expired, asked };
}
