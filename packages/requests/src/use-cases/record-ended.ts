import type { RequestDeps, RequestMessage } from '../deps.ts';
import { type RequestRecord, readRecord } from '../record.ts';
import { readHead, readUnconfirmed } from '../store/read.ts';

/** Keeps a record of ended requests somewhere. Called any number of times, also with an older version after a newer. */
export type Recorder = (record: RequestRecord) => Promise<void>;

/**
 * A request has ended: hands its record to all recorders, then confirms, so that the outbox stops telling. A request
 * that has begun another attempt meanwhile is recorded when that one ends.
 */
export async function recordEnded(
  deps: Pick<RequestDeps, 'table' | 'work' | 'log'>,
  { requestId }: RequestMessage,
  recorders: readonly Recorder[],
): Promise<void> {
  const head = await readHead(deps.table, requestId);
  if (head === undefined) {
    deps.log.warn('Request:Record:Unknown', { requestId });
    return;
  }
  const record = await readRecord(deps, head);
  if (record !== undefined) for (const recorder of recorders) await recorder(record);
  const rows = await readUnconfirmed(deps.table, requestId, head.sequence);
  if (rows.length > 0) await deps.table.transact(rows.map(({ pk, sk }) => ({ delete: { pk, sk } })));
}
