import { stateText } from '../render/request.ts';
import type { AddCommand } from './command.ts';

/** `swath retry ID` */
export const addRetry: AddCommand = (program, bind) => {
  program
    .command('retry <id>')
    .description('try a request again; chunks that are done are kept')
    .action(
      bind<[string]>(async (context, id) => {
        const request = await (await context.client()).retryRequest(id);
        context.answer(
          request,
          () => `${request.id} ${stateText(request.state, context.colors)}, attempt ${request.attempt}`,
        );
        return undefined;
      }),
    );
};
