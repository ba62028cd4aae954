import type { Kept } from '@swath/aws/account/destroy';
import { SwathError } from '@swath/core';
import type { AddCommand } from './command.ts';
import { addDeploymentFlags, type DeploymentFlags } from './deployment-flags.ts';

interface DestroyFlags extends DeploymentFlags {
  readonly yes?: boolean;
  readonly protected?: boolean;
}

/** `swath destroy` */
export const addDestroy: AddCommand = (program, bind) => {
  addDeploymentFlags(
    program
      .command('destroy')
      .description('delete a deployment from the AWS account, and list what stays')
      .option('--yes', 'really: in dev this deletes results and everything else')
      .option('--protected', 'take termination protection away first'),
  ).action(
    bind<[DestroyFlags]>(async (context, { name, stage, yes, protected: lift }) => {
      if (yes !== true) {
        throw new SwathError('InvalidInput', `This deletes ${name}-${stage} from the account.`, {
          fix: 'Add --yes if that is what you want. "swath doctor" shows what is there.',
        });
      }
      const { deleted, kept } = await context.tools.destroyStage({
        deployment: { name, stage },
        protection: lift === true ? 'lift' : 'respect',
        onProgress: (stack, state) => context.say(state === 'deleting' ? `${stack} ...` : `${stack} deleted`),
        signal: context.terminal.signal,
      });
      context.answer({ deleted, kept }, () => ending(deleted.length, kept));
      return undefined;
    }),
  );
};

function ending(stacks: number, kept: readonly Kept[]): string {
  const done = `${stacks} stacks deleted.`;
  if (kept.length === 0) return `${done} Nothing is left of them.`;
  const lines = kept.map(
    ({ type, name, why, removeWith }) =>
      `  ${type} ${name}\n    ${why}${removeWith === undefined ? '' : `\n    ${removeWith}`}`,
  );
  return [done, '', 'Kept:', ...lines].join('\n');
}
