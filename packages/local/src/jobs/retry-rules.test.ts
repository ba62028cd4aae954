import { describe, expect, it } from 'vitest';
import { INTERRUPTED, retryAction, retryRules } from './retry-rules.ts';

describe('retry rules', () => {
  it.each([
    [75, 'Essential container in task exited', 'RETRY'],
    [143, 'Essential container in task exited', 'RETRY'],
    [137, INTERRUPTED, 'RETRY'],
    [1, 'Host EC2 (instance i-0123) terminated.', 'RETRY'],
    [0, 'Essential container in task exited', 'EXIT'],
    [1, 'Essential container in task exited', 'EXIT'],
    [10, 'Essential container in task exited', 'EXIT'],
    [20, 'Essential container in task exited', 'EXIT'],
    [137, 'OutOfMemoryError: Container killed due to memory usage', 'EXIT'],
    [127, 'CannotStartContainerError: spawn ENOENT', 'EXIT'],
  ] as const)('answer exit code %i, "%s" with %s', (exitCode, statusReason, action) => {
    expect(retryAction({ exitCode, statusReason })).toBe(action);
  });

  it('end with EXIT on anything, because Batch retries what matches nothing', () => {
    expect(retryRules.at(-1)).toEqual({ onStatusReason: '*', action: 'EXIT' });
  });
});
