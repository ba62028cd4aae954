import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRing } from './ring.ts';

const pattern = (at: number): number => (at * 7 + (at >> 8)) & 255;

describe('the ring', () => {
  it('writes what was appended, in order, however it was cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 300_000 }), { maxLength: 60 }), async (lengths) => {
        const total = lengths.reduce((a, b) => a + b, 0);
        const out = new Uint8Array(total);
        const ring = createRing(async (bytes, at) => {
          await Promise.resolve();
          out.set(bytes, at);
        });
        let start = 0;
        for (const length of lengths) {
          const base = start;
          await ring.append(length, (into, from) => {
            for (let i = 0; i < into.length; i++) into[i] = pattern(base + from + i);
          });
          start += length;
        }
        await ring.drain();
        expect(out.every((byte, at) => byte === pattern(at))).toBe(true);
      }),
      { numRuns: 12 },
    );
  });

  it('says that a write failed, and settles all the same', async () => {
    const ring = createRing(async () => {
      throw new Error('the disk is full');
    });
    const fill = (): void => {};
    await expect(
      (async () => {
        await ring.append(64 * 2 ** 20, fill);
        await ring.drain();
      })(),
    ).rejects.toThrow('the disk is full');
    await ring.settle();
  });
});
