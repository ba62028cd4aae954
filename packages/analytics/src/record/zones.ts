import { SwathError } from '@swath/core';
import type { Objects } from '@swath/ports';
import type { ProductResult } from '@swath/requests';
import { readZoneRows, type ZoneRow } from '@swath/requests/zones/zone-rows';
import { MAX_ZONES_BYTES } from '../limits.ts';

export type { ZoneRow };

/** Statistics by zone of each product, in the same order; nothing for products without zones. @throws SwathError NotFound, Corrupt. */
export async function readZones(
  results: Pick<Objects, 'get'>,
  products: readonly ProductResult[],
): Promise<readonly (readonly ZoneRow[])[]> {
  const rows: (readonly ZoneRow[])[] = [];
  // One after the other: each may have 10 MB.
  for (const { assets } of products) {
    if (assets.zones === undefined) {
      rows.push([]);
      continue;
    }
    const bytes = await results.get(assets.zones);
    if (bytes.length > MAX_ZONES_BYTES) {
      throw new SwathError(
        'LimitExceeded',
        `${assets.zones} has ${bytes.length} bytes; at most ${MAX_ZONES_BYTES}.`,
      );
    }
    rows.push(readZoneRows(bytes));
  }
  return rows;
}
