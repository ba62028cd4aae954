import { errorJson, isSwathError, type Logger, SwathError } from '@swath/core';
import type { Clock } from '@swath/ports';
import * as z from 'zod';
import { parquetType, type TableFiles } from '../files.ts';
import { dayFile, parseKey } from '../keys.ts';
import { COMPACT_BUDGET_MS, FILE_CONCURRENCY } from '../limits.ts';
import { decodeRows } from '../parquet/decode.ts';
import { encodeRows } from '../parquet/encode.ts';
import type { TableRow } from '../parquet/schema.ts';
import { analyticsTables } from '../tables/index.ts';
import type { AnalyticsTable } from '../tables/types.ts';
import { listAll, newestRows, type TableFile } from './newest.ts';
import { type FolderPlan, type ListedFile, planFolder, type Sources } from './plan.ts';

export interface CompactDeps {
  readonly analytics: TableFiles;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface Compacted {
  readonly folders: number;
  /** Files made, and files they were made of. */
  readonly made: number;
  readonly merged: number;
  readonly removed: number;
  /** Folders that could not be handled: others were. */
  readonly failed: number;
}

/**
 * Merges the small files of each table, day and collection into one, and removes those that were merged an hour ago.
 * At every moment the views show every row once (`planFolder` says why). Runs may overlap, and end anywhere.
 */
export async function compact(deps: CompactDeps): Promise<Compacted> {
  const endMs = deps.clock.now() + COMPACT_BUDGET_MS;
  const counts = { folders: 0, made: 0, merged: 0, removed: 0, failed: 0 };
  for (const table of analyticsTables) {
    for (const [folder, files] of await foldersOf(deps.analytics, table)) {
      if (deps.clock.now() >= endMs) return counts;
      try {
        const done = await compactFolder(deps, table, folder, files);
        counts.folders++;
        counts.made += done.merged > 0 ? 1 : 0;
        counts.merged += done.merged;
        counts.removed += done.removed;
      } catch (error) {
        counts.failed++;
        deps.log.error('Tables:Compact:Failed', { folder, error: errorJson(error) });
      }
    }
  }
  return counts;
}

/** Files by folder; what Swath has not written is left alone. */
async function foldersOf(
  analytics: TableFiles,
  table: AnalyticsTable,
): Promise<ReadonlyMap<string, readonly ListedFile[]>> {
  const folders = new Map<string, ListedFile[]>();
  for (const { key, sizeBytes } of await listAll(analytics, table.prefix)) {
    const parsed = parseKey(key);
    if (parsed === undefined) continue;
    const files = folders.get(parsed.folder) ?? [];
    folders.set(parsed.folder, files);
    const generation = parsed.name.kind === 'day' ? parsed.name.generation : 0;
    files.push({ key, sizeBytes, generation });
  }
  return folders;
}

async function compactFolder(
  deps: CompactDeps,
  table: AnalyticsTable,
  folder: string,
  files: readonly ListedFile[],
): Promise<{ readonly merged: number; readonly removed: number }> {
  const { analytics, clock } = deps;
  const nowMs = clock.now();
  const date = parseKey(files[0]?.key ?? '')?.date ?? '';
  const plan = planFolder({
    files,
    sources: await newestSources(analytics, table, files),
    over: date < new Date(nowMs).toISOString().slice(0, 10),
    nowMs,
  });
  const made = plan.merge !== undefined && (await mergeFiles(deps, table, folder, plan.merge));
  // After the merge: its file names none of these any more.
  for (const key of plan.remove) await analytics.delete(key);
  return { merged: made ? (plan.merge?.inputs.length ?? 0) : 0, removed: plan.remove.length };
}

const sourcesField = z.record(z.string(), z.number());

/** @throws SwathError Corrupt when the newest merged file does not say what it is made of. */
async function newestSources(
  analytics: TableFiles,
  table: AnalyticsTable,
  files: readonly ListedFile[],
): Promise<Sources> {
  const [newest] = files
    .filter(({ generation }) => generation > 0)
    .toSorted((a, b) => b.generation - a.generation);
  if (newest === undefined) return {};
  const { metadata } = await decodeRows(table.columns, await analytics.get(newest.key), newest.key);
  try {
    return sourcesField.parse(JSON.parse(metadata[sourcesKey] ?? ''));
  } catch (cause) {
    throw new SwathError('Corrupt', `${newest.key} does not say what it is made of.`, { cause });
  }
}

/** Of the file's key-value metadata. */
const sourcesKey = 'swath:sources';

/** @returns false when another run made this generation first. */
async function mergeFiles(
  { analytics }: CompactDeps,
  table: AnalyticsTable,
  folder: string,
  { generation, inputs, sources }: NonNullable<FolderPlan['merge']>,
): Promise<boolean> {
  const read: TableFile[] = [];
  for (let at = 0; at < inputs.length; at += FILE_CONCURRENCY) {
    const batch = inputs.slice(at, at + FILE_CONCURRENCY);
    read.push(...(await Promise.all(batch.map((key) => readFile(analytics, table, key)))));
  }
  const rows = [...newestRows(read)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, ofRequest]) => ofRequest.map((row): TableRow => ({ ...row, generation })));
  const bytes = encodeRows(table.columns, rows, { [sourcesKey]: JSON.stringify(sources) });
  try {
    await analytics.put(`${folder}${dayFile(generation)}`, bytes, {
      ifAbsent: true,
      contentType: parquetType,
    });
    return true;
  } catch (error) {
    if (!isSwathError(error, 'Conflict')) throw error;
    return false;
  }
}

async function readFile(analytics: TableFiles, table: AnalyticsTable, key: string): Promise<TableFile> {
  return { key, rows: (await decodeRows(table.columns, await analytics.get(key), key)).rows };
}
