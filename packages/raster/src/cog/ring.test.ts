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
        let written = 0;
        const ring = createRing(async (bytes, at) => {
          expect(at).toBe(written);
          written += bytes.length;
          await Promise.resolve();
          out.set(bytes, at);
        });
        let start = 0;
        for (const length of lengths) {
          const base = start;
          await ring.append(length, (into, from) => {
            const fill = (): void => {
              for (let i = 0; i < into.length; i++) into[i] = pattern(base + from + i);
            };
            // Parts come later than those behind them, or at once.
            return length % 3 === 0
              ? fill()
              : new Promise((resolve) => setTimeout(resolve, length % 4)).then(fill);
          });
          start += length;
        }
        await ring.drain();
        expect(out.every((byte, at) => byte === pattern(at))).toBe(true);
      }),
      { numRuns: 12 },
    );
  });

  it('says that filling failed, and settles when nothing is filled any more', async () => {
    let isFilled = false;
    const ring = createRing(async () => {});
    const fills = [
      () => Promise.reject(new Error('the disk is gone')),
      async () => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        isFilled = true;
      },
    ];
    for (const fill of fills) await ring.append(1000, fill);
    await expect(ring.drain()).rejects.toThrow('the disk is gone');
    await ring.settle();
    expect(isFilled).toBe(true);
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
