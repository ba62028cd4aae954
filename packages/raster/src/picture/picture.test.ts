import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { writeCog } from '../cog/write.ts';
import { imageOpener } from '../opener.ts';
import { colourAt, hexOf, oklabOf, parseHex, rgbOf } from './colour.ts';
import { encodeRgba, renderThumbnail } from './encode.ts';
import { legendOf } from './legend.ts';
import { readOverview, smallestLevel } from './overview.ts';
import { isRampName, RAMPS } from './ramps.ts';
import { renderRgba, stretchRange } from './render.ts';
import { terminalPicture } from './terminal.ts';

describe('colour ramps', () => {
  it('start and end at their outer stops', () => {
    for (const [name, { stops }] of Object.entries(RAMPS)) {
      if (!isRampName(name)) throw new Error(name);
      expect([hexOf(colourAt(name, 0)), hexOf(colourAt(name, 1))]).toEqual([stops[0]![1], stops.at(-1)![1]]);
      expect(hexOf(colourAt(name, stops[1]![0]))).toBe(stops[1]![1]);
    }
  });

  it.each(['viridis', 'greys', 'water'] as const)(
    'of one direction change lightness in even steps: %s',
    (name) => {
      const lightness = Array.from({ length: 17 }, (_, i) => oklabOf(colourAt(name, i / 16))[0]);
      const steps = lightness.slice(1).map((value, i) => Math.abs(value - lightness[i]!));
      const direction = Math.sign(lightness[16]! - lightness[0]!);
      for (const [i, value] of lightness.slice(1).entries()) {
        expect((value - lightness[i]!) * direction).toBeGreaterThan(0);
      }
      expect(Math.max(...steps) / Math.min(...steps)).toBeLessThan(1.6);
    },
  );

  it('convert to OKLab and back without loss', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffff }), (value) => {
        const hex = `#${value.toString(16).padStart(6, '0')}`;
        expect(hexOf(rgbOf(oklabOf(parseHex(hex))))).toBe(hex);
      }),
    );
  });
});

describe('a picture', () => {
  const { NaN: none } = Number;

  it('is transparent where there is no value, and takes the end colours outside the range', () => {
    const rgba = renderRgba({
      width: 5,
      height: 1,
      planes: [Float32Array.of(-9, 0, 0.5, 9, none)],
      range: { min: 0, max: 1 },
      ramp: 'greys',
    });
    expect([...rgba]).toEqual([
      0,
      0,
      0,
      255,
      0,
      0,
      0,
      255,
      ...colourAt('greys', 128 / 255),
      255,
      255,
      255,
      255,
      255,
      0,
      0,
      0,
      0,
    ]);
  });

  it('of three planes is red, green and blue, and transparent where one is missing', () => {
    const rgba = renderRgba({
      width: 2,
      height: 1,
      planes: [Float32Array.of(1, 1), Float32Array.of(0, 0), Float32Array.of(0.5, none)],
      range: { min: 0, max: 1 },
    });
    expect([...rgba]).toEqual([255, 0, 128, 255, 0, 0, 0, 0]);
  });

  it('stretches from the 2nd to the 98th percentile, whatever the outliers', () => {
    const values = Float32Array.from({ length: 1000 }, (_, i) => i);
    values[0] = -1e30;
    values[999] = Number.POSITIVE_INFINITY;
    expect(stretchRange(values)).toEqual({ min: 20, max: 978 });
    expect(stretchRange(Float32Array.of(none))).toBeNull();
  });

  it('of one constant or of nothing is still a picture', () => {
    const constant = renderRgba({ width: 1, height: 1, planes: [Float32Array.of(3)] });
    expect([...constant]).toEqual([...colourAt('viridis', 128 / 255), 255]);
    expect([...renderRgba({ width: 1, height: 1, planes: [Float32Array.of(none)] })]).toEqual([0, 0, 0, 0]);
  });

  it.each(['png', 'webp'] as const)('comes out of %s with its transparency', async (format) => {
    const planes = [Float32Array.from({ length: 64 }, (_, i) => (i < 32 ? i : none))];
    const bytes = await renderThumbnail({ width: 8, height: 8, planes, format });
    const { data, info } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, info.channels]).toEqual([8, 8, 4]);
    expect([data[3], data[63 * 4 + 3]]).toEqual([255, 0]);
  });

  it('above the limit is refused', async () => {
    await expect(encodeRgba(new Uint8Array(0), { width: 5000, height: 1 }, 'png')).rejects.toMatchObject({
      code: 'LimitExceeded',
    });
  });
});

describe('the overview for a picture', () => {
  it('comes from the smallest level that is large enough', () => {
    const level = (width: number) => ({ width, height: width, blockWidth: 512, blockHeight: 512 });
    const levels = [level(4000), level(2000), level(1000), level(500)];
    expect([256, 500, 501, 1000, 5000].map((side) => smallestLevel(levels, side))).toEqual([3, 3, 2, 2, 0]);
  });

  it('reads a written COG: values, nodata and mean survive', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'swath-picture-'));
    const opener = imageOpener({ files: true });
    try {
      const file = join(folder, 'a.tif');
      const stored = { dtype: 'int16', scale: 0.0001, offset: 0, nodata: -32768 } as const;
      const spec = {
        grid: { crs: 'EPSG:32631', geotransform: [0, 10, 0, 0, 0, -10], width: 1200, height: 600 },
        bands: [{ name: 'ndvi', stored }],
        overviews: true,
      } as const;
      await writeCog(file, spec, async (w) => [
        Float32Array.from({ length: w.width * w.height }, (_, i) =>
          w.x + (i % w.width) < 600 ? 0.25 : none,
        ),
      ]);
      const image = await opener(file);
      const { width, height, planes } = await readOverview(image, { bands: [1], maxSide: 150 });
      await image.close();
      expect([width, height]).toEqual([150, 75]);
      const plane = planes[0]!;
      expect(plane[10]).toBeCloseTo(0.25, 6);
      expect(plane[140]).toBeNaN();
      expect(plane.filter((value) => !Number.isNaN(value)).length).toBe(75 * 75);
    } finally {
      await opener.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
  const none = Number.NaN;
});

describe('a picture in the terminal', () => {
  const pixel = (...colours: readonly (readonly number[])[]) => Uint8Array.from(colours.flat());

  it('puts two rows of pixels into one line', () => {
    const text = terminalPicture(pixel([1, 2, 3, 255], [4, 5, 6, 255]), 1, 2, 80);
    expect(text).toBe('\u001b[38;2;1;2;3m\u001b[48;2;4;5;6m\u2580\u001b[0m\n');
  });

  it('leaves transparent halves to the terminal', () => {
    const clear = [0, 0, 0, 0];
    const text = terminalPicture(pixel([1, 2, 3, 255], clear, clear, clear, [7, 8, 9, 255], clear), 3, 2, 80);
    expect(text).toBe('\u001b[38;2;1;2;3m\u2580\u001b[0m\u001b[38;2;7;8;9m\u2584\u001b[0m \n');
  });

  it('is as wide as asked and keeps its shape', () => {
    const text = terminalPicture(new Uint8Array(100 * 50 * 4).fill(255), 100, 50, 40);
    const lines = text.trimEnd().split('\n');
    expect(lines.length).toBe(10);
    expect(lines.every((line) => line.match(/[\u2580\u2584]/g)?.length === 40)).toBe(true);
  });
});

describe('a legend', () => {
  it.each([
    [{ min: -1, max: 1 }, ['-1.0', '-0.5', '0.0', '0.5', '1.0']],
    [{ min: 0, max: 10_000 }, ['0', '2000', '4000', '6000', '8000', '10000']],
    [{ min: 0.013, max: 0.114 }, ['0.02', '0.04', '0.06', '0.08', '0.10']],
  ])('has round ticks: %o', (range, labels) => {
    const { ticks } = legendOf('viridis', range);
    expect(ticks.map(({ label }) => label)).toEqual(labels);
    for (const { position, value } of ticks) {
      expect(position).toBeCloseTo((value - range.min) / (range.max - range.min), 12);
    }
  });

  it('refuses a range without width', () => {
    expect(() => legendOf('ndvi', { min: 1, max: 1 })).toThrow(/nothing/);
  });
});
