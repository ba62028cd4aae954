import {
  type CloudFormationClient,
  DescribeStacksCommand,
  paginateDescribeStacks,
  paginateListStackResources,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { calling, failureOf } from '../errors.ts';

/** A stack of a deployment. */
export interface DeployedStack {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly createdMs: number;
  /** Termination protection: nobody deletes it by accident. */
  readonly protected: boolean;
  readonly outputs: Readonly<Record<string, string>>;
}

/** Which deployment: `name` and `stage` of its configuration. */
export interface Deployment {
  readonly name: string;
  readonly stage: string;
}

/** Tags that the CDK app puts on every stack. */
export const stackTags = { name: 'app', stage: 'stage' } as const;

/** The stacks of one deployment, oldest first: a stack is made after those it builds on. */
export async function stacksOf(
  client: CloudFormationClient,
  deployment: Deployment,
  signal?: AbortSignal,
): Promise<readonly DeployedStack[]> {
  return calling('CloudFormation', async () => {
    const found: DeployedStack[] = [];
    for await (const page of paginateDescribeStacks({ client }, {})) {
      signal?.throwIfAborted();
      for (const stack of page.Stacks ?? []) if (belongs(stack, deployment)) found.push(deployed(stack));
    }
    return found.sort((a, b) => a.createdMs - b.createdMs);
  });
}

/** One stack by id (deleted ones too) or name; undefined when there is none. */
export async function findStack(
  client: CloudFormationClient,
  idOrName: string,
): Promise<DeployedStack | undefined> {
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: idOrName }));
    return Stacks[0] === undefined ? undefined : deployed(Stacks[0]);
  } catch (error) {
    // CloudFormation says ValidationError "does not exist".
    if (failureOf(error).name === 'ValidationError') return undefined;
    throw await calling('CloudFormation', () => Promise.reject(error));
  }
}

export interface StackResource {
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly status: string;
}

export async function resourcesOf(
  client: CloudFormationClient,
  stackId: string,
): Promise<readonly StackResource[]> {
  return calling('CloudFormation', async () => {
    const found: StackResource[] = [];
    for await (const page of paginateListStackResources({ client }, { StackName: stackId })) {
      for (const resource of page.StackResourceSummaries ?? []) {
        found.push({
          logicalId: resource.LogicalResourceId ?? '',
          physicalId: resource.PhysicalResourceId ?? '',
          type: resource.ResourceType ?? '',
          status: resource.ResourceStatus ?? '',
        });
      }
    }
    return found;
  });
}

function belongs(stack: Stack, { name, stage }: Deployment): boolean {
  const tag = (key: string) => stack.Tags?.find(({ Key }) => Key === key)?.Value;
  return tag(stackTags.name) === name && tag(stackTags.stage) === stage;
}

function deployed(stack: Stack): DeployedStack {
  return {
    id: stack.StackId ?? '',
    name: stack.StackName ?? '',
    status: stack.StackStatus ?? '',
    protected: stack.EnableTerminationProtection ?? false,
    createdMs: stack.CreationTime?.getTime() ?? 0,
    outputs: Object.fromEntries(
      (stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
    ),
  };
}
