import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bytesOf,
  createGuardedSpace,
  gatherRows,
  spreadRows,
} from '../../../../test/support/guarded-space.ts';
import { INTEGER_RANGE } from '../cog/spec.ts';
import type { StoredType } from '../process/work.ts';
import type { DnPlane } from '../stats/oracle.fixture.ts';
import { ARRAYS } from './arrays.fixture.ts';
import { SAMPLE_CODE } from './kernels.ts';

const space = createGuardedSpace();

interface Plane {
  readonly width: number;
  readonly height: number;
  /** NaN = nodata. */
  readonly values: DnPlane;
}

/** The contract of the kernels, pixel by pixel. */
function average(plane: Plane, Averages: Float32ArrayConstructor | Float64ArrayConstructor): DnPlane {
  const round = Averages === Float32Array ? Math.fround : (value: number) => value;
  const across = Math.ceil(plane.width / 2);
  const out = new Averages(across * Math.ceil(plane.height / 2));
  const at = (x: number, y: number) =>
    x < plane.width && y < plane.height ? plane.values[y * plane.width + x]! : Number.NaN;
  for (let i = 0; i < out.length; i++) {
    const x = 2 * (i % across);
    const y = 2 * Math.floor(i / across);
    const four = [at(x, y), at(x + 1, y), at(x, y + 1), at(x + 1, y + 1)];
    const [a, b, c, d] = four.map((value) => (Number.isNaN(value) ? 0 : value)) as [
      number,
      number,
      number,
      number,
    ];
    const count = four.filter((value) => !Number.isNaN(value)).length;
    out[i] = round(round(round(a + b) + round(c + d)) / count);
  }
  return out;
}

const sizes = fc.record({
  width: fc.integer({ min: 1, max: 37 }),
  height: fc.integer({ min: 1, max: 5 }),
  gap: fc.nat(3),
  toGap: fc.nat(3),
});

function samples(dtype: StoredType['dtype'], count: number, nodata: number): fc.Arbitrary<number[]> {
  const number =
    dtype === 'float32'
      ? fc.oneof(fc.float(), fc.constantFrom(Number.NaN, 0, -0))
      : fc.oneof(
          fc.integer({ min: INTEGER_RANGE[dtype][0], max: INTEGER_RANGE[dtype][1] }),
          fc.constantFrom(...INTEGER_RANGE[dtype]),
        );
  const orNodata = fc.oneof({ weight: 2, arbitrary: number }, { weight: 1, arbitrary: fc.constant(nodata) });
  return fc.array(orNodata, { minLength: count, maxLength: count });
}

describe.each([
  ['uint8', [0, 255, 7]],
  ['int16', [-32768, 32767, 0]],
  ['uint16', [0, 65535, 40_000]],
  ['int32', [-2147483648, 2147483647, 0]],
  ['float32', [Number.NaN, -9999, 0]],
] as const)('averages of %s', (dtype, nodatas) => {
  const Averages = dtype === 'int32' ? Float64Array : Float32Array;
  const bytes = Averages.BYTES_PER_ELEMENT;
  const cases = fc.tuple(sizes, fc.constantFrom<number>(...nodatas)).chain(([size, nodata]) =>
    fc.record({
      size: fc.constant(size),
      nodata: fc.constant(nodata),
      numbers: samples(dtype, size.width * size.height, nodata),
    }),
  );

  it('are of the valid samples of each 2 x 2, whatever lies beside and below', () => {
    fc.assert(
      fc.property(cases, ({ size: { width, height, gap, toGap }, nodata, numbers }) => {
        const stored = new ARRAYS[dtype](numbers);
        const rowBytes = width * stored.BYTES_PER_ELEMENT;
        const apart = rowBytes + gap * stored.BYTES_PER_ELEMENT;
        const [across, down] = [Math.ceil(width / 2), Math.ceil(height / 2)];
        const toApart = (across + toGap) * bytes;
        const toBytes = (down - 1) * toApart + across * bytes;
        const from = space.put(spreadRows(bytesOf(stored), rowBytes, apart));
        const to = space.take(toBytes);
        space.kernels.averageStored(from, apart, width, height, SAMPLE_CODE[dtype], nodata, to, toApart);
        const made = gatherRows(space.copy(to, toBytes), down, across * bytes, toApart);
        expect(space.finish()).toEqual([]);
        const values = Float64Array.from(stored, (value) => (value === nodata ? Number.NaN : value));
        expect([...new Averages(made.buffer)]).toEqual([...average({ width, height, values }, Averages)]);
      }),
      { numRuns: 300 },
    );
  });

  it('of averages have NaN for nodata', () => {
    const number = dtype === 'int32' ? fc.double() : fc.float();
    const orNaN = fc.oneof(number, fc.integer({ min: -9, max: 9 }), fc.constant(Number.NaN));
    const planes = sizes.chain((size) =>
      fc.record({
        size: fc.constant(size),
        numbers: fc.array(orNaN, {
          minLength: size.width * size.height,
          maxLength: size.width * size.height,
        }),
      }),
    );
    fc.assert(
      fc.property(planes, ({ size: { width, height, gap, toGap }, numbers }) => {
        const values = new Averages(numbers);
        const apart = (width + gap) * bytes;
        const [across, down] = [Math.ceil(width / 2), Math.ceil(height / 2)];
        const toApart = (across + toGap) * bytes;
        const toBytes = (down - 1) * toApart + across * bytes;
        const from = space.put(spreadRows(bytesOf(values), width * bytes, apart));
        const to = space.take(toBytes);
        space.kernels.averageAgain(from, apart, width, height, SAMPLE_CODE[dtype], to, toApart);
        const made = gatherRows(space.copy(to, toBytes), down, across * bytes, toApart);
        expect(space.finish()).toEqual([]);
        expect([...new Averages(made.buffer)]).toEqual([...average({ width, height, values }, Averages)]);
      }),
      { numRuns: 200 },
    );
  });
});
