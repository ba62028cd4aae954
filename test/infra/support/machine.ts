import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { findDynoxide, startDynoxide, startMoto } from '@swath/aws/testing/servers';
import { contract as apiContract } from '../../../lambdas/api/contract.ts';
import { bundleHandler, handlerEntry } from '../../../lib/bundling/handler-bundle.ts';
import { buildJobImage } from '../../../lib/bundling/job-image.ts';
import { repository } from '../../../lib/bundling/options.ts';
import { configOf } from '../../../lib/config.ts';
import { type Account, openAccount, region } from './account.ts';
import { type Assembly, type Resource, synthesise } from './assembly.ts';
import { serveCatalogue } from './catalogue-server.ts';
import { type Feed, pump } from './events.ts';
import { type EndedJob, jobRunner } from './job-runner.ts';
import { type LambdaProcess, startLambda } from './lambda-process.ts';
import { type Permission, permissionsOf } from './policy.ts';
import { type Recorder, startRecorder } from './recorder.ts';

/** The stacks of dev, running: functions and jobs as processes, everything else in servers that play AWS. */
export interface Machine {
  readonly assembly: Assembly;
  readonly account: Account;
  /** By the name of the contract. */
  readonly lambdas: ReadonlyMap<string, LambdaProcess>;
  readonly feeds: ReadonlyMap<string, Feed>;
  /** What each function called, and each kind of job. */
  readonly recorders: ReadonlyMap<string, Recorder>;
  /** What the role of each allows, by the same names as the recorders. */
  readonly permissions: ReadonlyMap<string, readonly Permission[]>;
  /** One look at every queue, then at the jobs that were submitted. @returns whether anything was there to do. */
  turn(): Promise<boolean>;
  readonly jobs: readonly EndedJob[];
  close(): Promise<void>;
}

export interface MachineOptions {
  readonly moto: string;
  readonly scratch: string;
  /** Folder of Items that the provider `tiny` serves. */
  readonly catalogue: string;
  readonly acquire: 'reference' | 'copy';
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

  // The only differences from a deploy: a catalogue on this machine, which a configuration file could not name.
  const tiny = { id: 'tiny', title: 'Tiny', url: catalogue.url, acquire: options.acquire };
  const config = { ...configOf('dev', {}), catalogues: [tiny], defaultProvider: 'tiny' };
  const assembly = synthesise(config, join(options.scratch, 'cdk.out'));
  const account = await openAccount(assembly, { moto, dynamodb });
  closing.push(() => account.close());

  const recorders = new Map<string, Recorder>();
  const recorder = async (name: string) => {
    const made = await startRecorder((service) => (service === 'dynamodb' ? dynamodb : moto).endpoint);
    recorders.set(name, made);
    closing.push(() => made.close());
    return made;
  };
  const lambdas = new Map<string, LambdaProcess>();
  for (const resource of functionsOf(assembly)) {
    const { name, variables, ...facts } = functionFacts(resource, account, assembly);
    const lambda = await startLambda({ ...facts, name, region, ...through(await recorder(name), variables) });
    lambdas.set(name, lambda);
    closing.push(() => lambda.stop());
  }
  if (!lambdas.has('api')) {
    // Until its stack is among the stacks: its bundle, with the variables all functions of the machine share.
    const [first] = functionsOf(assembly);
    if (first === undefined) throw new Error('the stacks have no function');
    const { variables } = functionFacts(first, account, assembly);
    const folder = join(options.scratch, 'api');
    bundleHandler('api', folder);
    const { timeoutS, memoryMb, name } = apiContract;
    const lambda = await startLambda({
      ...{ name, folder, handler: handlerEntry, timeoutS, memoryMb, region },
      ...through(await recorder(name), variables),
    });
    lambdas.set(name, lambda);
    closing.push(() => lambda.stop());
  }
  const feeds = feedsOf(assembly, account, lambdas);

  const image = join(options.scratch, 'image');
  mkdirSync(image);
  buildJobImage(image);
  // What the Dockerfile installs is looked at by job-image.test.ts.
  symlinkSync(join(repository, 'node_modules'), join(image, 'node_modules'));
  for (const name of jobNames) await recorder(`job ${name}`);
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
    feeds,
    recorders,
    permissions: permissionsIn(assembly, account),
    jobs,
    async turn() {
      let busy = false;
      for (const feed of feeds.values()) {
        const { taken, failed } = await pump(account.clients.sqs, feed);
        busy ||= taken > failed;
      }
      for (const job of await runner.runSubmitted()) {
        busy = true;
        jobs.push(job);
        for (const event of job.events) await lambdas.get('track')?.invoke(event);
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

const functionsOf = ({ resources }: Assembly): readonly Resource[] =>
  resources.filter(
    ({ type, properties }) => type === 'AWS::Lambda::Function' && properties['LoggingConfig'] !== undefined,
  );

function functionFacts({ stack, properties }: Resource, account: Account, assembly: Assembly) {
  const { Code, Environment, Handler, MemorySize, Timeout, LoggingConfig } = account.resolve(
    stack,
    properties,
  ) as {
    readonly Code: { readonly S3Key: string };
    readonly Environment: { readonly Variables: Readonly<Record<string, string>> };
    readonly Handler: string;
    readonly MemorySize: number;
    readonly Timeout: number;
    readonly LoggingConfig: { readonly LogGroup: string };
  };
  return {
    // Logical ids begin with the contract's name: function, role and log of one handler share a construct.
    name: /^[a-z]+/.exec(LoggingConfig.LogGroup)?.[0] ?? '',
    folder: assembly.asset(Code.S3Key),
    handler: Handler,
    timeoutS: Timeout,
    memoryMb: MemorySize,
    variables: Environment.Variables,
  };
}

/** Variables of a function whose calls go through a recorder: queue URLs, which the SDK takes as addresses, too. */
function through(recorder: Recorder, variables: Readonly<Record<string, string>>) {
  const moved = Object.entries(variables).map(([name, value]) =>
    name.endsWith('_URL')
      ? [name, value.replace(/^http:\/\/127\.0\.0\.1:\d+/, recorder.endpoint)]
      : [name, value],
  );
  return { variables: Object.fromEntries(moved), endpoints: { AWS_ENDPOINT_URL: recorder.endpoint } };
}

function feedsOf(
  assembly: Assembly,
  account: Account,
  lambdas: ReadonlyMap<string, LambdaProcess>,
): ReadonlyMap<string, Feed> {
  const mappings = assembly.resources.filter(({ type }) => type === 'AWS::Lambda::EventSourceMapping');
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
      const name = /^[a-z]+/.exec(FunctionName)?.[0] ?? '';
      const lambda = lambdas.get(name);
      if (queue === undefined || lambda === undefined)
        throw new Error(`a mapping of ${FunctionName} leads nowhere`);
      const queueUrl = String(account.resolve(queue.stack, { Ref: queue.id }));
      return [name, { queueUrl, queueArn: EventSourceArn, batchSize: BatchSize, lambda }];
    }),
  );
}

/** Of functions by their contract's name, of jobs as `job <name>`. */
function permissionsIn(assembly: Assembly, account: Account): ReadonlyMap<string, readonly Permission[]> {
  const byRole = new Map<string, unknown[]>();
  for (const { type, stack, properties } of assembly.resources) {
    if (type !== 'AWS::IAM::Policy') continue;
    const { PolicyDocument, Roles } = account.resolve(stack, properties) as {
      readonly PolicyDocument: unknown;
      readonly Roles: readonly string[];
    };
    for (const role of Roles)
      byRole.set(`${stack}/${role}`, [...(byRole.get(`${stack}/${role}`) ?? []), PolicyDocument]);
  }
  const permissions = new Map<string, readonly Permission[]>();
  for (const { type, stack, properties } of assembly.resources) {
    const { Role, ContainerProperties } = account.resolve(stack, properties) as {
      readonly Role?: string;
      readonly ContainerProperties?: { readonly JobRoleArn: string; readonly Command: readonly string[] };
    };
    const role = type === 'AWS::Lambda::Function' ? Role : ContainerProperties?.JobRoleArn;
    const id = role?.split(':').at(-1) ?? '';
    const documents = byRole.get(`${stack}/${id}`);
    if (documents === undefined) continue;
    const name =
      ContainerProperties === undefined
        ? (/^[a-z]+/.exec(id)?.[0] ?? '')
        : `job ${jobOf(ContainerProperties.Command)}`;
    permissions.set(name, permissionsOf(documents));
  }
  return permissions;
}
