import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Grid } from '@swath/geo';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gdalOrWarn, gdalTool } from '../../../test/support/gdal.ts';
import { drawTile } from './draw-tile.ts';
import { planDrawing, planValues } from './drawing.ts';
import { extentOf } from './level-grid.ts';
import { columnAt, rowAt } from './mercator.ts';
import { parsePoint, valuesAt } from './point.ts';
import { drawGrid, previewGrid } from './preview.ts';
import type { Picturable } from './read.ts';
import { stretchDecider } from './stretch.ts';
import { asInt16, decided, hills, openTestImage, utm, writeTestCog } from './tiles.fixture.ts';

const gdal = gdalOrWarn('agreement of previews with gdal_translate');
const small: Grid = { ...utm, width: 1200, height: 900 };
const seam: Grid = {
  crs: 'EPSG:32660',
  geotransform: [620_000, 1000, 0, 7_200_000, 0, -1000],
  width: 80,
  height: 60,
};
const stored = { ...asInt16, scale: 1e-3 };

let folder = '';
const images: Record<string, Picturable & { close(): Promise<void> }> = {};
const of = (name: string) => images[name]!;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'swath-pictures-'));
  const ramp = (x: number) => x / 1200;
  await writeTestCog(
    join(folder, 'two.tif'),
    small,
    [hills, (x, y) => (y < 100 ? Number.NaN : ramp(x))],
    stored,
  );
  await writeTestCog(join(folder, 'seam.tif'), seam, [() => 0.5]);
  images['two'] = await openTestImage(join(folder, 'two.tif'));
  images['seam'] = await openTestImage(join(folder, 'seam.tif'));
});
afterAll(async () => {
  for (const image of Object.values(images)) await image.close();
  rmSync(folder, { recursive: true, force: true });
});

const opaque = (rgba: Uint8Array) =>
  rgba.filter((_, i) => i % 4 === 3).reduce((sum, alpha) => sum + Number(alpha === 255), 0);

describe('a tile', () => {
  const at = (z: number, lon: number, lat: number) => ({
    z,
    x: Math.floor(columnAt(lon, z) / 256),
    y: Math.floor(rowAt(lat, z) / 256),
    scale: 1 as const,
    format: 'png' as const,
  });

  it('of an image over the antimeridian has both halves, on both sides of the world', async () => {
    const image = of('seam');
    const drawing = decided(image, { rescale: ['0,1'] });
    const extent = extentOf(image.grid);
    const east = await drawTile(image, extent, at(6, 179.9, 64.6), drawing);
    const west = await drawTile(image, extent, at(6, -179.9, 64.6), drawing);
    expect(opaque(east.rgba)).toBeGreaterThan(50);
    expect(opaque(west.rgba)).toBeGreaterThan(50);
    const world = await drawTile(image, extent, at(0, 0, 0), drawing);
    expect(opaque(world.rgba)).toBeGreaterThanOrEqual(1);
    expect(opaque(world.rgba)).toBeLessThan(12);
  });

  it('beside the image is transparent, and nothing is read for it', async () => {
    const image = { ...of('two'), open: () => Promise.reject(new Error('read')) };
    const { rgba, width } = await drawTile(
      image,
      extentOf(image.grid),
      at(12, 0, 0),
      decided(image, { bidx: ['1'], rescale: ['0,1'] }),
    );
    expect([width, opaque(rgba)]).toEqual([256, 0]);
  });

  it('is transparent where one of the bands of its expression has no data', async () => {
    const image = of('two');
    const draw = async (params: Parameters<typeof decided>[1]) =>
      (await drawTile(image, extentOf(image.grid), at(12, 10.45, 48.9), decided(image, params))).rgba;
    const first = await draw({ bidx: ['1'], rescale: ['0,1'] });
    const second = await draw({ bidx: ['2'], rescale: ['0,1'] });
    const both = await draw({ expression: 'band1 + b2', rescale: ['0,2'] });
    for (let i = 3; i < both.length; i += 4) expect(both[i]).toBe(Math.min(first[i]!, second[i]!));
    expect(opaque(both)).toBeGreaterThan(1000);
    expect(opaque(both)).toBeLessThan(opaque(second));
  });

  it('compares nodata with stored numbers, before scale and stretch', async () => {
    const image = of('two');
    const whole = previewGrid(image.grid, { max_size: '2048' });
    // Band 2 is x / 1200, stored in thousandths: 500 is 600 columns from the west.
    const { rgba } = await drawGrid(
      image,
      whole,
      decided(image, { bidx: ['2'], rescale: ['0,10'], nodata: '500' }),
    );
    const row = 500 * whole.width;
    expect(rgba[(row + 600) * 4 + 3]).toBe(0);
    expect(rgba[(row + 602) * 4 + 3]).toBe(255);
  });
});

describe('a stretch nobody named', () => {
  it('is of the whole image, the same for every tile, and counted once', async () => {
    const image = of('two');
    let opened = 0;
    const counting: Picturable = {
      ...image,
      open: (href, signal) => {
        opened++;
        return image.open(href, signal);
      },
    };
    const decide = stretchDecider();
    const drawing = planDrawing({ bidx: ['2'] }, image.look);
    const { ranges } = await decide(counting, drawing);
    expect(ranges[0]!.min).toBeCloseTo(0.02, 1);
    expect(ranges[0]!.max).toBeCloseTo(0.98, 1);
    expect((await decide(counting, drawing)).ranges).toEqual(ranges);
    expect(opened).toBe(1);
  });
});

describe('values at a place', () => {
  it('are those of the pixel under it', async () => {
    const image = of('two');
    // The middle of pixel (700, 600).
    const values = await valuesAt(image, parsePoint('10.459,48.868'), planValues({}, image.look));
    expect(values).toHaveLength(2);
    expect(values[1]).toBeGreaterThan(0);
    expect(values[1]).toBeLessThan(1);
    const raw = await valuesAt(
      image,
      [10.459, 48.868],
      planValues({ bidx: ['2'], unscale: 'false' }, image.look),
    );
    expect(raw[0]).toBe(Math.round(values[1]! * 1000));
  });

  it.each(['', '1', '1,2,3', 'a,b', '181,0', '0,91', '1e1,0', 'NaN,NaN', '10.4;48.8'])(
    '%s is no place',
    (text) => {
      expect(() => parsePoint(text)).toThrow(expect.objectContaining({ code: 'InvalidInput' }));
    },
  );

  it('beside the image are not found', async () => {
    await expect(valuesAt(of('two'), [0, 0], planValues({}, of('two').look))).rejects.toMatchObject({
      code: 'NotFound',
    });
  });
});

describe('a preview', () => {
  it.each([
    [{}, 1024, 768],
    [{ max_size: '300' }, 300, 225],
    [{ width: '100' }, 100, 75],
    [{ height: '90' }, 120, 90],
    [{ width: '33', height: '44' }, 33, 44],
    [{ max_size: '2048' }, 1200, 900],
  ])('of %o has %i x %i pixels', (params, width, height) => {
    expect(previewGrid(small, params)).toMatchObject({ width, height, crs: small.crs });
  });

  it.each([
    { width: '0' },
    { width: '2049' },
    { height: '1e3' },
    { max_size: '-5' },
    { max_size: '99999999999' },
    { bbox: '1,2,3' },
    { bbox: '10,48,9,49' },
    { bbox: '170,0,190,1' },
    { bbox: 'NaN,0,1,1' },
    { bbox: '10.4,48.8,10.5,48.9', dst_crs: 'EPSG:0' },
    { dst_crs: 'file:///etc/passwd' },
  ])('of %o is refused', (params) => {
    expect(() => previewGrid(small, params)).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/InvalidInput|Unsupported/) }),
    );
  });

  it('refuses what needs overviews that are not there', async () => {
    const image = {
      ...of('two'),
      grid: { ...small, width: 60_000, height: 60_000 },
      levels: [{ width: 60_000, height: 60_000 }],
    };
    await expect(
      drawGrid(
        image,
        previewGrid(image.grid, { width: '100' }),
        decided(image, { bidx: ['1'], rescale: ['0,1'] }),
      ),
    ).rejects.toMatchObject({ code: 'LimitExceeded' });
  });

  it.skipIf(!gdal)('of a quarter of the pixels is gdal_translate’s, pixel by pixel', async () => {
    const image = of('two');
    const grid = previewGrid(image.grid, { width: '300' });
    const { rgba } = await drawGrid(image, grid, decided(image, { bidx: ['1,1,1'], rescale: ['0,1'] }));
    const out = join(folder, 'p.img');
    gdalTool(
      'gdal_translate',
      '-q',
      '-of',
      'ENVI',
      '-b',
      '1',
      '-outsize',
      '300',
      '225',
      '-r',
      'near',
      image.href,
      out,
    );
    const bytes = readFileSync(out);
    const theirs = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
    const ours = Array.from(theirs, (_, i) => (rgba[i * 4 + 3] === 0 ? -1 : rgba[i * 4]));
    const expected = Array.from(theirs, (dn) =>
      dn === stored.nodata
        ? -1
        : Math.round(Math.min(1, Math.max(0, Math.fround(dn * Math.fround(1e-3)))) * 255),
    );
    expect(ours).toEqual(expected);
  });
});
