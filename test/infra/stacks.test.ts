import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { removal } from '@swath/aws/account/destroy';
import { prices, requestPriceNames } from '@swath/core/price-table';
import { listRates, ratesOf } from '@swath/requests/cost/rates';
import { afterAll, describe, expect, it } from 'vitest';
import { contract as recordContract } from '../../lambdas/record/contract.ts';
import { acknowledgements } from '../../lib/acknowledgements.ts';
import { repository } from '../../lib/bundling/options.ts';
import { runbookSections } from '../../lib/runbook.ts';
import { edgeSuite } from './support/edge-suite.ts';
import { jobsSuite } from './support/jobs-suite.ts';
import { machineSuite } from './support/machine-suite.ts';
import { readerSuite } from './support/reader-suite.ts';
import { storageSuite } from './support/storage-suite.ts';
import { synthesise, type Variants } from './support/synthesise.ts';
import { configurations } from './support/variants.ts';
import { at, stringsOf } from './support/walk.ts';

const variants: Variants = configurations.map(({ name, stage, file }) => [name, synthesise(stage, file)]);
const appOf = (name: string) => new Map(variants).get(name) ?? expect.fail(name);
const dev = appOf('dev');
const prod = appOf('prod');
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
    for (const app of [dev, prod]) {
      const again = synthesise(app.stage.storage.config.stage);
      expect([...again.texts]).toEqual([...app.texts]);
      again.remove();
    }
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
readerSuite(variants);

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

describe('what outlives its stack', () => {
  it('is what `swath destroy` knows how to remove', () => {
    const kept = new Set<string>();
    for (const [, app] of variants) {
      for (const { Resources } of Object.values(app.templates)) {
        for (const { Type, DeletionPolicy = 'Delete' } of Object.values(Resources)) {
          if (DeletionPolicy !== 'Delete') kept.add(Type);
        }
      }
    }
    expect([...kept].filter((type) => !(type in removal))).toEqual([]);
    expect([...kept].sort()).toEqual(
      expect.arrayContaining(['AWS::Cognito::UserPool', 'AWS::DynamoDB::GlobalTable', 'AWS::S3::Bucket']),
    );
  });

  it('is nothing in dev, but an evidence bucket', () => {
    const kept = variants
      .filter(([name]) => name.startsWith('dev'))
      .flatMap(([, app]) =>
        Object.values(app.templates).flatMap(({ Resources }) =>
          Object.entries(Resources).flatMap(([id, { DeletionPolicy = 'Delete' }]) =>
            DeletionPolicy === 'Delete' ? [] : [id],
          ),
        ),
      );
    expect(kept.filter((id) => !id.startsWith('Evidence'))).toEqual([]);
  });
});

describe('the options', () => {
  const app = appOf('dev, isolated, with a key and evidence');

  it('put an object lock on the evidence bucket alone', () => {
    const locked = [...app.resources('AWS::S3::Bucket')].filter(
      ([, { Properties }]) => Properties['ObjectLockEnabled'] === true,
    );
    expect(locked.map(([id]) => id.startsWith('storage/Evidence'))).toEqual([true]);
    expect(at(locked[0]?.[1].Properties, 'ObjectLockConfiguration', 'Rule', 'DefaultRetention')).toEqual({
      Mode: 'GOVERNANCE',
      Days: 7,
    });
    expect([...dev.resources('AWS::S3::Bucket').keys()].some((id) => id.includes('Evidence'))).toBe(false);
  });

  it('encrypt with a key of one’s own whatever holds data of requests', () => {
    const [keyId = ''] = [...app.resources('AWS::KMS::Key').keys()].map((id) => id.split('/')[1]);
    const byKey = (value: unknown) => {
      const text = JSON.stringify(value);
      return text?.includes(keyId) || text?.includes('Fn::GetStackOutput');
    };
    const where: Readonly<Record<string, string>> = {
      'AWS::SQS::Queue': 'KmsMasterKeyId',
      'AWS::SNS::Topic': 'KmsMasterKeyId',
      'AWS::EFS::FileSystem': 'KmsKeyId',
      'AWS::DynamoDB::GlobalTable': 'Replicas',
    };
    for (const [type, property] of Object.entries(where)) {
      for (const [id, { Properties }] of app.resources(type))
        expect(byKey(Properties[property]), id).toBe(true);
    }
    for (const [id, { Properties }] of app.resources('AWS::Logs::LogGroup')) {
      // Refused traffic is logged before there is a key, and the copying of the site is no data.
      const mayNot = /^(network\/Refused|delivery\/Content)/.test(id);
      expect(byKey(Properties['KmsKeyId']) === true, id).toBe(!mayNot);
    }
    for (const [id, { Properties }] of app.resources('AWS::S3::Bucket')) {
      const mayNot = /^(storage|delivery)\/(Logs|Site)/.test(id);
      expect(byKey(Properties['BucketEncryption']), id).toBe(!mayNot);
    }
  });

  it('install the connector for live SQL where it is asked for, with its version', () => {
    const theirs = appOf('prod, in a VPC that is there');
    const [connector] = theirs.resources('AWS::Serverless::Application').values();
    expect(at(connector?.Properties, 'Location', 'SemanticVersion')).toBe('2025.1.1');
    expect(dev.resources('AWS::Serverless::Application').size).toBe(0);
    expect(theirs.resources('AWS::EC2::VPC').size).toBe(0);
  });
});

describe('the price of a request', () => {
  /** What the function that records requests makes of its variable. */
  const ratesIn = (name: string) => {
    const [found, ...others] = [...appOf(name).resources('AWS::Lambda::Function').values()].flatMap((one) => {
      const text = at(one.Properties, 'Environment', 'Variables', 'SWATH_PRICES');
      return typeof text === 'string' ? [text] : [];
    });
    expect(others).toEqual([]);
    return ratesOf(recordContract.environment.shape.SWATH_PRICES.parse(found));
  };

  it('is reckoned with the list, where nothing is configured', () => {
    expect(ratesIn('dev')).toEqual(listRates);
    expect(ratesIn('prod')).toEqual(listRates);
  });

  it('follows sizes, processor, network and prices of the stage', () => {
    expect(ratesIn('prod, behind NAT')).toMatchObject({
      addresses: 0,
      fargateShare: 0.5,
      imagery: 'other-region',
      usd: { vcpuHour: 0.05, gbHour: prices.fargateArmGbHour * 1.2 },
    });
    expect(ratesIn('prod, in a VPC that is there')).toMatchObject({
      addresses: 0,
      usd: { vcpuHour: prices.fargateX86VcpuHour },
    });
  });

  it('leaves room in the variables of its function, of which Lambda takes 4 kB, with every price replaced', () => {
    const usd = Object.fromEntries(requestPriceNames.map((name) => [name, 0.0000123456]));
    const { tasks, diskGiB, workDays } = listRates;
    const longest = {
      factor: 1.23456,
      usd,
      fargateShare: 0.123,
      imagery: 'other-region',
      architecture: 'x86_64',
    } as const;
    const settings = JSON.stringify({ ...longest, tasks, diskGiB, workDays, addresses: 0 });
    expect(ratesOf(recordContract.environment.shape.SWATH_PRICES.parse(settings))).toEqual(
      ratesOf({ ...longest, addresses: 0 }),
    );
    expect(settings.length).toBeLessThan(1_200);
  });
});

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
