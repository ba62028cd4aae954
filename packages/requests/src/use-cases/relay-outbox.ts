import { errorJson } from '@swath/core';
import type { RowKey } from '@swath/ports';
import type { RequestDeps } from '../deps.ts';
import { RELAY_PATIENCE_MS } from '../limits.ts';
import { performOrPostpone } from '../outbox.ts';
import { readOutbox } from '../store/read.ts';
import type { OutboxRow } from '../store/rows.ts';

export interface RelayDeps extends RequestDeps {
  /** Lets milliseconds go by. */
  readonly wait: (ms: number) => Promise<void>;
}

/**
 * What became of a row of the outbox.
 * - `gone`: its writer, or the sweep, performed it.
 * - `left`: it waits for a confirmation, or has backed off: the sweep repeats it when it is due.
 * - `done`: performed here. `postponed`: could not be; it backs off for the sweep.
 * - `failed`: it could not be read, or not be postponed. Nothing is known.
 */
export type Relayed = 'gone' | 'left' | 'done' | 'postponed' | 'failed';

/**
 * Performs what writers left in the outbox, seconds after they wrote it: each row as the table has it now, by the code
 * that writers and the sweep use, so that any overlap with them repeats an effect at most. A row that is too young for
 * its writer to be given up is waited for once. Each is tried here once; what fails is the sweep's.
 *
 * @param keys of rows that were inserted, such as a table's stream tells, in any order, any number of times.
 * @returns for each key, in their order. Never throws for a row.
 */
export async function relayOutbox(deps: RelayDeps, keys: readonly RowKey[]): Promise<readonly Relayed[]> {
  const relayed: Relayed[] = [];
  for (const key of keys) {
    try {
      relayed.push(await relayRow(deps, key));
    } catch (error) {
      relayed.push('failed');
      deps.log.error('Outbox:Relay:Failed', { pk: key.pk, sk: key.sk, error: errorJson(error) });
    }
  }
  return relayed;
}

async function relayRow(deps: RelayDeps, key: RowKey): Promise<Relayed> {
  let row = await readOutbox(deps.table, key);
  const waitMs = row === undefined || isOfTheSweep(row) ? 0 : patienceMs(row, deps.clock.now());
  if (waitMs > 0) {
    await deps.wait(waitMs);
    row = await readOutbox(deps.table, key);
  }
  if (row === undefined) return 'gone';
  if (isOfTheSweep(row)) return 'left';
  const relayed = await performOrPostpone(deps, row);
  deps.log.info('Outbox:Relay:Done', { row: row.sk, kind: row.effect.kind, relayed });
  return relayed;
}

/** A row that waits for a confirmation is there although it was sent; one that was postponed has its time. */
const isOfTheSweep = ({ effect, tries }: OutboxRow): boolean => effect.kind === 'record' || tries > 0;

/** How long its writer may still be at it: nothing for rows of a version that did not say when they were written. */
function patienceMs({ createdAt }: OutboxRow, nowMs: number): number {
  if (createdAt === undefined) return 0;
  return Math.min(RELAY_PATIENCE_MS, Date.parse(createdAt) + RELAY_PATIENCE_MS - nowMs);
}
