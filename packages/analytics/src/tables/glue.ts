import type { AnalyticsTable, AnalyticsView, SqlType } from './types.ts';

const glueTypes: Readonly<Record<SqlType, string>> = {
  varchar: 'string',
  bigint: 'bigint',
  double: 'double',
  'decimal(18,9)': 'decimal(18,9)',
  boolean: 'boolean',
  timestamp: 'timestamp',
  varbinary: 'binary',
  'array(varchar)': 'array<string>',
  'array(double)': 'array<double>',
};

/** The type's name in Glue and in Hive DDL. */
export const glueType = (type: SqlType): string => glueTypes[type];

/** The type's name in the columns of an Athena view. */
export const trinoType = (type: SqlType): string => (type === 'timestamp' ? 'timestamp(3)' : type);

/**
 * Parameters of the Glue table, with partition projection: no crawler, and no partition to be added each day.
 * @param bucketUrl `s3://bucket/`, with a slash at the end. May hold deploy-time tokens.
 */
export function glueParameters(table: AnalyticsTable, bucketUrl: string): Readonly<Record<string, string>> {
  return {
    classification: 'parquet',
    EXTERNAL: 'TRUE',
    'projection.enabled': 'true',
    ...Object.fromEntries(
      table.partitions.flatMap(({ name, projection }) =>
        Object.entries(projection).map(([key, value]) => [`projection.${name}.${key}`, value]),
      ),
    ),
    'storage.location.template': `${bucketUrl}${table.prefix}${table.partitions
      .map(({ name }) => `${name}=\${${name}}/`)
      .join('')}`,
  };
}

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** `CREATE EXTERNAL TABLE` for those who make the table by hand. @param bucketUrl `s3://bucket/`. */
export function createTableSql(table: AnalyticsTable, bucketUrl: string): string {
  const columns = table.columns.map(
    ({ name, type, description }) => `  \`${name}\` ${glueType(type)} COMMENT ${quoted(description)}`,
  );
  const partitions = table.partitions.map(
    (one) => `\`${one.name}\` ${one.glueType} COMMENT ${quoted(one.description)}`,
  );
  const properties = Object.entries(glueParameters(table, bucketUrl))
    .filter(([key]) => key !== 'EXTERNAL')
    .map(([key, value]) => `  ${quoted(key)}=${quoted(value)}`);
  return [
    `CREATE EXTERNAL TABLE IF NOT EXISTS \`${table.filesTable}\` (`,
    columns.join(',\n'),
    ')',
    `COMMENT ${quoted(table.description)}`,
    `PARTITIONED BY (${partitions.join(', ')})`,
    'STORED AS PARQUET',
    `LOCATION ${quoted(`${bucketUrl}${table.prefix}`)}`,
    `TBLPROPERTIES (\n${properties.join(',\n')}\n)`,
  ].join('\n');
}

/**
 * `ViewOriginalText` of a Glue table of type VIRTUAL_VIEW, which is how Athena keeps a view. Its parameters have to hold
 * `presto_view: 'true'`, its `ViewExpandedText` is `/* Presto View *\/`.
 *
 * Format: Trino's ConnectorViewDefinition as JSON in base64, in a comment (HiveViewReader in Trino's Hive connector).
 */
export function athenaViewText(view: AnalyticsView, database: string): string {
  const definition = {
    originalSql: view.sql,
    catalog: 'awsdatacatalog',
    schema: database,
    columns: view.columns.map(({ name, type }) => ({ name, type: trinoType(type) })),
  };
  return `/* Presto View: ${Buffer.from(JSON.stringify(definition)).toString('base64')} */`;
}
