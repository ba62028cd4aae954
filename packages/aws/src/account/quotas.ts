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
  /** What running short does. */
  readonly effect: string;
}

/**
 * Quotas a first request meets. A job takes 2 vCPU, a Sentinel-2 tile is 121 chunks: 32 vCPU process 16 of them at once.
 * New accounts begin with 6 vCPU on Fargate and 10 concurrent Lambdas in some regions.
 */
const quotas: readonly Quota[] = [
  {
    name: 'Fargate Spot vCPUs',
    service: 'fargate',
    code: 'L-36FBB829',
    enough: 32,
    effect: 'jobs queue up behind each other',
  },
  {
    name: 'Fargate vCPUs',
    service: 'fargate',
    code: 'L-3032A538',
    enough: 32,
    effect: 'jobs wait when Spot has no capacity',
  },
  {
    name: 'EC2 Spot vCPUs',
    service: 'ec2',
    code: 'L-34B43A08',
    enough: 32,
    effect: 'jobs that share files on EFS queue up behind each other',
  },
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
export async function checkQuotas(client: ServiceQuotasClient): Promise<readonly Check[]> {
  return Promise.all(quotas.map((quota) => checkQuota(client, quota)));
}

async function checkQuota(client: ServiceQuotasClient, quota: Quota): Promise<Check> {
  const value = await quotaValue(client, quota);
  if (value === undefined) {
    return warning(
      quota.name,
      'Service Quotas does not know this quota here.',
      `Look it up in the console, Service Quotas, ${quota.service}; ${quota.enough} or more is comfortable.`,
    );
  }
  if (value >= quota.enough) return ok(quota.name, `${value} allowed.`);
  return warning(
    quota.name,
    `${value} allowed, ${quota.enough} is comfortable: with less, ${quota.effect}.`,
    `aws service-quotas request-service-quota-increase --service-code ${quota.service} --quota-code ${quota.code} --desired-value ${quota.enough}`,
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
