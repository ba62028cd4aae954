import { SwathError } from '@swath/core';
import type { Row, RowKey } from '@swath/ports';
import * as z from 'zod';

const padded = (version: number) => String(version).padStart(6, '0');

/** Rows of user-defined processes: the newest version for listings, and each version. */
export const processPk = (project: string): string => `UDP#${project}`;
export const processHeadKey = (project: string, id: string): RowKey => ({
  pk: processPk(project),
  sk: `HEAD#${id}`,
});
export const processVersionKey = (project: string, id: string, version: number): RowKey => ({
  pk: processPk(project),
  sk: `V#${id}#${padded(version)}`,
});

const head = z.looseObject({
  id: z.string(),
  version: z.int().min(1),
  hash: z.string(),
  /** The document as JSON. */
  text: z.string(),
  deleted: z.boolean(),
  updatedAt: z.string(),
});
export type ProcessHead = Readonly<z.output<typeof head>>;

export function parseProcessHead(row: Row): ProcessHead {
  const parsed = head.safeParse(row);
  if (parsed.success) return parsed.data;
  throw new SwathError(
    'Corrupt',
    `Row ${row.pk} ${row.sk} is no user-defined process: ${z.prettifyError(parsed.error)}`,
  );
}
