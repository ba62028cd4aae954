import { removeItem } from '@swath/catalog/store/items';
import { SwathError } from '@swath/core';
import type { UploadDeps } from './deps.ts';
import { WRITE_TRIES } from './limits.ts';
import type { UploadRow } from './rows.ts';
import { changeUpload, needUpload } from './store.ts';

/**
 * Deletes an upload in whatever state: its parts, its file, and its Item. Requests that were pinned to it and have not
 * read it yet will fail with the reason.
 * @throws NotFound; Conflict when others change it all the time.
 */
export async function deleteUpload(deps: UploadDeps, project: string, id: string): Promise<void> {
  for (let tries = 0; tries < WRITE_TRIES; tries++) {
    const row = await needUpload(deps, project, id);
    const gone = await changeUpload(deps, row, 'deleted', { leaseUntil: null });
    if (gone !== undefined) return await removeTraces(deps, gone);
  }
  throw new SwathError('Conflict', 'The upload is being changed by others.', { fix: 'Delete it again.' });
}

/** Of an upload whose row says it is over. Idempotent: a check under way may put things back, and calls it again. */
export async function removeTraces(deps: UploadDeps, row: UploadRow): Promise<void> {
  await deps.partUploads.abort(row.key, row.multipartId);
  await deps.quarantine.delete(row.key);
  await removeItem(deps, row.project, row.spec.collection, row.itemId);
  await deps.kept.delete(row.keptKey);
}
