import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, createGuardedSpace, spreadRows } from '../../../../test/support/guarded-space.ts';
import { undoFloatingPoint, undoHorizontal } from '../codec/predictor.ts';
import type { StoredType } from '../process/work.ts';
import { tileBytes } from './tile-oracle.fixture.ts';

const space = createGuardedSpace();

const WORDS = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array, 8: BigUint64Array } as const;

interface Block {
  readonly rows: number;
  readonly rowSamples: number;
  readonly stride: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Random bytes of rows of 1 to 70 samples, with their left neighbours 1 to 9 samples away. */
const blocks = (sampleBytes: number): fc.Arbitrary<Block> =>
  fc
    .record({
      rows: fc.integer({ min: 1, max: 4 }),
      rowSamples: fc.integer({ min: 1, max: 70 }),
      stride: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 18 })),
    })
    .chain((shape) => {
      const length = shape.rows * shape.rowSamples * sampleBytes;
      return fc
        .uint8Array({ minLength: length, maxLength: length })
        .map((bytes) => ({ ...shape, bytes: new Uint8Array(bytes) }));
    });

describe.each([1, 2, 4, 8] as const)('predictor 2 of %d-byte samples', (sampleBytes) => {
  it('is undone as the decoder does', () => {
    fc.assert(
      fc.property(blocks(sampleBytes), ({ bytes, ...shape }) => {
        const at = space.put(bytes);
        space.kernels.undoHorizontal(at, shape.rows, shape.rowSamples, shape.stride, sampleBytes);
        const made = space.copy(at, bytes.length);
        expect(space.finish()).toEqual([]);
        undoHorizontal(new WORDS[sampleBytes](bytes.buffer), shape);
        expect(made).toEqual(bytes);
      }),
      { numRuns: 300 },
    );
  });
});

describe.each([2, 4, 8])('predictor 3 of %d-byte samples', (sampleBytes) => {
  it('is undone as the decoder does', () => {
    fc.assert(
      fc.property(blocks(sampleBytes), ({ bytes, ...shape }) => {
        const at = space.put(bytes);
        const scratch = space.take(shape.rowSamples * sampleBytes);
        space.kernels.undoFloatingPoint(at, scratch, shape.rows, shape.rowSamples, shape.stride, sampleBytes);
        const made = space.copy(at, bytes.length);
        expect(space.finish()).toEqual([]);
        undoFloatingPoint(bytes, sampleBytes, shape);
        expect(made).toEqual(bytes);
      }),
      { numRuns: 300 },
    );
  });
});

const predict = (sampleBytes: number, block: Block, gapBytes: number, floating: boolean): Uint8Array => {
  const rowBytes = block.rowSamples * sampleBytes;
  const from = space.put(spreadRows(block.bytes, rowBytes, rowBytes + gapBytes));
  const to = space.take(block.bytes.length);
  const scratch = space.take(rowBytes);
  const { rows, rowSamples, stride } = block;
  if (floating) {
    space.kernels.predictFloatingPoint(from, rowBytes + gapBytes, to, scratch, rows, rowSamples, stride);
  } else {
    space.kernels.predictHorizontal(from, rowBytes + gapBytes, to, rows, rowSamples, stride, sampleBytes);
  }
  const made = space.copy(to, block.bytes.length);
  expect(space.finish()).toEqual([]);
  return made;
};

describe.each([1, 2, 4] as const)('predictor 2 forwards, %d-byte samples,', (sampleBytes) => {
  it('is what undoing turns back', () => {
    fc.assert(
      fc.property(blocks(sampleBytes), fc.nat(5), (block, gap) => {
        const made = new Uint8Array(predict(sampleBytes, block, gap * sampleBytes, false));
        undoHorizontal(new WORDS[sampleBytes](made.buffer), block);
        expect(made).toEqual(block.bytes);
      }),
      { numRuns: 300 },
    );
  });
});

describe('predictor 3 forwards', () => {
  it('is what undoing turns back, NaN payloads and all', () => {
    fc.assert(
      fc.property(blocks(4), fc.nat(5), (block, gap) => {
        const made = new Uint8Array(predict(4, block, gap * 4, true));
        undoFloatingPoint(made, 4, block);
        expect(made).toEqual(block.bytes);
      }),
      { numRuns: 300 },
    );
  });
});

const stored = (dtype: StoredType['dtype']): StoredType => ({ dtype, scale: 1, offset: 0, nodata: 0 });

describe.each([
  ['uint8', Uint8Array],
  ['int16', Int16Array],
  ['uint16', Uint16Array],
  ['int32', Int32Array],
  ['float32', Float32Array],
] as const)('tiles of %s', (dtype, Samples) => {
  it('are predicted as the writer does', () => {
    const tile = fc.record({ side: fc.integer({ min: 1, max: 20 }), bands: fc.integer({ min: 1, max: 5 }) });
    fc.assert(
      fc.property(tile, fc.infiniteStream(fc.integer({ min: 0, max: 255 })), ({ side, bands }, numbers) => {
        const planes = Array.from({ length: bands }, () =>
          Float64Array.from({ length: side * side }, () => numbers.next().value ?? 0),
        );
        const samples = new Samples(side * side * bands);
        for (const [band, plane] of planes.entries()) {
          for (const [i, dn] of plane.entries()) samples[i * bands + band] = dn;
        }
        const block = {
          rows: side,
          rowSamples: side * bands,
          stride: bands,
          bytes: bytesOf(samples).slice(),
        };
        const made = predict(Samples.BYTES_PER_ELEMENT, block, 0, dtype === 'float32');
        expect(made).toEqual(tileBytes({ width: side, height: side, planes }, side, stored(dtype)));
      }),
      { numRuns: 60 },
    );
  });
});
