import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import { SwathError } from '@swath/core';
import { busyTimeoutMs, walSwitchPauseMs, walSwitchTries } from './limits.ts';

export interface DatabaseOptions {
  readonly file: string;
  /** Entry n takes the schema from version n to n + 1. Entries are never changed once released, only added. */
  readonly migrations: readonly string[];
  /**
   * In WAL mode a killed process loses nothing under either setting, and neither corrupts the file. `full` waits for
   * the disk at each commit and survives a power cut; `normal` may then lose the last commits.
   */
  readonly synchronous: 'full' | 'normal';
}

export type SqlRow = Readonly<Record<string, SQLOutputValue>>;

export interface Database {
  all(sql: string, ...values: SQLInputValue[]): SqlRow[];
  get(sql: string, ...values: SQLInputValue[]): SqlRow | undefined;
  /** @returns rows changed. */
  run(sql: string, ...values: SQLInputValue[]): number;
  /** Takes the write lock first, so that what is read inside stays true until the commit. Synchronous, not nested. */
  write<T>(body: () => T): T;
  close(): void;
}

/**
 * One SQLite file that several processes open at once (WAL: readers never wait, writers take turns).
 * @throws SwathError Unsupported when a newer version wrote the file; Throttled, Unavailable, Corrupt.
 */
export function openDatabase(options: DatabaseOptions): Database {
  mkdirSync(dirname(options.file), { recursive: true });
  return guarded(() => {
    const connection = new DatabaseSync(options.file, { timeout: busyTimeoutMs });
    try {
      switchToWal(connection);
      connection.exec(`PRAGMA synchronous = ${options.synchronous === 'full' ? 'FULL' : 'NORMAL'}`);
      migrate(connection, options);
    } catch (error) {
      connection.close();
      throw error;
    }
    return databaseOver(connection);
  });
}

/** The text in a column. @throws SwathError Corrupt when it holds something else. */
export function textOf(row: SqlRow, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new SwathError('Corrupt', `Column ${column} holds no text.`);
  return value;
}

/** The whole number in a column. @throws SwathError Corrupt when it holds something else. */
export function wholeOf(row: SqlRow, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw new SwathError('Corrupt', `Column ${column} holds no number.`);
  return value;
}

function databaseOver(connection: DatabaseSync): Database {
  const statements = new Map<string, StatementSync>();
  const prepared = (sql: string): StatementSync => {
    let statement = statements.get(sql);
    if (statement === undefined) {
      statement = connection.prepare(sql);
      statements.set(sql, statement);
    }
    return statement;
  };
  return {
    all: (sql, ...values) => guarded(() => prepared(sql).all(...values)),
    get: (sql, ...values) => guarded(() => prepared(sql).get(...values)),
    run: (sql, ...values) => guarded(() => Number(prepared(sql).run(...values).changes)),
    write: (body) =>
      guarded(() => {
        prepared('BEGIN IMMEDIATE').run();
        try {
          const result = body();
          prepared('COMMIT').run();
          return result;
        } catch (error) {
          // SQLite has rolled back by itself after some errors (disk full, I/O).
          if (connection.isTransaction) prepared('ROLLBACK').run();
          throw error;
        }
      }),
    close: () => {
      statements.clear();
      connection.close();
    },
  };
}

function switchToWal(connection: DatabaseSync): void {
  for (let tries = 1; ; tries++) {
    try {
      const mode = connection.prepare('PRAGMA journal_mode = WAL').get()?.['journal_mode'];
      if (mode !== 'wal') {
        throw new SwathError('Unsupported', 'The data folder lies on a file system without shared memory.', {
          fix: 'Use a folder on a local disk.',
        });
      }
      return;
    } catch (error) {
      if (!isBusy(error) || tries === walSwitchTries) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, walSwitchPauseMs);
    }
  }
}

function migrate(connection: DatabaseSync, { file, migrations }: DatabaseOptions): void {
  const version = () => Number(connection.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version() === migrations.length) return;
  connection.exec('BEGIN IMMEDIATE');
  try {
    // Read again under the lock: another process may have migrated meanwhile.
    const found = version();
    if (found > migrations.length) {
      throw new SwathError(
        'Unsupported',
        `${file} has schema version ${found}; this version of Swath knows ${migrations.length}.`,
        { fix: 'Start a newer Swath, or another data folder.' },
      );
    }
    for (const step of migrations.slice(found)) connection.exec(step);
    connection.exec(`PRAGMA user_version = ${migrations.length}`);
    connection.exec('COMMIT');
  } catch (error) {
    if (connection.isTransaction) connection.exec('ROLLBACK');
    throw error;
  }
}

function guarded<T>(body: () => T): T {
  try {
    return body();
  } catch (error) {
    throw sqliteError(error);
  }
}

/** SQLite's primary result codes (https://www.sqlite.org/rescode.html) by what the caller does next. */
function sqliteError(error: unknown): unknown {
  const code = primaryCode(error);
  if (code === undefined) return error;
  if (code === 5 || code === 6) {
    return new SwathError('Throttled', 'The local database is busy.', { retryAfterMs: 100, cause: error });
  }
  // READONLY, IOERR, FULL, CANTOPEN: the outcome of a commit may be unknown.
  if (code === 8 || code === 10 || code === 13 || code === 14) {
    return new SwathError('Unavailable', 'The local database cannot be read or written.', {
      fix: 'Look at the free space and the permissions of the data folder.',
      cause: error,
    });
  }
  // CORRUPT, NOTADB.
  if (code === 11 || code === 26) {
    return new SwathError('Corrupt', 'The local database is damaged.', { cause: error });
  }
  return new SwathError('Bug', 'SQLite refused a statement.', { cause: error });
}

function isBusy(error: unknown): boolean {
  const code = primaryCode(error);
  return code === 5 || code === 6;
}

function primaryCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
}
