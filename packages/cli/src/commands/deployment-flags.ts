import type { Command } from 'commander';

export interface DeploymentFlags {
  readonly name: string;
  readonly stage: string;
}

/** Which deployment of an account is meant: `name` and `stage` of its configuration. */
export function addDeploymentFlags(command: Command): Command {
  return command
    .option('--stage <stage>', 'dev or prod', 'dev')
    .option('--name <name>', 'name in swath.config.json', 'swath');
}
