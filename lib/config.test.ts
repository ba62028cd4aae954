import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { configOf, jobVcpus, readConfigFile, stageNames } from './config.ts';

describe('the configuration', () => {
  it.each(stageNames)('of %s needs no answer', (stage) => {
    const config = configOf(stage, undefined);
    expect(config).toEqual(configOf(stage, {}));
    expect(config).toMatchObject({ stage, network: { mode: 'public' }, ownKey: false });
    expect(config.evidence).toBeUndefined();
  });

  it('lets go of data in dev only, and keeps logs and spends less there', () => {
    expect(configOf('dev', {})).toMatchObject({ destroyData: true, logGroupDays: 30, monthlyBudgetUsd: 50 });
    expect(configOf('prod', {})).toMatchObject({
      destroyData: false,
      logGroupDays: 90,
      monthlyBudgetUsd: 500,
    });
  });

  it('of one stage says nothing about the other', () => {
    const file = { prod: { network: { mode: 'nat' }, retention: { logGroupDays: 365 } } };
    expect(configOf('dev', file)).toEqual(configOf('dev', {}));
    expect(configOf('prod', file)).toMatchObject({ network: { mode: 'nat' }, logGroupDays: 365 });
  });

  it.each([
    [{ dev: { netwrok: {} } }, '/dev'],
    [{ dev: { network: { mode: 'private' } } }, '/dev/network/mode'],
    [{ dev: { retention: { rawColderAfterDays: 6 } } }, '/dev/retention/rawColderAfterDays'],
    [
      { dev: { retention: { rawColderAfterDays: 30, rawPurgeAfterDays: 30 } } },
      '/retention/rawPurgeAfterDays',
    ],
    [{ dev: { auth: { oidcIssuer: 'https://login.example' } } }, '/auth/oidcAudiences'],
    [{ dev: { auth: { oidcIssuer: 'http://login.example' } } }, '/dev/auth/oidcIssuer'],
    [{ dev: { compute: { sharedFilesMaxVcpus: 0, onSharedFiles: ['process'] } } }, '/compute/onSharedFiles'],
    [{ dev: { prices: { factor: 0 } } }, '/dev/prices/factor'],
    [{ dev: { prices: { fargateShare: 1.1 } } }, '/dev/prices/fargateShare'],
    [{ dev: { prices: { usd: { natGatewayHour: 1 } } } }, '/dev/prices/usd'],
    [{ dev: { prices: { usd: { s3GbMonth: -1 } } } }, '/dev/prices/usd/s3GbMonth'],
    [{ staging: {} }, '/'],
  ])('%j is refused at its place', (file, pointer) => {
    expect(() => configOf('dev', file)).toThrow(expect.objectContaining({ code: 'InvalidInput', pointer }));
  });

  it('knows two stages', () => {
    expect(() => configOf('test', {})).toThrow(/no stage "test"/);
  });

  describe('in a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'swath-config-'));
    afterAll(() => rmSync(folder, { recursive: true }));

    it('is read as JSON', () => {
      const path = join(folder, 'good.json');
      writeFileSync(path, '{"dev":{"owner":"me"}}');
      expect(configOf('dev', readConfigFile(path)).owner).toBe('me');
    });

    it('that is not there is no configuration', () => {
      expect(readConfigFile(join(folder, 'none.json'))).toBeUndefined();
    });

    it('that is no JSON stops the start with its name', () => {
      const path = join(folder, 'bad.json');
      writeFileSync(path, '{');
      expect(() => readConfigFile(path)).toThrow(/bad\.json is not JSON/);
    });
  });
});

describe('vCPUs that quotas should allow', () => {
  it('are those of the configuration, on EC2 only where jobs run there', () => {
    expect(jobVcpus(configOf('dev', undefined))).toEqual({ fargateVcpus: 64, sharedFilesVcpus: 0 });
    const file = { prod: { compute: { maxVcpus: 500, onSharedFiles: ['process'] } } };
    expect(jobVcpus(configOf('prod', file))).toEqual({ fargateVcpus: 500, sharedFilesVcpus: 64 });
  });
});
