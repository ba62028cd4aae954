import { SwathError } from '@swath/core';
import { table } from '../render/table.ts';
import type { AddCommand } from './command.ts';

/** `swath indices [NAME]` */
export const addIndices: AddCommand = (program, bind) => {
  program
    .command('indices [name]')
    .description('spectral indices and their formulas')
    .action(
      bind<[string | undefined]>(async (context, name) => {
        const found = await context.tools.indices(name);
        if (found.length === 0) {
          throw new SwathError('NotFound', `There is no index like "${name ?? ''}".`, {
            fix: 'List them all with "npx swath indices".',
          });
        }
        context.answer(found, () =>
          table(
            [{ head: 'name' }, { head: 'formula' }, { head: 'bands' }, { head: 'what it is' }],
            found.map((i) => [
              context.colors.bold(i.name),
              [i.formula, constantsOf(i.constants)].filter((part) => part !== '').join('; '),
              i.bands.join(', '),
              i.title,
            ]),
            context.colors,
          ),
        );
        return undefined;
      }),
    );
};

function constantsOf(constants: Readonly<Record<string, number | null>>): string {
  return Object.entries(constants)
    .map(([name, value]) => (value === null ? `${name} from the sensor or yours` : `${name} = ${value}`))
    .join(', ');
}
