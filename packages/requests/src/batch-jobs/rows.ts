import { SwathError } from '@swath/core';
import type { PlannedTable } from '@swath/graph';
import type { Row, RowKey } from '@swath/ports';
import * as z from 'zod';

export const jobPk = (project: string): string => `JOB#${project}`;
/** Ids grow with time: the newest sorts last. */
export const jobKey = (project: string, id: string): RowKey => ({ pk: jobPk(project), sk: `J#${id}` });

/** Pieces of a process lie in a partition of their own: listing jobs does not read them. */
export const jobPieceKey = (project: string, id: string, at: number): RowKey => ({
  pk: `JOBTEXT#${project}#${id}`,
  sk: `P#${at}`,
});

/** What a job asks for of the statistics by zone of its request. */
const table = z.strictObject({
  reducer: z.union([
    z.strictObject({
      kind: z.enum(['count', 'max', 'mean', 'min', 'pixels', 'sd', 'sum', 'variance']),
    }),
    z.strictObject({ kind: z.literal('percentile'), percent: z.literal([2, 5, 25, 50, 75, 95, 98]) }),
  ]),
  format: z.enum(['JSON', 'CSV', 'GeoJSON', 'Parquet']),
  hasDates: z.boolean(),
  hasBands: z.boolean(),
}) satisfies z.ZodType<PlannedTable>;

const job = z.looseObject({
  id: z.string(),
  title: z.string().nullable(),
  description: z.string().nullable(),
  /** The process as JSON, as it was sent; null where it is packed into pieces. */
  process: z.string().nullable(),
  pieces: z.int().min(0).default(0),
  /** The revision that brought this process: its pieces have it, too. */
  processRevision: z.int().min(1).default(1),
  createdAt: z.string(),
  updatedAt: z.string(),
  /** The request it became; null until it is started. */
  requestId: z.string().nullable(),
  /** What it asks for of that request's zones, as the graph said when it was started; null for rasters. */
  table: table.nullable().default(null),
  /** Counts changes and starts: each start has an idempotency key of its own, each write its condition. */
  revision: z.int().min(1),
});
export type JobRow = Readonly<z.output<typeof job>>;

export function parseJob(row: Row): JobRow {
  const parsed = job.safeParse(row);
  if (parsed.success) return parsed.data;
  throw new SwathError('Corrupt', `Row ${row.pk} ${row.sk} is no job: ${z.prettifyError(parsed.error)}`);
}
