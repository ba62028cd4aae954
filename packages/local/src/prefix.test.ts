import { compareUtf8 } from '@swath/ports';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prefixEnd } from './prefix.ts';

describe('prefixEnd', () => {
  it('parts the texts with the prefix from all above them', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(text, text, (prefix, other) => {
        const end = prefixEnd(prefix);
        if (end === undefined) return;
        expect(compareUtf8(prefix + other, end)).toBeLessThan(0);
        const inside = compareUtf8(other, prefix) >= 0 && compareUtf8(other, end) < 0;
        expect(inside).toBe(other.startsWith(prefix));
      }),
      { numRuns: 2_000 },
    );
  });

  it('has no end after the last character there is', () => {
    expect(prefixEnd('\u{10ffff}')).toBeUndefined();
    expect(prefixEnd('')).toBeUndefined();
    expect(prefixEnd('a\u{10ffff}')).toBe('b');
    expect(prefixEnd('\ud7ff')).toBe('\ue000');
  });
});
