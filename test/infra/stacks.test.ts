import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { acknowledgements } from '../../lib/acknowledgements.ts';
import { repository } from '../../lib/bundling/options.ts';
import { runbookSections } from '../../lib/runbook.ts';
import { edgeSuite } from './support/edge-suite.ts';
import { jobsSuite } from './support/jobs-suite.ts';
import { machineSuite } from './support/machine-suite.ts';
import { storageSuite } from './support/storage-suite.ts';
import { synthesise, type Variants } from './support/synthesise.ts';
import { at, stringsOf } from './support/walk.ts';

/** Every option that makes another template, besides the two stages as they are. */
const isolated = { network: { mode: 'isolated' }, evidence: { lockDays: 7 }, ownKey: true };
const own = {
  network: {
    vpc: {
      vpcId: 'vpc-0123456789abcdef0',
      availabilityZones: ['us-west-2a'],
      subnetIds: ['subnet-0123456789abcdef0'],
    },
  },
  compute: { architecture: 'x86_64', sharedFilesMaxVcpus: 0, readonlyRoot: false },
  operatorEmail: 'me@example.org',
  auth: { oidcIssuer: 'https://login.example.org/realms/x', oidcAudiences: ['swath'] },
  delivery: {
    domain: {
      name: 'imagery.example.org',
      certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/01234567-89ab-cdef-0123-456789abcdef',
      hostedZoneId: 'Z0123456789ABCDEFGHIJ',
    },
    webAclArn: 'arn:aws:wafv2:us-east-1:111122223333:global/webacl/x/01234567-89ab-cdef-0123-456789abcdef',
  },
  analytics: { dynamodbConnector: { version: '2025.1.1' } },
};
const nat = {
  network: { mode: 'nat' },
  compute: { onSharedFiles: ['process'] },
  retention: { resultsDays: 90 },
};
const dev = synthesise('dev');
const prod = synthesise('prod');
const variants: Variants = [
  ['dev', dev],
  ['prod', prod],
  ['dev, isolated, with a key and evidence', synthesise('dev', { dev: isolated })],
  ['prod, in a VPC that is there', synthesise('prod', { prod: own })],
  ['prod, behind NAT', synthesise('prod', { prod: nat })],
];
afterAll(() => {
  for (const [, app] of variants) app.remove();
});

describe('acknowledgements of cdk-nag', () => {
  it('are all used, so that none outlives its reason', () => {
    const used = new Set(variants.flatMap(([, app]) => [...app.used]));
    expect(acknowledgements.filter((entry) => !used.has(entry))).toEqual([]);
  });
});

describe('synthesis', () => {
  it('gives the same templates again', () => {
    const again = synthesise('dev');
    expect([...again.texts]).toEqual([...dev.texts]);
    again.remove();
  });

  it('names nothing, so that one account can hold the system twice', () => {
    const property = (type: string) => `${type.split('::')[2]?.replace('GlobalTable', 'Table')}Name`;
    const named = [dev, prod].flatMap((app) =>
      Object.values(app.templates).flatMap(({ Resources }) =>
        Object.entries(Resources).flatMap(([id, { Type, Properties }]) =>
          // Inline policies have names of their role's own, and an API's stage is called $default.
          property(Type) in Properties && !['AWS::IAM::Policy', 'AWS::ApiGatewayV2::Stage'].includes(Type)
            ? [id]
            : [],
        ),
      ),
    );
    expect(named).toEqual([]);
  });

  it('gives a bus, which has to have a name, another one in every installation', () => {
    const other = synthesise('dev', { dev: { name: 'other' } });
    const busNames = [dev, prod, other].map((app) => {
      const [bus] = app.resources('AWS::Events::EventBus').values();
      return bus?.Properties['Name'];
    });
    expect(new Set(busNames).size).toBe(3);
    other.remove();
  });

  it('says what an option costs while idle, and warns of what cannot be undone', () => {
    expect(dev.messages).toEqual([]);
    const all = variants.flatMap(([, app]) => app.messages).join('\n');
    expect(all).toMatch(/"isolated": 3 interface endpoints in 2 zones bill about 43\.80 USD a month/);
    expect(all).toMatch(/"nat": one NAT gateway bills about 32\.85 USD a month/);
    expect(all).toMatch(/evidence bucket cannot be deleted for 7 days/);
  });

  it('gives every stack its tags', () => {
    for (const stack of [dev.stage.storage, dev.stage.ordering]) {
      expect(stack.tags.tagValues()).toEqual({
        app: 'swath',
        stage: 'dev',
        owner: 'swath',
        'cost-centre': 'swath',
      });
    }
  });
});

storageSuite(variants, prod);
machineSuite(variants);
edgeSuite(variants);
jobsSuite(variants);

describe('the rule of job changes', () => {
  it('hears parents of our own queues only', () => {
    const rules = [...dev.resources('AWS::Events::Rule').values()];
    const rule = rules.find(({ Properties }) => stringsOf(Properties['EventPattern']).includes('aws.batch'));
    expect(at(rule?.Properties, 'EventPattern', 'detail')).toMatchObject({
      status: ['RUNNING', 'SUCCEEDED', 'FAILED'],
      arrayProperties: { index: [{ exists: false }] },
    });
    for (const { Properties } of rules) {
      expect(at(Properties, 'Targets', 0, 'DeadLetterConfig')).toBeDefined();
    }
  });
});

/** The CDK itself says twice what a function depends on. */
const ignored = ['--ignore-checks', 'W3005'];
const hasLint = spawnSync('cfn-lint', ['--version']).status === 0;
if (!hasLint) console.warn('skipped: cfn-lint is not installed (pip install cfn-lint)');

describe('the runbook', () => {
  it('has the section of every alarm', () => {
    const text = readFileSync(join(repository, 'docs/runbook.md'), 'utf8');
    for (const section of runbookSections) expect(text).toContain(`\n## ${section}\n`);
  });
});

describe.skipIf(!hasLint)('cfn-lint', () => {
  it('has nothing to say of any template', () => {
    const files = variants.flatMap(([, app]) => app.files);
    const { stdout, stderr, status } = spawnSync('cfn-lint', [...ignored, '--', ...files], {
      encoding: 'utf8',
    });
    expect({ said: `${stdout}${stderr}`, status }).toEqual({ said: '', status: 0 });
    // Thirty templates are 10 s of a free core.
  }, 600_000);
});
