import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareUtf8, utf8Length } from './utf8.ts';

describe('compareUtf8', () => {
  it('orders any two texts as their UTF-8 bytes', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(text, text, (a, b) => {
        const expected = Buffer.compare(Buffer.from(a), Buffer.from(b));
        expect(Math.sign(compareUtf8(a, b))).toBe(expected);
      }),
      { numRuns: 2_000 },
    );
  });

  it('puts what UTF-16 puts last before what needs four bytes', () => {
    expect(['🛰', '\uffff', '\ue000', 'z'].sort(compareUtf8)).toEqual(['z', '\ue000', '\uffff', '🛰']);
  });

  it('counts bytes, not characters', () => {
    expect(utf8Length('aé卫🛰')).toBe(1 + 2 + 3 + 4);
  });
});
