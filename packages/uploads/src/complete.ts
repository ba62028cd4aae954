import { isSwathError, SwathError } from '@swath/core';
import { bareEtag, type UploadedPart } from '@swath/ports';
import * as z from 'zod';
import type { UploadDeps, UploadMessage } from './deps.ts';
import { CHECK_LEASE_MS } from './limits.ts';
import { arrivedParts, missingParts, notOpen, requireOpen } from './links.ts';
import type { UploadRow } from './rows.ts';
import { changeUpload, needUpload, noUpload, readUpload } from './store.ts';
import { toView, type UploadView } from './view.ts';

const body = z.strictObject({
  parts: z
    .array(z.strictObject({ part: z.int(), etag: z.string().min(1).max(200) }))
    .max(10_000)
    .optional(),
});

/**
 * Joins the parts and has the file checked. Any number of times is once: what is being checked, or was, is answered as
 * it is.
 *
 * @param document `{parts: [{part, etag}]}`: what the client was answered; without, what has arrived counts.
 * @throws NotFound; InvalidInput when parts are missing or others than the client says; Conflict when it has expired.
 */
export async function completeUpload(
  deps: UploadDeps,
  project: string,
  id: string,
  document: unknown,
): Promise<UploadView> {
  const parsed = body.safeParse(document ?? {});
  if (!parsed.success) {
    throw new SwathError('InvalidInput', 'The body names no parts.', {
      pointer: '/parts',
      fix: 'Send {"parts": [{"part": 1, "etag": "..."}, ...]}, or {}.',
    });
  }
  const row = await needUpload(deps, project, id);
  if (row.state === 'open') {
    requireOpen(deps, row);
    await join(deps, row, parsed.data.parts);
    const dueAt = new Date(deps.clock.now() + CHECK_LEASE_MS).toISOString();
    await changeUpload(deps, row, 'checking', { dueAt });
  }
  const now = (await readUpload(deps, project, id)) ?? row;
  if (now.state === 'expired' || now.state === 'deleted') {
    // It ended while its parts were joined: what came of them is nobody's.
    await deps.quarantine.delete(row.key);
    throw now.state === 'deleted' ? noUpload(id) : notOpen(now);
  }
  // Again for a call that comes again: the first may have ended before it could say so.
  if (now.state === 'checking') await askForCheck(deps, now);
  return toView(now, deps.clock.now(), undefined);
}

export async function askForCheck(
  { queue }: Pick<UploadDeps, 'queue'>,
  { project, id }: Pick<UploadRow, 'project' | 'id'>,
): Promise<void> {
  const message: UploadMessage = { v: 1, project, uploadId: id };
  await queue.send(JSON.stringify(message));
}

async function join(
  deps: UploadDeps,
  row: UploadRow,
  named: readonly { readonly part: number; readonly etag: string }[] | undefined,
): Promise<void> {
  const arrived = await arrivedParts(deps, row);
  if (arrived !== undefined) {
    requireAll(row, arrived, named);
    try {
      await deps.partUploads.complete(row.key, row.multipartId, arrived);
      return;
    } catch (error) {
      // Somebody else's call of this may have been faster.
      if (!isSwathError(error, 'NotFound')) throw error;
    }
  }
  if (!(await isThere(deps, row.key))) throw notOpen(row);
}

/** An earlier call may have joined the parts and ended before it could write that down. */
async function isThere({ quarantine }: UploadDeps, key: string): Promise<boolean> {
  try {
    await quarantine.getRange(key, 0, 1);
    return true;
  } catch (error) {
    if (isSwathError(error, 'NotFound')) return false;
    throw error;
  }
}

function requireAll(
  row: UploadRow,
  arrived: readonly UploadedPart[],
  named: readonly { readonly part: number; readonly etag: string }[] | undefined,
): void {
  const missing = missingParts(row, arrived);
  if (missing.length > 0) {
    const list = missing.slice(0, 10).join(', ');
    throw new SwathError(
      'InvalidInput',
      `${missing.length} parts are missing or incomplete: ${list}${missing.length > 10 ? ', ...' : ''}.`,
      { pointer: '/parts', fix: 'Ask for links with POST /uploads/{id}/parts, and PUT them.' },
    );
  }
  for (const [at, { part, etag }] of (named ?? []).entries()) {
    const found = arrived.find((one) => one.part === part);
    if (found !== undefined && bareEtag(found.etag) === bareEtag(etag)) continue;
    throw new SwathError('InvalidInput', `Part ${part} has arrived with another content than this.`, {
      pointer: `/parts/${at}`,
      fix: 'Upload it again, and send the ETag that is answered.',
    });
  }
}
