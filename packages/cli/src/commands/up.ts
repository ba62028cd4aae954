import { authOf, tokenLines } from '../auth.ts';
import { DEFAULT_DATA, DEFAULT_PORT } from '../limits.ts';
import { originsOf } from '../origins.ts';
import { sampleProgress } from '../show.ts';
import { parseNumber } from '../spec-input.ts';
import { stopped } from '../terminal.ts';
import type { AddCommand } from './command.ts';

interface UpFlags {
  readonly port: number;
  readonly data: string;
  readonly catalogue?: string;
  readonly auth?: boolean;
}

/** `swath up` */
export const addUp: AddCommand = (program, bind) => {
  program
    .command('up')
    .description('run all of Swath on this machine until Ctrl-C')
    .option('--port <port>', '0 takes a free one', parseNumber, DEFAULT_PORT)
    .option('--data <folder>', 'where everything is kept', DEFAULT_DATA)
    .option('--catalogue <folder>', 'STAC Items to work on, instead of the sample (SWATH_CATALOGUE)')
    .option('--auth', 'callers need a token, as in AWS; one for each role is printed (SWATH_AUTH=token)')
    .action(
      bind<[UpFlags]>(async (context, { port, data, catalogue, auth }) => {
        const { env, signal } = context.terminal;
        const folder = catalogue ?? env['SWATH_CATALOGUE'];
        const server = await context.tools.startLocal({
          dataFolder: data,
          port,
          auth: auth === true ? 'token' : authOf(env),
          origins: originsOf(env),
          onSampleProgress: sampleProgress(context.terminal),
          ...(folder === undefined ? {} : { catalogue: folder }),
        });
        try {
          const { url, tokens } = server;
          context.answer({ url, dataFolder: data, ...(tokens === undefined ? {} : { tokens }) }, () =>
            [`Swath is up: ${url}`, ...tokenLines(tokens)].join('\n'),
          );
          context.say('Ctrl-C stops it; what it was doing goes on at the next start.');
          await stopped(signal);
        } finally {
          await server.stop();
        }
        return undefined;
      }),
    );
};
