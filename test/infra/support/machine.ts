import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { findDynoxide, startDynoxide, startMoto } from '@swath/aws/testing/servers';
import { buildJobImage } from '../../../lib/bundling/job-image.ts';
import { repository } from '../../../lib/bundling/options.ts';
import { configOf } from '../../../lib/config.ts';
import { type Account, openAccount, region } from './account.ts';
import { type Assembly, type Handler, type Resource, synthesise } from './assembly.ts';
import { serveCatalogue } from './catalogue-server.ts';
import { matchesPattern } from './event-pattern.ts';
import { type Feed, pump } from './events.ts';
import { type EndedJob, jobRunner } from './job-runner.ts';
import { type LambdaProcess, startLambda } from './lambda-process.ts';
import { type Permission, permissionsOf } from './policy.ts';
import { oneAfterTheOther, type Recorder, startRecorder } from './recorder.ts';
import { type StreamFeed, tableChanges } from './table-stream.ts';

/** The stacks of dev, running: functions and jobs as processes, everything else in servers that play AWS. */
export interface Machine {
  readonly assembly: Assembly;
  readonly account: Account;
  /** By the name of the contract. */
  readonly lambdas: ReadonlyMap<string, LambdaProcess>;
  /** What its template says of each function's environment, by the same names. */
  readonly variablesOf: ReadonlyMap<string, Readonly<Record<string, string>>>;
  readonly feeds: ReadonlyMap<string, Feed>;
  /** The one reader of the table's stream. */
  readonly stream: StreamFeed;
  /** What each function called, and each kind of job. */
  readonly recorders: ReadonlyMap<string, Recorder>;
  /** What the role of each allows, by the same names as the recorders. */
  readonly permissions: ReadonlyMap<string, readonly Permission[]>;
  /** One look at every queue and the stream, then at the jobs that were submitted. @returns whether anything was there to do. */
  turn(): Promise<boolean>;
  readonly jobs: readonly EndedJob[];
  /** Every event of Batch, and how many rules of the templates took it to a function. */
  readonly passed: readonly { readonly event: object; readonly rules: number }[];
  close(): Promise<void>;
}

export interface MachineOptions {
  readonly moto: string;
  readonly scratch: string;
  /** Folder of Items that the provider `tiny` serves. */
  readonly catalogue: string;
  readonly acquire: 'reference' | 'copy';
  /** Of every function's process, besides its own variables: where on this machine a name leads. @default none */
  readonly surroundings?: Readonly<Record<string, string>>;
}

const jobNames = ['acquire', 'process', 'publish'] as const;

export async function startMachine(options: MachineOptions): Promise<Machine> {
  const closing: (() => Promise<void> | void)[] = [];
  try {
    return await start(options, closing);
  } catch (error) {
    await closeAll(closing);
    throw error;
  }
}

async function closeAll(closing: (() => Promise<void> | void)[]): Promise<void> {
  for (const close of closing.splice(0).reverse()) await close();
}

async function start(options: MachineOptions, closing: (() => Promise<void> | void)[]): Promise<Machine> {
  const catalogue = await serveCatalogue(options.catalogue);
  closing.push(() => catalogue.close());
  const moto = await startMoto(options.moto);
  closing.push(() => moto.stop());
  const binary = findDynoxide();
  const dynamodb = binary === undefined ? moto : await startDynoxide(binary);
  if (dynamodb !== moto) closing.push(() => dynamodb.stop());

  // The only differences from a deploy: binaries for this machine's processor, and a catalogue on it, which a
  // configuration file could not name.
  const tiny = { id: 'tiny', title: 'Tiny', url: catalogue.url, acquire: options.acquire };
  const architecture = process.arch === 'arm64' ? 'arm64' : 'x86_64';
  const config = {
    ...configOf('dev', { dev: { compute: { architecture } } }),
    catalogues: [tiny],
    defaultProvider: 'tiny',
  };
  const assembly = synthesise(config, join(options.scratch, 'cdk.out'));
  const account = await openAccount(assembly, { moto, dynamodb });
  closing.push(() => account.close());

  // moto undoes a transaction that fails by putting the whole table back, and with it what others wrote meanwhile.
  const tableTurns = dynamodb === moto ? oneAfterTheOther() : undefined;
  const changes = tableChanges();
  const recorders = new Map<string, Recorder>();
  const recorder = async (name: string) => {
    const serverOf = (service: string) => (service === 'dynamodb' ? dynamodb : moto).endpoint;
    const made = await startRecorder(serverOf, tableTurns, changes.hear);
    recorders.set(name, made);
    closing.push(() => made.close());
    return made;
  };
  const variablesOf = new Map<string, Readonly<Record<string, string>>>();
  const lambdas = new Map<string, LambdaProcess>();
  for (const handler of assembly.handlers) {
    const { variables, ...facts } = functionFacts(handler, account, assembly);
    const lambda = await startLambda({
      ...facts,
      region,
      ...through(await recorder(handler.name), variables, options.surroundings ?? {}),
    });
    variablesOf.set(handler.name, variables);
    lambdas.set(handler.name, lambda);
    closing.push(() => lambda.stop());
  }
  const feeds = feedsOf(assembly, account, lambdas);
  const stream = changes.feed(streamMappingOf(assembly, account, lambdas));

  const image = join(options.scratch, 'image');
  mkdirSync(image);
  buildJobImage(image);
  // What the Dockerfile installs is looked at by job-image.test.ts.
  symlinkSync(join(repository, 'node_modules'), join(image, 'node_modules'));
  for (const name of jobNames) await recorder(`job ${name}`);
  const rules = functionRules(assembly, account);
  const passed: { readonly event: object; readonly rules: number }[] = [];
  const jobs: EndedJob[] = [];
  const runner = jobRunner({
    client: account.clients.batch,
    queues: assembly.resources
      .filter(({ type }) => type === 'AWS::Batch::JobQueue')
      .map(({ stack, id }) => String(account.resolve(stack, { 'Fn::GetAtt': [id, 'JobQueueArn'] }))),
    image,
    variables: (command) => ({
      SWATH_STORAGE: 'aws',
      SWATH_SCRATCH: join(options.scratch, 'job-scratch'),
      // The catalogue is on this machine, which no job may reach unless it is told so.
      SWATH_READ_HOSTS: catalogue.host,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL: recorders.get(`job ${jobOf(command)}`)?.endpoint ?? '',
    }),
  });
  return {
    assembly,
    account,
    lambdas,
    variablesOf,
    feeds,
    stream,
    recorders,
    permissions: permissionsIn(assembly, account),
    jobs,
    passed,
    async turn() {
      let busy = false;
      for (const feed of feeds.values()) {
        const { taken, failed } = await pump(account.clients.sqs, feed);
        busy ||= taken > failed;
      }
      await stream.pump();
      for (const job of await runner.runSubmitted()) {
        busy = true;
        jobs.push(job);
        for (const event of job.events) {
          const told = rules.filter(({ pattern }) => matchesPattern(pattern, event));
          for (const { functionName } of told) await lambdas.get(functionName)?.invoke(event);
          passed.push({ event, rules: told.length });
        }
      }
      return busy;
    },
    close: () => closeAll(closing),
  };
}

/** Which of the three: the definition's command ends in it. */
function jobOf(command: readonly string[]): string {
  return jobNames.find((name) => command.at(-1) === `${name}.mjs`) ?? command.join(' ');
}

function functionFacts({ name, stack, functionId }: Handler, account: Account, assembly: Assembly) {
  const { Code, Environment, Handler, MemorySize, Timeout } = account.resolve(
    stack,
    propertiesOf(assembly, stack, functionId),
  ) as {
    readonly Code: { readonly S3Key: string };
    readonly Environment: { readonly Variables: Readonly<Record<string, string>> };
    readonly Handler: string;
    readonly MemorySize: number;
    readonly Timeout: number;
  };
  return {
    name,
    folder: assembly.asset(Code.S3Key),
    handler: Handler,
    timeoutS: Timeout,
    memoryMb: MemorySize,
    variables: Environment.Variables,
  };
}

function propertiesOf(assembly: Assembly, stack: string, id: string): Resource['properties'] {
  const found = assembly.resources.find((one) => one.stack === stack && one.id === id);
  if (found === undefined) throw new Error(`${stack} has no ${id}`);
  return found.properties;
}

/** Variables of a function whose calls go through a recorder: queue URLs, which the SDK takes as addresses, too. */
function through(
  recorder: Recorder,
  variables: Readonly<Record<string, string>>,
  surroundings: Readonly<Record<string, string>>,
) {
  const moved = Object.entries(variables).map(([name, value]) =>
    name.endsWith('_URL')
      ? [name, value.replace(/^http:\/\/127\.0\.0\.1:\d+/, recorder.endpoint)]
      : [name, value],
  );
  return {
    variables: Object.fromEntries(moved),
    endpoints: { ...surroundings, AWS_ENDPOINT_URL: recorder.endpoint },
  };
}

const mappingsOf = (assembly: Assembly) => ofType(assembly, 'AWS::Lambda::EventSourceMapping');
/** Only streams have a place to start from. */
const takesFromStream = (properties: Resource['properties']) => properties['StartingPosition'] !== undefined;

/** The mapping that takes from the table's stream, as Lambda gets it. @throws Error unless there is exactly one. */
function streamMappingOf(assembly: Assembly, account: Account, lambdas: ReadonlyMap<string, LambdaProcess>) {
  const [mapping, ...others] = mappingsOf(assembly).filter(({ properties }) => takesFromStream(properties));
  const [table] = ofType(assembly, 'AWS::DynamoDB::GlobalTable');
  if (mapping === undefined || table === undefined || others.length > 0)
    throw new Error('one stream is read');
  const { EventSourceArn, BatchSize, FunctionName, FilterCriteria } = account.resolve(
    mapping.stack,
    mapping.properties,
  ) as {
    readonly EventSourceArn: string;
    readonly BatchSize: number;
    readonly FunctionName: string;
    readonly FilterCriteria: { readonly Filters: readonly { readonly Pattern: string }[] };
  };
  const streamArn = account.resolve(table.stack, { 'Fn::GetAtt': [table.id, 'StreamArn'] });
  const lambda = lambdas.get(
    assembly.handlers.find(({ functionId }) => functionId === FunctionName)?.name ?? '',
  );
  if (EventSourceArn !== streamArn || lambda === undefined) throw new Error('the stream leads nowhere');
  const patterns = FilterCriteria.Filters.map(({ Pattern }): unknown => JSON.parse(Pattern));
  return { streamArn: EventSourceArn, batchSize: BatchSize, patterns, lambda };
}

function feedsOf(
  assembly: Assembly,
  account: Account,
  lambdas: ReadonlyMap<string, LambdaProcess>,
): ReadonlyMap<string, Feed> {
  const mappings = mappingsOf(assembly).filter(({ properties }) => !takesFromStream(properties));
  return new Map(
    mappings.map(({ stack, properties }) => {
      const { EventSourceArn, BatchSize, FunctionName } = account.resolve(stack, properties) as {
        readonly EventSourceArn: string;
        readonly BatchSize: number;
        readonly FunctionName: string;
      };
      const queue = assembly.resources.find(
        (one) =>
          one.type === 'AWS::SQS::Queue' &&
          account.resolve(one.stack, { 'Fn::GetAtt': [one.id, 'Arn'] }) === EventSourceArn,
      );
      const name = assembly.handlers.find((one) => one.functionId === FunctionName)?.name ?? '';
      const lambda = lambdas.get(name);
      if (queue === undefined || lambda === undefined)
        throw new Error(`a mapping of ${FunctionName} leads nowhere`);
      const queueUrl = String(account.resolve(queue.stack, { Ref: queue.id }));
      return [name, { queueUrl, queueArn: EventSourceArn, batchSize: BatchSize, lambda }];
    }),
  );
}

/** Rules of the account's default bus that call functions, with their patterns as EventBridge gets them. */
function functionRules(assembly: Assembly, account: Account) {
  return ofType(assembly, 'AWS::Events::Rule').flatMap(({ stack, properties }) => {
    const { EventBusName, EventPattern, Targets } = account.resolve(stack, properties) as {
      readonly EventBusName?: string;
      readonly EventPattern?: object;
      readonly Targets: readonly { readonly Arn: string }[];
    };
    if (EventPattern === undefined || EventBusName !== undefined) return [];
    return Targets.flatMap(({ Arn }) => {
      const called = assembly.handlers.find(({ functionId }) => Arn.endsWith(`:${functionId}`));
      return called === undefined ? [] : [{ pattern: EventPattern, functionName: called.name }];
    });
  });
}

/** Of functions by their contract's name, of jobs as `job <name>`. */
function permissionsIn(assembly: Assembly, account: Account): ReadonlyMap<string, readonly Permission[]> {
  const byRole = new Map<string, unknown[]>();
  for (const { stack, properties } of ofType(assembly, 'AWS::IAM::Policy')) {
    const { PolicyDocument, Roles } = account.resolve(stack, properties) as {
      readonly PolicyDocument: unknown;
      readonly Roles: readonly string[];
    };
    for (const role of Roles)
      byRole.set(`${stack}/${role}`, [...(byRole.get(`${stack}/${role}`) ?? []), PolicyDocument]);
  }
  const ofRole = (stack: string, id: string) => permissionsOf(byRole.get(`${stack}/${id}`) ?? []);
  const permissions = new Map<string, readonly Permission[]>();
  for (const { name, stack, roleId } of assembly.handlers) permissions.set(name, ofRole(stack, roleId));
  for (const { stack, properties } of ofType(assembly, 'AWS::Batch::JobDefinition')) {
    const { ContainerProperties } = account.resolve(stack, properties) as {
      readonly ContainerProperties: { readonly JobRoleArn: string; readonly Command: readonly string[] };
    };
    const { JobRoleArn, Command } = ContainerProperties;
    permissions.set(`job ${jobOf(Command)}`, ofRole(stack, JobRoleArn.split(':').at(-1) ?? ''));
  }
  return permissions;
}

const ofType = ({ resources }: Assembly, type: string): readonly Resource[] =>
  resources.filter((resource) => resource.type === type);
