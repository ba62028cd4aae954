import { describe, expect, it } from 'vitest';
import { mapBounded } from './bounded.ts';

describe('mapBounded', () => {
  it('keeps the order of the items and never runs more than the limit', async () => {
    let running = 0;
    let most = 0;
    const results = await mapBounded([5, 4, 3, 2, 1], 2, async (item) => {
      most = Math.max(most, ++running);
      for (let turn = 0; turn < item; turn++) await Promise.resolve();
      running--;
      return item * 10;
    });
    expect(results).toEqual([50, 40, 30, 20, 10]);
    expect(most).toBe(2);
  });

  it('throws the first failure after what is under way has ended, and starts nothing more', async () => {
    const ended: number[] = [];
    const mapped = mapBounded([0, 1, 2, 3], 2, async (item) => {
      if (item === 0) throw new Error('first');
      for (let turn = 0; turn < 5; turn++) await Promise.resolve();
      ended.push(item);
    });
    await expect(mapped).rejects.toThrow('first');
    expect(ended).toEqual([1]);
  });
});
