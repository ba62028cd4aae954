import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  type ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import { SwathError } from '@swath/core';
import { awsError, failureOf } from '../errors.ts';
import { type Check, ok, warning } from './check.ts';

interface Quota {
  readonly name: string;
  readonly service: string;
  readonly code: string;
  /** Below it the doctor warns. */
  readonly enough: number;
  /** The entry of the configuration that asks for as much. @default none: it is a comfortable number */
  readonly setting?: string;
  /** What running short does. */
  readonly effect: string;
}

/** What is about to be deployed may use at once, by its configuration. */
export interface Wanted {
  /** vCPU of jobs on Fargate, Spot and on-demand each: `compute.maxVcpus`. */
  readonly fargateVcpus: number;
  /** vCPU of jobs on EC2 Spot: `compute.sharedFilesMaxVcpus`, 0 where no kind of job runs there. */
  readonly sharedFilesVcpus: number;
}

/** Quotas a first request meets. New accounts begin with 6 vCPU on Fargate and 10 concurrent Lambdas in some regions. */
function quotasFor({ fargateVcpus, sharedFilesVcpus }: Wanted): readonly Quota[] {
  const fargate: readonly Quota[] = [
    {
      name: 'Fargate Spot vCPUs',
      service: 'fargate',
      code: 'L-36FBB829',
      enough: fargateVcpus,
      setting: 'compute.maxVcpus',
      effect: 'jobs queue up behind each other',
    },
    {
      name: 'Fargate vCPUs',
      service: 'fargate',
      code: 'L-3032A538',
      enough: fargateVcpus,
      setting: 'compute.maxVcpus',
      effect: 'jobs wait when Spot has no capacity',
    },
  ];
  const sharedFiles: Quota = {
    name: 'EC2 Spot vCPUs',
    service: 'ec2',
    code: 'L-34B43A08',
    enough: sharedFilesVcpus,
    setting: 'compute.sharedFilesMaxVcpus',
    effect: 'jobs that share files on EFS queue up behind each other',
  };
  return [...fargate, ...(sharedFilesVcpus === 0 ? [] : [sharedFiles]), ...others];
}

const others: readonly Quota[] = [
  {
    name: 'Lambda concurrency',
    service: 'lambda',
    code: 'L-B99A9384',
    enough: 100,
    effect: 'the API and the queues slow each other down',
  },
  {
    name: 'VPCs in the region',
    service: 'vpc',
    code: 'L-F678F1CE',
    enough: 1,
    effect: 'the network stack cannot be made',
  },
];

/** @throws SwathError when Service Quotas does not answer. */
export async function checkQuotas(client: ServiceQuotasClient, wanted: Wanted): Promise<readonly Check[]> {
  return Promise.all(quotasFor(wanted).map((quota) => checkQuota(client, quota)));
}

async function checkQuota(client: ServiceQuotasClient, quota: Quota): Promise<Check> {
  const value = await quotaValue(client, quota);
  if (value === undefined) {
    return warning(
      quota.name,
      'Service Quotas does not know this quota here.',
      `Look it up in the console, Service Quotas, ${quota.service}; ${quota.enough} or more is enough.`,
    );
  }
  if (value >= quota.enough) return ok(quota.name, `${value} allowed.`);
  const raise = `aws service-quotas request-service-quota-increase --service-code ${quota.service} --quota-code ${quota.code} --desired-value ${quota.enough}`;
  const { setting } = quota;
  return setting === undefined
    ? warning(
        quota.name,
        `${value} allowed, ${quota.enough} is comfortable: with less, ${quota.effect}.`,
        raise,
      )
    : warning(
        quota.name,
        `${value} allowed, ${setting} is ${quota.enough}: above the quota, ${quota.effect}.`,
        `${raise}, or set ${setting} to at most ${value}.`,
      );
}

/** The account's own value, else AWS's default; undefined where the service knows neither. */
async function quotaValue(
  client: ServiceQuotasClient,
  { service, code }: Quota,
): Promise<number | undefined> {
  const input = { ServiceCode: service, QuotaCode: code };
  for (const Command of [GetServiceQuotaCommand, GetAWSDefaultServiceQuotaCommand]) {
    try {
      const { Quota: found } = await client.send(new Command(input));
      if (found?.Value !== undefined) return found.Value;
    } catch (error) {
      if (failureOf(error).name !== 'NoSuchResourceException') throw quotaError(error);
    }
  }
  return undefined;
}

function quotaError(error: unknown): SwathError {
  const tagged = awsError('Service Quotas', error);
  return tagged.message.includes('credentials')
    ? new SwathError('Unavailable', tagged.message, {
        fix: 'Allow servicequotas:GetServiceQuota and GetAWSDefaultServiceQuota, or check the quotas in the console.',
        cause: error,
      })
    : tagged;
}
