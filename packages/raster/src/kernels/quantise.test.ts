import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bytesOf,
  createGuardedSpace,
  gatherRows,
  spreadRows,
} from '../../../../test/support/guarded-space.ts';
import { BYTES_PER_SAMPLE } from '../cog/samples.ts';
import { INTEGER_RANGE } from '../cog/spec.ts';
import type { StoredType } from '../process/work.ts';
import type { DnPlane } from '../stats/oracle.fixture.ts';
import { ARRAYS } from './arrays.fixture.ts';
import { SAMPLE_CODE } from './kernels.ts';
import { quantise } from './quantise-oracle.fixture.ts';

const space = createGuardedSpace();

/** What the product holds: NaN becomes nodata, as tile-oracle.fixture.ts lays samples out. */
function storedBytes(plane: DnPlane, { dtype, nodata }: StoredType): Uint8Array {
  const samples = new ARRAYS[dtype](plane.length).fill(nodata === 'nan' ? Number.NaN : nodata);
  for (const [i, dn] of plane.entries()) if (!Number.isNaN(dn)) samples[i] = dn;
  return bytesOf(samples);
}

function scaledTypes(dtype: StoredType['dtype']): fc.Arbitrary<StoredType> {
  if (dtype === 'float32') {
    const nodata = fc.oneof(
      fc.constantFrom(0, -0, -9999, 2 ** -149, -(2 ** -149), 3.4028234663852886e38, 'nan' as const),
      fc.float({ noNaN: true }),
    );
    return nodata.map((value) => ({ dtype, scale: 1, offset: 0, nodata: value }));
  }
  const [min, max] = INTEGER_RANGE[dtype];
  const middle = Math.floor((min + max) / 2);
  return fc.record({
    dtype: fc.constant(dtype),
    scale: fc.oneof(
      fc.constantFrom(1, 0.0001, -0.5, 1e-4, 2 ** -10, 5e-324, 1e300),
      fc.double({ noNaN: true }),
    ),
    offset: fc.oneof(
      fc.constantFrom(0, -0.1, 0.5, 1e300),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    ),
    nodata: fc.oneof(fc.constantFrom(min, max, 0, middle, middle + 1), fc.integer({ min, max })),
  });
}

/** Singles where rounding, cutting and nodata matter: halves, the ends of the range, nodata, any bits at all. */
function values({ dtype, scale, offset, nodata }: StoredType): fc.Arbitrary<Float32Array> {
  const number = nodata === 'nan' ? 0 : nodata;
  const [min, max] = dtype === 'float32' ? [-4, 4] : INTEGER_RANGE[dtype];
  const near = fc
    .tuple(
      fc.constantFrom(number, min, max, 0, 1, -1),
      fc.constantFrom(0, 0.5, -0.5, 0.25, 1, -1, 0.49999997),
    )
    .map(([a, b]) => (a + b) * scale + offset);
  const bits = fc.nat(0xffffffff).map((word) => new Float32Array(Uint32Array.of(word).buffer)[0]!);
  const edge = fc.constantFrom(
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    0,
    -0,
    0.49999997,
  );
  return fc
    .array(fc.oneof(near, fc.constant(number), bits, edge, fc.integer({ min, max })), { maxLength: 40 })
    .map((list) => Float32Array.from(list));
}

const cases = (dtype: StoredType['dtype']) =>
  scaledTypes(dtype).chain((stored) => fc.record({ stored: fc.constant(stored), plane: values(stored) }));

describe.each(Object.keys(SAMPLE_CODE) as StoredType['dtype'][])('the kernels that make %s', (dtype) => {
  const sampleBytes = BYTES_PER_SAMPLE[dtype];

  it('quantise as the writer does, bit for bit', () => {
    fc.assert(
      fc.property(cases(dtype), ({ stored, plane }) => {
        const from = space.put(bytesOf(plane));
        const to = space.take(plane.length * sampleBytes);
        const nodata = stored.nodata === 'nan' ? Number.NaN : stored.nodata;
        space.kernels.quantise(
          from,
          plane.length,
          to,
          SAMPLE_CODE[dtype],
          stored.scale,
          stored.offset,
          nodata,
        );
        const made = space.copy(to, plane.length * sampleBytes);
        expect(space.copy(from, plane.byteLength)).toEqual(bytesOf(plane));
        expect(space.finish()).toEqual([]);
        expect(made).toEqual(storedBytes(quantise(plane, stored), stored));
      }),
      { numRuns: 400 },
    );
  });

  it('quantise in place', () => {
    fc.assert(
      fc.property(cases(dtype), ({ stored, plane }) => {
        const at = space.put(bytesOf(plane));
        const nodata = stored.nodata === 'nan' ? Number.NaN : stored.nodata;
        space.kernels.quantise(at, plane.length, at, SAMPLE_CODE[dtype], stored.scale, stored.offset, nodata);
        const made = space.copy(at, plane.length * sampleBytes);
        expect(space.finish()).toEqual([]);
        expect(made).toEqual(storedBytes(quantise(plane, stored), stored));
      }),
    );
  });

  it('store averages as the writer does, bit for bit, wherever their rows lie', () => {
    const shape = fc.record({ width: fc.integer({ min: 1, max: 21 }), gaps: fc.tuple(fc.nat(3), fc.nat(3)) });
    fc.assert(
      fc.property(cases(dtype), shape, ({ stored, plane }, { width, gaps }) => {
        const height = Math.floor(plane.length / width);
        const cut = plane.subarray(0, width * height);
        const averages = dtype === 'int32' ? Float64Array.from(cut) : cut;
        const rowBytes = width * averages.BYTES_PER_ELEMENT;
        const apart = rowBytes + 8 * gaps[0];
        const toApart = width * sampleBytes + 4 * gaps[1];
        const from = space.put(spreadRows(bytesOf(averages), rowBytes, apart));
        const toBytes = height === 0 ? 0 : (height - 1) * toApart + width * sampleBytes;
        const to = space.take(toBytes);
        const nodata = stored.nodata === 'nan' ? Number.NaN : stored.nodata;
        space.kernels.storeAverages(from, apart, width, height, SAMPLE_CODE[dtype], nodata, to, toApart);
        const made = gatherRows(space.copy(to, toBytes), height, width * sampleBytes, toApart);
        expect(space.finish()).toEqual([]);
        expect(made).toEqual(storedBytes(quantise(averages, { ...stored, scale: 1, offset: 0 }), stored));
      }),
      { numRuns: 200 },
    );
  });
});
