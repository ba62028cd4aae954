import type { Geotransform, Grid } from '@swath/geo';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryImage } from '../../../../test/support/memory-image.ts';
import type { RasterImage } from '../image.ts';
import { createKernelSpace } from '../kernels/space.ts';
import type { GridRead } from '../warp/grid-plane.ts';
import { readOnGrid } from '../warp/read-on-grid.ts';
import { type BandPlane, bandPlanes, directRead, translatedPlane } from './band-plane.ts';

const UTM = 'EPSG:32631';
const space = createKernelSpace();

/** 24 x 18 pixels of 20 m with a nodata of 7 here and there; every eleventh pixel is masked out when so told. */
function image(mask: 'masked' | 'whole'): RasterImage {
  const plain = memoryImage({
    name: 'a',
    crs: UTM,
    geotransform: [500000, 20, 0, 5000000, 0, -20],
    width: 24,
    height: 18,
    nodata: 7,
    dtype: 'uint16',
    at: (x, y) => (x * 31 + y * 17) % 200,
  });
  if (mask === 'whole') return plain;
  return {
    ...plain,
    readWindow: async (request) => {
      const { x, y, width, height } = request.window;
      const valid = Uint8Array.from({ length: width * height }, (_, i) =>
        (x + (i % width) + 5 * (y + Math.floor(i / width))) % 11 === 0 ? 0 : 1,
      );
      return { ...(await plain.readWindow(request)), valid };
    },
  };
}

/** Values of a plane as the expression sees them: NaN where there is none. */
function valuesOf({ type, at, nodata, valid }: BandPlane, count: number): number[] {
  const { buffer } = space.memory;
  const samples =
    type === 'float32' ? new Float32Array(buffer, at, count) : new Uint16Array(buffer, at, count);
  const present = valid === undefined ? undefined : space.bytes(valid, count);
  return Array.from(samples, (dn, i) => (dn === nodata || present?.[i] === 0 ? Number.NaN : dn));
}

async function plainValues(read: GridRead): Promise<number[]> {
  const { values, valid } = await readOnGrid(read);
  return Array.from(values, (value, i) => (valid[i] === 1 ? value : Number.NaN));
}

/** Grids of 10, 20 and 40 m pixels around the image, on its pixels or off them, and windows inside them. */
const reads = fc
  .record({
    pixel: fc.constantFrom(10, 20, 40),
    // In tenths of metres, so that pixel edges are met and missed.
    east: fc.integer({ min: -2000, max: 5000 }),
    south: fc.integer({ min: -2000, max: 4000 }),
    onPixels: fc.boolean(),
    x: fc.integer({ min: 0, max: 20 }),
    y: fc.integer({ min: 0, max: 20 }),
    width: fc.integer({ min: 1, max: 30 }),
    height: fc.integer({ min: 1, max: 30 }),
    mask: fc.constantFrom('masked' as const, 'whole' as const),
  })
  .map(({ pixel, east, south, onPixels, mask, ...window }): GridRead => {
    const snap = (tenths: number) => (onPixels ? Math.round(tenths / (10 * pixel)) * pixel : tenths / 10);
    const geotransform: Geotransform = [500000 + snap(east), pixel, 0, 5000000 - snap(south), 0, -pixel];
    const grid: Grid = { crs: UTM, geotransform, width: 50, height: 50 };
    return { image: image(mask), band: 1, grid, window, resampling: 'nearest', nodata: 7 };
  });

describe('a band in its own samples', () => {
  it('has the values that resampling gives, wherever the grid lies', async () => {
    await fc.assert(
      fc.asyncProperty(reads, async (read) => {
        expect(directRead(read)).not.toBeNull();
        const mark = space.mark();
        const [plane] = await bandPlanes([read], space);
        const values = valuesOf(plane!, read.window.width * read.window.height);
        space.release(mark);
        expect(values).toEqual(await plainValues(read));
      }),
      { numRuns: 300 },
    );
  });

  it('translates to what translating its values gives', async () => {
    await fc.assert(
      fc.asyncProperty(reads, async (read) => {
        const mark = space.mark();
        const { at, valid } = await translatedPlane({ ...read, nodata: null }, space, (plane, count) => {
          const to = space.take(count);
          const numbers = valuesOf({ ...plane, nodata: null, valid: undefined }, count);
          space.bytes(to, count).set(numbers.map((value) => value % 3));
          return to;
        });
        const count = read.window.width * read.window.height;
        const states = [...space.bytes(at, count)];
        const present = valid === undefined ? undefined : [...space.bytes(valid, count)];
        space.release(mark);
        const wanted = await plainValues({ ...read, nodata: null });
        expect(states.map((state, i) => (present?.[i] === 0 ? Number.NaN : state))).toEqual(
          wanted.map((value) => value % 3),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('is resampled to singles where its samples cannot stay', async () => {
    const grid: Grid = { crs: UTM, geotransform: [500005, 15, 0, 4999990, 0, -15], width: 20, height: 10 };
    const window = { x: 0, y: 0, width: 20, height: 10 };
    const read: GridRead = {
      image: image('whole'),
      band: 1,
      grid,
      window,
      resampling: 'bilinear',
      nodata: 7,
    };
    expect(directRead(read)).toBeNull();
    const mark = space.mark();
    const [plane] = await bandPlanes([read], space);
    expect(plane?.type).toBe('float32');
    expect(valuesOf(plane!, 200)).toEqual(await plainValues(read));
    space.release(mark);
  });
});
