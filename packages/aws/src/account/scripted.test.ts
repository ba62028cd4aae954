import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { describe, expect, it } from 'vitest';
import { bodyText, jsonError, type ScriptedAnswer, scriptedNetwork } from '../testing/scripted.ts';
import { accountClients } from './clients.ts';
import { destroyStage } from './destroy.ts';
import { checkAccount } from './doctor.ts';
import { checkQuotas, type Wanted } from './quotas.ts';

const wanted = { fargateVcpus: 64, sharedFilesVcpus: 0 };

describe('credentials', () => {
  it('that AWS refuses are the one thing the doctor talks about', async () => {
    const network = scriptedNetwork(() => ({
      status: 403,
      headers: { 'content-type': 'text/xml' },
      body: '<ErrorResponse><Error><Code>InvalidClientTokenId</Code><Message>no</Message></Error></ErrorResponse>',
    }));
    const dev = { name: 'swath', stage: 'dev' };
    expect(await checkAccount(accountClients(network.config), dev, wanted)).toMatchObject([
      { name: 'Credentials', status: 'failed', fix: expect.stringContaining('AWS_PROFILE') },
    ]);
  });
});

describe('quotas', () => {
  const ask = async (answer: (code: string, operation: string) => ScriptedAnswer, asked: Wanted = wanted) => {
    const network = scriptedNetwork((request) =>
      answer(
        /"QuotaCode":"([^"]+)"/.exec(bodyText(request))?.[1] ?? '',
        request.headers['x-amz-target'] ?? '',
      ),
    );
    return checkQuotas(new ServiceQuotasClient(network.config), asked);
  };
  const value = (number: number): ScriptedAnswer => ({
    status: 200,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: JSON.stringify({ Quota: { Value: number } }),
  });

  it('that are small are named with the command that raises them', async () => {
    const checks = await ask((code) => value(code === 'L-36FBB829' ? 6 : 1000));
    expect(checks.filter(({ status }) => status !== 'ok')).toMatchObject([
      {
        name: 'Fargate Spot vCPUs',
        status: 'warning',
        fix: 'aws service-quotas request-service-quota-increase --service-code fargate --quota-code L-36FBB829 --desired-value 64, or set compute.maxVcpus to at most 6.',
      },
    ]);
  });

  it('are compared with what the configuration asks for, and only where jobs would use them', async () => {
    const short = async (fargateVcpus: number, sharedFilesVcpus: number) => {
      const checks = await ask(() => value(128), { fargateVcpus, sharedFilesVcpus });
      return checks.filter(({ status }) => status !== 'ok').map(({ name, found }) => [name, found]);
    };
    expect(await short(128, 128)).toEqual([]);
    expect(await short(128, 256)).toEqual([
      ['EC2 Spot vCPUs', expect.stringContaining('128 allowed, compute.sharedFilesMaxVcpus is 256')],
    ]);
    expect((await short(200, 0)).map(([name]) => name)).toEqual(['Fargate Spot vCPUs', 'Fargate vCPUs']);
    const names = (await ask(() => value(1000))).map(({ name }) => name);
    expect(names).not.toContain('EC2 Spot vCPUs');
  });

  it('that were never touched are the defaults of AWS', async () => {
    const checks = await ask((_, operation) =>
      operation.endsWith('GetAWSDefaultServiceQuota') ? value(64) : jsonError('NoSuchResourceException'),
    );
    expect(checks.find(({ name }) => name === 'Fargate vCPUs')).toMatchObject({
      status: 'ok',
      found: '64 allowed.',
    });
  });

  it('that may not be read say what to allow', async () => {
    await expect(ask(() => jsonError('AccessDeniedException'))).rejects.toMatchObject({
      fix: expect.stringContaining('servicequotas:GetServiceQuota'),
    });
  });
});

describe('destroy', () => {
  const xml = (operation: string, inside: string): ScriptedAnswer => ({
    status: 200,
    headers: { 'content-type': 'text/xml' },
    body: `<${operation}Response><${operation}Result>${inside}</${operation}Result></${operation}Response>`,
  });
  const stack = (status: string, guarded: string) =>
    `<Stacks><member><StackId>arn:1</StackId><StackName>swath-prod-storage</StackName><StackStatus>${status}</StackStatus>
    <CreationTime>2026-01-01T00:00:00Z</CreationTime><EnableTerminationProtection>${guarded}</EnableTerminationProtection>
    <Tags><member><Key>app</Key><Value>swath</Value></member><member><Key>stage</Key><Value>prod</Value></member></Tags></member></Stacks>`;
  const resource = (type: string, id: string, status: string) =>
    `<member><LogicalResourceId>x</LogicalResourceId><PhysicalResourceId>${id}</PhysicalResourceId><ResourceType>${type}</ResourceType><ResourceStatus>${status}</ResourceStatus><LastUpdatedTimestamp>2026-01-01T00:00:00Z</LastUpdatedTimestamp></member>`;

  function account(after: string, resources: string, guarded = 'false') {
    let deleting = false;
    const asked: string[] = [];
    const network = scriptedNetwork((request) => {
      const operation = /Action=(\w+)/.exec(bodyText(request))?.[1] ?? '';
      asked.push(operation);
      if (operation === 'DeleteStack') deleting = true;
      if (operation === 'DescribeStacks')
        return xml(operation, stack(deleting ? after : 'CREATE_COMPLETE', guarded));
      return xml(
        operation,
        operation === 'ListStackResources'
          ? `<StackResourceSummaries>${resources}</StackResourceSummaries>`
          : '',
      );
    });
    const run = (protection: 'respect' | 'lift') =>
      destroyStage({
        cloudFormation: new CloudFormationClient(network.config),
        deployment: { name: 'swath', stage: 'prod' },
        protection,
        onProgress: () => {},
        sleep: async () => {},
        signal: new AbortController().signal,
      });
    return { asked, run };
  }

  it('lists what a stage keeps, with the command that removes it', async () => {
    const { run } = account(
      'DELETE_COMPLETE',
      resource('AWS::S3::Bucket', 'results-1', 'DELETE_SKIPPED') +
        resource('AWS::SQS::Queue', 'q', 'DELETE_COMPLETE'),
    );
    expect((await run('respect')).kept).toMatchObject([
      { type: 'AWS::S3::Bucket', name: 'results-1', removeWith: expect.stringContaining('s3://results-1') },
    ]);
  });

  it('names what holds a stack that refuses to go', async () => {
    const { run } = account('DELETE_FAILED', resource('AWS::EC2::SecurityGroup', 'sg-1', 'DELETE_FAILED'));
    await expect(run('respect')).rejects.toMatchObject({
      code: 'Conflict',
      message: expect.stringContaining('sg-1'),
    });
  });

  it('touches nothing of a protected deployment until protection is lifted', async () => {
    const guarded = account('DELETE_COMPLETE', '', 'true');
    await expect(guarded.run('respect')).rejects.toMatchObject({ code: 'Conflict' });
    expect(guarded.asked).toEqual(['DescribeStacks']);
    await guarded.run('lift');
    expect(guarded.asked).toContain('UpdateTerminationProtection');
    expect(guarded.asked.indexOf('UpdateTerminationProtection')).toBeLessThan(
      guarded.asked.indexOf('DeleteStack'),
    );
  });
});
