import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rankedInCounts, ranker } from './order.ts';
import type { StoredSamples } from './samples.ts';

const range = (values: StoredSamples) => ({ min: Math.min(...values), max: Math.max(...values) });

const ranked = ranker();
function expectRanks(values: StoredSamples): void {
  const right = values.slice().sort();
  const valueAt = ranked(values.slice(), range(values));
  // Ascending as percentiles are, one back now and then, and from the end.
  const ranks = [...right.keys()].flatMap((rank) => [rank, Math.max(0, rank - 1)]);
  for (const rank of [...ranks, ...ranks.toReversed()]) expect(valueAt(rank)).toBe(right[rank]! + 0);
}

const singles = (element: fc.Arbitrary<number>) =>
  fc
    .array(element, { minLength: 1, maxLength: 400 })
    .map((values) => Float32Array.from(values, (v) => v + 0));

describe('values by rank', () => {
  it.each([
    ['8 bits', fc.uint8Array({ minLength: 1, maxLength: 400 })],
    ['16 bits', fc.uint16Array({ minLength: 1, maxLength: 400 })],
    [
      '16 bits that are near to each other',
      fc.int16Array({ min: -90, max: 90, minLength: 1, maxLength: 400 }),
    ],
    ['32 bits', fc.int32Array({ minLength: 1, maxLength: 400 })],
    ['singles of every size', singles(fc.float({ noNaN: true }))],
    [
      'singles that crowd beside an outlier',
      singles(fc.oneof(fc.float({ min: 0, max: 1, noNaN: true }), fc.constant(1e30))),
    ],
    ['few singles many times', singles(fc.constantFrom(-1, 0, 0.5, 3e9))],
    ['singles that no bin lies between', singles(fc.constantFrom(0, 1e-45, 3e-45))],
  ] as readonly (readonly [string, fc.Arbitrary<StoredSamples>])[])(
    'are those of sorting them: %s',
    (_, arbitrary) => {
      fc.assert(fc.property(arbitrary, expectRanks), { numRuns: 60 });
    },
  );

  it('stay right when crowds lie within crowds, deeper than bins go', () => {
    expectRanks(Float32Array.from({ length: 3000 }, (_, i) => 10 ** -(i % 38) * (1 + (i % 7))));
  });

  it('come from counts of numbers, with gaps', () => {
    const valueAt = rankedInCounts(Uint32Array.from([0, 2, 0, 0, 1, 0]), -3);
    expect([0, 1, 2, 1, 0, 2].map(valueAt)).toEqual([-2, -2, 1, -2, -2, 1]);
  });
});
