import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { contract as api } from '../lambdas/api/contract.ts';
import { contract as order } from '../lambdas/order/contract.ts';
import { checkedEnvironment, type EnvironmentOf, requiredNames } from './handler-contract.ts';

const contract = {
  name: 'x',
  environment: z.object({ A: z.string(), B: z.string().default('b'), C: z.url().exactOptional() }),
  timeoutS: 1,
  memoryMb: 128,
};

describe('the environment of a handler', () => {
  it('is what its contract says, no less and no more', () => {
    expect(checkedEnvironment(contract, { A: '1' })).toEqual({ A: '1' });
    expect(checkedEnvironment(contract, { A: '1', B: '2', C: '3' })).toEqual({ A: '1', B: '2', C: '3' });
    expect(() => checkedEnvironment(contract, { B: '2' })).toThrow('Environment of x: A is missing.');
    expect(() => checkedEnvironment(contract, { A: '1', D: '2' })).toThrow('D is not in its contract');
  });

  it('may leave out what has a default', () => {
    expect(requiredNames(contract)).toEqual(['A']);
    expect(requiredNames(order)).toContain('SWATH_TABLE');
    expect(requiredNames(order)).not.toContain('SWATH_STAC_APIS');
    expect(requiredNames(api)).not.toContain('SWATH_PUBLIC_URL');
  });

  it('is known to the compiler', () => {
    const good: EnvironmentOf<typeof contract> = { A: '1' };
    // @ts-expect-error A is missing.
    const missing: EnvironmentOf<typeof contract> = { B: '1' };
    // @ts-expect-error D is not in the contract.
    const extra: EnvironmentOf<typeof contract> = { A: '1', D: '1' };
    expect([good, missing, extra]).toHaveLength(3);
  });
});
