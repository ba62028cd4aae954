import { describe, expect, it } from 'vitest';
import { turns } from './turns.ts';

const signal = new AbortController().signal;

describe('turns', () => {
  it('let a few work at once, the others in order, and send the rest away', async () => {
    const take = turns(2, 2);
    const started: number[] = [];
    const ends: (() => void)[] = [];
    const work = (id: number) => () =>
      new Promise<number>((resolve) => {
        started.push(id);
        ends.push(() => resolve(id));
      });
    const all = [1, 2, 3, 4].map((id) => take(work(id), signal));
    await expect(take(work(5), signal)).rejects.toMatchObject({ code: 'Throttled' });
    expect(started).toEqual([1, 2]);
    ends[0]!();
    await all[0];
    await Promise.resolve();
    expect(started).toEqual([1, 2, 3]);
    ends[1]!();
    ends[2]!();
    await all[2];
    await Promise.resolve();
    ends[3]!();
    expect(await Promise.all(all)).toEqual([1, 2, 3, 4]);
  });

  it('go on after a failure, and skip who left', async () => {
    const take = turns(1, 5);
    const gone = new AbortController();
    const failing = take(async () => {
      throw new Error('no');
    }, signal);
    let ran = false;
    const left = take(async () => {
      ran = true;
    }, gone.signal);
    const after = take(async () => 'done', signal);
    gone.abort();
    await expect(failing).rejects.toThrow('no');
    await expect(left).rejects.toThrow();
    expect(await after).toBe('done');
    expect(ran).toBe(false);
  });
});
