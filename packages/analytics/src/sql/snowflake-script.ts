import { fileColumns } from '../tables/common.ts';
import { analyticsTables } from '../tables/index.ts';
import type { AnalyticsTable, Column, SqlType } from '../tables/types.ts';

const types: Readonly<Record<SqlType, string>> = {
  varchar: 'VARCHAR',
  bigint: 'NUMBER(38, 0)',
  double: 'FLOAT',
  'decimal(18,9)': 'NUMBER(18, 9)',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMP_NTZ',
  varbinary: 'BINARY',
  'array(varchar)': 'ARRAY',
  'array(double)': 'ARRAY',
};

/** The type's name in Snowflake. */
export const snowflakeType = (type: SqlType): string => types[type];

/** In capitals and quotes: the name that Snowflake makes of one without, also of words it has a meaning for. */
const quoted = (name: string): string => `"${name.toUpperCase()}"`;

const ofFiles: ReadonlySet<string> = new Set(fileColumns.map(({ name }) => name));

/** `docs/snowflake/swath.sql`: external tables and views over the files of the tables. A test keeps the file equal to this. */
export function snowflakeScript(tables: readonly AnalyticsTable[] = analyticsTables): string {
  return [header, ...tables.flatMap((table) => [externalTable(table), newestRows(table)])]
    .join('\n\n')
    .concat('\n');
}

const header = `-- Tables of Swath in Snowflake, over the Parquet files in its analytics bucket. Nothing is copied.
-- Made from the definitions in packages/analytics/src. Put your own in place of
--   ANALYTICS-BUCKET   the bucket of the tables (the stack swath-<stage>-storage has it)
--   SNOWFLAKE-ROLE     ARN of a role that may s3:GetObject and s3:ListBucket there, and trusts your integration:
--                      DESC INTEGRATION swath says whom
-- and run it as a role that may create integrations. Afterwards send the bucket's s3:ObjectCreated:* and s3:ObjectRemoved:*
-- events to the notification_channel that SHOW EXTERNAL TABLES names, or run ALTER EXTERNAL TABLE ... REFRESH.

-- Instants in the files are UTC; a session elsewhere sees them shifted unless it says so, too.
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE DATABASE IF NOT EXISTS swath;
CREATE SCHEMA IF NOT EXISTS swath.tables;
USE SCHEMA swath.tables;

CREATE STORAGE INTEGRATION IF NOT EXISTS swath
  TYPE = EXTERNAL_STAGE
  STORAGE_PROVIDER = 'S3'
  ENABLED = TRUE
  STORAGE_AWS_ROLE_ARN = 'SNOWFLAKE-ROLE'
  STORAGE_ALLOWED_LOCATIONS = (${analyticsTables.map(({ prefix }) => `'s3://ANALYTICS-BUCKET/${prefix}'`).join(', ')});

CREATE FILE FORMAT IF NOT EXISTS swath_parquet TYPE = PARQUET BINARY_AS_TEXT = FALSE USE_LOGICAL_TYPE = TRUE;`;

function externalTable(table: AnalyticsTable): string {
  const stage = `swath_${table.name}`;
  const columns = [
    ...table.partitions.map((one) => ({
      ...one,
      type: 'VARCHAR',
      from: `split_part(split_part(metadata$filename, '${one.name}=', 2), '/', 1)`,
    })),
    ...table.columns.map((one) => {
      const type = snowflakeType(one.type);
      return { ...one, type, from: `value:${one.name}::${type}` };
    }),
  ].map(({ name, type, from, description }, at, { length }) => {
    const comma = at === length - 1 ? '' : ',';
    return `  ${quoted(name)} ${type} AS (${from})${comma} -- ${description}`;
  });
  return `CREATE STAGE IF NOT EXISTS ${stage} URL = 's3://ANALYTICS-BUCKET/${table.prefix}' STORAGE_INTEGRATION = swath;

CREATE OR REPLACE EXTERNAL TABLE ${table.filesTable} (
${columns.join('\n')}
)
PARTITION BY (${table.partitions.map(({ name }) => quoted(name)).join(', ')})
LOCATION = @${stage}
AUTO_REFRESH = TRUE
PATTERN = '.*[.]parquet'
FILE_FORMAT = (FORMAT_NAME = 'swath_parquet')
COMMENT = ${text(`All files; ${table.name} shows each row once. ${table.description}`)};`;
}

/** As the view of the same name in Athena: of every request the rows of its newest version, from one file. */
function newestRows(table: AnalyticsTable): string {
  const shown = [
    ...table.partitions.map(({ name }) => quoted(name)),
    ...table.columns.filter(({ name }) => !ofFiles.has(name)).map(shownColumn),
  ];
  return `CREATE OR REPLACE VIEW ${table.name} COMMENT = ${text(table.description)} AS
SELECT ${shown.join(', ')}
FROM ${table.filesTable}
QUALIFY rank() OVER (
  PARTITION BY "DATE", "PROJECT", "COLLECTION", "REQUEST_ID"
  ORDER BY "VERSION" DESC, "GENERATION" DESC
) = 1;`;
}

/** Footprints as geography; those that are no valid polygon on the sphere are let through. */
const shownColumn = ({ name, type }: Column): string =>
  type === 'varbinary' ? `to_geography(${quoted(name)}, TRUE) AS ${quoted(name)}` : quoted(name);

const text = (value: string): string => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
