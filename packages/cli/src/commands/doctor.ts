import type { Check } from '@swath/aws/account/check';
import { exitCode } from '../exit.ts';
import type { Colors } from '../terminal.ts';
import type { AddCommand } from './command.ts';
import { addDeploymentFlags, type DeploymentFlags } from './deployment-flags.ts';

/** `swath doctor` */
export const addDoctor: AddCommand = (program, bind) => {
  addDeploymentFlags(
    program
      .command('doctor')
      .description('is this AWS account ready for a deploy? Looks, and changes nothing'),
  )
    .option('--config <file>', 'what is to be deployed; none is the defaults', 'swath.config.json')
    .action(
      bind<[DeploymentFlags & { readonly config: string }]>(async (context, { name, stage, config }) => {
        const checks = await context.tools.checkAccount({ name, stage }, config);
        const failures = checks.filter(({ status }) => status === 'failed').length;
        const end =
          failures === 0
            ? 'Ready: npx cdk deploy --all'
            : `${failures === 1 ? 'One thing stands' : `${failures} things stand`} in the way of a deploy.`;
        context.answer({ ready: failures === 0, checks }, () =>
          [...checks.map((check) => line(check, context.colors)), '', end].join('\n'),
        );
        return failures === 0 ? undefined : exitCode.failed;
      }),
    );
};

function line({ name, status, found, fix }: Check, colors: Colors): string {
  const marks = {
    ok: colors.green('ok     '),
    warning: colors.yellow('warning'),
    failed: colors.red('failed '),
  };
  const advice = fix === undefined ? '' : `\n         ${colors.bold('what to do')}: ${fix}`;
  return `${marks[status]}  ${colors.bold(name)}: ${found}${advice}`;
}
