import { HOURS_PER_MONTH, prices } from '@swath/core/price-table';
import { natMonthlyUsd } from '../../../lib/prices.ts';
import type { Resource, Synthesised } from './synthesise.ts';
import { at } from './walk.ts';

export const SECONDS_PER_MONTH = HOURS_PER_MONTH * 3600;

/** What resources of one type bill while nothing happens, in a month. */
export interface IdleLine {
  readonly usd: number;
  /** The arithmetic, or why it is nothing. */
  readonly because: string;
}

const usd = (value: number): string => value.toFixed(2);

const free = (because: string) => (): IdleLine => ({ usd: 0, because });

const listed = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Metrics an alarm looks at: one, or those its expression is made of. */
function metricsOf({ Properties }: Resource): number {
  const parts = listed(Properties['Metrics']).filter((one) => at(one, 'MetricStat') !== undefined);
  return Math.max(1, parts.length);
}

/** Seconds between two runs of a rule; 0 for those that wait for events. */
function periodS({ Properties }: Resource): number {
  const [, count = '0', unit = ''] =
    /^rate\((\d+) (minute|hour)s?\)$/.exec(String(Properties['ScheduleExpression'] ?? '')) ?? [];
  return Number(count) * (unit === 'hour' ? 3600 : 60);
}

const runsAMonth = (rule: Resource): number => (periodS(rule) === 0 ? 0 : SECONDS_PER_MONTH / periodS(rule));

/** Long polls that Lambda keeps on a queue while it is empty, and how long one lasts (the queue's wait time). */
const POLLERS = 5;
const POLL_S = 20;

/** One run that finds nothing to do. Calls as test/infra/running.test.ts prints them; seconds are assumed, and generous. */
const SWEEP = { seconds: 1, gb: 1, queries: 64 };
const COMPACTION = { seconds: 1, gb: 2, lists: 5 };

/** Of the job image, compressed. */
const IMAGE_GB = 0.13;

const per = (found: readonly Resource[], text: string) => `${found.length} ${text}`;

/** By type of resource, of every stack of dev as it is. A type that is not here fails the test. */
export const idleTable: Readonly<Record<string, (found: readonly Resource[], app: Synthesised) => IdleLine>> =
  {
    'AWS::CloudWatch::Alarm': (found) => {
      const metrics = found.map(metricsOf).reduce((a, b) => a + b, 0);
      return {
        usd: metrics * prices.alarmMetricMonth,
        because: `${found.length} alarms over ${metrics} metrics x ${prices.alarmMetricMonth}; ten are always free`,
      };
    },
    'AWS::CloudWatch::Dashboard': (found) => ({
      usd: found.length * prices.dashboardMonth,
      because: per(found, `x ${prices.dashboardMonth}; three are always free`),
    }),
    'AWS::Lambda::EventSourceMapping': (found) => {
      const queues = found.filter(({ Properties }) => Properties['StartingPosition'] === undefined).length;
      const polls = (queues * POLLERS * SECONDS_PER_MONTH) / POLL_S;
      return {
        usd: (polls / 1e6) * prices.sqsMillion,
        because: `${queues} queues x ${POLLERS} long polls of ${POLL_S} s at once: ${(polls / 1e6).toFixed(2)} million calls of SQS x ${prices.sqsMillion}; a million is always free. Lambda reads the table's stream for nothing`,
      };
    },
    'AWS::Events::Rule': (found) => {
      const runs = found.map(runsAMonth).reduce((a, b) => a + b, 0);
      return {
        usd: 0,
        because: `${Math.round(runs).toLocaleString('en')} runs by schedule, which bill as functions; events of AWS are free`,
      };
    },
    'AWS::Lambda::Function': (_, app) => {
      const scheduled = [...app.resources('AWS::Events::Rule').values()].map(periodS).filter((s) => s > 0);
      const [sweepS = 300, compactS = 3600] = scheduled.sort((a, b) => a - b);
      const [sweeps, compactions] = [SECONDS_PER_MONTH / sweepS, SECONDS_PER_MONTH / compactS];
      const gbSeconds = sweeps * SWEEP.seconds * SWEEP.gb + compactions * COMPACTION.seconds * COMPACTION.gb;
      return {
        usd: gbSeconds * prices.lambdaGbSecondArm + ((sweeps + compactions) / 1e6) * prices.lambdaMillion,
        because: `sweep ${sweeps.toFixed(0)} x ${SWEEP.seconds} s x ${SWEEP.gb} GB, compaction ${compactions.toFixed(0)} x ${COMPACTION.seconds} s x ${COMPACTION.gb} GB: ${gbSeconds.toFixed(0)} GB-s; 400,000 are always free. Functions nobody calls bill nothing`,
      };
    },
    'AWS::DynamoDB::GlobalTable': (_, app) => {
      const sweepS = Math.min(
        ...[...app.resources('AWS::Events::Rule').values()].map(periodS).filter((s) => s > 0),
      );
      // An eventually consistent query that finds nothing is half a unit.
      const units = (SECONDS_PER_MONTH / sweepS) * SWEEP.queries * 0.5;
      return {
        usd: (units / 1e6) * prices.tableReadMillion,
        because: `on demand; the sweep's ${SWEEP.queries} empty queries each time: ${(units / 1e6).toFixed(2)} million read units x ${prices.tableReadMillion}; storage and recovery bill by the GB there is`,
      };
    },
    'AWS::S3::Bucket': (found) => {
      const lists = (SECONDS_PER_MONTH / 3600) * COMPACTION.lists;
      return {
        usd: (lists / 1000) * prices.s3PutThousand,
        because: `${found.length} empty buckets; compaction lists ${COMPACTION.lists} prefixes an hour: ${lists} x ${prices.s3PutThousand} per 1,000`,
      };
    },
    'AWS::Batch::JobDefinition': free(
      `definitions are free; the image they name: ${IMAGE_GB} GB in ECR, ${Math.round(100 * IMAGE_GB * prices.ecrGbMonth)} cent a month`,
    ),
    'AWS::Batch::ComputeEnvironment': free('no minimum of vCPUs: nothing runs'),
    'AWS::Batch::JobQueue': free('Batch itself is free'),
    'AWS::Batch::SchedulingPolicy': free('Batch itself is free'),
    'AWS::EC2::LaunchTemplate': free('says how machines would be; none is'),
    'AWS::ApiGatewayV2::Api': free('bills calls'),
    'AWS::ApiGatewayV2::Authorizer': free('bills as a function'),
    'AWS::ApiGatewayV2::Integration': free('part of the API'),
    'AWS::ApiGatewayV2::Route': free('part of the API'),
    'AWS::ApiGatewayV2::Stage': free('part of the API; detailed metrics are off'),
    'AWS::Athena::NamedQuery': free('text'),
    'AWS::Athena::WorkGroup': free(`bills bytes that queries scan, ${prices.athenaTb} USD a TB`),
    'AWS::Budgets::Budget': free('budgets without actions are free'),
    'AWS::CloudFront::CachePolicy': free('part of the distribution'),
    'AWS::CloudFront::Distribution': free('bills calls and bytes; 1 TB a month is always free'),
    'AWS::CloudFront::Function': free('bills calls; two million a month are always free'),
    'AWS::CloudFront::OriginAccessControl': free('part of the distribution'),
    'AWS::CloudFront::ResponseHeadersPolicy': free('part of the distribution'),
    'AWS::Cognito::UserPool': free('bills people who sign in; 10,000 a month are always free (Essentials)'),
    'AWS::Cognito::UserPoolClient': free('part of the pool'),
    'AWS::Cognito::UserPoolDomain': free('part of the pool'),
    'AWS::Cognito::UserPoolGroup': free('part of the pool'),
    'AWS::EC2::FlowLog': free('bills what is logged: refused traffic, of which there is none without jobs'),
    'AWS::EC2::InternetGateway': free('bills bytes'),
    'AWS::EC2::Route': free('part of the network'),
    'AWS::EC2::RouteTable': free('part of the network'),
    'AWS::EC2::SecurityGroup': free('part of the network'),
    'AWS::EC2::SecurityGroupIngress': free('part of the network'),
    'AWS::EC2::Subnet': free('part of the network'),
    'AWS::EC2::SubnetRouteTableAssociation': free('part of the network'),
    'AWS::EC2::VPC': free('no NAT, no interface endpoints, no addresses'),
    'AWS::EC2::VPCEndpoint': free('gateway endpoints to S3 and DynamoDB are free'),
    'AWS::EC2::VPCGatewayAttachment': free('part of the network'),
    'AWS::EFS::AccessPoint': free('part of the file system'),
    'AWS::EFS::FileSystem': free('bills GB stored; empty'),
    'AWS::EFS::MountTarget': free('part of the file system'),
    'AWS::Events::Archive': free(`bills events kept, ${usd(prices.archiveGb)} USD per GB`),
    'AWS::Events::EventBus': free('bills events sent'),
    'AWS::Glue::Database': free('the first million objects of the catalogue are free'),
    'AWS::Glue::Table': free('the first million objects of the catalogue are free'),
    'AWS::IAM::InstanceProfile': free('IAM is free'),
    'AWS::IAM::ManagedPolicy': free('IAM is free'),
    'AWS::IAM::Policy': free('IAM is free'),
    'AWS::IAM::Role': free('IAM is free'),
    'AWS::Lambda::LayerVersion': free('of the function that copies the site at deploy time'),
    'AWS::Lambda::Permission': free('IAM is free'),
    'AWS::Logs::LogGroup': free(
      `bills bytes written (${usd(prices.logGb)} USD per GB) and kept; the sweep writes some 5 MB a month`,
    ),
    'AWS::Logs::MetricFilter': free('its two metrics bill in hours in which jobs end'),
    'AWS::S3::BucketPolicy': free('part of the bucket'),
    'AWS::SNS::Topic': free('bills messages'),
    'AWS::SNS::TopicPolicy': free('part of the topic'),
    'AWS::SQS::Queue': free('bills calls; see event source mappings'),
    'AWS::SQS::QueuePolicy': free('part of the queue'),
    'Custom::CDKBucketDeployment': free('runs when the site is deployed'),
    'Custom::S3AutoDeleteObjects': free('runs when a bucket is deleted'),
  };

/** Types that only an option brings, with what it bills while idle. */
export const optionTable: Readonly<Record<string, string>> = {
  'AWS::EC2::NatGateway': `\`network.mode: nat\`: ${natMonthlyUsd()} USD a month, and ${prices.natGb} USD per GB`,
  'AWS::EC2::EIP': `the address of the NAT gateway: ${usd(prices.publicIpHour * HOURS_PER_MONTH)} USD a month`,
  'AWS::KMS::Key': `\`ownKey\`: ${prices.keyMonth} USD a month, after two yearly rotations ${3 * prices.keyMonth} USD; ${prices.keyUsesTenThousand} USD per 10,000 uses`,
  'AWS::SecretsManager::Secret': `\`delivery.webAclArn\`: the secret between CloudFront and the API, ${usd(prices.secretMonth)} USD a month; the web ACL itself ${prices.webAclMonth} USD a month`,
  'AWS::Route53::RecordSet': `\`delivery.domain\`: records are free in your zone, which bills ${usd(prices.hostedZoneMonth)} USD a month`,
  'AWS::Serverless::Application':
    "`analytics.dynamodbConnector`: a function of AWS's that bills when it is queried",
  'AWS::SNS::Subscription': '`operatorEmail`: a thousand mails a month are free',
};

export interface IdleRow extends IdleLine {
  readonly type: string;
}

/** @throws Error for a type that has no line. */
export function idleRows(app: Synthesised): readonly IdleRow[] {
  const types = Object.values(app.templates).flatMap(({ Resources }) =>
    Object.values(Resources).map(({ Type }) => Type),
  );
  return [...new Set(types)].sort().map((type) => {
    const line = idleTable[type];
    if (line === undefined)
      throw new Error(
        `${type} has no line in test/infra/support/idle-costs.ts: what does it bill while idle?`,
      );
    return { type, ...line([...app.resources(type).values()], app) };
  });
}
