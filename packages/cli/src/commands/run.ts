import { dirname, resolve } from 'node:path';
import { addSpecFlags, readSpec, type SpecFlags } from '../spec-input.ts';
import type { AddCommand } from './command.ts';

/** `swath run [SPEC] --out DIR` */
export const addRun: AddCommand = (program, bind) => {
  addSpecFlags(
    program
      .command('run [spec]')
      .description('plan and process a request here, without a server, on STAC Items or files it names')
      .requiredOption('--out <dir>', 'folder for the results'),
  ).action(
    bind<[string | undefined, SpecFlags & { out: string }]>(async (context, path, options) => {
      const spec = await readSpec(path, options, context.terminal);
      const answer = await context.tools.runSpec(spec, {
        out: resolve(options.out),
        base: path === undefined || path === '-' ? process.cwd() : dirname(resolve(path)),
        signal: context.terminal.signal,
        progress: (line) => context.say(line),
      });
      context.answer(answer, () => answer.results.map(({ path: made }) => made).join('\n'));
      return undefined;
    }),
  );
};
