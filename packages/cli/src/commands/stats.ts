import { statisticsCsv, statisticsText } from '../render/statistics.ts';
import type { AddCommand } from './command.ts';

/** `swath stats ID` */
export const addStats: AddCommand = (program, bind) => {
  program
    .command('stats <id>')
    .description('statistics of a request by zone and date: a line per zone, or every row with --csv')
    .option('--zone <id>', 'only this one; "whole" is all pixels')
    .option('--band <name>', 'only this one')
    .option('--csv', 'every row as CSV')
    .action(
      bind<[string, { zone?: string; band?: string; csv?: boolean }]>(
        async (context, id, { csv, ...filter }) => {
          const statistics = await (await context.client()).getStatistics(id, filter);
          if (csv === true && !context.json) context.terminal.stdout.write(statisticsCsv(statistics.rows));
          else context.answer(statistics, () => statisticsText(statistics.rows, context.colors));
          return undefined;
        },
      ),
    );
};
