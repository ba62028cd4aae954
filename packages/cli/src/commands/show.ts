import { requestText } from '../render/request.ts';
import { resultsText } from '../render/results.ts';
import type { AddCommand } from './command.ts';

/** `swath show ID` */
export const addShow: AddCommand = (program, bind) => {
  program
    .command('show <id>')
    .description('one request: state, why, results')
    .action(
      bind<[string]>(async (context, id) => {
        const client = await context.client();
        const request = await client.getRequest(id);
        if (context.json || request.results.length === 0) {
          context.answer(request, () => requestText(request, context.colors));
          return undefined;
        }
        const results = await client.getResults(id);
        context.answer(
          request,
          () => `${requestText(request, context.colors)}\n\n${resultsText(results, context.colors)}`,
        );
        return undefined;
      }),
    );
};
