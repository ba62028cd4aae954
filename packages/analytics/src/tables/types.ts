/** Column types that Parquet, Athena (Trino) and DuckDB agree on. Instants are UTC, to the millisecond. */
export type SqlType =
  | 'varchar'
  | 'bigint'
  | 'double'
  /** Money: nine digits behind the point, exact up to a million in one cell. */
  | 'decimal(18,9)'
  | 'boolean'
  | 'timestamp'
  | 'varbinary'
  | 'array(varchar)'
  | 'array(double)';

export interface Column {
  readonly name: string;
  readonly type: SqlType;
  /** One sentence with the unit, for the Glue catalogue and for `swath sql --tables`. */
  readonly description: string;
}

/** A partition key that Athena computes from the query instead of asking the catalogue (partition projection). */
export interface Partition {
  readonly name: string;
  readonly description: string;
  /** Glue and Hive type. Text also for days: `date >= '2026-01-01'` then works everywhere. */
  readonly glueType: 'string';
  /** Table properties `projection.<name>.<key>`. */
  readonly projection: Readonly<Record<string, string>>;
}

/**
 * A table of Parquet files. Readers use the view of the same `name`, which shows every row once; the Glue table behind
 * it is `filesTable` and holds all files there are, copies made by compaction included.
 */
export interface AnalyticsTable {
  readonly name: string;
  readonly filesTable: string;
  readonly description: string;
  /** In the files, in this order. */
  readonly columns: readonly Column[];
  /** In the paths only. */
  readonly partitions: readonly Partition[];
  /** Key prefix in the analytics bucket, with a slash at the end. */
  readonly prefix: string;
  /** What a row is, together with `request_id`: unique in the view. */
  readonly rowKey: readonly string[];
}

export interface AnalyticsView {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** One SELECT that both Athena and DuckDB understand; names tables and earlier views without a schema. */
  readonly sql: string;
  /** Columns of the answer, in order: Athena keeps them with the view. */
  readonly columns: readonly Column[];
}

/** A query to begin with, shown in the Athena console. */
export interface NamedQuery {
  readonly name: string;
  readonly description: string;
  readonly sql: string;
}
