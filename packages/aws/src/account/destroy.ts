import {
  type CloudFormationClient,
  DeleteStackCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { SwathError } from '@swath/core';
import { calling } from '../errors.ts';
import { type DeployedStack, type Deployment, findStack, resourcesOf, stacksOf } from './stacks.ts';

/** Something that outlives its stack. */
export interface Kept {
  readonly type: string;
  readonly name: string;
  readonly why: string;
  /** The command that removes it for good; undefined where only the console can. */
  readonly removeWith: string | undefined;
}

export interface DestroyOptions {
  readonly cloudFormation: CloudFormationClient;
  readonly deployment: Deployment;
  /** `lift` takes termination protection away first; `respect` refuses a protected deployment. */
  readonly protection: 'respect' | 'lift';
  /** A stack begins to go, or is gone. */
  readonly onProgress: (name: string, state: 'deleting' | 'deleted') => void;
  readonly sleep: (ms: number) => Promise<void>;
  readonly signal: AbortSignal;
}

/** Between two looks at a stack that is going. */
const POLL_MS = 5000;

/** A CloudFront distribution takes up to half an hour to go. */
const MAX_POLLS = 60 * 12;

/**
 * Deletes the stacks of a stage, newest first, and tells what stays: what the stage retains on purpose, with the
 * command that removes it.
 * @throws SwathError NotFound when there is nothing of the stage; Conflict, before anything is touched, when
 *   it is protected, and when a stack refuses to go, naming the resources that hold it; Cancelled.
 */
export async function destroyStage(options: DestroyOptions): Promise<{
  readonly deleted: readonly string[];
  readonly kept: readonly Kept[];
}> {
  const { cloudFormation, deployment, onProgress, signal } = options;
  const stacks = await stacksOf(cloudFormation, deployment, signal);
  if (stacks.length === 0) {
    throw new SwathError(
      'NotFound',
      `There are no stacks of ${deployment.name}-${deployment.stage} in this region.`,
      { fix: 'Check AWS_REGION, AWS_PROFILE, --name and --stage.' },
    );
  }
  await settleProtection(stacks, options);
  const kept: Kept[] = [];
  for (const stack of stacks.toReversed()) {
    signal.throwIfAborted();
    onProgress(stack.name, 'deleting');
    await calling('CloudFormation', () =>
      cloudFormation.send(new DeleteStackCommand({ StackName: stack.id })),
    );
    await untilGone(stack, options);
    onProgress(stack.name, 'deleted');
    kept.push(...(await survivors(cloudFormation, stack)));
  }
  return { deleted: stacks.toReversed().map(({ name }) => name), kept };
}

async function settleProtection(
  stacks: readonly DeployedStack[],
  { cloudFormation, protection }: DestroyOptions,
): Promise<void> {
  const guarded = stacks.filter((stack) => stack.protected);
  if (protection === 'respect' && guarded.length > 0) {
    throw new SwathError('Conflict', `${guarded.length} of ${stacks.length} stacks are protected.`, {
      fix: 'Protection is there because they hold what people use. If they shall go: add --protected.',
    });
  }
  for (const { id } of guarded) {
    await calling('CloudFormation', () =>
      cloudFormation.send(
        new UpdateTerminationProtectionCommand({ StackName: id, EnableTerminationProtection: false }),
      ),
    );
  }
}

async function untilGone(
  stack: DeployedStack,
  { cloudFormation, sleep, signal }: DestroyOptions,
): Promise<void> {
  for (let poll = 0; poll < MAX_POLLS; poll++) {
    signal.throwIfAborted();
    const now = await findStack(cloudFormation, stack.id);
    if (now === undefined || now.status === 'DELETE_COMPLETE') return;
    if (now.status === 'DELETE_FAILED') {
      const resources = await resourcesOf(cloudFormation, stack.id);
      const holding = resources.filter(({ status }) => status === 'DELETE_FAILED');
      throw new SwathError(
        'Conflict',
        `${stack.name} could not be deleted; held by ${holding.map(({ physicalId }) => physicalId).join(', ') || 'resources its events name'}.`,
        { fix: 'Remove what holds it (its events in CloudFormation say why), then run destroy again.' },
      );
    }
    await sleep(POLL_MS);
  }
  throw new SwathError('Unavailable', `${stack.name} is still being deleted after an hour.`, {
    fix: 'Look at its events in CloudFormation, then run destroy again.',
  });
}

/** What CloudFormation left on purpose when the stack went. */
async function survivors(
  cloudFormation: CloudFormationClient,
  stack: DeployedStack,
): Promise<readonly Kept[]> {
  const resources = await resourcesOf(cloudFormation, stack.id);
  return resources
    .filter(({ status }) => status === 'DELETE_SKIPPED')
    .map(({ type, physicalId }) => ({
      type,
      name: physicalId,
      why: 'The stage retains it: it holds data.',
      removeWith: removal[type]?.(physicalId),
    }));
}

/** What somebody types to remove what a stage kept, by type; every type that the stacks retain is here. */
export const removal: Readonly<Record<string, (name: string) => string>> = {
  'AWS::S3::Bucket': (name) =>
    `aws s3 rb s3://${name} --force (versioned: empty it in the console, or with a lifecycle rule, first)`,
  'AWS::DynamoDB::GlobalTable': (name) =>
    `aws dynamodb update-table --table-name ${name} --no-deletion-protection-enabled && aws dynamodb delete-table --table-name ${name}`,
  'AWS::DynamoDB::Table': (name) =>
    `aws dynamodb update-table --table-name ${name} --no-deletion-protection-enabled && aws dynamodb delete-table --table-name ${name}`,
  'AWS::EFS::FileSystem': (name) => `aws efs delete-file-system --file-system-id ${name}`,
  'AWS::KMS::Key': (name) => `aws kms schedule-key-deletion --key-id ${name} --pending-window-in-days 30`,
  'AWS::Cognito::UserPool': (name) =>
    `aws cognito-idp update-user-pool --user-pool-id ${name} --deletion-protection INACTIVE && aws cognito-idp delete-user-pool --user-pool-id ${name}`,
  'AWS::Logs::LogGroup': (name) => `aws logs delete-log-group --log-group-name ${name}`,
};
