import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COALESCE_GAP_BYTES, COALESCE_MAX_BYTES } from '../limits.ts';
import { planFetches } from './ranges.ts';

describe('planFetches', () => {
  it('merges neighbours across a gap of 64 KiB and not beyond', () => {
    const near = planFetches([
      { offset: 0, length: 100 },
      { offset: 100 + COALESCE_GAP_BYTES, length: 50 },
    ]);
    expect(near).toEqual([{ offset: 0, length: 150 + COALESCE_GAP_BYTES, members: [0, 1] }]);
    const far = planFetches([
      { offset: 0, length: 100 },
      { offset: 101 + COALESCE_GAP_BYTES, length: 50 },
    ]);
    expect(far).toHaveLength(2);
  });

  it('covers every range, whatever their order, and exceeds 8 MiB only for a single larger range', async () => {
    const range = fc.record({ offset: fc.nat(40_000_000), length: fc.integer({ min: 1, max: 12_000_000 }) });
    await fc.assert(
      fc.property(fc.array(range, { maxLength: 40 }), (ranges) => {
        const fetches = planFetches(ranges);
        expect(fetches.flatMap((fetch) => fetch.members).sort((a, b) => a - b)).toEqual(
          ranges.map((_, at) => at),
        );
        for (const fetch of fetches) {
          for (const member of fetch.members) {
            const wanted = ranges[member];
            expect(wanted && wanted.offset >= fetch.offset).toBe(true);
            expect(wanted && wanted.offset + wanted.length <= fetch.offset + fetch.length).toBe(true);
          }
          if (fetch.members.length > 1) expect(fetch.length).toBeLessThanOrEqual(COALESCE_MAX_BYTES);
        }
      }),
    );
  });
});
