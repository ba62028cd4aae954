import { SwathError } from '@swath/core';
import { SQL_MAX_SCAN_GB } from '../limits.ts';
import { parseNumber } from '../spec-input.ts';
import { sqlPlace } from '../sql-place.ts';
import type { AddCommand } from './command.ts';

interface PostgresFlags {
  readonly to?: string;
  readonly schema: string;
  readonly since?: string;
  readonly data?: string;
  readonly athena?: string;
  readonly database?: string;
  readonly maxScan: number;
}

/** `swath export postgres` */
export const addExport: AddCommand = (program, bind) => {
  program
    .command('export')
    .description('load tables into a database of yours')
    .command('postgres')
    .description('results, statistics with zones, and usage into PostGIS; rows that are there are replaced')
    .option(
      '--to <url>',
      'postgres://user@host:5432/database (SWATH_POSTGRES_URL, which keeps a password out of sight)',
    )
    .option('--schema <name>', 'made when absent', 'swath')
    .option('--since <day>', 'only requests of this day and later, 2026-01-31')
    .option('--data <folder>', 'data folder of a Swath on this machine (SWATH_DATA)')
    .option('--athena <workgroup>', 'read from this Athena workgroup instead (SWATH_ATHENA_WORKGROUP)')
    .option('--database <name>', 'Glue database, with --athena (SWATH_ATHENA_DATABASE)')
    .option('--max-scan <gb>', 'stop a query in Athena that reads more', parseNumber, SQL_MAX_SCAN_GB)
    .action(
      bind<[PostgresFlags]>(async (context, flags) => {
        const { env, signal } = context.terminal;
        // --url is every command's: here an address of a database is meant by it, too.
        const named = /^postgres(ql)?:/.test(context.url) ? context.url : undefined;
        const url = flags.to ?? named ?? env['SWATH_POSTGRES_URL'];
        if (url === undefined || url === '') {
          throw new SwathError('InvalidInput', 'There is no database to load into.', {
            fix: 'Name it with --to or SWATH_POSTGRES_URL: postgres://user@host:5432/database.',
          });
        }
        const rows = await context.tools.exportPostgres(sqlPlace(env, flags), {
          url,
          schema: flags.schema,
          ...(flags.since === undefined ? {} : { since: flags.since }),
          signal,
          onDay: (day, loaded) =>
            context.say(
              `${day}: ${loaded['results'] ?? 0} results, ${loaded['statistics'] ?? 0} statistics, ${loaded['usage'] ?? 0} usage`,
            ),
        });
        context.answer(
          { schema: flags.schema, rows },
          () =>
            `${rows['results'] ?? 0} results, ${rows['statistics'] ?? 0} rows of statistics and ${rows['usage'] ?? 0} of usage in schema ${flags.schema}`,
        );
        return undefined;
      }),
    );
};
