import { SwathError } from '@swath/core';
import type { Context } from '../context.ts';
import { SQL_MAX_ROWS, SQL_MAX_SCAN_GB } from '../limits.ts';
import { csvText } from '../render/csv.ts';
import { plotText } from '../render/plot.ts';
import { answerTable, catalogueText, scanText } from '../render/sql.ts';
import { parseCount, parseNumber } from '../spec-input.ts';
import { sqlPlace } from '../sql-place.ts';
import type { AddCommand } from './command.ts';

interface SqlFlags {
  readonly data?: string;
  readonly athena?: string;
  readonly database?: string;
  readonly maxScan: number;
  readonly maxRows: number;
  readonly csv?: boolean;
  readonly plot?: boolean;
  readonly parquet?: string;
  readonly tables?: boolean;
  readonly views?: boolean;
  readonly queries?: boolean;
}

/** `swath sql "SELECT ..."` */
export const addSql: AddCommand = (program, bind) => {
  program
    .command('sql [query]')
    .description('SQL over results, statistics, requests, events and usage; "-" reads the query from stdin')
    .option('--data <folder>', 'data folder of a Swath on this machine (SWATH_DATA)')
    .option('--athena <workgroup>', 'run in this Athena workgroup instead (SWATH_ATHENA_WORKGROUP)')
    .option('--database <name>', 'Glue database, with --athena (SWATH_ATHENA_DATABASE)')
    .option('--max-scan <gb>', 'stop a query in Athena that reads more', parseNumber, SQL_MAX_SCAN_GB)
    .option('--max-rows <n>', 'show at most this many rows', parseCount, SQL_MAX_ROWS)
    .option('--csv', 'the answer as CSV')
    .option('--plot', 'draw the first number over the first instant, one chart per series of texts')
    .option('--parquet <file>', 'write the whole answer to a Parquet file')
    .option('--tables', 'list the tables and their columns')
    .option('--views', 'list the views and their columns')
    .option('--queries', 'list queries to begin with')
    .action(
      bind<[string | undefined, SqlFlags]>(async (context, query, flags) => {
        if (flags.tables === true || flags.views === true || flags.queries === true) {
          const catalogue = await context.tools.sqlCatalogue();
          const wanted = {
            ...(flags.tables === true ? { tables: catalogue.tables } : {}),
            ...(flags.views === true ? { views: catalogue.views } : {}),
            ...(flags.queries === true ? { queries: catalogue.queries } : {}),
          };
          context.answer(wanted, () => catalogueText(wanted, context.colors));
          return undefined;
        }
        await answerQuery(context, await queryText(context, query), flags);
        return undefined;
      }),
    );
};

async function queryText(context: Context, query: string | undefined): Promise<string> {
  const text = query === '-' ? await context.terminal.readStdin() : (query ?? '');
  if (text.trim() !== '') return text;
  throw new SwathError('InvalidInput', 'There is no query.', {
    fix: 'Write one: swath sql "SELECT * FROM ndvi_time_series". See --tables, --views and --queries.',
  });
}

async function answerQuery(context: Context, sql: string, flags: SqlFlags): Promise<void> {
  const { terminal, tools, colors } = context;
  const engine = await tools.openSql(sqlPlace(terminal.env, flags));
  try {
    if (flags.parquet !== undefined) {
      const path = flags.parquet;
      const rows = await engine.writeParquet(sql, path);
      context.answer({ file: path, rows }, () => `${rows} rows in ${path}`);
      return;
    }
    const answer = await engine.query(sql, { maxRows: flags.maxRows, signal: terminal.signal });
    const { columns, rows, cut, scan } = answer;
    if (context.json) {
      const objects = rows.map((row) => Object.fromEntries(columns.map(({ name }, i) => [name, row[i]])));
      context.answer({ columns, rows: objects, cut, ...(scan === undefined ? {} : { scan }) }, () => '');
    } else if (flags.csv === true) terminal.stdout.write(csvText(answer));
    else if (flags.plot === true) terminal.stdout.write(`${plotText(answer, terminal.stdout.columns)}\n`);
    else terminal.stdout.write(`${answerTable(answer, colors, terminal.stdout.columns)}\n`);
    if (cut) context.say(`Only the first ${rows.length} rows: --max-rows shows more, --parquet writes all.`);
    if (scan !== undefined) context.say(scanText(scan));
  } finally {
    await engine.close();
  }
}
