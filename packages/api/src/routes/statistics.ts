import { WHOLE } from '@swath/geo';
import type { Objects } from '@swath/ports';
import type { ProductResult, RequestView } from '@swath/requests';
import { readZoneRows } from '@swath/requests/zones/zone-rows';
import * as z from 'zod';
import { STATISTICS_PAGE } from '../limits.ts';
import { prefers } from '../negotiate.ts';
import { defineRoute, type Route } from '../route.ts';
import type { Sent } from '../schemas/common.ts';
import { statisticsRow } from '../schemas/product.ts';
import { requestStatistics } from '../schemas/request.ts';
import { linkHeader, nextPage } from './paging.ts';
import { idParams } from './requests.ts';

type Row = Sent<typeof statisticsRow>;

const noPercentiles = { p2: null, p5: null, p25: null, p50: null, p75: null, p95: null, p98: null };

/** Rows of one product: per band the whole, then zone by zone. */
async function rowsOf(results: Objects, product: ProductResult): Promise<Row[]> {
  const { label, start, end, statistics, assets, counts } = product;
  const head = { product: label, start, end };
  const whole = Object.entries(statistics).map(([band, found]): Row => {
    const { percentiles, histogram: _histogram, ...rest } = found;
    const validPercent = counts.total === 0 ? 0 : (100 * found.count) / counts.total;
    const row = { ...head, zone: WHOLE, band, pixels: counts.total, ...rest, validPercent };
    return { ...row, ...(percentiles ?? noPercentiles) };
  });
  if (assets.zones === undefined) return whole;
  const zonal = readZoneRows(await results.get(assets.zones)).map((found): Row => {
    const { percentiles, percentileError: _error, sum: _sum, ...rest } = found;
    return { ...head, ...rest, ...(percentiles ?? noPercentiles) };
  });
  return [...whole, ...zonal];
}

interface Wanted {
  readonly zone?: string | undefined;
  readonly band?: string | undefined;
  readonly offset: number;
  readonly limit: number;
}

/** One page of the rows wanted, and whether there are more. Products are read one after the other, as far as needed. */
async function pageOf(
  results: Objects,
  { results: products }: RequestView,
  { zone, band, offset, limit }: Wanted,
): Promise<{ readonly rows: readonly Row[]; readonly more: boolean }> {
  const rows: Row[] = [];
  let skipped = 0;
  for (const product of products) {
    for (const row of await rowsOf(results, product)) {
      if ((zone !== undefined && row.zone !== zone) || (band !== undefined && row.band !== band)) continue;
      if (skipped++ < offset) continue;
      if (rows.length === limit) return { rows, more: true };
      rows.push(row);
    }
  }
  return { rows, more: false };
}

const columns = Object.keys(statisticsRow.shape) as (keyof Row)[];

/** RFC 4180; nothing stands for null. */
function csvOf(rows: readonly Row[]): string {
  const quoted = (value: string | number | null) => {
    const text = value === null ? '' : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [columns, ...rows.map((row) => columns.map((name) => row[name]))]
    .map((cells) => `${cells.map(quoted).join(',')}\n`)
    .join('');
}

export const statisticsRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/requests/{id}/statistics',
    operationId: 'getRequestStatistics',
    tag: 'Results',
    summary: 'Statistics of a request, by zone and date',
    description:
      'A row per product, band and zone, in the order of products; `whole` is all pixels. JSON, or CSV for `Accept: text/csv`. Follow the `next` link (in the body and in the Link header) for more.',
    auth: 'viewer',
    params: idParams,
    query: z.strictObject({
      zone: z.string().min(1).max(128).optional().describe('Only this zone.'),
      band: z.string().min(1).max(128).optional().describe('Only this band.'),
      limit: z.coerce.number().int().min(1).max(STATISTICS_PAGE).default(STATISTICS_PAGE),
      cursor: z
        .string()
        .regex(/^\d{1,7}$/, 'a cursor')
        .default('0')
        .describe('From a `next` link.'),
    }),
    answer: {
      status: 200,
      description: 'One page of rows.',
      schema: requestStatistics,
      headers: { Link: 'rel="next", absent on the last page.' },
    },
    otherAnswers: { '200': { description: 'The same as CSV.', contentType: 'text/csv' } },
    problems: [404],
    async handle({ params, query }, { deps, identity, baseUrl, request }) {
      const { zone, band, limit, cursor } = query;
      const offset = Number(cursor);
      const found = await deps.requests.get(identity.project, params.id);
      const { rows, more } = await pageOf(deps.results, found, { ...query, offset });
      const address = `${baseUrl}/requests/${encodeURIComponent(found.id)}/statistics`;
      const next = nextPage(address, { zone, band, limit }, more ? String(offset + limit) : undefined);
      if (prefers(request, 'text/csv')) {
        return new Response(csvOf(rows), {
          headers: {
            'Content-Type': 'text/csv; charset=utf-8; header=present',
            'Content-Disposition': `attachment; filename="statistics-${found.id}.csv"`,
            'Cache-Control': 'no-store',
            Vary: 'Accept',
            ...linkHeader(next),
          },
        });
      }
      return {
        headers: { Vary: 'Accept', ...linkHeader(next) },
        value: {
          requestId: found.id,
          state: found.state,
          rows: [...rows],
          links: next === undefined ? [] : [{ rel: 'next', href: next }],
        },
      };
    },
  }),
];
