import { describe, expect, it } from 'vitest';
import { sharedRuns } from './shared-runs.ts';

describe('shared runs', () => {
  it('begin after the calls that share them, one at a time', async () => {
    const ends: (() => void)[] = [];
    let begun = 0;
    const call = sharedRuns(async () => {
      const number = ++begun;
      await new Promise<void>((end) => ends.push(end));
      return number;
    });
    const first = [call(), call()];
    await expect.poll(() => begun).toBe(1);
    const second = [call(), call(), call()];
    expect(begun).toBe(1);
    ends[0]?.();
    expect(await Promise.all(first)).toEqual([1, 1]);
    await expect.poll(() => begun).toBe(2);
    ends[1]?.();
    expect(await Promise.all(second)).toEqual([2, 2, 2]);
  });

  it('fail for those who share them, and not for the next', async () => {
    let broken = true;
    const call = sharedRuns(async () => {
      if (broken) throw new Error('broken');
      return 'well';
    });
    const both = [call(), call()];
    for (const one of both) await expect(one).rejects.toThrow('broken');
    broken = false;
    expect(await call()).toBe('well');
  });
});
