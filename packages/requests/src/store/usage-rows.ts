import type { Row } from '@swath/ports';
import * as z from 'zod';
import { estimateCost } from '../cost/estimate.ts';
import type { Rates } from '../cost/rates.ts';
import { usedOf } from '../cost/used.ts';
import type { RequestRecord } from '../record.ts';

/** How a request can end: `RequestState`, the final ones. */
export const endings = ['succeeded', 'partial', 'failed', 'cancelled', 'expired'] as const;
export type Ending = (typeof endings)[number];

/** Sums over requests; whole numbers, so that a table can add to them. */
export const quantities = [
  /** Answered by results that were there. */
  'reused',
  /** Results published by the requests themselves, and what is in them. */
  'products',
  'pixels',
  'bytesWritten',
  /** Bytes that plans expected to read. */
  'bytesPlanned',
  /** Bytes that jobs fetched. */
  'bytesRead',
  'chunks',
  'computeMs',
  'cpuMs',
  'units',
  /** Estimated price, 1e-9 USD. */
  'nanoUsd',
] as const;
export type Quantities = Readonly<Record<(typeof quantities)[number], number>>;

const amount = z.int().default(0);
const sums = {
  reused: amount,
  products: amount,
  pixels: amount,
  bytesWritten: amount,
  bytesPlanned: amount,
  bytesRead: amount,
  chunks: amount,
  computeMs: amount,
  cpuMs: amount,
  units: amount,
  nanoUsd: amount,
} as const satisfies Record<keyof Quantities, typeof amount>;

/** What of one request is counted already. */
const counted = z.looseObject({ version: z.int(), ending: z.enum(endings), ...sums });
export type Counted = Quantities & { readonly version: number; readonly ending: Ending };

const month = z.looseObject({
  sk: z.string(),
  accepted: amount,
  succeeded: amount,
  partial: amount,
  failed: amount,
  cancelled: amount,
  expired: amount,
  ...sums,
});
export type MonthRow = Readonly<z.output<typeof month>>;

export const parseCounted = (row: Row): Counted => counted.parse(row);
export const parseMonth = (row: Row): MonthRow => month.parse(row);

/**
 * What a request used, all attempts together. Files count for the request that published them. Nothing gets less by a
 * later attempt: what an earlier one used, it used.
 */
export function countOf(record: RequestRecord, before: Counted | undefined, rates: Rates): Counted {
  const { request, attempts, version } = record;
  const own = request.reused ? [] : request.results;
  const total = (of: (attempt: (typeof attempts)[number]) => number) =>
    attempts.reduce((sum, attempt) => sum + of(attempt), 0);
  const now: Quantities = {
    reused: request.reused ? 1 : 0,
    products: own.length,
    pixels: own.reduce((sum, { counts }) => sum + counts.total, 0),
    bytesWritten: own.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    bytesPlanned: Math.round(total(({ plannedInputBytes }) => plannedInputBytes ?? 0)),
    bytesRead: total(({ readBytes }) => readBytes ?? 0),
    chunks: total(({ chunksProcessed }) => chunksProcessed),
    computeMs: Math.round(total(({ computeSeconds }) => computeSeconds * 1000)),
    cpuMs: Math.round(total(({ cpuSeconds }) => (cpuSeconds ?? 0) * 1000)),
    units: total(({ budgetUnits }) => budgetUnits),
    nanoUsd: total((attempt) => estimateCost(usedOf(record, attempt), rates).nanoUsd),
  };
  const kept = quantities.map((name) => [name, Math.max(now[name], before?.[name] ?? 0)] as const);
  return {
    version,
    ending: z.enum(endings).parse(request.state),
    ...(Object.fromEntries(kept) as Quantities),
  };
}

/** What has to be added to the month so that it counts `after` instead of `before`. */
export function difference(after: Counted, before: Counted | undefined): Readonly<Record<string, number>> {
  const sum = new Map<string, number>();
  const add = (name: string, by: number) => sum.set(name, (sum.get(name) ?? 0) + by);
  for (const name of quantities) add(name, after[name] - (before?.[name] ?? 0));
  add(after.ending, 1);
  if (before !== undefined) add(before.ending, -1);
  return Object.fromEntries([...sum].filter(([, by]) => by !== 0));
}
