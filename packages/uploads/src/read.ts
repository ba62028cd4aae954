import type { ObjectInfo, UploadedPart } from '@swath/ports';
import type { UploadDeps } from './deps.ts';
import { LOOKS_AT_ONCE, MAX_PAGE } from './limits.ts';
import { arrivedParts } from './links.ts';
import { parseUploadRow, type UploadRow, uploadPrefix, uploadsPk } from './rows.ts';
import { needUpload, noUpload } from './store.ts';
import { toView, type UploadView } from './view.ts';

/** An upload, and the parts that have arrived while it is open. @throws NotFound. */
export async function getUpload(
  deps: UploadDeps,
  project: string,
  id: string,
): Promise<UploadView & { readonly received: readonly UploadedPart[] }> {
  const row = await needUpload(deps, project, id);
  const received = await look(deps, row);
  return { ...toView(row, deps.clock.now(), received), received };
}

/** Uploads of the project, newest first. @throws InvalidInput for a foreign cursor. */
export async function listUploads(
  deps: UploadDeps,
  project: string,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string },
): Promise<{ readonly uploads: readonly UploadView[]; readonly cursor?: string }> {
  const page = await deps.table.query({
    partition: uploadsPk(project),
    prefix: uploadPrefix,
    descending: true,
    limit: Math.min(limit, MAX_PAGE),
    ...(cursor === undefined ? {} : { cursor }),
  });
  const rows = page.rows.map(parseUploadRow).filter(({ state }) => state !== 'deleted');
  const uploads: UploadView[] = [];
  for (let at = 0; at < rows.length; at += LOOKS_AT_ONCE) {
    const views = rows
      .slice(at, at + LOOKS_AT_ONCE)
      .map(async (row) => toView(row, deps.clock.now(), await look(deps, row)));
    uploads.push(...(await Promise.all(views)));
  }
  return { uploads, ...(page.cursor === undefined ? {} : { cursor: page.cursor }) };
}

async function look(deps: UploadDeps, row: UploadRow): Promise<readonly UploadedPart[]> {
  return row.state === 'open' ? ((await arrivedParts(deps, row)) ?? []) : [];
}

/** The kept file of a registered upload. @throws NotFound, also for other names than the file's. */
export async function keptFile(
  deps: UploadDeps,
  project: string,
  id: string,
  name: string,
): Promise<{ readonly key: string; readonly info: ObjectInfo }> {
  const row = await needUpload(deps, project, id);
  const isIt = row.state === 'registered' && row.keptKey.endsWith(`/${name}`);
  const info = isIt ? await deps.kept.head(row.keptKey) : undefined;
  if (info === undefined) throw noUpload(id);
  return { key: row.keptKey, info };
}
