import { isSwathError, SwathError } from '@swath/core';
import { NANO } from '../cost/estimate.ts';
import type { Rates } from '../cost/rates.ts';
import type { RequestDeps } from '../deps.ts';
import { MAX_COLLISIONS, MAX_USAGE_MONTHS } from '../limits.ts';
import { budgetKey, countedKey, monthOf, usageKey } from '../store/keys.ts';
import { countOf, difference, type MonthRow, parseCounted, parseMonth } from '../store/usage-rows.ts';
import type { Recorder } from './record-ended.ts';

type Deps = Pick<RequestDeps, 'table'>;

/** What a project used for the requests made in one month. */
export interface UsageMonth {
  /** `2026-11`, UTC. */
  readonly month: string;
  readonly requests: {
    readonly accepted: number;
    /** Have not ended. One that is tried again counts by its last end until it ends anew. */
    readonly open: number;
    readonly succeeded: number;
    readonly partial: number;
    readonly failed: number;
    readonly cancelled: number;
    readonly expired: number;
    /** Of those that ended: answered by results that were there already. */
    readonly reused: number;
  };
  /** Results they published, and the pixels and bytes of their GeoTIFFs, each pixel once whatever its bands. */
  readonly products: number;
  readonly pixels: number;
  readonly bytesWritten: number;
  /** Bytes their plans expected to read. */
  readonly bytesReadPlanned: number;
  /** Bytes that their jobs fetched from providers; files of the machine are not in it. */
  readonly bytesRead: number;
  readonly chunks: number;
  /** Seconds their processing jobs worked, added up over jobs. */
  readonly computeSeconds: number;
  /** CPU seconds of all their jobs. */
  readonly cpuSeconds: number;
  /** Budget units charged. */
  readonly budgetUnits: number;
  /** What AWS is expected to bill for them, USD: `estimateCost`. */
  readonly estimatedUsd: number;
}

export interface UsagePage {
  readonly project: string;
  /** Now, over all months. */
  readonly budget: { readonly heldUnits: number; readonly spentUnits: number };
  /** Newest first; months without requests are left out. */
  readonly months: readonly UsageMonth[];
  readonly cursor?: string;
}

/**
 * Keeps the sums per month. Told again, or of an older version after a newer, it adds nothing: what of a request is
 * counted stands beside it, and changes in one transaction with the sums.
 * @param rates of the price.
 */
export const usageRecorder =
  (deps: Deps, rates: Rates): Recorder =>
  async (record) => {
    const { id, project, createdAt } = record.request;
    const key = countedKey(id);
    for (let tries = 1; tries <= MAX_COLLISIONS; tries++) {
      const row = await deps.table.get(key);
      const before = row === undefined ? undefined : parseCounted(row);
      if (before !== undefined && before.version >= record.version) return;
      const after = countOf(record, before, rates);
      try {
        await deps.table.transact([
          {
            put: { ...key, ...after },
            if: before === undefined ? { exists: false } : { equals: { version: before.version } },
          },
          { update: usageKey(project, monthOf(createdAt)), add: difference(after, before) },
        ]);
        return;
      } catch (error) {
        if (!isSwathError(error, 'Conflict')) throw error;
      }
    }
    throw new SwathError('Throttled', 'Others count the same request.');
  };

/**
 * Newest month first.
 * @throws InvalidInput on a cursor that is not one of ours.
 */
export async function readUsage(
  deps: Deps,
  project: string,
  query: { readonly limit: number; readonly cursor?: string },
): Promise<UsagePage> {
  const { cursor } = query;
  if (cursor !== undefined && !/^[0-9]{6}$/.test(cursor)) {
    throw new SwathError('InvalidInput', 'The cursor is not one of this listing.', {
      pointer: '/cursor',
      fix: 'Start again without a cursor.',
    });
  }
  const limit = Math.min(Math.max(query.limit, 1), MAX_USAGE_MONTHS);
  const { pk } = usageKey(project, '');
  const [{ rows }, budget] = await Promise.all([
    deps.table.query({
      partition: pk,
      descending: true,
      // One more tells whether there is another page.
      limit: limit + 1,
      ...(cursor === undefined ? {} : { to: cursor }),
    }),
    deps.table.get(budgetKey(project)),
  ]);
  const next = rows[limit]?.sk;
  return {
    project,
    budget: {
      heldUnits: Number(budget?.['heldUnits'] ?? 0),
      spentUnits: Number(budget?.['spentUnits'] ?? 0),
    },
    months: rows.slice(0, limit).map((row) => monthView(parseMonth(row))),
    ...(next === undefined ? {} : { cursor: next }),
  };
}

function monthView(row: MonthRow): UsageMonth {
  const { sk, accepted, succeeded, partial, failed, cancelled, expired, reused } = row;
  const ended = succeeded + partial + failed + cancelled + expired;
  return {
    month: `${sk.slice(0, 4)}-${sk.slice(4)}`,
    requests: {
      accepted,
      open: Math.max(0, accepted - ended),
      succeeded,
      partial,
      failed,
      cancelled,
      expired,
      reused,
    },
    products: row.products,
    pixels: row.pixels,
    bytesWritten: row.bytesWritten,
    bytesReadPlanned: row.bytesPlanned,
    bytesRead: row.bytesRead,
    chunks: row.chunks,
    computeSeconds: row.computeMs / 1000,
    cpuSeconds: row.cpuMs / 1000,
    budgetUnits: row.units,
    estimatedUsd: row.nanoUsd / NANO,
  };
}
