import { SwathError } from '@swath/core';
import {
  checkKey,
  checkWrites,
  conditionFailed,
  conditionHolds,
  cursorAt,
  type PlannedQuery,
  planQuery,
  type Row,
  type RowKey,
  rowAfter,
  type Table,
  type Write,
  writeKey,
} from '@swath/ports';
import { prefixEnd } from './prefix.ts';
import { type Database, openDatabase, textOf } from './sqlite.ts';

const migrations = [
  `CREATE TABLE rows (
     pk TEXT NOT NULL, sk TEXT NOT NULL,
     due_pk TEXT, due_at TEXT, project_pk TEXT, project_sk TEXT,
     expires_at INTEGER,
     body TEXT NOT NULL,
     PRIMARY KEY (pk, sk)
   ) STRICT;
   CREATE INDEX rows_due ON rows (due_pk, due_at, pk, sk) WHERE due_pk IS NOT NULL AND due_at IS NOT NULL;
   CREATE INDEX rows_project ON rows (project_pk, project_sk, pk, sk)
     WHERE project_pk IS NOT NULL AND project_sk IS NOT NULL;
   CREATE INDEX rows_expiry ON rows (expires_at) WHERE expires_at IS NOT NULL;`,
];

const columns = {
  base: { partition: 'pk', sort: 'sk' },
  due: { partition: 'due_pk', sort: 'due_at' },
  project: { partition: 'project_pk', sort: 'project_sk' },
} as const;

export interface LocalTable extends Table {
  /** Deletes rows whose `expiresAt` is at or before `nowS` (Unix seconds). @returns rows deleted. */
  sweepExpired(nowS: number): number;
  close(): void;
}

/** The table in one SQLite file; rows are JSON beside the columns that are searched. An acknowledged write survives a power cut. */
export function localTable(options: { readonly file: string }): LocalTable {
  const database = openDatabase({ file: options.file, migrations, synchronous: 'full' });
  return {
    async get(key) {
      checkKey(key);
      return read(database, key);
    },
    async query(query) {
      const plan = planQuery(query);
      const { sql, values } = select(plan);
      const rows = database.all(sql, ...values).map((row) => parseRow(textOf(row, 'body')));
      const last = rows.at(-1);
      return last !== undefined && rows.length === plan.limit
        ? { rows, cursor: cursorAt(last, plan) }
        : { rows };
    },
    async transact(writes) {
      checkWrites(writes);
      if (writes.length > 0) database.write(() => transact(database, writes));
    },
    sweepExpired: (nowS) => database.run('DELETE FROM rows WHERE expires_at <= ?', nowS),
    close: () => database.close(),
  };
}

function transact(database: Database, writes: readonly Write[]): void {
  const before = writes.map((write) => read(database, writeKey(write)));
  const refused = writes.flatMap((write, index) =>
    write.if === undefined || conditionHolds(write.if, before[index]) ? [] : [index],
  );
  if (refused.length > 0) throw conditionFailed(refused);
  for (const [index, write] of writes.entries()) {
    if ('check' in write) continue;
    const key = writeKey(write);
    const after = rowAfter(write, before[index]);
    if (after === undefined) database.run('DELETE FROM rows WHERE pk = ? AND sk = ?', key.pk, key.sk);
    else store(database, after);
  }
}

function store(database: Database, row: Row): void {
  database.run(
    `INSERT OR REPLACE INTO rows (pk, sk, due_pk, due_at, project_pk, project_sk, expires_at, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    row.pk,
    row.sk,
    row.duePk ?? null,
    row.dueAt ?? null,
    row.projectPk ?? null,
    row.projectSk ?? null,
    // Something else than whole seconds never expires, as in DynamoDB.
    Number.isSafeInteger(row.expiresAt) ? (row.expiresAt ?? null) : null,
    JSON.stringify(row),
  );
}

function read(database: Database, key: RowKey): Row | undefined {
  const row = database.get('SELECT body FROM rows WHERE pk = ? AND sk = ?', key.pk, key.sk);
  return row === undefined ? undefined : parseRow(textOf(row, 'body'));
}

function select(plan: PlannedQuery): { sql: string; values: (string | number)[] } {
  const { partition, sort } = columns[plan.index];
  const where = [`${partition} = ?`, `${sort} IS NOT NULL`];
  const values: (string | number)[] = [plan.partition];
  const and = (test: string, ...more: string[]) => {
    where.push(test);
    values.push(...more);
  };
  const from = plan.prefix ?? plan.from;
  const end = plan.prefix === undefined ? undefined : prefixEnd(plan.prefix);
  if (from !== undefined) and(`${sort} >= ?`, from);
  if (plan.to !== undefined) and(`${sort} <= ?`, plan.to);
  if (end !== undefined) and(`${sort} < ?`, end);
  if (plan.after !== undefined) {
    const { sort: at, pk, sk } = plan.after;
    and(`(${sort}, pk, sk) ${plan.descending ? '<' : '>'} (?, ?, ?)`, at, pk, sk);
  }
  values.push(plan.limit);
  const order = [sort, 'pk', 'sk'].map((column) => (plan.descending ? `${column} DESC` : column));
  return {
    sql: `SELECT body FROM rows WHERE ${where.join(' AND ')} ORDER BY ${order.join(', ')} LIMIT ?`,
    values,
  };
}

/** Rows were checked on their way in; what is looked at again is that the file still holds rows. */
function parseRow(body: string): Row {
  const value: unknown = JSON.parse(body);
  if (!isRow(value)) throw new SwathError('Corrupt', 'The local database holds a row without a key.');
  return value;
}

function isRow(value: unknown): value is Row {
  return (
    typeof value === 'object' &&
    value !== null &&
    'pk' in value &&
    typeof value.pk === 'string' &&
    'sk' in value &&
    typeof value.sk === 'string'
  );
}
