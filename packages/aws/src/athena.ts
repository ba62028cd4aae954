import { setTimeout as sleep } from 'node:timers/promises';
import {
  AthenaClient,
  type ColumnInfo,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  InvalidRequestException,
  type QueryExecution,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { SwathError } from '@swath/core';
import { awsError, calling } from './errors.ts';
import { athenaLeastBytes, athenaPageRows, athenaPollMs, athenaUsdPerTerabyte } from './limits.ts';

export interface AthenaOptions {
  readonly workgroup: string;
  /** Glue database that names without one are looked up in. */
  readonly database: string;
  /** A query that has read more is stopped. The workgroup's own limit stands besides. */
  readonly maxScanBytes: number;
  /** @default the environment's region and credentials */
  readonly client?: AthenaClient;
  /** @default 500 */
  readonly pollMs?: number;
}

type AthenaValue = string | number | boolean | null;

export interface AthenaAnswer {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly AthenaValue[])[];
  /** Rows beyond the limit were left out. */
  readonly cut: boolean;
  /** What the query read, and what that costs at the list price. */
  readonly scan: { readonly bytes: number; readonly usd: number };
}

/** SQL in an Athena workgroup, whose settings say where answers are kept. */
export function athenaEngine(options: AthenaOptions) {
  const client = options.client ?? new AthenaClient({});
  return {
    /**
     * @throws SwathError InvalidInput (Athena's own words about the query), LimitExceeded (it read too much),
     * Cancelled, Unavailable.
     */
    async query(
      sql: string,
      { maxRows, signal }: { readonly maxRows: number; readonly signal?: AbortSignal },
    ): Promise<AthenaAnswer> {
      const id = await start(client, options, sql);
      const execution = await finished(client, options, id, signal);
      const bytes = execution.Statistics?.DataScannedInBytes ?? 0;
      return { ...(await readAnswer(client, id, maxRows)), scan: { bytes, usd: scanUsd(bytes) } };
    },
    async writeParquet(): Promise<number> {
      throw new SwathError('Unsupported', 'Athena writes Parquet into a bucket, not to this machine.', {
        fix: "Use UNLOAD (SELECT ...) TO 's3://bucket/prefix/' WITH (format = 'PARQUET'), or --csv.",
      });
    },
    async close(): Promise<void> {
      client.destroy();
    },
  };
}

/** Athena charges at least 10 MB per query, also for one that reads nothing. */
export const scanUsd = (bytes: number): number =>
  (Math.max(bytes, athenaLeastBytes) / 1e12) * athenaUsdPerTerabyte;

async function start(client: AthenaClient, options: AthenaOptions, sql: string): Promise<string> {
  const command = new StartQueryExecutionCommand({
    QueryString: sql,
    WorkGroup: options.workgroup,
    QueryExecutionContext: { Database: options.database },
  });
  try {
    const { QueryExecutionId: id } = await client.send(command);
    if (id === undefined) throw new SwathError('Unavailable', 'Athena did not name the query it began.');
    return id;
  } catch (error) {
    // A text it cannot parse, or a workgroup it does not know: its words say which.
    if (error instanceof InvalidRequestException) {
      throw new SwathError('InvalidInput', error.message, { fix: lookAround, cause: error });
    }
    throw awsError('Athena', error);
  }
}

const lookAround = 'See what there is with: swath sql --tables, swath sql --views.';

async function finished(
  client: AthenaClient,
  { maxScanBytes, pollMs = athenaPollMs }: AthenaOptions,
  id: string,
  signal: AbortSignal | undefined,
): Promise<QueryExecution> {
  for (;;) {
    const { QueryExecution: execution } = await calling('Athena', () =>
      client.send(new GetQueryExecutionCommand({ QueryExecutionId: id })),
    );
    const state = execution?.Status?.State;
    const bytes = execution?.Statistics?.DataScannedInBytes ?? 0;
    if (execution !== undefined && state === 'SUCCEEDED') return execution;
    if (state === 'FAILED' || state === 'CANCELLED') throw failureOf(execution);
    if (bytes > maxScanBytes) {
      await stop(client, id);
      throw new SwathError(
        'LimitExceeded',
        `The query was stopped after it had read ${bytes} bytes; at most ${maxScanBytes}.`,
        { fix: 'Add a condition on "date", name fewer columns, or raise --max-scan.' },
      );
    }
    try {
      await sleep(pollMs, undefined, signal === undefined ? {} : { signal });
    } catch (cause) {
      await stop(client, id);
      throw new SwathError('Cancelled', 'The query was stopped.', { cause });
    }
  }
}

const stop = (client: AthenaClient, id: string) =>
  calling('Athena', () => client.send(new StopQueryExecutionCommand({ QueryExecutionId: id })));

function failureOf(execution: QueryExecution | undefined): SwathError {
  const reason = execution?.Status?.StateChangeReason ?? 'Athena does not say why.';
  // ErrorCategory: 1 system, 2 user, 3 other.
  const category = execution?.Status?.AthenaError?.ErrorCategory;
  const code =
    category === 1 ? 'Unavailable' : /exceed|limit/i.test(reason) ? 'LimitExceeded' : 'InvalidInput';
  return new SwathError(code, reason, {
    fix: lookAround,
  });
}

async function readAnswer(
  client: AthenaClient,
  id: string,
  maxRows: number,
): Promise<Omit<AthenaAnswer, 'scan'>> {
  let columns: AthenaAnswer['columns'] = [];
  const rows: AthenaValue[][] = [];
  let token: string | undefined;
  let first = true;
  do {
    const page = await calling('Athena', () =>
      client.send(
        new GetQueryResultsCommand({
          QueryExecutionId: id,
          MaxResults: athenaPageRows,
          ...(token === undefined ? {} : { NextToken: token }),
        }),
      ),
    );
    const infos = page.ResultSet?.ResultSetMetadata?.ColumnInfo ?? [];
    columns = infos.map(({ Name = '', Type = '' }) => ({ name: Name, type: trinoName(Type) }));
    for (const { Data = [] } of page.ResultSet?.Rows ?? []) {
      const texts = infos.map((_, at) => Data[at]?.VarCharValue ?? null);
      // The first row of a SELECT repeats the names of the columns.
      const isHeader = first && texts.every((text, at) => text === columns[at]?.name);
      first = false;
      if (!isHeader) rows.push(texts.map((text, at) => cellOf(text, infos[at])));
    }
    token = page.NextToken;
  } while (token !== undefined && rows.length <= maxRows);
  return { columns, rows: rows.slice(0, maxRows), cut: rows.length > maxRows || token !== undefined };
}

const trinoName = (type: string): string => type.toUpperCase();

/** Athena answers with text. Whole numbers beyond 2^53 stay text. */
function cellOf(text: string | null, info: ColumnInfo | undefined): AthenaValue {
  if (text === null) return null;
  const type = info?.Type ?? '';
  if (type === 'boolean') return text === 'true';
  if (!/^(tinyint|smallint|integer|bigint|real|float|double|decimal)$/.test(type)) return text;
  const value = Number(text);
  return Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : text;
}
