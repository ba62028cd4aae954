import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createReducer, type ReducingComposite } from '../process/composite.ts';
import { createKernelSpace } from './space.ts';

const space = createKernelSpace();

function reduced(composite: ReducingComposite, planes: readonly Float32Array[]): number[] {
  const pixels = planes[0]!.length;
  const mark = space.mark();
  const reducer = createReducer(composite, space, pixels, planes.length);
  for (const plane of planes) {
    space.singles(reducer.next(), pixels).set(plane);
    reducer.add();
  }
  const to = space.take(4 * pixels);
  reducer.result(to);
  const out = [...space.singles(to, pixels)];
  space.release(mark);
  return out;
}

const byNumber = (a: number, b: number): number => a - b;

/** The same, a pixel at a time. */
const plainly: Readonly<Record<ReducingComposite, (values: readonly number[]) => number>> = {
  min: (values) => Math.min(...values),
  max: (values) => Math.max(...values),
  mean: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  median: (values) => {
    const sorted = values.toSorted(byNumber);
    return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
  },
};

const value = fc.oneof(
  { weight: 1, arbitrary: fc.constant(Number.NaN) },
  { weight: 4, arbitrary: fc.integer({ min: -9, max: 9 }) },
  { weight: 3, arbitrary: fc.float({ noNaN: true, min: -(2 ** 99), max: 2 ** 99 }) },
);

describe('reducers over dates', () => {
  it.each(['min', 'max', 'mean', 'median'] as const)('%s is what it is pixel by pixel', (composite) => {
    const stacks = fc
      .record({ dates: fc.integer({ min: 1, max: 40 }), pixels: fc.integer({ min: 1, max: 21 }) })
      .chain(({ dates, pixels }) =>
        fc.array(fc.array(value, { minLength: pixels, maxLength: pixels }), {
          minLength: dates,
          maxLength: dates,
        }),
      );
    fc.assert(
      fc.property(stacks, (stack) => {
        const planes = stack.map((plane) => Float32Array.from(plane));
        const wanted = Array.from(planes[0]!, (_, i) => {
          const values = planes.map((plane) => plane[i]!).filter((each) => !Number.isNaN(each));
          return values.length === 0 ? Number.NaN : Math.fround(plainly[composite](values)) + 0;
        });
        expect(reduced(composite, planes).map((each) => each + 0)).toEqual(wanted);
      }),
      { numRuns: 150 },
    );
  });
});
