import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SwathError } from '@swath/core';
import type { Zone } from '@swath/geo';
import type { PlannedTable } from '@swath/graph';
import { writeProduct } from '@swath/raster';
import type { ProductPlan, RequestPlan } from '@swath/requests';
import type { ResultFile } from '../evaluator/messages.ts';
import type { InlineCompute } from '../service.ts';
import { writeTable } from './write-table.ts';
import { type ProductRows, type StatisticsRow, tableOfStatistics } from './zonal-table.ts';

/**
 * The table of a plan, computed at once: each product is made as its job would make it, for the statistics that come with
 * its pixels. The numbers are the job's.
 * @param folder where products are written on the way, the caller's.
 */
export async function inlineTable(
  { products }: Pick<RequestPlan, 'products'>,
  zones: readonly Zone[],
  table: PlannedTable,
  { executor }: Pick<InlineCompute, 'executor'>,
  folder: string,
  signal: AbortSignal,
): Promise<ResultFile> {
  const rows: ProductRows[] = [];
  for (const product of products) {
    const { start, label } = product;
    rows.push({
      date: start ?? label,
      rows: await rowsOf(product, zones, executor, join(folder, 'product.tif'), signal),
    });
  }
  return await writeTable(tableOfStatistics(rows, zones, table), table.format);
}

async function rowsOf(
  { work, stored }: ProductPlan,
  zones: readonly Zone[],
  executor: InlineCompute['executor'],
  path: string,
  signal: AbortSignal,
): Promise<readonly StatisticsRow[]> {
  const bands = work.outputs.map(({ name }) => ({ name, stored }));
  const spec = { grid: work.grid, bands, overviews: false };
  const { zones: found } = await writeProduct(
    path,
    spec,
    { kind: 'work', work, origin: { x: 0, y: 0 } },
    executor,
    { signal, zones: zones.map(({ geometry }) => geometry) },
  );
  await rm(path, { force: true });
  if (found === null) throw new SwathError('Bug', 'a product with zones has no statistics of them');
  return bands.flatMap(({ name }, band) =>
    zones.map(({ id }, zone) => {
      const statistics = found[band]?.[zone];
      if (statistics === undefined) throw new SwathError('Bug', `zone ${zone} of ${name} has no statistics`);
      return { zone: id, band: name, ...statistics };
    }),
  );
}
