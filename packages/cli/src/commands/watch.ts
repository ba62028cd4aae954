import { isSwathError } from '@swath/core';
import type { Context } from '../context.ts';
import { urlFlag } from '../context.ts';
import { type ExitCode, exitCode } from '../exit.ts';
import { failureText } from '../render/request.ts';
import { resultsText } from '../render/results.ts';
import { exitOf, resumeHint, watchRequest } from '../watch.ts';
import type { AddCommand } from './command.ts';

/** Follows a request to its end and answers it, as `watch` and `submit --watch` do. Ctrl-C only detaches. */
export async function watchAndAnswer(context: Context, id: string): Promise<ExitCode> {
  const client = await context.client();
  try {
    const request = await watchRequest(client, id, context.terminal);
    if (context.json) {
      context.answer(request, () => '');
      return exitOf(request);
    }
    if (request.failure !== null) context.say(failureText(request.failure, context.colors));
    if (request.results.length > 0) {
      const results = await client.getResults(id);
      context.answer(results, () => resultsText(results, context.colors));
      context.say(`Files: npx swath get ${id} ./results${urlFlag(context.url, context.terminal.env)}`);
    } else context.answer(request, () => `${request.id} ${request.state}`);
    return exitOf(request);
  } catch (error) {
    if (!isSwathError(error, 'Cancelled')) throw error;
    context.say(resumeHint(context, id));
    return exitCode.interrupted;
  }
}

/** `swath watch ID` */
export const addWatch: AddCommand = (program, bind) => {
  program
    .command('watch <id>')
    .description('follow a request to its end (Ctrl-C detaches)')
    .action(
      bind<[string]>(async (context, id) => {
        await (await context.client()).getRequest(id);
        return watchAndAnswer(context, id);
      }),
    );
};
