import { join } from 'node:path';
import type { AnalyticsTable, Column, SqlType } from '../tables/types.ts';

export const quotedName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const quotedText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const duckTypes: Readonly<Record<SqlType, string>> = {
  varchar: 'VARCHAR',
  bigint: 'BIGINT',
  double: 'DOUBLE',
  'decimal(18,9)': 'DECIMAL(18,9)',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMP',
  varbinary: 'GEOMETRY',
  'array(varchar)': 'VARCHAR[]',
  'array(double)': 'DOUBLE[]',
};

export const duckType = (type: SqlType): string => duckTypes[type];

/** Functions of Trino that DuckDB calls otherwise: the same SQL then runs in both. */
export const trinoMacros: readonly string[] = [
  `json_extract_scalar(document, path) AS json_extract_string(document, path)`,
  `approx_percentile(value, share) AS quantile_cont(value, share)`,
  `approx_distinct(value) AS approx_count_distinct(value)`,
  `from_iso8601_timestamp(text) AS CAST(text AS TIMESTAMPTZ)`,
  `date_add(unit, count, instant) AS instant + count * CAST('1 ' || unit AS INTERVAL)`,
  `date_format(instant, pattern) AS strftime(instant, pattern)`,
  `cardinality(list) AS len(list)`,
  `array_join(list, separator) AS array_to_string(list, separator)`,
  // Athena keeps geometry as bytes, DuckDB reads GeoParquet as geometry.
  `ST_GeomFromBinary(geometry) AS geometry`,
].map((macro) => `CREATE OR REPLACE MACRO ${macro}`);

/** Where the files of a table lie below a folder. */
export const tableGlob = (folder: string, table: AnalyticsTable): string =>
  join(folder, table.prefix, '**', '*.parquet');

/** The files as a relation. Days are text, as in Athena. */
export const readParquet = (glob: string): string =>
  `read_parquet(${quotedText(glob)}, hive_partitioning = true, union_by_name = true, ` +
  `hive_types = {'date': VARCHAR, 'collection': VARCHAR})`;

/**
 * The view over the files of a table, with the columns and types Athena has. Columns that no file has yet are null, and
 * so is everything where there are no files at all.
 *
 * @param found names of the columns in the files; undefined without any file.
 */
export function filesView(
  table: AnalyticsTable,
  glob: string,
  found: ReadonlySet<string> | undefined,
): string {
  const partitions = table.partitions.map(
    ({ name, description }): Column => ({ name, type: 'varchar', description }),
  );
  const columns = [...partitions, ...table.columns].map((column) => {
    const name = quotedName(column.name);
    if (!found?.has(column.name)) return `CAST(NULL AS ${duckType(column.type)}) AS ${name}`;
    // Files hold instants of UTC; without a time zone they compare with literals as in Athena.
    return column.type === 'timestamp' ? `make_timestamp(epoch_us(${name})) AS ${name}` : name;
  });
  const from = found === undefined ? 'WHERE false' : `FROM ${readParquet(glob)}`;
  return `CREATE OR REPLACE VIEW ${quotedName(table.filesTable)} AS SELECT ${columns.join(', ')} ${from}`;
}
