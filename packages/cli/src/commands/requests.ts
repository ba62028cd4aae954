import { requestStates } from '@swath/api/schemas/index';
import { Option } from 'commander';
import { requestsTable } from '../render/request.ts';
import { parseNumber } from '../spec-input.ts';
import type { AddCommand } from './command.ts';

/** `swath requests` */
export const addRequests: AddCommand = (program, bind) => {
  program
    .command('requests')
    .description('list requests, newest first')
    .addOption(new Option('--state <state>', 'only those in this state').choices(requestStates))
    .option('--limit <n>', 'at most this many (1 to 100)', parseNumber, 20)
    .action(
      bind<[{ state?: string; limit: number }]>(async (context, options) => {
        const list = await context.client().listRequests(options);
        context.answer(list, () => requestsTable(list.requests, context.colors));
        return undefined;
      }),
    );
};
