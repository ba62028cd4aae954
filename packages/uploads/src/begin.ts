import type { UploadDeps } from './deps.ts';
import { MAX_LINKS, OPEN_MS, PART_BYTES } from './limits.ts';
import { linksTo } from './links.ts';
import { dueUploads, keptPrefix, quarantineKey, type UploadRow, uploadKey } from './rows.ts';
import { parseUploadSpec, stemOf } from './spec.ts';
import { createUpload } from './store.ts';
import { type PartLinkView, partCountOf, toView, type UploadView } from './view.ts';

export interface BegunUpload extends UploadView {
  /** To the first parts: `MAX_LINKS` at most. */
  readonly links: readonly PartLinkView[];
}

/**
 * Takes note of a file that is to come.
 * @throws SwathError InvalidInput with a pointer into the body; LimitExceeded.
 */
export async function beginUpload(deps: UploadDeps, project: string, body: unknown): Promise<BegunUpload> {
  const spec = parseUploadSpec(body);
  const id = deps.random.id();
  const key = quarantineKey(project, id);
  const nowMs = deps.clock.now();
  const now = new Date(nowMs).toISOString();
  const openUntil = new Date(nowMs + OPEN_MS).toISOString();
  const stem = stemOf(spec.fileName);
  const multipartId = await deps.partUploads.begin(key, { contentType: 'image/tiff' });
  const row: UploadRow = {
    ...uploadKey(project, id),
    id,
    project,
    state: 'open',
    revision: 1,
    spec,
    key,
    multipartId,
    partBytes: PART_BYTES,
    createdAt: now,
    updatedAt: now,
    openUntil,
    checks: 0,
    leaseUntil: null,
    refusal: null,
    // The end of an id of version 7 is random, its beginning is the time.
    itemId: `${stem}-${id.slice(-12)}`,
    keptKey: `${keptPrefix(id)}${stem}.tif`,
    sha256: null,
    notes: [],
    duePk: dueUploads,
    dueAt: openUntil,
  };
  try {
    await createUpload(deps, row);
  } catch (error) {
    await deps.partUploads.abort(key, multipartId);
    throw error;
  }
  const first = Array.from({ length: Math.min(partCountOf(row), MAX_LINKS) }, (_, at) => at + 1);
  return { ...toView(row, nowMs, []), links: await linksTo(deps, row, first) };
}
