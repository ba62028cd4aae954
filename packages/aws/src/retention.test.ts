import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retentionTagging } from './retention.ts';

describe('retention', () => {
  it('is rounded up to a class, so that nothing goes before its time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3650 }), (days) => {
        expect(Number(retentionTagging(days)?.split('=')[1])).toBeGreaterThanOrEqual(days);
      }),
    );
    expect([7, 8, 30].map(retentionTagging)).toEqual([
      'swath-retention-days=7',
      'swath-retention-days=30',
      'swath-retention-days=30',
    ]);
  });

  it('beyond the longest class, and none at all, is for ever', () => {
    expect([undefined, 3651].map(retentionTagging)).toEqual([undefined, undefined]);
  });
});
