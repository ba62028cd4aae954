import type { Grid, PixelWindow } from '@swath/geo';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RasterImage, SampleType } from '../image.ts';
import { createKernelSpace } from '../kernels/space.ts';
import type { Resampling } from '../process/work.ts';
import { gridPlane } from './grid-plane.ts';
import { coarsenessOf, kernelScale } from './level.ts';
import { POSITION_ERROR_PX } from './limits.ts';
import { aggregateArea } from './oracle-area.fixture.ts';
import { interpolate, nearest, type OraclePixels } from './oracle-point.fixture.ts';
import { patchesOf, patchPosition } from './patches.ts';
import { positionMap } from './positions.ts';

const METHODS: readonly Resampling[] = ['nearest', 'bilinear', 'cubic', 'average', 'mode', 'min', 'max'];
const NODATA = 7;
const SIDE = 300;

/** Few values, so that modes have ties, and holes of nodata and of the mask. */
function numberAt(x: number, y: number): number {
  if ((x * 3 + y) % 41 < 3) return NODATA;
  return ((Math.floor(x / 3) * 31 + Math.floor(y / 2) * 17) % 23) + ((x * y) % 3);
}

const maskedAt = (x: number, y: number) => (x + 2 * y) % 37 === 0;

const ARRAYS = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;

function imageOf(dtype: keyof typeof ARRAYS, mask: 'mask' | 'none' = 'none'): RasterImage {
  return {
    name: 's',
    info: {
      width: SIDE,
      height: SIDE,
      bands: [{ scale: 1, offset: 0 }],
      dtype: dtype satisfies SampleType,
      crs: 'EPSG:32631',
      geotransform: [500000, 10, 0, 5000000, 0, -10],
      nodata: NODATA,
      levels: [{ width: SIDE, height: SIDE, blockWidth: 64, blockHeight: 64 }],
      compression: 'none',
      tags: {},
    },
    async readWindow({ window }) {
      const data = new ARRAYS[dtype](window.width * window.height);
      const valid = new Uint8Array(data.length);
      for (let i = 0; i < data.length; i++) {
        const x = window.x + (i % window.width);
        const y = window.y + Math.floor(i / window.width);
        data[i] = numberAt(x, y);
        valid[i] = Number(!maskedAt(x, y));
      }
      return mask === 'mask' ? { data, valid } : { data };
    },
    async close() {},
  };
}

/** Over the source and its edges. */
const GRIDS: Readonly<Record<string, Grid>> = {
  'Mercator, about as fine': {
    crs: 'EPSG:3857',
    geotransform: [333800, 14, 0, 5646100, 0, -14],
    width: 330,
    height: 320,
  },
  'the next zone, coarser': {
    crs: 'EPSG:32630',
    geotransform: [972500, 27, 0, 5016000, 0, -27],
    width: 140,
    height: 150,
  },
  'its own CRS, turned': {
    crs: 'EPSG:32631',
    geotransform: [500100, 8, 2, 5000100, 2, -8],
    width: 300,
    height: 310,
  },
  'degrees, two sizes of pixel sides': {
    crs: 'EPSG:4326',
    geotransform: [2.999, 0.00013, 0, 45.156, 0, -0.0001],
    width: 320,
    height: 310,
  },
};
const space = createKernelSpace();

async function planeOf(
  image: RasterImage,
  grid: Grid,
  window: PixelWindow,
  resampling: Resampling,
): Promise<Float32Array> {
  const mark = space.mark();
  const pixels = window.width * window.height;
  const to = space.take(pixels * 4);
  const before = space.mark();
  await gridPlane({ image, band: 1, grid, window, resampling, nodata: NODATA }, space, to);
  expect(space.mark()).toBe(before);
  const plane = space.singles(to, pixels).slice();
  space.release(mark);
  return plane;
}

const wholeOf = (grid: Grid): PixelWindow => ({ x: 0, y: 0, width: grid.width, height: grid.height });

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

/** Index of the first single whose bits differ, -1 when none does. One comparison of memory, where expect makes a million. */
function firstDifference(plane: Float32Array, wanted: Float32Array): number {
  expect(plane.length).toBe(wanted.length);
  if (bytesOf(plane).equals(bytesOf(wanted))) return -1;
  return plane.findIndex(
    (_, i) => !bytesOf(plane.subarray(i, i + 1)).equals(bytesOf(wanted.subarray(i, i + 1))),
  );
}

/** A window of the grid, cut out of a plane of all of it. */
function cut(plane: Float32Array, grid: Grid, { x, y, width, height }: PixelWindow): Float32Array {
  return Float32Array.from(
    { length: width * height },
    (_, i) => plane[(y + Math.floor(i / width)) * grid.width + x + (i % width)]!,
  );
}

/** All of the grid by the oracle: exact positions, doubles. */
function oracle(image: RasterImage, grid: Grid, method: Resampling): OraclePixels {
  const map = positionMap(grid, 's', image.info);
  const point = method === 'nearest' || method === 'bilinear' || method === 'cubic';
  const sides = point ? grid : { width: grid.width + 1, height: grid.height + 1 };
  const shift = point ? 0.5 : 0;
  const count = sides.width * sides.height;
  const at = { x: new Float64Array(count), y: new Float64Array(count) };
  for (let i = 0; i < count; i++) {
    const [x, y] = map.exact((i % sides.width) + shift, Math.floor(i / sides.width) + shift);
    at.x[i] = x;
    at.y[i] = y;
  }
  const cells = { length: SIDE * SIDE };
  const data = Float64Array.from(cells, (_, i) => numberAt(i % SIDE, Math.floor(i / SIDE)));
  const source = {
    ...{ x: 0, y: 0, width: SIDE, height: SIDE, levelWidth: SIDE, levelHeight: SIDE },
    data,
    valid: Uint8Array.from(data, (value) => Number(value !== NODATA)),
  };
  const pixels = grid.width * grid.height;
  const out = { values: new Float64Array(pixels), valid: new Uint8Array(pixels) };
  if (method === 'nearest') nearest(source, at, out);
  else if (method === 'bilinear' || method === 'cubic') {
    interpolate(source, at, out, method, kernelScale(coarsenessOf(map, grid)!));
  } else aggregateArea(source, at, grid.width, out, method);
  return out;
}

const cases = Object.entries(GRIDS).flatMap(([name, grid]) =>
  METHODS.map((method) => [method, name, grid] as const),
);

describe('a plane of singles', () => {
  it.each(cases)('is what doubles and exact positions give: %s, %s', async (method, _name, grid) => {
    const image = imageOf('uint16');
    const plane = await planeOf(image, grid, wholeOf(grid), method);
    const wanted = oracle(image, grid, method);
    let [wrong, both] = [0, 0];
    for (let i = 0; i < plane.length; i++) {
      const valid = !Number.isNaN(plane[i]!);
      if (valid !== (wanted.valid[i] === 1)) wrong++;
      else if (valid) {
        both++;
        if (Math.abs(plane[i]! - wanted.values[i]!) > 0.02) wrong++;
      }
    }
    expect(both).toBeGreaterThan(3_000);
    // A position off by 2e-4 pixels may pick another neighbour, or touch one pixel more.
    expect(wrong / plane.length).toBeLessThan(1e-3);
  });

  it.each(cases)('has the same bits however it is cut: %s, %s', async (method, _name, grid) => {
    const image = imageOf('uint16', 'mask');
    const whole = await planeOf(image, grid, wholeOf(grid), method);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: grid.width - 1 }),
        fc.integer({ min: 0, max: grid.height - 1 }),
        fc.integer({ min: 1, max: 150 }),
        fc.integer({ min: 1, max: 150 }),
        async (x, y, wide, high) => {
          const window = {
            x,
            y,
            width: Math.min(wide, grid.width - x),
            height: Math.min(high, grid.height - y),
          };
          const part = await planeOf(image, grid, window, method);
          expect(firstDifference(part, cut(whole, grid, window))).toBe(-1);
        },
      ),
      { numRuns: 6 },
    );
  });

  it.each(METHODS)('does not depend on the type that holds the numbers: %s', async (method) => {
    for (const grid of [GRIDS['Mercator, about as fine']!, GRIDS['the next zone, coarser']!]) {
      for (const mask of ['none', 'mask'] as const) {
        const wanted = await planeOf(imageOf('float32', mask), grid, wholeOf(grid), method);
        for (const dtype of ['uint8', 'int8', 'uint16', 'int16', 'uint32', 'float64'] as const) {
          const plane = await planeOf(imageOf(dtype, mask), grid, wholeOf(grid), method);
          expect(firstDifference(plane, wanted), dtype).toBe(-1);
        }
      }
    }
  });

  it('leaves the stack of the space as it was when reading fails', async () => {
    const failing: RasterImage = {
      ...imageOf('uint8'),
      readWindow: () => Promise.reject(new Error('the disk is gone')),
    };
    const before = space.mark();
    const to = space.take(400);
    const inside = space.mark();
    const window = { x: 150, y: 150, width: 10, height: 10 };
    const grid = GRIDS['Mercator, about as fine']!;
    const read = { image: failing, band: 1, grid, window, nodata: null } as const;
    await expect(gridPlane({ ...read, resampling: 'cubic' }, space, to)).rejects.toThrow('the disk is gone');
    expect(space.mark()).toBe(inside);
    space.release(before);
  });
});

describe('positions at the edge of a projection', () => {
  it('are exact to 2e-4 pixels where a pole, a seam and the far side of a zone lie in the grid', () => {
    const world: Grid = {
      crs: 'EPSG:4326',
      geotransform: [-180, 0.5, 0, 90, 0, -0.5],
      width: 720,
      height: 360,
    };
    for (const crs of ['EPSG:32631', 'EPSG:3413']) {
      const geotransform = [-3_000_000, 5000, 0, 6_000_000, 0, -5000] as const;
      const info = { ...imageOf('uint8').info, crs, geotransform, width: 1400, height: 1400 };
      const map = positionMap(world, 's', info);
      let checked = 0;
      for (const patch of patchesOf(map, wholeOf(world), 0.5, info)) {
        const { part } = patch;
        for (let i = 0; i < part.width * part.height; i += 13) {
          const column = part.x + (i % part.width);
          const row = part.y + Math.floor(i / part.width);
          const exact = map.exact(column + 0.5, row + 0.5);
          for (const axis of [0, 1] as const) {
            const at = patchPosition(patch, column - patch.x, row - patch.y, axis);
            if (Number.isNaN(exact[axis])) continue;
            expect(Math.abs(at - exact[axis])).toBeLessThan(POSITION_ERROR_PX);
            checked++;
          }
        }
      }
      expect(checked).toBeGreaterThan(1000);
    }
  });

  it('cost a few hundred exact points for 1024 x 1024 pixels', () => {
    const grid: Grid = {
      crs: 'EPSG:3857',
      geotransform: [345000, 13.5, 0, 5635000, 0, -13.5],
      width: 4096,
      height: 4096,
    };
    const info = { ...imageOf('uint8').info, width: 10980, height: 10980 };
    const map = positionMap(grid, 's', info);
    let points = 0;
    const counted = {
      kind: 'projected' as const,
      exact: (column: number, row: number) => {
        points++;
        return map.exact(column, row);
      },
    };
    const patches = patchesOf(counted, { x: 1024, y: 2048, width: 1024, height: 1024 }, 0.5, info);
    expect(patches.length).toBe(16);
    expect(points).toBe(17 * 17);
  });
});
