import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoredType } from '../process/work.ts';
import {
  createStatistics,
  dnStatistics,
  mergeStatistics,
  type StatisticsAccumulator,
} from './accumulator.ts';
import { addBlock } from './oracle.fixture.ts';
import { scaleStatistics } from './summary.ts';

const single: StoredType = { dtype: 'float32', scale: 1, offset: 0, nodata: 'nan' };
const scaled: StoredType = { dtype: 'int16', scale: 0.0001, offset: -0.1, nodata: -32768 };

const block = (stored: StoredType) => {
  const value =
    stored.dtype === 'float32'
      ? fc.float({ noDefaultInfinity: true, noNaN: true })
      : fc.integer({ min: -32767, max: 32767 });
  const orNodata = fc.oneof(
    { weight: 4, arbitrary: value },
    { weight: 1, arbitrary: fc.constant(Number.NaN) },
  );
  return fc.array(orNodata, { maxLength: 40 }).map((values) => Float32Array.from(values));
};

function statisticsOf(
  stored: StoredType,
  blocks: readonly (readonly [index: number, plane: Float32Array])[],
) {
  const accumulator = createStatistics(stored);
  for (const [index, plane] of blocks) addBlock(accumulator, index, plane);
  return dnStatistics(accumulator, 1000);
}

/** numpy.percentile's default. */
function exactPercentile(sorted: readonly number[], percent: number): number {
  const rank = ((sorted.length - 1) * percent) / 100;
  const low = sorted[Math.floor(rank)]!;
  return low + ((sorted[Math.ceil(rank)] ?? low) - low) * (rank - Math.floor(rank));
}

describe.each([single, scaled])('statistics of $dtype', (stored) => {
  it('do not depend on the order of blocks, nor on how workers share them', () => {
    fc.assert(
      fc.property(fc.array(block(stored), { minLength: 1, maxLength: 6 }), fc.integer(), (planes, seed) => {
        const blocks = planes.map((plane, index) => [index, plane] as const);
        const shuffled = blocks.toSorted((a, b) => ((a[0] * 7 + seed) % 5) - ((b[0] * 7 + seed) % 5));
        const [left, right] = [createStatistics(stored), createStatistics(stored)];
        for (const [index, plane] of shuffled) addBlock(index % 2 === 0 ? left : right, index, plane);
        mergeStatistics(right, left);
        const inOrder = statisticsOf(stored, blocks);
        expect(statisticsOf(stored, shuffled)).toEqual(inOrder);
        expect(dnStatistics(right, 1000)).toEqual(inOrder);
      }),
      { numRuns: 60 },
    );
  });

  it('are those of the pixels: exact, but for percentiles of singles within 6.1e-5 of their value', () => {
    fc.assert(
      fc.property(fc.array(block(stored), { minLength: 1, maxLength: 4 }), (planes) => {
        const values = planes.flatMap((plane) => [...plane]).filter((value) => !Number.isNaN(value));
        const statistics = statisticsOf(
          stored,
          planes.map((plane, index) => [index, plane]),
        );
        expect(statistics.count).toBe(values.length);
        expect(statistics.validPercent).toBeCloseTo(values.length / 10, 10);
        if (values.length === 0) {
          expect(statistics).toMatchObject({ min: null, mean: null, percentiles: null, histogram: null });
          return;
        }
        const sorted = values.toSorted((a, b) => a - b);
        const largest = Math.max(Math.abs(sorted[0]!), Math.abs(sorted.at(-1)!));
        const mean = values.reduce((a, b) => a + b, 0) / values.length;
        expect(statistics.min === sorted[0] && statistics.max === sorted.at(-1)).toBe(true);
        expect(Math.abs(statistics.mean! - mean)).toBeLessThanOrEqual(1e-12 * largest);
        expect(statistics.histogram!.reduce((a, b) => a + b, 0)).toBe(values.length);
        for (const [name, percent] of [
          ['p2', 2],
          ['p25', 25],
          ['p50', 50],
          ['p98', 98],
        ] as const) {
          const rank = ((sorted.length - 1) * percent) / 100;
          const near = Math.max(Math.abs(sorted[Math.floor(rank)]!), Math.abs(sorted[Math.ceil(rank)]!));
          const bound = stored.dtype === 'float32' ? near * 2 ** -14 + 1e-39 : 1e-9;
          expect(
            Math.abs(statistics.percentiles![name] - exactPercentile(sorted, percent)),
          ).toBeLessThanOrEqual(bound);
        }
      }),
      { numRuns: 100 },
    );
  });
});

/** Of four pixels, as a reader sees them. */
function valuesOf(accumulator: StatisticsAccumulator) {
  const { scale, offset } = accumulator.stored;
  return scaleStatistics(dnStatistics(accumulator, 4), scale, offset);
}

describe('statistics', () => {
  it('of stored numbers become those of values by scale and offset', () => {
    const accumulator = createStatistics(scaled);
    addBlock(accumulator, 0, Float32Array.of(1000, 2000, 3000, Number.NaN));
    const statistics = valuesOf(accumulator);
    expect(statistics).toMatchObject({ count: 3, validPercent: 75 });
    expect(statistics.min).toBeCloseTo(0, 12);
    expect(statistics.max).toBeCloseTo(0.2, 12);
    expect(statistics.mean).toBeCloseTo(0.1, 12);
    expect(statistics.std).toBeCloseTo(0.1 * Math.sqrt(2 / 3), 12);
    expect(statistics.percentiles!.p50).toBeCloseTo(0.1, 12);
  });

  it('turn round with a negative scale', () => {
    const accumulator = createStatistics({ ...scaled, scale: -1, offset: 0 });
    addBlock(accumulator, 0, Float32Array.of(1, 2, 2, 5));
    const statistics = valuesOf(accumulator);
    expect([statistics.min, statistics.max]).toEqual([-5, -1]);
    expect([statistics.histogram![0], statistics.histogram![255]]).toEqual([1, 1]);
    expect(statistics.percentiles!.p2).toBeLessThan(statistics.percentiles!.p98);
  });

  it('of a constant band have no spread and one bin', () => {
    const accumulator = createStatistics(single);
    addBlock(accumulator, 0, new Float32Array(100).fill(0.3));
    const statistics = dnStatistics(accumulator, 100);
    expect(statistics).toMatchObject({ std: 0, min: Math.fround(0.3), max: Math.fround(0.3) });
    expect(statistics.percentiles!.p50).toBe(Math.fround(0.3));
    expect(statistics.histogram![0]).toBe(100);
  });

  it('do not lose a small spread on a large mean', () => {
    const accumulator = createStatistics({ ...single, dtype: 'int32', nodata: -1 });
    for (let index = 0; index < 10; index++) {
      addBlock(
        accumulator,
        index,
        Float64Array.from({ length: 100 }, (_, i) => 2_000_000_001 + (i % 2)),
      );
    }
    expect(dnStatistics(accumulator, 1000)).toMatchObject({
      mean: 2_000_000_001.5,
      std: 0.5,
      min: 2_000_000_001,
    });
  });

  it('refuse the same block twice', () => {
    const accumulator = createStatistics(single);
    addBlock(accumulator, 3, Float32Array.of(1));
    expect(() => addBlock(accumulator, 3, Float32Array.of(1))).toThrow(/block 3/);
  });
});
