import { DescribeAvailabilityZonesCommand } from '@aws-sdk/client-ec2';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { isSwathError, toSwathError } from '@swath/core';
import { calling, failureOf } from '../errors.ts';
import { type Check, failed, ok, warning } from './check.ts';
import type { AccountClients } from './clients.ts';
import { checkQuotas, type Wanted } from './quotas.ts';
import { type Deployment, findStack, stacksOf } from './stacks.ts';

/** Where most open imagery lies: Sentinel-2 COGs of Earth Search, Landsat of USGS, NAIP. */
const IMAGERY_REGION = 'us-west-2';

/** List price of transfer between regions of the United States and from Europe, US dollars per GB (2026). */
const CROSS_REGION_USD_PER_GB = 0.02;

/** The bootstrap template that a CDK of today needs: assets by role, checked by version. */
const BOOTSTRAP_VERSION = 21;

/** States from which an update can start. */
const HEALTHY = /^(CREATE|UPDATE|IMPORT)_COMPLETE$|^UPDATE_ROLLBACK_COMPLETE$/;

/**
 * Everything a first deploy meets in an account, checked without changing anything: credentials, region, bootstrap,
 * availability zones, quotas, cost of imagery, stacks of an earlier deploy. A check that cannot be made is a line that
 * says so; without credentials or region nothing further is asked.
 */
export async function checkAccount(
  clients: AccountClients,
  deployment: Deployment,
  wanted: Wanted,
): Promise<readonly Check[]> {
  const region = await clients.region();
  if (region === undefined) {
    return [
      failed(
        'Region',
        'No region is set.',
        `export AWS_REGION=${IMAGERY_REGION} (next to most open imagery).`,
      ),
    ];
  }
  const identity = await attempt('Credentials', () => checkCredentials(clients));
  if (identity.some(({ status }) => status === 'failed')) return identity;
  const checks = await Promise.all([
    attempt('Bootstrap', () => checkBootstrap(clients, region)),
    attempt('Availability zones', () => checkZones(clients)),
    attempt('Quotas', () => checkQuotas(clients.quotas, wanted)),
    attempt('Stacks', () => checkStacks(clients, deployment)),
  ]);
  return [...identity, checkRegion(region), ...checks.flat(), requesterPays(region)];
}

/** A check that could not be made is a failed one, with what stood in the way. */
async function attempt(name: string, check: () => Promise<readonly Check[]>): Promise<readonly Check[]> {
  try {
    return await check();
  } catch (thrown) {
    const error = toSwathError(thrown);
    if (!isSwathError(thrown) && error.code === 'Bug') throw thrown;
    return [failed(name, `Could not be checked: ${error.message}`, error.fix ?? 'Try again in a minute.')];
  }
}

const refused = new Set([
  'CredentialsProviderError',
  'InvalidClientTokenId',
  'SignatureDoesNotMatch',
  'ExpiredToken',
  'AccessDenied',
]);

async function checkCredentials({ sts }: AccountClients): Promise<readonly Check[]> {
  const identity = await calling('STS', () =>
    sts.send(new GetCallerIdentityCommand({})).catch((error: unknown) => {
      const { name } = failureOf(error);
      if (refused.has(name)) return { refusal: name };
      throw error;
    }),
  );
  if ('refusal' in identity) {
    return [
      failed(
        'Credentials',
        `There are none that AWS takes (${identity.refusal}).`,
        'Set AWS_PROFILE, or "aws sso login", or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; a clock that is wrong refuses all of them.',
      ),
    ];
  }
  const { Account, Arn = '' } = identity;
  const who = `Account ${Account}, as ${Arn.split(':').at(-1)}.`;
  if (!Arn.endsWith(':root')) return [ok('Credentials', who)];
  return [warning('Credentials', who, 'Deploy with a role or a user; the root user should not have keys.')];
}

function checkRegion(region: string): Check {
  if (region === IMAGERY_REGION) return ok('Region', `${region}, next to most open imagery.`);
  return warning(
    'Region',
    `${region}; most open imagery (Sentinel-2 COGs, Landsat) lies in ${IMAGERY_REGION}.`,
    `Deploy to ${IMAGERY_REGION}, or expect about $${CROSS_REGION_USD_PER_GB} per GB of imagery read: $${(CROSS_REGION_USD_PER_GB * 1000).toFixed(0)} per TB. "swath plan" tells the bytes of a request.`,
  );
}

function requesterPays(region: string): Check {
  const name = 'Requester-pays imagery';
  const where = region === IMAGERY_REGION ? 'free of transfer from here' : 'with transfer between regions';
  return ok(name, `usgs-landsat bills requests ($0.0004 per 1,000 GETs) to this account, ${where}.`);
}

async function checkBootstrap(
  { cloudFormation, sts }: AccountClients,
  region: string,
): Promise<readonly Check[]> {
  const name = 'Bootstrap';
  const stack = await findStack(cloudFormation, 'CDKToolkit');
  const { Account } = await calling('STS', () => sts.send(new GetCallerIdentityCommand({})));
  const fix = `npx cdk bootstrap aws://${Account}/${region}`;
  if (stack === undefined) return [failed(name, 'The CDK is not bootstrapped in this region.', fix)];
  const version = Number(stack.outputs['BootstrapVersion'] ?? 0);
  if (!HEALTHY.test(stack.status))
    return [failed(name, `The stack CDKToolkit is ${stack.status}.`, `Repair or delete it, then ${fix}`)];
  if (version >= BOOTSTRAP_VERSION) return [ok(name, `Version ${version}.`)];
  return [failed(name, `Version ${version}; ${BOOTSTRAP_VERSION} is needed.`, fix)];
}

async function checkZones({ ec2 }: AccountClients): Promise<readonly Check[]> {
  const name = 'Availability zones';
  const { AvailabilityZones = [] } = await calling('EC2', () =>
    ec2.send(
      new DescribeAvailabilityZonesCommand({
        Filters: [{ Name: 'zone-type', Values: ['availability-zone'] }],
      }),
    ),
  );
  const available = AvailabilityZones.filter(({ State }) => State === 'available').length;
  if (available >= 2) return [ok(name, `${available} available.`)];
  return [failed(name, `${available} available; the network needs two.`, 'Choose another region.')];
}

async function checkStacks(
  { cloudFormation }: AccountClients,
  deployment: Deployment,
): Promise<readonly Check[]> {
  const name = `Stacks of ${deployment.name}-${deployment.stage}`;
  const stacks = await stacksOf(cloudFormation, deployment);
  if (stacks.length === 0) return [ok(name, 'None yet: this is the first deploy.')];
  const broken = stacks.filter(({ status }) => !HEALTHY.test(status));
  if (broken.length === 0) return [ok(name, `${stacks.length} deployed, all healthy.`)];
  return broken.map((stack) =>
    stack.status === 'ROLLBACK_COMPLETE'
      ? failed(
          name,
          `${stack.name} failed at its first deploy and cannot be updated.`,
          `aws cloudformation delete-stack --stack-name ${stack.name}, then deploy again.`,
        )
      : failed(
          name,
          `${stack.name} is ${stack.status}.`,
          'Wait until it is over, or see its events in the CloudFormation console.',
        ),
  );
}
