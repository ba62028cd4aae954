import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shareOut } from './share-out.ts';

describe('sharing units out', () => {
  it('has each made once, by lanes of any speed, none too far ahead of the first that is not made', async () => {
    const sharing = fc.record({
      units: fc.nat(60),
      ahead: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 6 }),
      window: fc.integer({ min: 1, max: 40 }),
      slow: fc.nat(5),
    });
    await fc.assert(
      fc.asyncProperty(sharing, async ({ slow, ...given }) => {
        const made = new Array<number>(given.units).fill(0);
        await shareOut(given, async (unit, lane) => {
          const first = made.indexOf(0);
          expect(unit).toBeLessThan(first + given.window);
          for (let turn = lane === 0 ? slow : 0; turn >= 0; turn--) await setImmediate();
          made[unit]! += 1;
        });
        expect(made.every((times) => times === 1)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('gives runs, so that neighbours are made by one lane', async () => {
    const lanes: number[] = [];
    await shareOut({ units: 64, ahead: [1, 1], window: 32 }, async (unit, lane) => {
      lanes[unit] = lane;
      await setImmediate();
    });
    const changes = lanes.filter((lane, unit) => unit > 0 && lane !== lanes[unit - 1]).length;
    expect(changes).toBeLessThan(40);
    expect(new Set(lanes)).toEqual(new Set([0, 1]));
  });

  it('ends with the first failure, also when others wait for the unit that failed', async () => {
    const begun: number[] = [];
    const sharing = shareOut({ units: 100, ahead: [1, 3], window: 2 }, async (unit) => {
      begun.push(unit);
      await setImmediate();
      if (unit === 4) throw new Error('no disk');
    });
    await expect(sharing).rejects.toThrow('no disk');
    expect(Math.max(...begun)).toBeLessThan(6);
  });

  it('begins nothing any more once it is told to stop', async () => {
    const stop = new AbortController();
    const begun: number[] = [];
    const sharing = shareOut({ units: 100, ahead: [1, 1], window: 8, signal: stop.signal }, async (unit) => {
      begun.push(unit);
      await setImmediate();
      if (unit === 3) stop.abort();
    });
    await expect(sharing).rejects.toMatchObject({ name: 'AbortError' });
    expect(begun.length).toBeLessThan(8);
  });
});
