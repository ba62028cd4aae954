import { SwathError } from '@swath/core';
import type { Grid, PixelWindow } from '@swath/geo';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MemoryImage, memoryImage } from '../../../../test/support/memory-image.ts';
import { parseExpression } from '../expression/parse.ts';
import type { OpenImage } from '../image.ts';
import { processWindow } from './process-window.ts';
import type { ChunkPixels, Composite, ProductWork, Resampling, SceneInput } from './work.ts';

const UTM = 'EPSG:32631';
const none = Number.NaN;

/** An image of 10 m pixels whose upper-left corner is (500000, 5000000). */
function image(
  name: string,
  width: number,
  height: number,
  at: (x: number, y: number) => number,
): MemoryImage {
  return memoryImage({
    name,
    crs: UTM,
    geotransform: [500000, 10, 0, 5000000, 0, -10],
    width,
    height,
    nodata: 0,
    at,
  });
}

/** One row of pixels. */
const row = (name: string, ...dns: readonly number[]) => image(name, dns.length, 1, (x) => dns[x]!);

function opening(...images: readonly MemoryImage[]): OpenImage {
  return async (href) => {
    const found = images.find(({ name }) => name === href);
    if (found === undefined) throw new SwathError('NotFound', href);
    return found;
  };
}

const rowGrid = (width: number): Grid => ({
  crs: UTM,
  geotransform: [500000, 10, 0, 5000000, 0, -10],
  width,
  height: 1,
});

const scene = (id: string, more: Partial<SceneInput> = {}): SceneInput => ({
  id,
  bands: { b: { href: id, bandIndex: 1, scale: 1, offset: 0 } },
  ...more,
});

function work(
  width: number,
  composite: Composite,
  ...steps: readonly (readonly SceneInput[])[]
): ProductWork {
  return {
    grid: rowGrid(width),
    steps: steps.map((scenes, i) => ({ label: `${i}`, scenes })),
    outputs: [{ name: 'b', expression: parseExpression('b') }],
    composite,
    resampling: 'nearest',
  };
}

async function run(job: ProductWork, ...images: readonly MemoryImage[]): Promise<ChunkPixels> {
  const { width, height } = job.grid;
  return processWindow(job, { x: 0, y: 0, width, height }, opening(...images));
}

const first = (chunk: ChunkPixels) => [...chunk.planes[0]!];

describe('composites', () => {
  const images = [
    row('d1', 5, 1, 0, 7, 0),
    row('d2', 3, 4, 2, 0, 0),
    row('d3', 4, 10, 8, 0, 0),
    row('d4', 9, 2, 0, 0, 0),
  ];
  const dates = images.map(({ name }) => [scene(name)]);

  it.each([
    ['first', [5, 1, 2, 7, none]],
    ['min', [3, 1, 2, 7, none]],
    ['max', [9, 10, 8, 7, none]],
    ['mean', [5.25, 4.25, 5, 7, none]],
    ['median', [4.5, 3, 5, 7, none]],
  ] as const)('%s over dates leaves nodata out', async (composite, wanted) => {
    const chunk = await run(work(5, composite, ...dates), ...images);
    expect(first(chunk)).toEqual(wanted);
    expect(chunk.counts).toEqual({ total: 5, withData: 4, masked: 0, valid: 4 });
  });

  it('median of an odd number is the middle one', async () => {
    expect(first(await run(work(2, 'median', ...dates.slice(0, 3)), ...images)).slice(0, 2)).toEqual([4, 4]);
  });

  it('mean is summed in doubles and rounded once', async () => {
    const large = [row('a', 16777216), row('b', 1), row('c', 1)];
    const job = work(1, 'mean', ...large.map(({ name }) => [scene(name)]));
    expect(first(await run(job, ...large))).toEqual([Math.fround(16777218 / 3)]);
  });

  it('refuses two dates without a composite as a fault of the program', async () => {
    await expect(run(work(5, 'none', ...dates), ...images)).rejects.toMatchObject({ code: 'Bug' });
  });
});

describe('a mosaic', () => {
  it('takes the first scene that is valid at a pixel, in the listed order', async () => {
    const job = work(4, 'none', [scene('left'), scene('right')]);
    const chunk = await run(job, row('left', 1, 2, 0, 0), row('right', 7, 7, 7, 0));
    expect(first(chunk)).toEqual([1, 2, 7, none]);
  });

  it('does not read a scene that has nothing to add', async () => {
    const right = row('right', 7, 7);
    await run(work(2, 'none', [scene('left'), scene('right')]), row('left', 1, 2), right);
    expect(right.reads).toEqual([]);
  });
});

describe('masks', () => {
  const classes = { href: 'scl', bandIndex: 1, rule: { classes: [0, 3, 9] } };

  it('drop the classes of the rule, and the counts tell clouds from no data', async () => {
    const job = work(6, 'none', [scene('a', { mask: classes })]);
    const chunk = await run(job, row('a', 1, 2, 3, 4, 0, 6), row('scl', 4, 3, 9, 0, 4, 5));
    expect(first(chunk)).toEqual([1, none, none, none, none, 6]);
    // Pixel 3 is class 0 (no data) and pixel 4 has no value in the band.
    expect(chunk.counts).toEqual({ total: 6, withData: 4, masked: 2, valid: 2 });
  });

  it('drop by bits, and by any of them', async () => {
    const mask = { href: 'qa', bandIndex: 1, rule: { bits: [1, 3] } };
    const chunk = await run(
      work(5, 'none', [scene('a', { mask })]),
      row('a', 1, 2, 3, 4, 5),
      row('qa', 1, 2, 8, 10, 4),
    );
    expect(first(chunk)).toEqual([1, none, none, none, 5]);
  });

  it('of a scene are read first: when all is dropped no band is', async () => {
    const a = row('a', 1, 2);
    const chunk = await run(work(2, 'none', [scene('a', { mask: classes })]), a, row('scl', 9, 3));
    expect(a.reads).toEqual([]);
    expect(chunk.counts).toEqual({ total: 2, withData: 2, masked: 2, valid: 0 });
  });

  it('let another scene fill what they drop', async () => {
    const job = work(2, 'none', [scene('a', { mask: classes }), scene('b')]);
    const chunk = await run(job, row('a', 1, 2), row('scl', 9, 4), row('b', 8, 8));
    expect(first(chunk)).toEqual([8, 2]);
    expect(chunk.counts).toEqual({ total: 2, withData: 2, masked: 0, valid: 2 });
  });

  it('drop pixels they do not reach', async () => {
    const chunk = await run(work(2, 'none', [scene('a', { mask: classes })]), row('a', 1, 2), row('scl', 4));
    expect(first(chunk)).toEqual([1, none]);
  });

  it('with a bit that no mask has are refused', async () => {
    const mask = { href: 'qa', bandIndex: 1, rule: { bits: [32] } };
    await expect(
      run(work(1, 'none', [scene('a', { mask })]), row('a', 1), row('qa', 1)),
    ).rejects.toMatchObject({
      code: 'InvalidInput',
    });
  });
});

describe('values', () => {
  const one = (expression: string, bands: SceneInput['bands']): ProductWork => ({
    ...work(3, 'none', [{ id: 's', bands }]),
    outputs: [{ name: 'x', expression: parseExpression(expression) }],
  });
  const input = (scale: number, offset: number, nodata?: number | 'nan') => ({
    href: 'a',
    bandIndex: 1,
    scale,
    offset,
    ...(nodata === undefined ? {} : { nodata }),
  });

  it('are DN * scale + offset, all in singles', async () => {
    const chunk = await run(one('b', { b: input(0.0001, -0.1) }), row('a', 1234, 1000, 65535));
    const [scale, offset] = [Math.fround(0.0001), Math.fround(-0.1)];
    const wanted = [1234, 1000, 65535].map((dn) => Math.fround(Math.fround(dn * scale) + offset));
    expect(first(chunk)).toEqual(wanted);
  });

  it('compare nodata before scaling: a DN of 1000 with offset -1000 is the value 0, and valid', async () => {
    const chunk = await run(one('b', { b: input(1, -1000) }), row('a', 1000, 0, 2000));
    expect(first(chunk)).toEqual([0, none, 1000]);
  });

  it('take the nodata of the input over that of the file', async () => {
    expect(first(await run(one('b', { b: input(1, 0, 7) }), row('a', 0, 7, 3)))).toEqual([0, none, 3]);
    expect(first(await run(one('b', { b: input(1, 0, 'nan') }), row('a', 0, none, 3)))).toEqual([0, none, 3]);
  });

  it('that are not finite are nodata, and the next scene may fill them', async () => {
    const job: ProductWork = {
      ...one('1 / (b - 5)', { b: input(1, 0) }),
      steps: [{ label: '', scenes: [scene('a'), scene('c')] }],
    };
    expect(first(await run(job, row('a', 5, 6, 7), row('c', 7, 7, 7)))).toEqual([0.5, 1, 0.5]);
  });

  it('of a band the scene lacks are refused, naming the bands there are', async () => {
    await expect(run(one('nir', { red: input(1, 0) }), row('a', 1, 2, 3))).rejects.toMatchObject({
      code: 'InvalidInput',
      message: expect.stringContaining('nir'),
      fix: expect.stringContaining('red'),
    });
  });

  it('of several outputs each need only their own bands', async () => {
    const job: ProductWork = {
      ...work(2, 'none', [{ id: 's', bands: { a: input(1, 0), c: { ...input(1, 0), href: 'c' } } }]),
      outputs: ['a', 'c'].map((name) => ({ name, expression: parseExpression(name) })),
    };
    const { planes } = await run(job, row('a', 1, 2), row('c', 0, 4));
    expect(planes.map((plane) => [...plane])).toEqual([
      [1, 2],
      [none, 4],
    ]);
  });
});

describe('any cutting into windows', () => {
  const grid: Grid = {
    crs: 'EPSG:3857',
    geotransform: [333900, 14, 0, 5645900, 0, -14],
    width: 150,
    height: 130,
  };
  const field = (seed: number) => (x: number, y: number) =>
    (x * 31 + y * 17 + seed) % 13 === 0 ? 0 : 100 + ((x * 7919 + y * 104729 + seed) % 997);
  const images = [
    image('a', 140, 150, field(1)),
    image('b', 160, 120, field(2)),
    image('m', 160, 150, (x, y) => (Math.floor(x / 9) + Math.floor(y / 7)) % 4),
  ];
  const mask = { href: 'm', bandIndex: 1, rule: { classes: [0, 2] } };
  const job = (composite: Composite, resampling: Resampling): ProductWork => ({
    ...work(1, composite, [scene('a', { mask })], [scene('b')]),
    grid,
    resampling,
    clip: {
      type: 'Polygon',
      coordinates: [
        [
          [3.001, 45.1405],
          [3.017, 45.149],
          [3.0, 45.153],
          [2.9995, 45.143],
          [3.001, 45.1405],
        ],
      ],
    },
  });

  async function inParts(from: ProductWork, windows: readonly PixelWindow[]) {
    const out = new Float32Array(grid.width * grid.height).fill(-1);
    const counts = { total: 0, withData: 0, masked: 0, valid: 0 };
    for (const window of windows) {
      const chunk = await processWindow(from, window, opening(...images));
      chunk.planes[0]!.forEach((value, i) => {
        out[(window.y + Math.floor(i / window.width)) * grid.width + window.x + (i % window.width)] = value;
      });
      for (const key of ['total', 'withData', 'masked', 'valid'] as const) counts[key] += chunk.counts[key];
    }
    return { out, counts };
  }

  const cuts = (size: number) =>
    fc
      .uniqueArray(fc.integer({ min: 1, max: size - 1 }), { maxLength: 3 })
      .map((at) => [0, ...at.sort((a, b) => a - b), size]);

  const kinds = [
    ['first', 'nearest'],
    ['max', 'bilinear'],
    ['median', 'cubic'],
    ['mean', 'average'],
    ['min', 'mode'],
  ] as const;

  it.each(kinds)('gives identical pixels and counts that add up: %s, %s', async (composite, resampling) => {
    const from = job(composite, resampling);
    const whole = await inParts(from, [{ x: 0, y: 0, width: grid.width, height: grid.height }]);
    expect(whole.counts.valid).toBeGreaterThan(1000);
    expect(whole.counts.masked + whole.counts.total).toBeGreaterThan(whole.counts.valid);
    await fc.assert(
      fc.asyncProperty(cuts(grid.width), cuts(grid.height), async (columns, rows) => {
        const windows = rows.slice(1).flatMap((bottom, r) =>
          columns.slice(1).map((right, c) => {
            const [x, y] = [columns[c]!, rows[r]!];
            return { x, y, width: right - x, height: bottom - y };
          }),
        );
        const parts = await inParts(from, windows);
        expect(parts.counts).toEqual(whole.counts);
        expect(Buffer.from(parts.out.buffer).equals(Buffer.from(whole.out.buffer))).toBe(true);
      }),
      { numRuns: 8 },
    );
  });

  it('reads nothing for a window outside the clip', async () => {
    const before = images.map(({ reads }) => reads.length);
    const chunk = await processWindow(
      job('max', 'nearest'),
      { x: 140, y: 0, width: 8, height: 8 },
      opening(...images),
    );
    expect(chunk.counts).toEqual({ total: 0, withData: 0, masked: 0, valid: 0 });
    expect(images.map(({ reads }) => reads.length)).toEqual(before);
  });

  it('refuses a window outside the grid', async () => {
    const outside = { x: 149, y: 0, width: 2, height: 1 };
    await expect(processWindow(job('max', 'nearest'), outside, opening(...images))).rejects.toMatchObject({
      code: 'InvalidInput',
    });
  });
});
