import { describe, expect, it } from 'vitest';
import { isRetried, retryRules } from './job-rules.ts';

describe('retryRules', () => {
  it.each([
    ['a passing trouble', { exitCode: 75 }, true],
    ['SIGTERM', { exitCode: 143 }, true],
    ['a lost Spot host', { statusReason: 'Host EC2 (instance i-0abc) terminated.' }, true],
    ['an image that cannot be pulled', { reason: 'CannotPullContainerError: 429' }, true],
    ['out of memory', { exitCode: 137, reason: 'OutOfMemoryError: Container killed' }, false],
    ['a bug', { exitCode: 1 }, false],
    ['a bad input', { exitCode: 10 }, false],
    ['a bad provider', { exitCode: 20 }, false],
    ['code 7, which begins like 75', { exitCode: 7 }, false],
    ['nothing known', {}, false],
  ])('decide on %s', (_, end, retried) => {
    expect(isRetried(end)).toBe(retried);
  });

  it('are at most the five Batch takes, and the last names everything', () => {
    expect(retryRules.length).toBeLessThanOrEqual(5);
    expect(retryRules.at(-1)).toEqual({ onReason: '*', action: 'EXIT' });
  });
});
