import { requestStates } from '@swath/api/schemas/index';
import { Option } from 'commander';
import { requestsTable } from '../render/request.ts';
import { parseNumber } from '../spec-input.ts';
import type { AddCommand } from './command.ts';

interface Filters {
  readonly state?: (typeof requestStates)[number];
  readonly name?: string;
  readonly label?: readonly string[];
  readonly created?: string;
  readonly limit: number;
}

/** `swath requests` */
export const addRequests: AddCommand = (program, bind) => {
  program
    .command('requests')
    .description('list requests, newest first')
    .addOption(new Option('--state <state>', 'only those in this state').choices(requestStates))
    .option('--name <text>', 'only those whose name holds this')
    .option('--label <key=value...>', 'only those with this label, or all of several')
    .option('--created <when>', 'only those made then: 2026-11-21, or an interval as in --datetime')
    .option('--limit <n>', 'at most this many (1 to 100)', parseNumber, 20)
    .action(
      bind<[Filters]>(async (context, { state, name, label, created, limit }) => {
        const list = await (await context.client()).listRequests({ state, name, label, created, limit });
        context.answer(list, () => requestsTable(list.requests, context.colors));
        return undefined;
      }),
    );
};
