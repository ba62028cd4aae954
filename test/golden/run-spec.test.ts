import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunReport, runSpec } from '@swath/products';
import { imageOpener } from '@swath/raster';
import type { RequestSpecInput } from '@swath/requests';
import { afterAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { sharedPath } from '../support/shared.ts';

/** The recipes of 09-expected-results (GDAL 3.6.2 and numpy), written as requests and run from document to file. */
const data = sharedPath('data');
if (data === undefined) console.warn('skipped: no shared data');

const sentinel = 'scenes/s2-l2a-29RKH-20200219';
const landsat = 'scenes/landsat-c2-l2-008059/LC08_L2SP_008059_20191201_20200825_02_T1';
const window10 = [209_980, 2_762_420, 235_580, 2_788_020] as [number, number, number, number];
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const file = (name: string) => join(data ?? '', '03-imagery', name);
const band = (name: string, as: string) => ({ href: file(`${sentinel}/${name}.tif`), band: as });

async function run(spec: RequestSpecInput): Promise<RunReport> {
  const outDir = mkdtempSync(join(tmpdir(), 'swath-golden-'));
  folders.push(outDir);
  return await runSpec({ spec, baseFolder: outDir, outDir, now: () => 0 });
}

interface Plane {
  readonly width: number;
  readonly height: number;
  /** NaN = nodata. */
  readonly values: Float64Array;
}

/** A band as values, read by our reader. */
async function planeOf(path: string, index = 1): Promise<Plane> {
  const open = imageOpener({ files: true });
  const image = await open(path);
  const { width, height, nodata } = image.info;
  const { data: dn } = await image.readWindow({
    band: index,
    level: 0,
    window: { x: 0, y: 0, width, height },
  });
  const info = image.info.bands[index - 1];
  const values = Float64Array.from({ length: dn.length }, (_, i) => {
    const value = Number(dn[i]);
    return value === nodata ? Number.NaN : value * (info?.scale ?? 1) + (info?.offset ?? 0);
  });
  await image.close();
  await open.close();
  return { width, height, values };
}

/** How two planes differ, where the second one has a value. */
function compare(ours: Plane, theirs: Plane) {
  expect([ours.width, ours.height]).toEqual([theirs.width, theirs.height]);
  let compared = 0;
  let unequal = 0;
  let missing = 0;
  let extra = 0;
  let maxDifference = 0;
  for (const [i, expected] of theirs.values.entries()) {
    const value = ours.values[i] ?? Number.NaN;
    if (Number.isNaN(expected)) {
      if (!Number.isNaN(value)) extra++;
      continue;
    }
    compared++;
    if (Number.isNaN(value)) missing++;
    else if (value !== expected) unequal++;
    const difference = Math.abs(value - expected);
    if (difference > maxDifference) maxDifference = difference;
  }
  return { compared, unequal, missing, extra, maxDifference };
}

async function compareFirst(report: RunReport, name: string) {
  const [result, ...others] = report.results;
  expect(others).toEqual([]);
  const found = compare(
    await planeOf(result?.path ?? ''),
    await planeOf(join(data ?? '', '09-expected-results', name)),
  );
  return found;
}

const ndvi = { index: 'NDVI' };
const evi = {
  expression: '2.5*(N-R)/(N+6*R-7.5*B+1)',
  bands: { N: 'nir', R: 'red', B: 'blue' },
  name: 'evi',
};
const bands = [band('B08', 'nir'), band('B04', 'red'), band('B02', 'blue')];
const grid = { bounds: window10 };

describe.skipIf(data === undefined)('a run over Sentinel-2', () => {
  it('computes NDVI of raw numbers', async () => {
    const report = await run({
      items: bands.slice(0, 2),
      pipeline: ndvi,
      mask: 'none',
      radiometry: 'raw',
      grid,
    });
    const found = await compareFirst(report, 'open-ndvi-raw.tif');
    expect(found).toMatchObject({ compared: 65_536, missing: 0, extra: 0 });
    expect(found.maxDifference).toBeLessThan(1e-6);
    expect(report.results[0]?.statistics['ndvi']?.mean).toBeCloseTo(0.06551574128923221, 6);
    expect(report.results[0]?.proj).toEqual({
      code: 'EPSG:32629',
      epsg: 32629,
      shape: [256, 256],
      transform: [100, 0, 209_980, 0, -100, 2_788_020],
    });
  });

  it('drops pixels by the classes of a coarser band', async () => {
    const report = await run({
      items: [...bands.slice(0, 2), band('SCL', 'scl')],
      pipeline: ndvi,
      mask: { band: 'scl', classes: [0, 1, 3, 8, 9, 10, 11] },
      radiometry: 'raw',
      grid,
    });
    const found = await compareFirst(report, 'open-ndvi-scl-masked.tif');
    expect(found).toMatchObject({ compared: 65_312, missing: 0, extra: 0 });
    expect(found.maxDifference).toBeLessThan(1e-6);
    expect(report.results[0]?.counts).toMatchObject({
      total: 65_536,
      withData: 65_536,
      masked: 224,
      valid: 65_312,
    });
  });

  it('computes EVI of reflectances, with and without offset', async () => {
    for (const [offset, name] of [
      [0, 'open-evi.tif'],
      [-0.1, 'open-evi-scale-offset.tif'],
    ] as const) {
      const radiometry = { scale: 0.0001, offset };
      const found = await compareFirst(
        await run({ items: bands, pipeline: evi, mask: 'none', radiometry, grid }),
        name,
      );
      expect(found).toMatchObject({ compared: 65_536, missing: 0, extra: 0 });
      expect(found.maxDifference).toBeLessThan(1e-6);
    }
  });

  it('brings a coarser band to the grid as gdalwarp -r near does', async () => {
    const report = await run({
      items: [band('B11', 'b11')],
      pipeline: { bands: ['b11'] },
      mask: 'none',
      radiometry: 'raw',
      grid: { bounds: window10, resolution: 100, resampling: 'nearest' },
      output: { dtype: 'uint16', scale: 1, nodata: 0 },
    });
    expect(await compareFirst(report, 'open-resample-B11-near.tif')).toEqual({
      compared: 65_536,
      unequal: 0,
      missing: 0,
      extra: 0,
      maxDifference: 0,
    });
  });

  it('warps to another CRS as gdalwarp -r near does', async () => {
    const [minX, maxY, pixel] = [-1322196.500531726, 2898495.609984769, 110.56433551574675];
    const report = await run({
      items: [band('B04', 'red')],
      pipeline: { bands: ['red'] },
      mask: 'none',
      radiometry: 'raw',
      grid: {
        crs: 'EPSG:3857',
        resolution: pixel,
        bounds: [minX, maxY - 262 * pixel, minX + 260 * pixel, maxY],
        resampling: 'nearest',
      },
      output: { dtype: 'uint16', scale: 1, nodata: 0 },
    });
    // theirs is warped from a crop: it has no value where ours still has the scene.
    const found = await compareFirst(report, 'open-warp-3857-near.tif');
    expect(found).toMatchObject({ compared: 65_558, missing: 0 });
    expect(found.unequal / found.compared).toBeLessThan(0.01);
  });

  it('does not take the offset twice that Earth Search has already taken', async () => {
    const item: unknown = JSON.parse(readFileSync(file(`${sentinel}/S2A_29RKH_20200219_0_L2A.json`), 'utf8'));
    const outDir = mkdtempSync(join(tmpdir(), 'swath-golden-'));
    folders.push(outDir);
    const asset = (name: string, common: string) => ({
      href: file(`${sentinel}/${name}.tif`),
      type: 'image/tiff; application=geotiff; profile=cloud-optimized',
      roles: ['data'],
      'eo:bands': [{ name: common, common_name: common }],
      'raster:bands': [{ scale: 0.0001, offset: -0.1, nodata: 0 }],
    });
    const { properties, ...rest } = z.looseObject({ properties: z.looseObject({}) }).parse(item);
    const trap = {
      ...rest,
      properties: {
        ...properties,
        'earthsearch:boa_offset_applied': true,
        's2:processing_baseline': '04.00',
      },
      assets: { red: asset('B04', 'red'), nir: asset('B08', 'nir') },
    };
    const spec: RequestSpecInput = { items: ['trap.json'], pipeline: ndvi, mask: 'none', grid };
    writeFileSync(join(outDir, 'trap.json'), JSON.stringify(trap));
    const report = await runSpec({ spec, baseFolder: outDir, outDir, now: () => 0 });
    const red = report.results[0]?.radiometry[0]?.bands['red'];
    expect(red).toMatchObject({ rule: 'offset-already-applied', scale: 0.0001, offset: 0 });
    const written = JSON.parse(readFileSync(report.results[0]?.files.item ?? '', 'utf8'));
    expect(written.properties['swath:radiometry'][0].bands.red).toEqual(red);
    // NDVI does not depend on a common scale: without the offset it is that of the raw numbers.
    const found = await compareFirst(report, 'open-ndvi-raw.tif');
    expect(found.maxDifference).toBeLessThan(1e-6);
  });
});

describe.skipIf(data === undefined)('a run over Landsat', () => {
  const corner = { x: 378_285 + 180 * 444.78515625, y: 275_715 - 180 * 453.57421875 };
  const bounds = [corner.x, corner.y - 200 * 453.57421875, corner.x + 200 * 444.78515625, corner.y] as [
    number,
    number,
    number,
    number,
  ];
  const part = (suffix: string, as: string) => ({
    href: file(`${landsat}_${suffix}.TIF`),
    band: as,
    nodata: 0,
  });
  const quality = { href: file(`${landsat}_QA_PIXEL.TIF`), band: 'qa_pixel' };

  it('drops pixels by the bits of QA_PIXEL', async () => {
    const report = await run({
      items: [part('SR_B5', 'nir'), part('SR_B4', 'red'), quality],
      pipeline: ndvi,
      mask: { band: 'qa_pixel', bits: [0, 1, 2, 3, 4] },
      radiometry: { scale: 0.0000275, offset: -0.2 },
      grid: { bounds },
    });
    const found = await compareFirst(report, 'open-landsat-ndvi-qa.tif');
    expect(found).toMatchObject({ compared: 10_899, missing: 0, extra: 0 });
    expect(found.maxDifference).toBeLessThan(1e-6);
  });

  it('computes surface temperature in degrees Celsius', async () => {
    const report = await run({
      items: [part('ST_B10', 'lwir11'), quality],
      pipeline: { expression: 'K - 273.15', bands: { K: 'lwir11' }, name: 'celsius' },
      mask: { band: 'qa_pixel', bits: [0] },
      radiometry: { scale: 0.00341802, offset: 149 },
      grid: { bounds },
    });
    const found = await compareFirst(report, 'open-landsat-st-celsius.tif');
    expect(found).toMatchObject({ compared: 40_000, missing: 0, extra: 0 });
    // Kelvin near 300 in single precision are steps of 3e-5.
    expect(found.maxDifference).toBeLessThan(1e-4);
  });
});

describe.skipIf(data === undefined)('a run over two overlapping scenes', () => {
  it('mosaics them in the order they are listed', async () => {
    const pixel = 600.076478076768;
    const [minX, maxY] = [424_854.14647835173, 5_216_464.823921344];
    const scene = (name: string) =>
      ['red', 'green', 'blue'].map((as, i) => ({
        href: file(`scenes/mosaic-pair/${name}.tif`),
        band: as,
        bandIndex: i + 1,
      }));
    const report = await run({
      items: [...scene('mosaic_cog1'), ...scene('mosaic_cog2')],
      pipeline: { bands: ['red', 'green', 'blue'] },
      mask: 'none',
      radiometry: 'raw',
      composite: 'first',
      grid: { resolution: pixel, bounds: [minX, maxY - 397 * pixel, minX + 589 * pixel, maxY] },
      output: { dtype: 'uint16', scale: 1, nodata: 0 },
    });
    const [result] = report.results;
    const planes = await Promise.all([1, 2, 3].map((index) => planeOf(result?.path ?? '', index)));
    const sums = planes.map(({ values }) =>
      values.reduce((sum, value) => (Number.isNaN(value) ? sum : sum + value), 0),
    );
    const valid = planes[0]?.values.filter((_, i) =>
      planes.some(({ values }) => !Number.isNaN(values[i])),
    ).length;
    // Exactly the recipe: at twice the pixel size gdalwarp reads the 2x overview, and so do we.
    expect({ sums, valid }).toEqual({ sums: [1_507_753_872, 1_569_801_732, 1_667_596_713], valid: 173_883 });
  });
});
