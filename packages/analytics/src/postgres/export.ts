import { SwathError } from '@swath/core';
import type { Client } from 'pg';
import { EXPORT_BATCH_ROWS, EXPORT_CONNECT_MS, EXPORT_DAY_ROWS } from '../limits.ts';
import type { SqlAnswer, SqlEngine } from '../sql/answer.ts';
import { resultsTable, statisticsTable, usageTable } from '../tables/index.ts';
import type { AnalyticsTable } from '../tables/types.ts';
import { deleteStatement, selectDay, tableStatements, upsertStatement } from './schema.ts';

/** What is loaded: outputs, their statistics with zones, and what requests used and cost. */
const exported: readonly AnalyticsTable[] = [resultsTable, statisticsTable, usageTable];

export interface PostgresExport {
  readonly from: SqlEngine;
  /** `postgres://user:password@host:5432/database`; never shown or logged. */
  readonly url: string;
  readonly schema: string;
  /** Only requests of this day and later, `2026-01-31`. @default all */
  readonly since?: string;
  /** Unix milliseconds: rows that an earlier export left and this one does not find are deleted. */
  readonly nowMs: number;
  readonly signal?: AbortSignal;
  readonly onDay?: (day: string, rows: Readonly<Record<string, number>>) => void;
}

/**
 * Loads results, statistics and usage into PostGIS, a day of requests in one transaction: rows that are there are replaced, rows
 * that are gone are deleted, others stay. Doing it again changes nothing, and goes on where an export was interrupted.
 *
 * @returns rows per table.
 * @throws SwathError InvalidInput (the address, or PostgreSQL's own words), Unavailable, LimitExceeded, Cancelled.
 */
export async function exportToPostgres(options: PostgresExport): Promise<Readonly<Record<string, number>>> {
  const { from, schema, signal } = options;
  const client = await connect(options.url);
  try {
    const loadedAt = new Date(options.nowMs).toISOString();
    const total: Record<string, number> = {};
    await inWords(async () => {
      await client.query("SET TIME ZONE 'UTC'");
      await client.query('CREATE EXTENSION IF NOT EXISTS postgis');
      for (const statement of exported.flatMap((table) => tableStatements(schema, table)))
        await client.query(statement);
    });
    for (const day of await daysOf(from, options.since, signal)) {
      signal?.throwIfAborted();
      const rows: Record<string, number> = {};
      await inTransaction(client, async () => {
        for (const table of exported) {
          rows[table.name] = await loadDay(client, table, day, options, loadedAt);
          total[table.name] = (total[table.name] ?? 0) + (rows[table.name] ?? 0);
        }
      });
      options.onDay?.(day, rows);
    }
    return total;
  } finally {
    await client.end();
  }
}

async function loadDay(
  client: Client,
  table: AnalyticsTable,
  day: string,
  { from, schema, signal }: PostgresExport,
  loadedAt: string,
): Promise<number> {
  const answer = await from.query(selectDay(table)(day), {
    maxRows: EXPORT_DAY_ROWS,
    ...(signal === undefined ? {} : { signal }),
  });
  if (answer.cut) {
    throw new SwathError('LimitExceeded', `${table.name} has more than ${EXPORT_DAY_ROWS} rows on ${day}.`, {
      fix: 'Load that day from its Parquet files.',
    });
  }
  for (let at = 0; at < answer.rows.length; at += EXPORT_BATCH_ROWS) {
    const rows = objectsOf(answer, at, at + EXPORT_BATCH_ROWS);
    await client.query(upsertStatement(schema, table), [JSON.stringify(rows), loadedAt]);
  }
  await client.query(deleteStatement(schema, table), [day, loadedAt]);
  return answer.rows.length;
}

function objectsOf({ columns, rows }: SqlAnswer, from: number, end: number): readonly unknown[] {
  return rows
    .slice(from, end)
    .map((row) => Object.fromEntries(columns.map(({ name }, at) => [name, row[at]])));
}

/** Days with a row in any table that is loaded, ascending. */
async function daysOf(
  from: SqlEngine,
  since: string | undefined,
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  if (since !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(since)) {
    throw new SwathError('InvalidInput', `"${since}" is not a day.`, { fix: 'Write it as 2026-01-31.' });
  }
  const where = since === undefined ? '' : ` WHERE "date" >= '${since}'`;
  const days = exported.map(({ name }) => `SELECT "date" FROM ${name}${where}`).join(' UNION ');
  const sql = `${days} ORDER BY "date"`;
  const { rows } = await from.query(sql, {
    maxRows: EXPORT_DAY_ROWS,
    ...(signal === undefined ? {} : { signal }),
  });
  return rows.map(([day]) => String(day)).filter((day) => /^\d{4}-\d{2}-\d{2}$/.test(day));
}

async function connect(url: string): Promise<Client> {
  if (!/^postgres(ql)?:\/\//.test(url)) {
    throw new SwathError('InvalidInput', 'The address is not one of a PostgreSQL database.', {
      fix: 'Write postgres://user@host:5432/database; the password may come from PGPASSWORD or ~/.pgpass.',
    });
  }
  const { default: pg } = await import('pg');
  try {
    const client = new pg.Client({
      connectionString: url,
      application_name: 'swath export',
      connectionTimeoutMillis: EXPORT_CONNECT_MS,
    });
    // A connection that breaks between two queries fails the next one; without a listener it would end the process.
    client.on('error', () => {});
    await client.connect();
    return client;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SwathError('Unavailable', `PostgreSQL cannot be reached: ${withoutUrl(why, url)}`, {
      fix: 'Check host, port, user, password and database.',
      cause: new Error(withoutUrl(why, url)),
    });
  }
}

/** A driver's message may quote the address with its password. */
const withoutUrl = (text: string, url: string): string => text.replaceAll(url, 'the address');

async function inTransaction(client: Client, work: () => Promise<void>): Promise<void> {
  await inWords(async () => {
    await client.query('BEGIN');
    try {
      await work();
      await client.query('COMMIT');
    } catch (error) {
      // What keeps the rollback from being sent ends the transaction, too.
      await client.query('ROLLBACK').catch(() => {});
      throw error;
    }
  });
}

/** PostgreSQL's own words say what is wrong: a right that is missing, an extension that is not installed. */
async function inWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof SwathError) throw cause;
    const words = cause instanceof Error ? cause.message : String(cause);
    const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
    throw new SwathError('InvalidInput', `PostgreSQL says: ${words}${code}.`, {
      fix: 'The user needs CREATE on the database, or an empty schema of its own and the extension postgis.',
      cause,
    });
  }
}
