import {
  BatchClient,
  CreateComputeEnvironmentCommand,
  CreateJobQueueCommand,
  RegisterJobDefinitionCommand,
} from '@aws-sdk/client-batch';
import { CreateTableCommand, type CreateTableCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateEventBusCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { clientConfig, type EmulatorServer } from '@swath/aws/testing/servers';
import type { Assembly, Resource } from './assembly.ts';

export const region = 'eu-central-1';
export const accountId = '123456789012';

export interface Account {
  /** A value of a template with every intrinsic function resolved. */
  resolve(stack: string, value: unknown): unknown;
  readonly clients: Clients;
  close(): void;
}

interface Clients {
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  readonly batch: BatchClient;
  readonly dynamodb: DynamoDBClient;
  readonly events: EventBridgeClient;
}

/** What `Ref` and `Fn::GetAtt` give for a resource. */
interface Made {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * Makes the buckets, queues, table, bus and jobs of an assembly in servers that play AWS, from the properties in its templates, in the
 * place of CloudFormation. Everything else (roles, network, logs, alarms) gets a name and an ARN, and is not made.
 */
export async function openAccount(
  assembly: Assembly,
  servers: { readonly moto: EmulatorServer; readonly dynamodb: EmulatorServer },
): Promise<Account> {
  const config = clientConfig(servers.moto);
  const clients: Clients = {
    s3: new S3Client(config),
    sqs: new SQSClient(config),
    batch: new BatchClient(config),
    events: new EventBridgeClient(config),
    dynamodb: new DynamoDBClient(clientConfig(servers.dynamodb)),
  };
  await fetch(`${servers.moto.endpoint}/moto-api/config`, {
    method: 'POST',
    body: JSON.stringify({ batch: { use_docker: false } }),
  });
  const made = new Map<string, Made>();
  const resolve = resolver(assembly, made);
  const context = { clients, resolve, serviceRole: await createRole(servers.moto) };
  // Each before what refers to it: dead-letter queues have no redrive policy, job queues need environments.
  for (const type of creationOrder) {
    for (const resource of inOrder(assembly, type)) {
      made.set(`${resource.stack}/${resource.id}`, await create(resource, context));
    }
  }
  return {
    resolve,
    clients,
    close: () => {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}

const creationOrder = [
  'AWS::S3::Bucket',
  'AWS::SQS::Queue',
  'AWS::DynamoDB::GlobalTable',
  'AWS::Events::EventBus',
  'AWS::Batch::ComputeEnvironment',
  'AWS::Batch::JobQueue',
  'AWS::Batch::JobDefinition',
] as const;

function inOrder({ resources }: Assembly, type: string): readonly Resource[] {
  const found = resources.filter((resource) => resource.type === type);
  if (type !== 'AWS::SQS::Queue') return found;
  const isSource = ({ properties }: Resource) => Number(properties['RedrivePolicy'] !== undefined);
  return found.toSorted((a, b) => isSource(a) - isSource(b));
}

interface Context {
  readonly clients: Clients;
  readonly resolve: Account['resolve'];
  readonly serviceRole: string;
}

async function create(resource: Resource, { clients, resolve, serviceRole }: Context): Promise<Made> {
  // CloudFormation's own properties, as the CDK writes them: a wrong one fails the call it is meant for.
  const properties = resolve(resource.stack, resource.properties) as { readonly [name: string]: never };
  const name = physicalName(resource);
  switch (resource.type) {
    case 'AWS::S3::Bucket': {
      await clients.s3.send(
        new CreateBucketCommand({ Bucket: name, CreateBucketConfiguration: { LocationConstraint: region } }),
      );
      return { ref: name, attributes: { Arn: `arn:aws:s3:::${name}` } };
    }
    case 'AWS::SQS::Queue': {
      const { RedrivePolicy, VisibilityTimeout } = properties;
      const { QueueUrl = '' } = await clients.sqs.send(
        new CreateQueueCommand({
          QueueName: name,
          Attributes: {
            ...(VisibilityTimeout === undefined ? {} : { VisibilityTimeout: String(VisibilityTimeout) }),
            ...(RedrivePolicy === undefined ? {} : { RedrivePolicy: JSON.stringify(RedrivePolicy) }),
          },
        }),
      );
      const { Attributes } = await clients.sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
      );
      return { ref: QueueUrl, attributes: { Arn: Attributes?.['QueueArn'] ?? '', QueueName: name } };
    }
    case 'AWS::DynamoDB::GlobalTable': {
      const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, BillingMode } = properties;
      const input = { TableName: name, AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, BillingMode };
      await clients.dynamodb.send(new CreateTableCommand(input satisfies CreateTableCommandInput));
      return {
        ref: name,
        attributes: {
          Arn: arn('dynamodb', `table/${name}`),
          StreamArn: arn('dynamodb', `table/${name}/stream/2026-01-01T00:00:00.000`),
        },
      };
    }
    case 'AWS::Events::EventBus': {
      await clients.events.send(new CreateEventBusCommand({ Name: name }));
      return { ref: name, attributes: { Arn: arn('events', `event-bus/${name}`), Name: name } };
    }
    case 'AWS::Batch::ComputeEnvironment': {
      // Where jobs run is not played: an environment that nobody manages.
      const answer = await clients.batch.send(
        new CreateComputeEnvironmentCommand({
          computeEnvironmentName: name,
          type: 'UNMANAGED',
          state: 'ENABLED',
          serviceRole,
        }),
      );
      const own = answer.computeEnvironmentArn ?? '';
      return { ref: own, attributes: { ComputeEnvironmentArn: own } };
    }
    case 'AWS::Batch::JobQueue': {
      const { ComputeEnvironmentOrder, Priority, State } = properties as Record<string, unknown>;
      const order = (ComputeEnvironmentOrder as { Order: number; ComputeEnvironment: string }[]).map(
        (one) => ({
          order: one.Order,
          computeEnvironment: one.ComputeEnvironment,
        }),
      );
      const answer = await clients.batch.send(
        new CreateJobQueueCommand({
          jobQueueName: name,
          state: State === 'DISABLED' ? 'DISABLED' : 'ENABLED',
          priority: Number(Priority),
          computeEnvironmentOrder: order,
        }),
      );
      return { ref: answer.jobQueueArn ?? '', attributes: { JobQueueArn: answer.jobQueueArn ?? '' } };
    }
    case 'AWS::Batch::JobDefinition': {
      const { ContainerProperties } = properties;
      const answer = await clients.batch.send(
        new RegisterJobDefinitionCommand({
          jobDefinitionName: name,
          type: 'container',
          containerProperties: containerOf(ContainerProperties as never),
        }),
      );
      return { ref: answer.jobDefinitionArn ?? '', attributes: {} };
    }
    default:
      throw new Error(`${resource.type} is not made here`);
  }
}

/** The part of a container that decides what runs: the rest is the engine's. */
function containerOf(properties: {
  readonly Command: string[];
  readonly Environment: { readonly Name: string; readonly Value: string }[];
  readonly Image: string;
  readonly ResourceRequirements: { readonly Type: 'VCPU' | 'MEMORY'; readonly Value: string }[];
}) {
  return {
    image: properties.Image,
    command: properties.Command,
    environment: properties.Environment.map(({ Name, Value }) => ({ name: Name, value: Value })),
    resourceRequirements: properties.ResourceRequirements.map(({ Type, Value }) => ({
      type: Type,
      value: Value,
    })),
  };
}

const arn = (service: string, rest: string) => `arn:aws:${service}:${region}:${accountId}:${rest}`;

/** As CloudFormation makes names up: from stack and logical id. Lower case suits buckets. */
function physicalName({ stack, id }: Resource): string {
  return `${stack}-${id}`.toLowerCase().slice(-63).replace(/^-/, '');
}

function resolver(assembly: Assembly, made: ReadonlyMap<string, Made>): Account['resolve'] {
  const known = new Set(assembly.resources.map(({ stack, id }) => `${stack}/${id}`));
  const pseudo: Readonly<Record<string, string>> = {
    'AWS::Region': region,
    'AWS::AccountId': accountId,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::NoValue': '',
  };
  const refOf = (stack: string, id: string): string => {
    const simple = pseudo[id] ?? made.get(`${stack}/${id}`)?.ref;
    if (simple !== undefined) return simple;
    if (!known.has(`${stack}/${id}`)) throw new Error(`${stack} has no ${id}`);
    return id;
  };
  const attributeOf = (stack: string, id: string, name: string): string => {
    const found = made.get(`${stack}/${id}`);
    if (found !== undefined) {
      const value = found.attributes[name];
      if (value === undefined) throw new Error(`${id} has no attribute ${name} here`);
      return value;
    }
    if (!known.has(`${stack}/${id}`)) throw new Error(`${stack} has no ${id}`);
    // Of user pools, which the authorizer's environment names.
    if (name === 'ProviderURL') return `https://cognito-idp.${region}.amazonaws.com/${id}`;
    if (name === 'ApiEndpoint') return `https://abc123.execute-api.${region}.amazonaws.com`;
    return name.endsWith('Arn') ? arn('not-made', id) : `${id}.${name}`;
  };
  const resolve = (stack: string, value: unknown): unknown => {
    if (Array.isArray(value)) return value.map((one) => resolve(stack, one));
    if (typeof value !== 'object' || value === null) return value;
    const entries: readonly [string, unknown][] = Object.entries(value);
    const [[name, of] = ['', undefined]] = entries;
    if (entries.length !== 1 || !(name === 'Ref' || name.startsWith('Fn::'))) {
      return Object.fromEntries(entries.map(([key, one]) => [key, resolve(stack, one)]));
    }
    switch (name) {
      case 'Ref':
        return refOf(stack, String(of));
      case 'Fn::GetAtt': {
        const [id, attribute] = of as [string, string];
        return attributeOf(stack, id, attribute);
      }
      case 'Fn::Join': {
        const [separator, parts] = of as [string, unknown[]];
        return parts.map((part) => String(resolve(stack, part))).join(separator);
      }
      case 'Fn::Sub':
        return String(of).replace(/\$\{([^}]+)\}/g, (_, id: string) => refOf(stack, id));
      case 'Fn::GetStackOutput': {
        const { StackName, OutputName } = of as { StackName: string; OutputName: string };
        return resolve(StackName, assembly.output(StackName, OutputName));
      }
      case 'Fn::Select': {
        const [index, list] = of as [number, unknown];
        const values = resolve(stack, list);
        return Array.isArray(values) ? values[index] : undefined;
      }
      case 'Fn::GetAZs':
        return ['a', 'b', 'c'].map((zone) => `${region}${zone}`);
      default:
        throw new Error(`${name} is not understood here`);
    }
  };
  return resolve;
}

/** Batch in moto wants a role that exists; the SDK's IAM client would be a dependency for this one call. */
async function createRole(server: EmulatorServer): Promise<string> {
  const scope = `Credential=test/20260101/us-east-1/iam/aws4_request`;
  const answer = await fetch(server.endpoint, {
    method: 'POST',
    headers: { authorization: `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=0` },
    body: new URLSearchParams({
      Action: 'CreateRole',
      Version: '2010-05-08',
      RoleName: 'batch',
      AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [] }),
    }),
  });
  const made = /<Arn>([^<]+)<\/Arn>/.exec(await answer.text())?.[1];
  if (made === undefined) throw new Error('moto made no role');
  return made;
}
