import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, createGuardedSpace, spreadRows } from '../../../../test/support/guarded-space.ts';
import { createStatistics } from '../stats/accumulator.ts';
import { createFineHistogram } from '../stats/fine-histogram.ts';
import { addBlock, addToFineHistogram } from '../stats/oracle.fixture.ts';
import type { Moments } from '../stats/summary.ts';
import { ARRAYS } from './arrays.fixture.ts';
import { FINE_PAGE_BINS, FINE_PAGES, MOMENTS, SAMPLE_CODE } from './kernels.ts';

const space = createGuardedSpace();

type Dtype = keyof typeof ARRAYS;

const NODATA = { uint8: 255, int16: -32768, uint16: 0, int32: -2147483648, float32: -9999 } as const;

interface Rectangle {
  readonly width: number;
  readonly height: number;
  readonly gap: number;
  readonly nodata: number;
  /** Row-major, stored. */
  readonly samples: InstanceType<(typeof ARRAYS)[Dtype]>;
}

/** Rectangles with runs of one number, nodata among them. */
function rectangles(dtype: Dtype): fc.Arbitrary<Rectangle> {
  const some = dtype === 'float32' ? fc.float() : fc.maxSafeInteger();
  return fc
    .record({
      width: fc.integer({ min: 1, max: 45 }),
      height: fc.integer({ min: 1, max: 4 }),
      gap: fc.nat(3),
      nodata: fc.constantFrom(NODATA[dtype], 7, Number.NaN),
    })
    .chain((shape) => {
      const number = fc.oneof(some, fc.constant(shape.nodata), fc.integer({ min: 5, max: 9 }));
      const runs = fc.array(fc.tuple(number, fc.integer({ min: 1, max: 24 })), {
        minLength: 1,
        maxLength: 40,
      });
      return runs.map((list) => {
        const samples = new ARRAYS[dtype](shape.width * shape.height);
        const line = list.flatMap(([value, times]) => new Array<number>(times).fill(value));
        for (let i = 0; i < samples.length; i++) samples[i] = line[i % line.length]!;
        return { ...shape, samples };
      });
    });
}

function put({ width, gap, samples }: Rectangle): { from: number; apart: number } {
  const bytes = samples.BYTES_PER_ELEMENT;
  const apart = (width + gap) * bytes;
  return { from: space.put(spreadRows(bytesOf(samples), width * bytes, apart)), apart };
}

const planeOf = ({ samples, nodata }: Rectangle) =>
  Float64Array.from(samples, (value) => (value === nodata ? Number.NaN : value));

describe.each(['uint8', 'int16', 'uint16'] as const)('countNumbers of %s', (dtype) => {
  it('adds the samples that are not nodata', () => {
    fc.assert(
      fc.property(rectangles(dtype), (rectangle) => {
        const { width, height, nodata } = rectangle;
        const size = dtype === 'uint8' ? 2 ** 8 : 2 ** 16;
        const { from, apart } = put(rectangle);
        const counts = space.take(4 * size);
        space.words(counts, size).fill(5);
        space.kernels.countNumbers(from, apart, width, height, SAMPLE_CODE[dtype], nodata, counts);
        const made = space.words(counts, size).slice();
        expect(space.finish()).toEqual([]);
        const statistics = createStatistics({ dtype, scale: 1, offset: 0, nodata });
        addBlock(statistics, 0, planeOf(rectangle));
        // Compared here and not by expect, which takes milliseconds for 65,536 numbers.
        let differing = -1;
        for (let i = 0; i < size; i++) if (made[i] !== statistics.counts![i]! + 5) differing = i;
        expect(differing).toBe(-1);
      }),
      { numRuns: 150 },
    );
  });
});

const momentsAt = (at: number): Moments => {
  const made = space.doubles(at, 5);
  return {
    count: made[MOMENTS.count]!,
    min: made[MOMENTS.min]!,
    max: made[MOMENTS.max]!,
    mean: made[MOMENTS.mean]!,
    m2: made[MOMENTS.m2]!,
  };
};

function momentsOf(dtype: 'int32' | 'float32', rectangle: Rectangle): Moments {
  const { from, apart } = put(rectangle);
  const to = space.take(40);
  const { width, height, nodata } = rectangle;
  space.kernels.moments(from, apart, width, height, SAMPLE_CODE[dtype], nodata, to);
  const made = momentsAt(to);
  expect(space.finish()).toEqual([]);
  return made;
}

describe.each(['int32', 'float32'] as const)('moments of %s', (dtype) => {
  // Squares of the largest singles are within doubles; of infinities the mean and m2 are what they are.
  const finite = rectangles(dtype).filter(({ samples }) =>
    samples.every((value) => Math.abs(value) !== Infinity),
  );

  it('are those of the accumulator: exact, but for the order of sums', () => {
    fc.assert(
      fc.property(finite, (rectangle) => {
        const made = momentsOf(dtype, rectangle);
        const statistics = createStatistics({ dtype, scale: 1, offset: 0, nodata: 'nan' });
        addBlock(statistics, 0, planeOf(rectangle));
        const exact = statistics.moments.get(0);
        if (exact === undefined) {
          expect(made).toEqual({ count: 0, min: Infinity, max: -Infinity, mean: 0, m2: 0 });
          return;
        }
        expect([made.count, made.min + 0, made.max + 0]).toEqual([exact.count, exact.min + 0, exact.max + 0]);
        const largest = Math.max(Math.abs(exact.min), Math.abs(exact.max));
        expect(Math.abs(made.mean - exact.mean)).toBeLessThanOrEqual(1e-12 * largest);
        expect(Math.abs(made.m2 - exact.m2)).toBeLessThanOrEqual(
          1e-12 * exact.m2 + exact.count * (1e-12 * largest) ** 2,
        );
      }),
      { numRuns: 300 },
    );
  });

  it('do not depend on where rows lie, nor on nodata at the right', () => {
    fc.assert(
      fc.property(finite, fc.nat(20), ({ samples, ...shape }, more) => {
        const nodata = Number.isNaN(shape.nodata) && dtype === 'int32' ? 7 : shape.nodata;
        const made = momentsOf(dtype, { ...shape, nodata, samples });
        expect(momentsOf(dtype, { ...shape, nodata, samples, gap: shape.gap + 5 })).toEqual(made);
        const width = shape.width + more;
        const wider = new ARRAYS[dtype](width * shape.height).fill(nodata);
        for (let y = 0; y < shape.height; y++) {
          wider.set(samples.subarray(y * shape.width, (y + 1) * shape.width), y * width);
        }
        expect(momentsOf(dtype, { ...shape, nodata, width, samples: wider })).toEqual(made);
      }),
      { numRuns: 150 },
    );
  });

  it('do not lose a small spread on a large mean', () => {
    const samples = new ARRAYS[dtype](1000).map((_, i) => 16_777_214 + (i % 2));
    const made = momentsOf(dtype, { width: 100, height: 10, gap: 0, nodata: Number.NaN, samples });
    expect(made).toEqual({ count: 1000, min: 16_777_214, max: 16_777_215, mean: 16_777_214.5, m2: 250 });
  });
});

describe.each(['int32', 'float32'] as const)('fineHistogram of %s', (dtype) => {
  it('fills the pages of the accumulator, asking for each of them once', () => {
    fc.assert(
      fc.property(rectangles(dtype), (rectangle) => {
        const { width, height, nodata } = rectangle;
        const { from, apart } = put(rectangle);
        const directory = space.take(4 * FINE_PAGES);
        space.words(directory, FINE_PAGES).fill(0);
        const pages = new Map<number, number>();
        for (let start = 0; start !== -1; ) {
          start = space.kernels.fineHistogram(
            from,
            apart,
            width,
            height,
            SAMPLE_CODE[dtype],
            nodata,
            directory,
            start,
          );
          if (start === -1) break;
          const at = from + Math.floor(start / width) * apart + (start % width) * 4;
          const key = space.kernels.fineKey(at, SAMPLE_CODE[dtype]);
          expect(pages.has(key)).toBe(false);
          const page = space.take(4 * FINE_PAGE_BINS);
          space.words(page, FINE_PAGE_BINS).fill(0);
          space.words(directory, FINE_PAGES)[key] = page;
          pages.set(key, page);
        }
        const made = new Map([...pages].map(([key, page]) => [key, [...space.words(page, FINE_PAGE_BINS)]]));
        expect(space.finish()).toEqual([]);
        const histogram = createFineHistogram();
        addToFineHistogram(histogram, Float32Array.from(planeOf(rectangle)));
        expect([...made.keys()]).toEqual([...histogram.pages.keys()]);
        for (const [key, counts] of made) {
          const expected = histogram.pages.get(key)!;
          expect(counts.findIndex((count, bin) => count !== expected[bin])).toBe(-1);
        }
      }),
      { numRuns: 150 },
    );
  });
});
