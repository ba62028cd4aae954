import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientConfig, type EmulatorServer, findMoto, startMoto } from '../testing/servers.ts';
import { type AccountClients, accountClients } from './clients.ts';
import { destroyStage } from './destroy.ts';
import { checkAccount } from './doctor.ts';
import { stacksOf } from './stacks.ts';

const moto = findMoto();
const dev = { name: 'swath', stage: 'dev' };
const wanted = { fargateVcpus: 64, sharedFilesVcpus: 0 };

describe.skipIf(moto === undefined)('an account', () => {
  let server: EmulatorServer;
  let clients: AccountClients;
  let cloudFormation: CloudFormationClient;

  beforeAll(async () => {
    server = await startMoto(moto ?? '');
    clients = accountClients(clientConfig(server));
    cloudFormation = new CloudFormationClient(clientConfig(server));
  });
  afterAll(() => server.stop());

  const create = (name: string, tags: Readonly<Record<string, string>>, template: object) =>
    cloudFormation.send(
      new CreateStackCommand({
        StackName: name,
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
        TemplateBody: JSON.stringify(template),
      }),
    );
  const bucket = { Resources: { B: { Type: 'AWS::S3::Bucket' } } };

  it('that was never bootstrapped is told how', async () => {
    const checks = await checkAccount(clients, dev, wanted);
    const byName = new Map(checks.map((check) => [check.name, check]));
    expect(byName.get('Credentials')?.found).toContain('123456789012');
    expect(byName.get('Bootstrap')).toMatchObject({
      status: 'failed',
      fix: 'npx cdk bootstrap aws://123456789012/eu-central-1',
    });
    expect(byName.get('Availability zones')?.status).toBe('ok');
    expect(byName.get('Region')).toMatchObject({
      status: 'warning',
      fix: expect.stringContaining('us-west-2'),
    });
    expect(byName.get('Stacks of swath-dev')?.status).toBe('ok');
    // This server does not know quotas: the doctor says so in a line, and goes on.
    expect(checks.some(({ name }) => /^Quotas$|vCPU/.test(name))).toBe(true);
    for (const { status, fix } of checks) expect(status === 'ok').toBe(fix === undefined);
  });

  it('is fit once bootstrapped; an older bootstrap is named', async () => {
    const bootstrap = (version: string) => ({
      ...bucket,
      Outputs: { BootstrapVersion: { Value: version } },
    });
    await create('CDKToolkit', {}, bootstrap('30'));
    const checks = await checkAccount(clients, dev, wanted);
    expect(checks.find(({ name }) => name === 'Bootstrap')).toMatchObject({
      status: 'ok',
      found: 'Version 30.',
    });
  });

  it('loses the stacks of one deployment, newest first, and no others', async () => {
    await create('swath-dev-storage', { app: 'swath', stage: 'dev' }, bucket);
    await create('swath-dev-api', { app: 'swath', stage: 'dev' }, bucket);
    await create('swath-prod-storage', { app: 'swath', stage: 'prod' }, bucket);
    await create('other', { app: 'other', stage: 'dev' }, bucket);
    const said: string[] = [];
    const { deleted, kept } = await destroyStage({
      cloudFormation,
      deployment: dev,
      protection: 'respect',
      onProgress: (name, state) => said.push(`${name} ${state}`),
      sleep: async () => {},
      signal: new AbortController().signal,
    });
    expect(deleted).toEqual(['swath-dev-api', 'swath-dev-storage']);
    expect(kept).toEqual([]);
    expect(said.at(0)).toBe('swath-dev-api deleting');
    expect(await stacksOf(cloudFormation, dev)).toEqual([]);
    expect(await stacksOf(cloudFormation, { name: 'swath', stage: 'prod' })).toHaveLength(1);
    await expect(
      destroyStage({
        cloudFormation,
        deployment: dev,
        protection: 'respect',
        onProgress: () => {},
        sleep: async () => {},
        signal: new AbortController().signal,
      }),
    ).rejects.toMatchObject({ code: 'NotFound' });
  });

  it('without a region is asked for one, and nothing else', async () => {
    const nowhere = { ...clients, region: async () => undefined };
    expect(await checkAccount(nowhere, dev, wanted)).toMatchObject([{ name: 'Region', status: 'failed' }]);
  });
});
