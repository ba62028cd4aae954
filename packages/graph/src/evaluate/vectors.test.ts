import { isSwathError } from '@swath/core';
import { describe, expect, it } from 'vitest';
import { loadVectors, meets, type Vector } from '../../../../test/support/openeo-vectors.ts';
import { registry } from '../registry/registry.ts';
import { encodeValue } from '../values/encode.ts';
import { evaluateCall } from './evaluate.ts';
import { missedVectors, vectorCounts } from './vectors.fixture.ts';

const vectors = loadVectors();
if (vectors.length === 0) console.warn('skipped: no shared data');

function outcomeOf(vector: Vector): unknown {
  try {
    return {
      returns: encodeValue(evaluateCall({ process_id: vector.process, arguments: vector.arguments })),
    };
  } catch (error) {
    // An error without a name of openEO is ours, and fails the test.
    if (!isSwathError(error) || error.reason === undefined) throw error;
    return { throws: error.reason, message: error.message };
  }
}

describe.skipIf(vectors.length === 0)('official vectors', () => {
  it('cover only processes that are listed', () => {
    expect(vectors.length).toBe(724);
    expect([...new Set(vectors.map(({ process }) => process))].filter((id) => !registry.has(id))).toEqual([]);
  });

  it('are met but for those that contradict themselves or their definition', () => {
    const missed = vectors.filter((vector) => !meets(vector, outcomeOf(vector)));
    expect(missed.map(({ process, index, level }) => [process, index, level])).toEqual(
      missedVectors.map(([process, index, level]) => [process, index, level]),
    );
  });

  it('of L1 that are missed are met with what they mean', () => {
    const vectorAt = (process: string, index: number) =>
      vectors.find((one) => one.process === process && one.index === index)!;
    const dimension = vectorAt('apply_dimension', 2);
    expect(outcomeOf(dimension)).toMatchObject({ throws: 'DimensionNotAvailable' });
    const overTime = { ...dimension, arguments: { ...(dimension.arguments as object), dimension: 't' } };
    expect(meets(overTime, outcomeOf(overTime))).toBe(true);
    // What other vectors of L1 and IEEE 754 say of infinities: only zero times infinity is NaN.
    const factors = (process: string, index: number) => vectorAt(process, index).arguments;
    expect(factors('product', 10)).toEqual({
      data: [1, Number.NEGATIVE_INFINITY, 3, Number.POSITIVE_INFINITY],
    });
    expect(outcomeOf(vectorAt('product', 10))).toEqual({ returns: '-Infinity' });
  });

  it('are as many at each level as the page says', () => {
    const counts: Record<string, [number, number]> = {};
    for (const { level, process, index } of vectors) {
      counts[level] ??= [0, 0];
      counts[level][1] += 1;
      if (!missedVectors.some(([id, at]) => id === process && at === index)) counts[level][0] += 1;
    }
    expect(counts).toEqual(vectorCounts);
  });
});
