import { existsSync, readFileSync } from 'node:fs';
import { SwathError } from '@swath/core';
import { requestPriceNames } from '@swath/core/price-table';
import {
  DEFAULT_DISK_GIB,
  DEFAULT_WORK_DAYS,
  defaultTaskSizes,
  type TaskSize,
} from '@swath/ports/task-sizes';
import * as z from 'zod';

/** Days S3 keeps things; what the classes are is said in `lifecycle.ts`. */
const days = z.int().min(1).max(36_500);

/** What CloudWatch accepts as retention of a log group, in days. */
export const logRetentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653,
] as const;

const networkConfig = z.strictObject({
  /**
   * `public`: jobs have public addresses and no inbound; costs nothing while idle. `nat`: private addresses behind one
   * NAT gateway. `isolated`: no way out but S3, DynamoDB and interface endpoints, so imagery of this region's S3 only.
   * The last two bill while idle, and say how much at synth.
   * @default 'public'
   */
  mode: z.enum(['public', 'nat', 'isolated']).default('public'),
  /** Id of a VPC that is there already, with `availabilityZones` and `subnetIds`; its endpoints are yours. @default a new VPC */
  vpc: z
    .strictObject({
      vpcId: z.string().regex(/^vpc-[0-9a-f]{8,40}$/),
      availabilityZones: z.array(z.string().min(1)).min(1).max(6),
      subnetIds: z
        .array(z.string().regex(/^subnet-[0-9a-f]{8,40}$/))
        .min(1)
        .max(6),
      /** Whether the subnets route to an internet gateway, so that tasks need public addresses. @default false */
      assignPublicIp: z.boolean().default(false),
    })
    .exactOptional(),
});

const retentionConfig = z.strictObject({
  /** Copies of providers' files in standard storage, before they get colder. At least 7 days. @default 30 */
  rawColderAfterDays: z.int().min(7).max(36_500).default(30),
  /** Copies of providers' files, until they are purged; at least 120 days after getting colder or never colder. @default 365 */
  rawPurgeAfterDays: z.int().min(8).max(36_500).default(365),
  /** Manifests, plans and staging; longer than the longest request and its retries. @default 30 */
  workDays: z.int().min(7).max(36_500).default(DEFAULT_WORK_DAYS),
  /** Results without a retention of their own request; `null` keeps them until they are deleted. @default null */
  resultsDays: days.nullable().default(null),
  /** Access logs and query results. @default 90 */
  logsDays: days.default(90),
  /** Log groups of Lambdas and jobs. @default 30 in dev, 90 in prod */
  logGroupDays: z.literal(logRetentionDays).exactOptional(),
  /** Events that can be replayed from the bus's archive. @default 90 */
  eventArchiveDays: days.default(90),
});

const evidenceConfig = z.strictObject({
  /** Days nobody may delete an object without the right to bypass governance. @default 30 */
  lockDays: days.default(30),
});

const computeConfig = z.strictObject({
  /** vCPU all jobs together may use. New accounts have a Fargate Spot quota of 6 to 256: `swath doctor` looks. @default 64 */
  maxVcpus: z.int().min(4).max(10_000).default(64),
  /** vCPU on EC2 Spot for jobs that share files on EFS; 0 leaves this environment out, as `isolated` does. @default 64 */
  sharedFilesMaxVcpus: z.int().min(0).max(10_000).default(64),
  /** Kinds of jobs that run there, with their scratch on EFS. @default none */
  onSharedFiles: z
    .array(z.enum(['acquire', 'process', 'publish']))
    .max(3)
    .default([]),
  /** Processor of the container image, and of every Lambda. @default 'arm64' */
  architecture: z.enum(['arm64', 'x86_64']).default('arm64'),
  /** Size of a job that acquires scenes: vCPU and GiB, in a combination that Fargate offers. */
  acquire: taskSize(defaultTaskSizes.acquire),
  /** Size of a job that processes chunks, one after the other. More vCPU than 2 make few chunks faster. */
  process: taskSize(defaultTaskSizes.process),
  /** Size of the job that assembles and publishes results. */
  publish: taskSize(defaultTaskSizes.publish),
  /** GiB of local disk of one task (Fargate: 21 to 200). @default 50 */
  diskGiB: z.int().min(21).max(200).default(DEFAULT_DISK_GIB),
  /** Containers cannot write to their root file system, but to `/tmp` and the shared folder. @default true */
  readonlyRoot: z.boolean().default(true),
});

function taskSize(size: TaskSize) {
  return z
    .strictObject({
      vcpu: z.literal([0.25, 0.5, 1, 2, 4, 8, 16]),
      memoryGiB: z.number().min(0.5).max(120),
    })
    .default(size);
}

const authConfig = z.strictObject({
  /** Issuer of OpenID Connect tokens, such as `https://login.example.org/realms/x`. @default a Cognito user pool of our own */
  oidcIssuer: z.url({ protocol: /^https$/ }).exactOptional(),
  /** Audiences (client ids) the tokens are for; needed with `oidcIssuer`. @default the user pool's clients */
  oidcAudiences: z.array(z.string().min(1)).min(1).exactOptional(),
  /** Claim that holds the groups. @default 'cognito:groups' of Cognito, 'groups' of others */
  groupsClaim: z.string().min(1).exactOptional(),
  /** Groups that stand for a role, where they are not called as the roles are: `{"gis-team": "requester"}`. @default groups named viewer, requester, operator, admin */
  roles: z.record(z.string().min(1), z.enum(['viewer', 'requester', 'operator', 'admin'])).exactOptional(),
  /** Claim that holds the project. @default a group `project:<id>`; who is in none works for himself */
  projectClaim: z.string().min(1).exactOptional(),
  /** Addresses that people may be sent back to after sign-in, such as `https://editor.openeo.org/`: told to Cognito, besides those of one's own machine; of an issuer of your own, those that it knows for the client. @default none */
  callbackUrls: z.array(z.url()).max(90).default([]),
});

const deliveryConfig = z.strictObject({
  /** Domain of the public address, with a certificate in us-east-1. @default the distribution's own name */
  domain: z
    .strictObject({
      name: z.string().regex(/^[a-z0-9.-]{4,253}$/),
      certificateArn: z.string().regex(/^arn:[a-z-]+:acm:us-east-1:\d{12}:certificate\/[0-9a-f-]+$/),
      /** Hosted zone for the address record. @default none: you point the name at the distribution yourself */
      hostedZoneId: z.string().min(1).exactOptional(),
    })
    .exactOptional(),
  /** ARN of a WAF web ACL (scope CLOUDFRONT). A web ACL bills at least 5 USD a month. @default none */
  webAclArn: z
    .string()
    .regex(/^arn:[a-z-]+:wafv2:us-east-1:\d{12}:global\/webacl\/.+$/)
    .exactOptional(),
});

const analyticsConfig = z.strictObject({
  /** Bytes one query may scan before Athena ends it, in GB. 100 GB cost 0.50 USD. @default 100 */
  scanLimitGb: z.int().min(1).max(100_000).default(100),
  /**
   * ARNs of the IAM roles, users or accounts (`arn:aws:iam::<account>:root`) that may take the role of those who read the
   * tables, as Power BI and Grafana do. @default none: attach the policy of the stack's outputs yourself
   */
  readers: z
    .array(z.string().regex(/^arn:[a-z-]+:iam::\d{12}:(root|(role|user)\/[\w+=,.@/-]+)$/))
    .max(50)
    .default([]),
  /**
   * Installs AWS's Athena connector for DynamoDB (application AthenaDynamoDBConnector of the Serverless Application
   * Repository) in this version, for live queries of the table. @default none
   */
  dynamodbConnector: z.strictObject({ version: z.string().regex(/^\d+\.\d+\.\d+$/) }).exactOptional(),
});

const budgetConfig = z.strictObject({
  /** USD a month at 80 % of which (forecast: 100 %) the operator is told. @default 50 in dev, 500 in prod */
  monthlyUsd: z.number().positive().exactOptional(),
});

const pricesConfig = z.strictObject({
  /** Multiplies the list prices of us-west-2 that `price_usd` is made of: for another region, or a discount of yours. @default 1 */
  factor: z.number().min(0.01).max(100).default(1),
  /** Prices of your own, by the names in docs/cost.md: `{"fargateArmVcpuHour": 0.036}`. The factor does not touch them. @default none */
  usd: z.partialRecord(z.enum(requestPriceNames), z.number().min(0).max(1000)).default({}),
  /** Share of Fargate's price that is taken for what jobs pay; on Spot it is 0.3 at best. @default 1: as if none ran on Spot */
  fargateShare: z.number().min(0.01).max(1).default(1),
  /** `other-region`: what jobs fetch counts as transfer between regions. @default 'same-region' */
  imagery: z.enum(['same-region', 'other-region']).default('same-region'),
});

const catalogue = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,64}$/),
  title: z.string().min(1).max(200),
  url: z.url({ protocol: /^https$/ }),
  acquire: z.enum(['reference', 'copy']).exactOptional(),
});

const envConfig = z.strictObject({
  /** Twelve digits. */
  account: z.string().regex(/^\d{12}$/),
  /** Such as `us-west-2`, where most open imagery lies. */
  region: z.string().min(1),
});

const stageOptions = z.strictObject({
  /** Begins the names of the stacks, so that one account can hold several. @default 'swath' */
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,19}$/)
    .default('swath'),
  /** Account and region the stacks are bound to. @default wherever the credentials point at deploy time */
  env: envConfig.exactOptional(),
  /** Deletes buckets, table and files with the stacks. @default true in dev, false in prod */
  destroyData: z.boolean().exactOptional(),
  /** Encrypts buckets, table, files, queues, topics and logs with a key of your own (1 USD a month). @default false */
  ownKey: z.boolean().default(false),
  /** Address alarms are mailed to; AWS asks it for confirmation. @default none: subscribe to the operator topic later */
  operatorEmail: z.email().exactOptional(),
  /** Tag `owner` of every stack. @default 'swath' */
  owner: z.string().min(1).max(256).default('swath'),
  /** Tag `cost-centre` of every stack. @default 'swath' */
  costCentre: z.string().min(1).max(256).default('swath'),
  network: networkConfig.prefault({}),
  retention: retentionConfig.prefault({}),
  /** A bucket whose objects nobody can delete for a while (S3 Object Lock, governance). @default none */
  evidence: evidenceConfig.exactOptional(),
  compute: computeConfig.prefault({}),
  auth: authConfig.prefault({}),
  delivery: deliveryConfig.prefault({}),
  analytics: analyticsConfig.prefault({}),
  budget: budgetConfig.prefault({}),
  prices: pricesConfig.prefault({}),
  /** STAC APIs besides Earth Search. @default none */
  catalogues: z.array(catalogue).max(50).default([]),
  /** Provider used when a request names none. @default 'earth-search' */
  defaultProvider: z.string().min(1).default('earth-search'),
});

/** The configuration file: what differs from the defaults, by stage. An empty file, and none, are complete. */
export const configFile = z.strictObject({
  dev: stageOptions.prefault({}),
  prod: stageOptions.prefault({}),
});

export const stageNames = ['dev', 'prod'] as const;
export type StageName = (typeof stageNames)[number];

/** One stage, with every question answered. */
export interface SwathConfig extends z.output<typeof stageOptions> {
  readonly stage: StageName;
  readonly destroyData: boolean;
  readonly logGroupDays: (typeof logRetentionDays)[number];
  readonly monthlyBudgetUsd: number;
}

/**
 * @param file what the configuration file says, parsed as JSON; undefined without one.
 * @throws SwathError InvalidInput naming each wrong entry by its JSON pointer.
 */
export function configOf(stage: unknown, file: unknown): SwathConfig {
  const name = z.literal(stageNames).safeParse(stage);
  if (!name.success) {
    throw new SwathError('InvalidInput', `There is no stage ${JSON.stringify(stage)}.`, {
      fix: `Use -c stage=${stageNames.join(' or -c stage=')}.`,
    });
  }
  const parsed = configFile.safeParse(file ?? {});
  if (!parsed.success) {
    const issues = parsed.error.issues.map((issue) => `/${issue.path.join('/')}: ${issue.message}`);
    throw new SwathError('InvalidInput', `The configuration is not valid: ${issues.join('; ')}.`, {
      pointer: `/${parsed.error.issues[0]?.path.join('/') ?? ''}`,
      fix: 'lib/config.ts documents every entry.',
    });
  }
  const options = parsed.data[name.data];
  const prod = name.data === 'prod';
  const isolated = options.network.mode === 'isolated' && options.network.vpc === undefined;
  const config: SwathConfig = {
    ...options,
    stage: name.data,
    destroyData: options.destroyData ?? !prod,
    logGroupDays: options.retention.logGroupDays ?? (prod ? 90 : 30),
    // Machines of our own would need three more endpoints to join their cluster.
    compute: isolated ? { ...options.compute, sharedFilesMaxVcpus: 0 } : options.compute,
    monthlyBudgetUsd: options.budget.monthlyUsd ?? (prod ? 500 : 50),
  };
  checkTogether(config);
  return config;
}

/** vCPU that jobs may use at once: what an account's quotas should allow. EC2 counts where a kind of job runs there. */
export const jobVcpus = ({ compute }: SwathConfig) => ({
  fargateVcpus: compute.maxVcpus,
  sharedFilesVcpus: compute.onSharedFiles.length === 0 ? 0 : compute.sharedFilesMaxVcpus,
});

/** The file's content; undefined when there is none. @throws SwathError InvalidInput for what is no JSON. */
export function readConfigFile(path: string): unknown {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new SwathError('InvalidInput', `${path} is not JSON.`, { cause });
  }
}

/** What no single entry can say. */
function checkTogether({ auth, retention, compute }: SwathConfig): void {
  if (compute.onSharedFiles.length > 0 && compute.sharedFilesMaxVcpus === 0) {
    throw new SwathError('InvalidInput', 'Jobs cannot run on an environment that is left out.', {
      pointer: '/compute/onSharedFiles',
      fix: 'Set compute.sharedFilesMaxVcpus above 0.',
    });
  }
  if (auth.oidcIssuer !== undefined && auth.oidcAudiences === undefined) {
    throw new SwathError('InvalidInput', 'An issuer without audiences would let in tokens made for others.', {
      pointer: '/auth/oidcAudiences',
      fix: 'List the client ids whose tokens are for this API.',
    });
  }
  if (retention.rawPurgeAfterDays <= retention.rawColderAfterDays) {
    throw new SwathError('InvalidInput', 'Raw files would be purged before they get colder.', {
      pointer: '/retention/rawPurgeAfterDays',
      fix: `Use more than ${retention.rawColderAfterDays} days.`,
    });
  }
}
