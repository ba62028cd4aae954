import { getCollection, registerCollection } from '@swath/catalog/store/collections';
import { registerItems } from '@swath/catalog/store/items';
import { errorJson, isSwathError, SwathError } from '@swath/core';
import { removeTraces } from '../delete.ts';
import type { UploadDeps, UploadMessage } from '../deps.ts';
import { CHECK_LEASE_MS, CHECK_TIME_MS, MAX_CHECKS } from '../limits.ts';
import type { Refusal } from '../reasons.ts';
import { keptPrefix, type UploadRow } from '../rows.ts';
import { changeUpload, readUpload } from '../store.ts';
import { type FileFacts, inspect } from './inspect.ts';
import { bytesOf, type Quarantined } from './quarantined.ts';
import { Refused, refusalOf } from './refused.ts';
import { uploadItem } from './upload-item.ts';

/**
 * Checks one quarantined file and registers or refuses it. Any number of deliveries is one: who checks holds a lease;
 * what is written is written once; the last write is fenced. An upload that is deleted meanwhile leaves nothing.
 *
 * @throws what has nothing to do with the file: the message is to be delivered again.
 */
export async function checkUpload(deps: UploadDeps, message: UploadMessage): Promise<void> {
  const row = await readUpload(deps, message.project, message.uploadId);
  if (row === undefined) return;
  if (row.state === 'deleted') return await removeTraces(deps, row);
  const nowMs = deps.clock.now();
  if (row.state !== 'checking' || Date.parse(row.leaseUntil ?? '') > nowMs) return;
  if (row.checks >= MAX_CHECKS) {
    return await refuse(deps, row, {
      reason: 'CHECK_FAILED',
      message: `Checking the file was begun ${row.checks} times and never ended.`,
    });
  }
  const leaseUntil = new Date(nowMs + CHECK_LEASE_MS).toISOString();
  const held = await changeUpload(deps, row, 'checking', {
    leaseUntil,
    dueAt: leaseUntil,
    checks: row.checks + 1,
  });
  if (held === undefined) return;
  try {
    await decide(deps, held);
  } catch (error) {
    // What failed has nothing to do with the file: the next delivery need not wait for the lease to end.
    await changeUpload(deps, held, 'checking', { leaseUntil: null });
    throw error;
  }
}

async function decide(deps: UploadDeps, row: UploadRow): Promise<void> {
  const endMs = deps.clock.now() + CHECK_TIME_MS;
  const checkTime = () => {
    if (deps.clock.now() < endMs) return;
    throw new Refused('CHECK_TOO_LONG', `Checking the file takes more than ${CHECK_TIME_MS / 60_000} min.`);
  };
  const file = { objects: deps.quarantine, key: row.key, sizeBytes: row.spec.sizeBytes };
  let facts: FileFacts;
  try {
    facts = await inspect(file, row.spec, checkTime);
    await keep(deps, row, file, facts, checkTime);
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    return await refuse(deps, row, refusal);
  }
  await register(deps, row, facts);
  const { sha256, notes } = facts;
  const done = await changeUpload(deps, row, 'registered', { sha256, notes: [...notes], leaseUntil: null });
  if (done === undefined) return await afterwards(deps, row);
  await deps.quarantine.delete(row.key);
  deps.log.info('Upload:Check:Registered', { uploadId: row.id, sizeBytes: row.spec.sizeBytes });
}

/** Another writer was faster: where that was a deletion, what was written here meanwhile goes, too. */
async function afterwards(deps: UploadDeps, row: UploadRow): Promise<void> {
  const now = await readUpload(deps, row.project, row.id);
  if (now === undefined || now.state === 'deleted') await removeTraces(deps, now ?? row);
}

async function refuse(deps: UploadDeps, row: UploadRow, refusal: Refusal): Promise<void> {
  const done = await changeUpload(deps, row, 'refused', { refusal, leaseUntil: null });
  if (done === undefined) return await afterwards(deps, row);
  await deps.quarantine.delete(row.key);
  deps.log.info('Upload:Check:Refused', { uploadId: row.id, ...refusal });
}

/** Out of the quarantine, under a key nobody had before; the bytes are hashed again on their way. */
async function keep(
  deps: UploadDeps,
  row: UploadRow,
  file: Quarantined,
  { sha256 }: FileFacts,
  checkTime: () => void,
): Promise<void> {
  try {
    const options = { contentType: 'image/tiff', sha256, ifAbsent: true };
    await deps.kept.put(row.keptKey, bytesOf(file, checkTime), options);
  } catch (error) {
    if (!isSwathError(error, 'Conflict')) throw error;
    // An earlier check put it there and ended before it could say so.
    const there = await deps.kept.head(row.keptKey);
    if (there?.sha256 === sha256) return;
    deps.log.error('Upload:Keep:Failed', { uploadId: row.id, error: errorJson(error) });
    throw new SwathError('Unavailable', 'Another file is kept in the place of this one.', { cause: error });
  }
}

async function register(deps: UploadDeps, row: UploadRow, facts: FileFacts): Promise<void> {
  const store = { table: deps.table, objects: deps.results, clock: deps.clock };
  const { project } = row;
  const { collection } = row.spec;
  if ((await getCollection(store, project, collection)) === undefined) {
    await registerCollection(store, project, {
      id: collection,
      title: collection,
      description: 'Imagery that was uploaded to this project.',
      keywords: ['upload'],
    });
  }
  const item = uploadItem(row, facts, new Date(deps.clock.now()).toISOString());
  const base = `${keptPrefix(row.id)}item.json`;
  await registerItems(store, { project, collection, items: [{ item, base }] });
}
