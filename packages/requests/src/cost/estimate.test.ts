import { prices } from '@swath/core/price-table';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { billedSeconds, estimateCost, type Used } from './estimate.ts';
import { listRates, ratesOf } from './rates.ts';

const nothing: Used = {
  attempts: { withJobs: 0, withoutJobs: 0 },
  tasks: {
    acquire: { count: 0, seconds: 0 },
    process: { count: 0, seconds: 0 },
    publish: { count: 0, seconds: 0 },
  },
  chunks: 0,
  products: 0,
  inputBytes: 0,
  chunkBytes: 0,
  outputBytes: 0,
  retentionDays: 30,
};
const used: Used = {
  attempts: { withJobs: 1, withoutJobs: 0 },
  tasks: {
    acquire: { count: 1, seconds: 3600 },
    process: { count: 2, seconds: 7200 },
    publish: { count: 1, seconds: 1800 },
  },
  chunks: 100,
  products: 1,
  inputBytes: 50e9,
  chunkBytes: 8e9,
  outputBytes: 10e9,
  retentionDays: 365,
};
const usdOf = (cost: ReturnType<typeof estimateCost>) =>
  Object.fromEntries(Object.entries(cost.lines).map(([name, { nanoUsd }]) => [name, nanoUsd / 1e9]));

describe('the price of an attempt', () => {
  it('is what a pencil says', () => {
    const cost = estimateCost(used, listRates);
    const near = (usd: number) => expect.closeTo(usd, 8);
    expect(usdOf(cost)).toEqual({
      acquire: near(0.0395), // 1 h x (1 x 0.03238 + 2 x 0.00356)
      process: near(0.18648), // 2 h x (2 x 0.03238 + 8 x 0.00356)
      publish: near(0.04662), // 0.5 h x (2 x 0.03238 + 8 x 0.00356)
      disk: near(0.011655), // 3.5 h x (50 - 20) x 0.000111
      addresses: near(0.0175), // 3.5 h x 0.005
      s3Calls: near(0.0014452), // (30 + 200 + 4) x 0.005 / 1000 + (80 + 600 + 8) x 0.0004 / 1000
      table: near(0.00011875), // (80 x 2 x 0.625 + 150 x 0.125) / 1e6
      functions: near(0.0002403345), // 35 x 0.5 x 0.0000133334 + 35 x 0.2 / 1e6
      messages: near(0.000044), // (40 x 0.4 + 8 x 1 + 20 x 1) / 1e6
      logs: near(0.000054), // (4 x 2e-6 + 1e-4) x 0.5
      results: near(0.23), // 10 x 0.023, one month at most
      chunks: near(0.1814794521), // 8 x 30 / (730 / 24) x 0.023
      transfer: 0,
    });
    expect(cost.nanoUsd / 1e9).toBeCloseTo(0.7151367365, 8);
    expect(cost.version).toBe('2026-06');
  });

  it('is the sum of its lines, and of its kinds, to the last digit', () => {
    const count = fc.integer({ min: 0, max: 10_000 });
    const bytes = fc.maxSafeInteger().map((n) => Math.abs(n) % 1e13);
    const tasks = fc.record({ count, seconds: fc.double({ min: 0, max: 1e6, noNaN: true }) });
    const anyUse = fc.record({
      attempts: fc.record({ withJobs: count, withoutJobs: count }),
      tasks: fc.record({ acquire: tasks, process: tasks, publish: tasks }),
      chunks: count,
      products: count,
      inputBytes: bytes,
      chunkBytes: bytes,
      outputBytes: bytes,
      retentionDays: fc.integer({ min: 1, max: 3650 }),
    });
    fc.assert(
      fc.property(anyUse, (one) => {
        const { lines, kinds, nanoUsd } = estimateCost(one, ratesOf({ imagery: 'other-region' }));
        const total = Object.values(lines).reduce((sum, line) => sum + line.nanoUsd, 0);
        expect(total).toBe(nanoUsd);
        expect(Object.values(kinds).reduce((a, b) => a + b, 0)).toBe(nanoUsd);
        expect(Number.isSafeInteger(nanoUsd) && nanoUsd >= 0).toBe(true);
      }),
    );
  });

  it('is nothing for nothing, and a quarter of the calls where no job was needed', () => {
    expect(estimateCost(nothing, listRates).nanoUsd).toBe(0);
    const kindsOf = (attempts: Used['attempts']) => estimateCost({ ...nothing, attempts }, listRates);
    const [with_, without] = [
      kindsOf({ withJobs: 1, withoutJobs: 0 }),
      kindsOf({ withJobs: 0, withoutJobs: 1 }),
    ];
    expect(without.lines.table.nanoUsd).toBeCloseTo(with_.lines.table.nanoUsd / 4, -1);
    expect(without.kinds.compute).toBe(0);
  });

  it('has a minute for every task at least', () => {
    expect(billedSeconds(0, 0)).toBe(0);
    expect(billedSeconds(3, 2)).toBe(180);
    expect(billedSeconds(2, 500)).toBe(500);
  });

  it('counts results for the days they are kept, at most a month', () => {
    const storage = (retentionDays: number) =>
      estimateCost({ ...nothing, outputBytes: 1e9, retentionDays }, listRates).kinds.storage / 1e9;
    expect(storage(1)).toBeCloseTo((0.023 * 24) / 730, 8);
    expect(storage(40)).toBe(0.023);
  });
});

describe('the rates', () => {
  it('are the list, until a configuration says otherwise', () => {
    expect(listRates.version).toMatch(/^20\d\d-\d\d$/);
    expect(listRates.usd.vcpuHour).toBe(prices.fargateArmVcpuHour);
    const own = ratesOf({ factor: 1.5, usd: { fargateArmVcpuHour: 0.05 } });
    expect(own.usd).toMatchObject({ vcpuHour: 0.05, s3GbMonth: prices.s3GbMonth * 1.5 });
    expect(own.version).toMatch(/^20\d\d-\d\d\+[0-9a-f]{8}$/);
    expect(ratesOf({ factor: 1.5 }).version).not.toBe(own.version);
    expect(ratesOf({ factor: 1.5, usd: { fargateArmVcpuHour: 0.05 } }).version).toBe(own.version);
  });

  it('take processor, Spot, region and addresses from the stage', () => {
    const priced = (settings: Parameters<typeof ratesOf>[0]) => estimateCost(used, ratesOf(settings));
    const list = estimateCost(used, listRates);
    expect(priced({ architecture: 'x86_64' }).lines.acquire.nanoUsd / 1e9).toBeCloseTo(
      0.04048 + 2 * 0.004445,
      8,
    );
    expect(priced({ fargateShare: 0.3 }).lines.process.nanoUsd).toBe(
      Math.round(list.lines.process.nanoUsd * 0.3),
    );
    expect(priced({ imagery: 'other-region' }).kinds.transfer / 1e9).toBeCloseTo(50 * 0.02, 8);
    expect(priced({ addresses: 0 }).lines.addresses.nanoUsd).toBe(0);
    expect(priced({ diskGiB: 20 }).lines.disk.nanoUsd).toBe(0);
  });

  it('refuse names that are none of a request, and prices below nothing', () => {
    expect(() => ratesOf({ usd: { natGatewayHour: 1 } as object })).toThrow(/natGatewayHour/);
    expect(() => ratesOf({ usd: { s3GbMonth: -1 } })).toThrow();
  });
});
