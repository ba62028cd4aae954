/** A value as JSON has it: instants as `2026-01-31 10:30:00.000` UTC, integers beyond 2^53 as text. */
export type SqlValue =
  | string
  | number
  | boolean
  | null
  | readonly SqlValue[]
  | { readonly [key: string]: SqlValue };

export interface SqlAnswer {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly SqlValue[])[];
  /** Rows beyond the limit were left out. */
  readonly cut: boolean;
  /** What the engine read and what that costs, where it says so. */
  readonly scan?: { readonly bytes: number; readonly usd: number };
}

/** Runs SQL over the analysts' tables and views, on this machine or in Athena. */
export interface SqlEngine {
  /** @throws SwathError InvalidInput with the engine's own words about the SQL; LimitExceeded. */
  query(
    sql: string,
    options: { readonly maxRows: number; readonly signal?: AbortSignal },
  ): Promise<SqlAnswer>;
  /** Writes the whole answer of a SELECT as one Parquet file. @returns rows written. @throws as `query`. */
  writeParquet(sql: string, path: string): Promise<number>;
  close(): Promise<void>;
}
