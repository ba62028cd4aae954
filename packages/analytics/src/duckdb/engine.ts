import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { DuckDBConnection, DuckDBGeometryValue, DuckDBResultReader, Json } from '@duckdb/node-api';
import { SwathError } from '@swath/core';
import type { SqlAnswer, SqlEngine, SqlValue } from '../sql/answer.ts';
import { analyticsTables, analyticsViews } from '../tables/index.ts';
import type { AnalyticsTable } from '../tables/types.ts';
import { filesView, quotedName, quotedText, readParquet, tableGlob, trinoMacros } from './prelude.ts';
import { wktOfWkb } from './wkt.ts';

/**
 * DuckDB over a folder of table files, with the views and functions of Athena. Reads the files at each query: what is
 * recorded meanwhile is in the next answer. It is loaded here, not at the top: 70 MB that only this needs.
 *
 * @param folder `<data>/analytics`.
 * @throws SwathError NotFound when there is no such folder.
 */
export async function openLocalTables(folder: string): Promise<SqlEngine> {
  const there = await stat(folder).catch(() => undefined);
  if (!there?.isDirectory()) {
    throw new SwathError('NotFound', `There are no tables in ${folder}.`, {
      fix: 'Name the data folder of your Swath with --data, or finish a first request: npm start.',
    });
  }
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const close = async () => {
    connection.closeSync();
    instance.closeSync();
  };
  try {
    await prepare(connection, resolve(folder));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    query: (sql, options) => run(connection, sql, options),
    async writeParquet(sql, path) {
      const copied = await explained(() =>
        connection.runAndReadAll(
          `COPY (${onlySelect(sql)}) TO ${quotedText(resolve(path))} (FORMAT parquet)`,
        ),
      );
      return Number(copied.getRowsJson()[0]?.[0] ?? 0);
    },
    close,
  };
}

async function prepare(connection: DuckDBConnection, folder: string): Promise<void> {
  // Nothing is fetched from the network behind the user's back.
  await connection.run('SET autoinstall_known_extensions = false');
  await connection.run("SET TimeZone = 'UTC'");
  for (const macro of trinoMacros) await connection.run(macro);
  for (const table of analyticsTables) {
    const glob = tableGlob(folder, table);
    await connection.run(filesView(table, glob, await columnsOf(connection, table, folder)));
  }
  for (const { name, sql } of analyticsViews) {
    await connection.run(`CREATE OR REPLACE VIEW ${quotedName(name)} AS ${sql}`);
  }
}

/** Names of the columns that the files of a table have; undefined when there is no file. */
async function columnsOf(
  connection: DuckDBConnection,
  table: AnalyticsTable,
  folder: string,
): Promise<ReadonlySet<string> | undefined> {
  const glob = tableGlob(folder, table);
  const files = await connection.runAndReadAll(`SELECT count(*) FROM glob(${quotedText(glob)})`);
  if (Number(files.getRowsJson()[0]?.[0] ?? 0) === 0) return undefined;
  const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${readParquet(glob)}`);
  return new Set(described.getRowsJson().map((row) => String(row[0])));
}

async function run(
  connection: DuckDBConnection,
  sql: string,
  { maxRows, signal }: { readonly maxRows: number; readonly signal?: AbortSignal },
): Promise<SqlAnswer> {
  signal?.throwIfAborted();
  const interrupt = () => connection.interrupt();
  signal?.addEventListener('abort', interrupt, { once: true });
  try {
    const reader = await explained(() => connection.streamAndReadUntil(sql, maxRows + 1));
    const types = reader.columnTypes().map(String);
    const rows = reader
      .getRowsJson()
      .slice(0, maxRows)
      .map((row) => row.map((value, at) => plainValue(value, types[at] ?? '')));
    for (const [at, type] of types.entries())
      if (type.startsWith('GEOMETRY')) writeGeometry(reader, rows, at);
    return {
      columns: reader.columnNames().map((name, at) => ({ name, type: types[at] ?? '' })),
      rows,
      cut: reader.currentRowCount > maxRows,
    };
  } catch (error) {
    if (signal?.aborted) throw new SwathError('Cancelled', 'The query was interrupted.', { cause: error });
    throw error;
  } finally {
    signal?.removeEventListener('abort', interrupt);
  }
}

/** As JSON a geometry is its bytes with escapes, which nothing reads: as text it is WKT. */
function writeGeometry(reader: DuckDBResultReader, rows: SqlValue[][], at: number): void {
  const values = reader.getColumns()[at] ?? [];
  for (const [i, row] of rows.entries()) {
    const value = values[i];
    row[at] = isGeometry(value) ? wktOfWkb(value.bytes) : null;
  }
}

const isGeometry = (value: unknown): value is DuckDBGeometryValue =>
  typeof value === 'object' && value !== null && 'bytes' in value && value.bytes instanceof Uint8Array;

/** DuckDB hands whole numbers of 64 bits and more over as text. */
function plainValue(value: Json, type: string): SqlValue {
  if (typeof value === 'string' && /^U?(BIG|HUGE)INT$|^DECIMAL/.test(type)) {
    const number = Number(value);
    return Math.abs(number) <= Number.MAX_SAFE_INTEGER ? number : value;
  }
  return value;
}

/** COPY takes a query, not a list of statements. */
const onlySelect = (sql: string): string => sql.trim().replace(/;+\s*$/, '');

/** DuckDB's own words say what is wrong and often what was meant. */
async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    throw new SwathError('InvalidInput', text.trim(), {
      fix: text.startsWith('IO Error')
        ? 'Name a file that may be read or written, in a folder that is there.'
        : 'See what there is with: swath sql --tables, swath sql --views.',
      cause,
    });
  }
}

/** Where a local Swath keeps its tables. */
export const tablesFolder = (dataFolder: string): string => join(dataFolder, 'analytics');
