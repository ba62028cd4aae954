import { SwathError } from '@swath/core';
import { describe, expect, it } from 'vitest';
import { exitCodes } from './manifest.ts';
import { failureOfError, failureOfJobEnd, failureView, isReason, type Reason, reasons } from './reasons.ts';

describe('reasons', () => {
  it('say for every failure whose fault it is and what to do', () => {
    for (const reason of Object.keys(reasons) as Reason[]) {
      const view = failureView({ reason, message: 'm' });
      expect(view.fix, reason).toMatch(/^[A-Z].*\.$/);
      expect(['user', 'provider', 'swath']).toContain(view.fault);
      if (view.fault === 'user') expect(reasons[reason].automaticAttempts, reason).toBe(0);
    }
  });

  it('are a closed list: words of the prototype are none', () => {
    expect(isReason('OUT_OF_MEMORY')).toBe(true);
    for (const word of ['constructor', '__proto__', 'toString', '', null, 7])
      expect(isReason(word)).toBe(false);
  });

  it.each<[Parameters<typeof failureOfJobEnd>[0], Reason]>([
    [{ exitCode: exitCodes.bug }, 'INTERNAL_ERROR'],
    [{ exitCode: exitCodes.input }, 'INVALID_INPUT'],
    [{ exitCode: exitCodes.provider }, 'ASSET_MISSING'],
    [{ exitCode: exitCodes.temporary }, 'TEMPORARY'],
    [{ exitCode: exitCodes.terminated }, 'SPOT_INTERRUPTED'],
    [{ exitCode: 137 }, 'OUT_OF_MEMORY'],
    [{ exitCode: 139 }, 'INTERNAL_ERROR'],
    [{ exitCode: 0 }, 'RESULT_MISSING'],
    [{}, 'TEMPORARY'],
    [{ statusReason: 'Host EC2 (instance i-0) terminated.' }, 'SPOT_INTERRUPTED'],
    [{ exitCode: 137, statusReason: 'Job attempt duration exceeded timeout' }, 'TIMED_OUT'],
    [
      { exitCode: 1, statusReason: 'OutOfMemoryError: Container killed due to memory usage' },
      'OUT_OF_MEMORY',
    ],
    [{ statusReason: 'CannotPullContainerError: no such image' }, 'TEMPORARY'],
  ])('of a job that ended with %j and left no report: %s', (end, reason) => {
    expect(failureOfJobEnd(end).reason).toBe(reason);
  });

  it('keep the text of a bug to themselves', () => {
    expect(failureOfError(new TypeError('cannot read secret of undefined'))).toEqual({
      reason: 'INTERNAL_ERROR',
      message: 'Swath failed at this step.',
    });
    expect(failureOfError(new SwathError('Corrupt', 'The file is cut.')).message).toBe('The file is cut.');
  });
});
