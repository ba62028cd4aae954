import type { AnalyticsTable, Column, SqlType } from '../tables/types.ts';

/** Name in double quotes, for the analysts' tables and for PostgreSQL alike. */
export const quotedName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const types: Readonly<Record<SqlType, string>> = {
  varchar: 'text',
  bigint: 'bigint',
  double: 'double precision',
  'decimal(18,9)': 'numeric(18,9)',
  boolean: 'boolean',
  timestamp: 'timestamptz',
  varbinary: 'geometry(Geometry, 4326)',
  'array(varchar)': 'text[]',
  'array(double)': 'double precision[]',
};

/** Columns that tell files apart; the views leave them out, and so does the export. */
const ofFiles: ReadonlySet<string> = new Set(['version', 'generation']);

/** The columns of a table as its view has them: the day, then those of the files. */
export function exportColumns(table: AnalyticsTable): readonly Column[] {
  const days = table.partitions.map(
    ({ name, description }): Column => ({ name, type: 'varchar', description }),
  );
  return [...days, ...table.columns.filter(({ name }) => !ofFiles.has(name))];
}

const keyOf = (table: AnalyticsTable): readonly string[] => ['request_id', ...table.rowKey];

/**
 * Makes schema and table where they are not there, and adds columns that a newer Swath has. Columns and tables of others
 * are left alone.
 */
export function tableStatements(schema: string, table: AnalyticsTable): readonly string[] {
  const name = `${quotedName(schema)}.${quotedName(table.name)}`;
  const key = keyOf(table);
  const columns = exportColumns(table).map(
    (column) =>
      `${quotedName(column.name)} ${types[column.type]}${key.includes(column.name) ? ' NOT NULL' : ''}`,
  );
  return [
    `CREATE SCHEMA IF NOT EXISTS ${quotedName(schema)}`,
    `CREATE TABLE IF NOT EXISTS ${name} (${columns.join(', ')}, loaded_at timestamptz NOT NULL, PRIMARY KEY (${key.map(quotedName).join(', ')}))`,
    ...exportColumns(table)
      .filter((column) => !key.includes(column.name))
      .map(
        (column) =>
          `ALTER TABLE ${name} ADD COLUMN IF NOT EXISTS ${quotedName(column.name)} ${types[column.type]}`,
      ),
    ...table.columns
      .filter(({ type }) => type === 'varbinary')
      .map(
        ({ name: column }) =>
          `CREATE INDEX IF NOT EXISTS ${quotedName(`${table.name}_${column}_idx`)} ON ${name} USING gist (${quotedName(column)})`,
      ),
  ];
}

/** How the view of a table is read: geometry as text, which Athena and DuckDB write alike. */
export function selectDay(table: AnalyticsTable): (day: string) => string {
  const columns = exportColumns(table).map(({ name, type }) =>
    type === 'varbinary'
      ? `ST_AsText(ST_GeomFromBinary(${quotedName(name)})) AS ${quotedName(name)}`
      : quotedName(name),
  );
  return (day) => `SELECT ${columns.join(', ')} FROM ${table.name} WHERE "date" = '${day}'`;
}

/**
 * Inserts rows or replaces those of the same key. $1: JSON array of rows as objects; $2: the instant of the export.
 */
export function upsertStatement(schema: string, table: AnalyticsTable): string {
  const columns = exportColumns(table);
  const key = keyOf(table);
  const names = columns.map(({ name }) => quotedName(name)).join(', ');
  const source = columns
    .map(({ name, type }) => `${quotedName(name)} ${type === 'varbinary' ? 'text' : types[type]}`)
    .join(', ');
  const values = columns
    .map(({ name, type }) =>
      type === 'varbinary' ? `ST_GeomFromText(rows.${quotedName(name)}, 4326)` : `rows.${quotedName(name)}`,
    )
    .join(', ');
  const others = [...columns.map(({ name }) => name), 'loaded_at'].filter((name) => !key.includes(name));
  return `INSERT INTO ${quotedName(schema)}.${quotedName(table.name)} (${names}, loaded_at)
SELECT ${values}, $2::timestamptz FROM json_to_recordset($1::json) AS rows(${source})
ON CONFLICT (${key.map(quotedName).join(', ')}) DO UPDATE SET ${others.map((name) => `${quotedName(name)} = excluded.${quotedName(name)}`).join(', ')}`;
}

/** Deletes rows of a day that this export did not find any more. $1: the day; $2: the instant of the export. */
export const deleteStatement = (schema: string, table: AnalyticsTable): string =>
  `DELETE FROM ${quotedName(schema)}.${quotedName(table.name)} WHERE "date" = $1 AND loaded_at < $2::timestamptz`;
