import { gunzipSync, gzipSync } from 'node:zlib';
import { canonicalJson, SwathError } from '@swath/core';
import { openeoError } from '@swath/graph/exceptions';
import type { Table, Write } from '@swath/ports';
import { JOB_PIECE_CHARS, JOB_PIECES_MAX, JOB_TEXT_BYTES, PROCESS_TEXT_CHARS } from '../limits.ts';
import { type JobRow, jobPieceKey } from './rows.ts';

/** The process of a job as its rows hold it: as JSON, or packed into pieces beside the job where geometries make it large. */
export interface PackedProcess {
  readonly process: string | null;
  readonly pieces: readonly string[];
}

/** @throws SwathError LimitExceeded (ProcessGraphComplexity) for what does not fit into one transaction. */
export function packProcess(process: unknown): PackedProcess {
  const json = canonicalJson(process);
  if (json.length <= PROCESS_TEXT_CHARS) return { process: json, pieces: [] };
  const packed = gzipSync(json).toString('base64');
  const pieces: string[] = [];
  for (let at = 0; at < packed.length; at += JOB_PIECE_CHARS)
    pieces.push(packed.slice(at, at + JOB_PIECE_CHARS));
  if (pieces.length <= JOB_PIECES_MAX && json.length <= JOB_TEXT_BYTES) return { process: null, pieces };
  throw openeoError(
    'ProcessGraphComplexity',
    `The process has ${json.length} characters: more than is kept of a job.`,
    {
      pointer: '/process',
      fix: 'Draw areas with fewer vertices or digits, or split the geometries into several jobs.',
    },
  );
}

/** Writes that put the pieces of a revision in place of those of the row before. */
export function pieceWrites(
  project: string,
  { id, pieces, processRevision }: Pick<JobRow, 'id' | 'pieces' | 'processRevision'>,
  texts: readonly string[],
): readonly Write[] {
  const puts = texts.map(
    (text, at): Write => ({ put: { ...jobPieceKey(project, id, at), text, revision: processRevision } }),
  );
  return [...puts, ...pieceDeletes(project, { id, pieces }, texts.length)];
}

/** Writes that remove the pieces of a row, from one on. */
export function pieceDeletes(
  project: string,
  { id, pieces }: Pick<JobRow, 'id' | 'pieces'>,
  from = 0,
): readonly Write[] {
  return Array.from(
    { length: Math.max(0, pieces - from) },
    (_, i): Write => ({ delete: jobPieceKey(project, id, from + i) }),
  );
}

/**
 * The process of a row as JSON.
 * @returns undefined when somebody has changed the job since the row was read.
 * @throws SwathError Corrupt.
 */
export async function readProcess(
  table: Pick<Table, 'get'>,
  project: string,
  { id, process, pieces, processRevision }: JobRow,
): Promise<string | undefined> {
  if (process !== null) return process;
  const rows = await Promise.all(
    Array.from({ length: pieces }, (_, at) => table.get(jobPieceKey(project, id, at))),
  );
  if (rows.some((row) => row?.['revision'] !== processRevision)) return undefined;
  const packed = rows.map((row) => String(row?.['text'])).join('');
  try {
    return gunzipSync(Buffer.from(packed, 'base64'), { maxOutputLength: 4 * JOB_TEXT_BYTES }).toString();
  } catch (cause) {
    throw new SwathError('Corrupt', `The process of the job ${id} cannot be read.`, { cause });
  }
}
