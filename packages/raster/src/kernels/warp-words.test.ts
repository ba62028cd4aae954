import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SAMPLE_CODE } from './kernels.ts';
import { createKernelSpace } from './space.ts';
import { RUN_BYTES, type WarpWordCode } from './warp-kernels.ts';

const SIDE = 12;
const GRID = 17;
const space = createKernelSpace();

/** Both kernels over the same samples and positions. @returns the bits of their results. */
function both(samples: Int16Array | Uint16Array, type: WarpWordCode, nodata: number, nodes: Float64Array) {
  const mark = space.mark();
  const words = space.take(samples.byteLength);
  const singles = space.take(4 * samples.length);
  const nodesAt = space.take(nodes.byteLength);
  const runs = space.take(GRID * 3 * RUN_BYTES);
  const [fromWords, fromSingles] = [space.take(4 * GRID * GRID), space.take(4 * GRID * GRID)];
  space.bytes(words, samples.byteLength).set(new Uint8Array(samples.buffer));
  space.doubles(nodesAt, nodes.length).set(nodes);
  for (const to of [fromWords, fromSingles]) space.singles(to, GRID * GRID).fill(Number.NaN);
  const { kernels } = space;
  kernels.warpSingles(words, samples.length, type, nodata, singles);
  const count = kernels.warpRuns(nodesAt, 3, 4, 0, 0, GRID, GRID, 0, 0, 0, GRID, runs);
  kernels.warpBilinearWords(words, SIDE, SIDE, type, nodata, runs, count, fromWords);
  kernels.warpBilinear(singles, SIDE, SIDE, runs, count, fromSingles);
  const bits = [fromWords, fromSingles].map((at) => [...space.words(at, GRID * GRID)]);
  space.release(mark);
  return bits;
}

/** Nodes of 2 x 2 cells of 16: straight lines from about the first to about the last pixel, and beyond. */
const nodesOf = (x: number, y: number, across: number, down: number): Float64Array =>
  Float64Array.from({ length: 18 }, (_, i) => {
    const [column, row] = [(i >> 1) % 3, Math.floor((i >> 1) / 3)];
    return i % 2 === 0 ? x + column * across + row * 0.7 : y + row * down - column * 0.4;
  });

const place = fc.double({ min: -4, max: 4, noNaN: true });
const step = fc.double({ min: 2, max: 9, noNaN: true });

describe.each([
  ['int16', SAMPLE_CODE.int16, Int16Array, [-32768, -1, 0, 7, 32767]],
  ['uint16', SAMPLE_CODE.uint16, Uint16Array, [0, 1, 7, 40000, 65535]],
] as const)('bilinear of %s samples as they are', (_name, type, SampleArray, values) => {
  it.each([Number.NaN, 0, 7, -1, -32768, 65535, 1e6, 0.5])('equals that of singles, nodata %s', (nodata) => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...values), { minLength: SIDE * SIDE, maxLength: SIDE * SIDE }),
        place,
        place,
        step,
        step,
        (samples, x, y, across, down) => {
          const nodes = nodesOf(x, y, across, down);
          const [words, singles] = both(SampleArray.from(samples), type, nodata, nodes);
          expect(words).toEqual(singles);
        },
      ),
      { numRuns: 60 },
    );
  });
});
