import { SwathError } from '@swath/core';
import type { Row, RowKey, Table } from '@swath/ports';
import { productResult } from '../documents.ts';
import { RESULT_ROWS_PER_WRITE } from '../limits.ts';
import type { ProductResult } from '../product.ts';
import { type RequestSpec, requestSpec } from '../spec.ts';
import {
  attemptKey,
  contentHeadKey,
  contentPk,
  headKey,
  ledgerKey,
  outboxKey,
  requestPk,
  resultRowKey,
} from './keys.ts';
import {
  type Attempt,
  type ContentHead,
  type Event,
  type Head,
  type OutboxRow,
  parseAttempt,
  parseContentHead,
  parseEvent,
  parseHead,
  parseOutbox,
} from './rows.ts';

export async function readHead(table: Table, requestId: string): Promise<Head | undefined> {
  const row = await table.get(headKey(requestId));
  return row === undefined ? undefined : parseHead(row);
}

/** @throws Corrupt when the row is missing: every head has the row of its attempt. */
export async function readAttempt(table: Table, head: Head): Promise<Attempt> {
  const row = await table.get(attemptKey(head.id, head.attempt));
  if (row === undefined) throw new SwathError('Corrupt', `Attempt ${head.attempt} of ${head.id} has no row.`);
  return parseAttempt(row);
}

/** All attempts of a request, in order. */
export async function readAttempts(table: Table, requestId: string): Promise<Attempt[]> {
  return (await allRows(table, requestPk(requestId), 'AT#')).map(parseAttempt);
}

/** Budget units charged for a request, by the attempt their hold was made for. */
export async function readCharges(table: Table, head: Head): Promise<ReadonlyMap<number, number>> {
  const { pk, sk } = ledgerKey(head.project, head.id, head.attempt, '');
  const rows = await allRows(table, pk, sk.slice(0, `L#${head.id}#`.length));
  const settled = rows.flatMap((row) => {
    const match = /#([0-9]+)#settle$/.exec(row.sk);
    return match === null ? [] : [[Number(match[1]), Number(row['spentUnits'] ?? 0)] as const];
  });
  return new Map(settled);
}

/** @returns undefined when its effect was performed. @throws Corrupt when it is no row of the outbox. */
export async function readOutbox(table: Table, { pk, sk }: RowKey): Promise<OutboxRow | undefined> {
  const row = await table.get({ pk, sk });
  return row === undefined ? undefined : parseOutbox(row);
}

/** What waits for a confirmation that the request is on record, up to an event of it. */
export async function readUnconfirmed(
  table: Table,
  requestId: string,
  sequence: number,
): Promise<OutboxRow[]> {
  const { pk, sk } = outboxKey(requestId, `${requestId}-`);
  const rows = (await allRows(table, pk, sk)).map(parseOutbox);
  return rows.filter(({ effect }) => effect.kind === 'record' && effect.sequence <= sequence);
}

export async function readSpec(table: Table, head: Head): Promise<RequestSpec> {
  const pieces =
    head.spec === null
      ? (await allRows(table, requestPk(head.id), 'SPEC#')).map((row) => String(row['text']))
      : [head.spec];
  return requestSpec.parse(JSON.parse(pieces.join('')));
}

export async function readContent(table: Table, contentKey: string): Promise<ContentHead | undefined> {
  const row = await table.get(contentHeadKey(contentKey));
  return row === undefined ? undefined : parseContentHead(row);
}

/** Ids of the requests that wait for this content key, oldest first, at most `limit`. */
export async function readFollowers(table: Table, contentKey: string, limit: number): Promise<string[]> {
  const { rows } = await table.query({ partition: contentPk(contentKey), prefix: 'F#', limit });
  return rows.map((row) => row.sk.slice('F#'.length));
}

/** Products under a result key, sorted by label. */
export async function readResults(table: Table, resultKey: string): Promise<ProductResult[]> {
  const rows = await allRows(table, contentPk(resultKey), 'R#');
  return rows.map((row) => productResult.parse(JSON.parse(String(row['json']))));
}

/**
 * Puts the products under their result key, before the transaction that makes it visible. Repeating it writes the
 * same rows. Text instead of nested attributes: histograms cost a tenth as JSON.
 */
export async function writeResults(
  table: Table,
  resultKey: string,
  products: readonly ProductResult[],
): Promise<void> {
  for (let at = 0; at < products.length; at += RESULT_ROWS_PER_WRITE) {
    const batch = products.slice(at, at + RESULT_ROWS_PER_WRITE);
    await table.transact(
      batch.map((product) => ({
        put: { ...resultRowKey(resultKey, product.label), json: JSON.stringify(product) },
      })),
    );
  }
}

export async function readEvents(table: Table, requestId: string, limit: number): Promise<Event[]> {
  const rows = await allRows(table, requestPk(requestId), 'EV#', limit);
  return rows.map(parseEvent);
}

/** Every row of a partition under a prefix, page by page, strongly consistent. */
async function allRows(
  table: Table,
  partition: string,
  prefix: string,
  limit = Number.POSITIVE_INFINITY,
): Promise<Row[]> {
  const found: Row[] = [];
  let cursor: string | undefined;
  do {
    const page = await table.query({ partition, prefix, ...(cursor === undefined ? {} : { cursor }) });
    found.push(...page.rows);
    cursor = page.cursor;
  } while (cursor !== undefined && found.length < limit);
  return found.slice(0, limit);
}
