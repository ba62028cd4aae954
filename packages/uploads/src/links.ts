import { isSwathError, SwathError } from '@swath/core';
import { noSuchUpload, type UploadedPart } from '@swath/ports';
import type { UploadDeps } from './deps.ts';
import { LINK_LIFE_S, MAX_LINKS } from './limits.ts';
import type { UploadRow } from './rows.ts';
import { needUpload } from './store.ts';
import { type PartLinkView, partCountOf, partSizeOf } from './view.ts';

/**
 * Fresh links, for parts that are missing or for those named.
 * @throws NotFound; Conflict when the upload is not open any more; InvalidInput for parts the file does not have.
 */
export async function linkParts(
  deps: UploadDeps,
  project: string,
  id: string,
  named?: readonly number[],
): Promise<{ readonly links: readonly PartLinkView[]; readonly received: readonly UploadedPart[] }> {
  const row = await needUpload(deps, project, id);
  requireOpen(deps, row);
  const received = await arrivedParts(deps, row);
  if (received === undefined) throw notOpen(row);
  const count = partCountOf(row);
  const wrong = named?.findIndex((part) => !Number.isInteger(part) || part < 1 || part > count) ?? -1;
  if (wrong >= 0) {
    throw new SwathError('InvalidInput', `The file has the parts 1 to ${count}.`, {
      pointer: `/parts/${wrong}`,
      fix: 'Name parts the file has, or none for all that are missing.',
    });
  }
  const parts = named ?? missingParts(row, received);
  return { links: await linksTo(deps, row, parts.slice(0, MAX_LINKS)), received };
}

export function linksTo(
  deps: UploadDeps,
  row: UploadRow,
  parts: readonly number[],
): Promise<readonly PartLinkView[]> {
  return Promise.all(
    parts.map(async (part) => {
      const sizeBytes = partSizeOf(row, part);
      const url = await deps.partUploads.partLink(
        row.key,
        row.multipartId,
        { part, sizeBytes },
        { expiresInS: LINK_LIFE_S },
      );
      return { part, sizeBytes, url };
    }),
  );
}

/** Parts that are not there, or have another size than they should. */
export function missingParts(row: UploadRow, received: readonly UploadedPart[]): readonly number[] {
  const there = new Set(
    received.filter(({ part, sizeBytes }) => sizeBytes === partSizeOf(row, part)).map(({ part }) => part),
  );
  return Array.from({ length: partCountOf(row) }, (_, at) => at + 1).filter((part) => !there.has(part));
}

/** undefined when the store knows the upload no more: it is completed, or was removed. */
export async function arrivedParts(
  deps: Pick<UploadDeps, 'partUploads'>,
  row: UploadRow,
): Promise<readonly UploadedPart[] | undefined> {
  try {
    return await deps.partUploads.parts(row.key, row.multipartId);
  } catch (error) {
    if (isSwathError(error, 'NotFound')) return undefined;
    throw error;
  }
}

/** @throws Conflict, with what to do, unless parts may still come. */
export function requireOpen({ clock }: Pick<UploadDeps, 'clock'>, row: UploadRow): void {
  if (row.state !== 'open' || Date.parse(row.openUntil) <= clock.now()) throw notOpen(row);
}

export function notOpen(row: UploadRow): SwathError {
  const why = row.state === 'open' || row.state === 'expired' ? 'has expired' : `is ${row.state}`;
  return new SwathError('Conflict', `The upload ${why}: it takes no parts any more.`, {
    fix:
      row.state === 'checking' || row.state === 'registered'
        ? 'Look at it: GET /uploads/{id}.'
        : 'Begin another: POST /uploads.',
    cause: noSuchUpload(),
  });
}
