import { SwathError } from '@swath/core';
import { describe, expect, it } from 'vitest';
import { jobFailure } from './failure.ts';

const system = (code: string) => Object.assign(new Error(`${code}: write`), { code, syscall: 'write' });

describe('the end of a failed job', () => {
  it.each([
    ['InvalidInput', 10, 'INVALID_INPUT'],
    ['LimitExceeded', 10, 'LIMIT_EXCEEDED'],
    ['Unsupported', 10, 'UNSUPPORTED'],
    ['NotFound', 20, 'ASSET_MISSING'],
    ['Corrupt', 20, 'ASSET_CORRUPT'],
    ['Throttled', 75, 'RATE_LIMITED'],
    ['Unavailable', 75, 'PROVIDER_UNAVAILABLE'],
    ['Conflict', 1, 'RESULT_CONFLICT'],
    ['Cancelled', 143, 'SPOT_INTERRUPTED'],
    ['Bug', 1, 'INTERNAL_ERROR'],
  ] as const)('of %s has exit code %i and reason %s', (code, exitCode, reason) => {
    expect(jobFailure(new SwathError(code, 'why'))).toMatchObject({ exitCode, reason });
  });

  it('of a full disk is tried again, also when it is wrapped', () => {
    expect(jobFailure(system('ENOSPC'))).toMatchObject({ exitCode: 75, reason: 'TEMPORARY' });
    expect(jobFailure(new Error('while writing', { cause: system('EMFILE') }))).toMatchObject({
      exitCode: 75,
    });
  });

  it('of a file that is not there is a bug, and its path stays out of the message', () => {
    const failure = jobFailure(Object.assign(system('ENOENT'), { path: '/secret' }));
    expect(failure).toEqual({ exitCode: 1, reason: 'INTERNAL_ERROR', message: 'Swath failed at this step.' });
  });

  it('keeps the tag of an error whose cause was a system error', () => {
    const error = new SwathError('NotFound', 'gone', { cause: system('EIO') });
    expect(jobFailure(error)).toMatchObject({ exitCode: 20, reason: 'ASSET_MISSING' });
  });

  it('of an allocation that fails is out of memory', () => {
    expect(jobFailure(new RangeError('Array buffer allocation failed')).reason).toBe('OUT_OF_MEMORY');
  });
});
