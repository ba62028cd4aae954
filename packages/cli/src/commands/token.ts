import { roles } from '@swath/api/roles';
import { Option } from 'commander';
import { DEFAULT_DATA, TOKEN_HOURS } from '../limits.ts';
import { parseNumber } from '../spec-input.ts';
import type { TokenWish } from '../tools.ts';
import type { AddCommand } from './command.ts';

type TokenFlags = Pick<TokenWish, 'role' | 'project'> & { readonly data?: string; readonly hours: number };

/** `swath token` */
export const addToken: AddCommand = (program, bind) => {
  program
    .command('token')
    .description('a token for a server of this machine that runs with --auth')
    .addOption(new Option('--role <role>', 'what it may do').choices(roles).default('admin'))
    .option('--project <id>', 'the project it works in', 'local')
    .option('--hours <n>', 'how long it lives', parseNumber, TOKEN_HOURS)
    .option('--data <folder>', 'data folder of the server (SWATH_DATA)')
    .action(
      bind<[TokenFlags]>(async (context, { role, project, hours, data }) => {
        const { tools, terminal, url } = context;
        const dataFolder = data ?? terminal.env['SWATH_DATA'] ?? DEFAULT_DATA;
        const token = await tools.makeToken({ dataFolder, url, role, project, lifeH: hours });
        context.answer({ token, role, project, url }, () => token);
        return undefined;
      }),
    );
};
