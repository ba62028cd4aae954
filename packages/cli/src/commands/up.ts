import { DEFAULT_DATA, DEFAULT_PORT } from '../limits.ts';
import { sampleProgress } from '../show.ts';
import { parseNumber } from '../spec-input.ts';
import { stopped } from '../terminal.ts';
import type { AddCommand } from './command.ts';

interface UpFlags {
  readonly port: number;
  readonly data: string;
  readonly catalogue?: string;
}

/** `swath up` */
export const addUp: AddCommand = (program, bind) => {
  program
    .command('up')
    .description('run all of Swath on this machine until Ctrl-C')
    .option('--port <port>', '0 takes a free one', parseNumber, DEFAULT_PORT)
    .option('--data <folder>', 'where everything is kept', DEFAULT_DATA)
    .option('--catalogue <folder>', 'STAC Items to work on, instead of the sample (SWATH_CATALOGUE)')
    .action(
      bind<[UpFlags]>(async (context, { port, data, catalogue }) => {
        const { env, signal } = context.terminal;
        const folder = catalogue ?? env['SWATH_CATALOGUE'];
        const server = await context.tools.startLocal({
          dataFolder: data,
          port,
          onSampleProgress: sampleProgress(context.terminal),
          ...(folder === undefined ? {} : { catalogue: folder }),
        });
        try {
          context.answer({ url: server.url, dataFolder: data }, () => `Swath is up: ${server.url}`);
          context.say('Ctrl-C stops it; what it was doing goes on at the next start.');
          await stopped(signal);
        } finally {
          await server.stop();
        }
        return undefined;
      }),
    );
};
