import { usageText } from '../render/usage.ts';
import { parseNumber } from '../spec-input.ts';
import type { AddCommand } from './command.ts';

/** `swath usage` */
export const addUsage: AddCommand = (program, bind) => {
  program
    .command('usage')
    .description('what the project used, by month')
    .option('--months <n>', 'at most this many (1 to 120)', parseNumber, 12)
    .action(
      bind<[{ months: number }]>(async (context, { months }) => {
        const usage = await (await context.client()).getUsage({ limit: months });
        context.answer(usage, () => usageText(usage, context.colors));
        return undefined;
      }),
    );
};
