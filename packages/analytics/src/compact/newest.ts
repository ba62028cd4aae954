import type { TableFiles } from '../files.ts';
import { parseKey } from '../keys.ts';
import { decodeRows } from '../parquet/decode.ts';
import type { TableRow } from '../parquet/schema.ts';
import type { AnalyticsTable } from '../tables/types.ts';

/** One file and the rows in it. */
export interface TableFile {
  readonly key: string;
  readonly rows: readonly TableRow[];
}

/**
 * Of every request the rows the views show: those of the highest (version, generation), all of which lie in one file.
 * The same rule as the SQL of the views.
 */
export function newestRows(files: readonly TableFile[]): ReadonlyMap<string, readonly TableRow[]> {
  const newest = new Map<string, TableRow[]>();
  for (const { rows } of files) {
    for (const row of rows) {
      const id = String(row['request_id']);
      const best = newest.get(id);
      const order = best?.[0] === undefined ? 1 : compare(row, best[0]);
      if (order > 0) newest.set(id, [row]);
      else if (order === 0) best?.push(row);
    }
  }
  return newest;
}

function compare(a: TableRow, b: TableRow): number {
  return Number(a['version']) - Number(b['version']) || Number(a['generation']) - Number(b['generation']);
}

/** All of a table, as the view of its name shows it. For tables that fit into memory: tests and audits. */
export async function newestByRequest(
  table: AnalyticsTable,
  files: TableFiles,
): Promise<ReadonlyMap<string, readonly TableRow[]>> {
  const read: TableFile[] = [];
  for (const { key } of await listAll(files, table.prefix)) {
    if (parseKey(key) === undefined) continue;
    read.push({ key, rows: (await decodeRows(table.columns, await files.get(key), key)).rows });
  }
  return newestRows(read);
}

/** Every object under a prefix, page by page. */
export async function listAll(
  files: TableFiles,
  prefix: string,
): Promise<readonly { readonly key: string; readonly sizeBytes: number }[]> {
  const found: { readonly key: string; readonly sizeBytes: number }[] = [];
  let after: string | undefined;
  do {
    const page = await files.list(prefix, after === undefined ? {} : { after });
    found.push(...page.objects);
    after = page.next;
  } while (after !== undefined);
  return found;
}
