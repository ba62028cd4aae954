import { contentHash, isSwathError, SwathError, sha256Hex } from '@swath/core';
import type { ObjectInfo, Objects } from '@swath/ports';
import { type JobView, type ProductResult, storedZones } from '@swath/requests';
import { tableKey } from '@swath/requests/names';
import { readZones } from '@swath/requests/zones/keep-zones';
import { readZoneRows } from '@swath/requests/zones/zone-rows';
import { tableFiles, writeTable } from './write-table.ts';
import { type ProductRows, tableOfStatistics } from './zonal-table.ts';

/** A job's table, where it lies. */
export interface KeptTable {
  readonly name: string;
  readonly info: ObjectInfo;
}

interface Places {
  /** Statistics by zone of published products. */
  readonly results: Objects;
  /** Zones of requests, and tables once they are made. */
  readonly work: Objects;
}

/**
 * The table that a job asked for. It is made of the statistics of its request when it is first looked at, and kept beside
 * the manifests for whoever comes next; storage removes it with them, and it is made again.
 * @returns undefined for a job that asked for rasters.
 * @throws SwathError NotFound when statistics or zones are not kept any more; Corrupt.
 */
export async function keepTable(
  places: Places,
  project: string,
  { table, request }: Pick<JobView, 'table' | 'request'>,
): Promise<KeptTable | undefined> {
  if (table === null || request === null) return undefined;
  const stored = storedZones(request.spec);
  if (stored === undefined) throw new SwathError('Bug', 'a job with a table has a request without zones');
  const { name, contentType } = tableFiles[table.format];
  const sources = request.results.map(({ assets }) => assets.zones ?? null);
  const key = tableKey(contentHash({ project, zones: stored.sha256, table, sources }), name);
  const there = await places.work.head(key);
  if (there !== undefined) return { name, info: there };
  const zones = await readZones(places.work, project, stored.sha256);
  const products: ProductRows[] = [];
  for (const product of request.results) products.push(await rowsOf(places.results, product));
  const { bytes } = await writeTable(tableOfStatistics(products, zones, table), table.format);
  try {
    const info = await places.work.put(key, bytes, {
      contentType,
      sha256: sha256Hex(bytes),
      ifAbsent: true,
    });
    return { name, info };
  } catch (error) {
    if (!isSwathError(error, 'Conflict')) throw error;
    const info = await places.work.head(key);
    if (info === undefined) throw error;
    return { name, info };
  }
}

async function rowsOf(results: Objects, { assets, start, label }: ProductResult): Promise<ProductRows> {
  if (assets.zones === undefined) throw new SwathError('Corrupt', `The result ${label} has no zones.`);
  try {
    return { date: start ?? label, rows: readZoneRows(await results.get(assets.zones)) };
  } catch (cause) {
    if (!isSwathError(cause, 'NotFound')) throw cause;
    throw new SwathError('NotFound', `The result of ${label} is not kept any more.`, {
      fix: 'Start the job again.',
      cause,
    });
  }
}
