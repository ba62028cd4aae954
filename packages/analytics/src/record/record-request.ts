import { isSwathError } from '@swath/core';
import type { Objects } from '@swath/ports';
import type { Rates, RequestRecord } from '@swath/requests';
import { listRates } from '@swath/requests/cost/rates';
import { parquetType, type TableFiles } from '../files.ts';
import { folderKey, requestFile } from '../keys.ts';
import { encodeRows } from '../parquet/encode.ts';
import type { TableRow } from '../parquet/schema.ts';
import {
  requestEventsTable,
  requestsTable,
  resultsTable,
  statisticsTable,
  usageTable,
} from '../tables/index.ts';
import type { AnalyticsTable } from '../tables/types.ts';
import { readItems } from './item.ts';
import { type Output, resultRow, statisticsRows } from './rows/outputs.ts';
import { collectionOf, dateOf } from './rows/owner.ts';
import { eventRows, requestRow, usageRows } from './rows/requests.ts';
import { readZones } from './zones.ts';

export interface RecordRequestDeps {
  /** Parquet files of the tables. */
  readonly analytics: TableFiles;
  /** Published results: their Items are read. */
  readonly results: Pick<Objects, 'get'>;
  /** Of the price in `usage`. @default the list prices */
  readonly rates?: Rates;
}

/**
 * Writes the rows of an ended request, one file per table. The key holds the version of the request, so that repeats
 * find the file there, a later attempt writes beside it, and an older record that comes late replaces nothing: the views
 * show the newest version only. A request without results leaves those of an earlier attempt in sight, because they
 * are still published.
 *
 * @throws SwathError of the ports; called again, it goes on where it ended.
 */
export async function recordRequest(deps: RecordRequestDeps, record: RequestRecord): Promise<void> {
  const { spec, results: products, id } = record.request;
  const items = await readItems(deps.results, products);
  const zones = await readZones(deps.results, products);
  const outputs = products.flatMap((product, at): readonly Output[] => {
    const item = items[at];
    return item === undefined ? [] : [{ product, item, zones: zones[at] ?? [] }];
  });
  const folder = { date: dateOf(record), collection: collectionOf(spec) };
  const put = async (table: AnalyticsTable, rows: readonly TableRow[]) => {
    if (rows.length === 0) return;
    const key = `${folderKey(table, folder)}${requestFile(id, record.version)}`;
    await putOnce(deps.analytics, key, encodeRows(table.columns, rows));
  };
  await put(
    resultsTable,
    outputs.map((output) => resultRow(record, output)),
  );
  await put(
    statisticsTable,
    outputs.flatMap((output) => statisticsRows(record, output)),
  );
  await put(requestEventsTable, eventRows(record));
  await put(usageTable, usageRows(record, deps.rates ?? listRates));
  // Last: whoever finds the request finds the rest.
  await put(requestsTable, [requestRow(record)]);
}

async function putOnce(files: TableFiles, key: string, bytes: Uint8Array): Promise<void> {
  try {
    await files.put(key, bytes, { ifAbsent: true, contentType: parquetType });
  } catch (error) {
    if (!isSwathError(error, 'Conflict')) throw error;
  }
}
