import { join } from 'node:path';
import type { Grid } from '@swath/geo';
import { afterAll, describe, expect, it } from 'vitest';
import { sharedPath } from '../../../../test/support/shared.ts';
import { parseExpression } from '../expression/parse.ts';
import { imageOpener } from '../opener.ts';
import { processWindow } from './process-window.ts';
import type { BandInput, MaskInput, ProductWork, SceneInput } from './work.ts';

/** Results that GDAL and numpy computed from real scenes: see the README beside them. */
const expected = sharedPath('data', '09-expected-results') ?? '';
const scenes = sharedPath('data', '03-imagery', 'scenes') ?? '';
if (expected === '') console.warn('skipped: no shared data, so recipes on real scenes are not checked');

const opener = imageOpener({ files: true });
afterAll(() => opener.close());

const S2 = join(scenes, 's2-l2a-29RKH-20200219');
const LANDSAT = join(scenes, 'landsat-c2-l2-008059', 'LC08_L2SP_008059_20191201_20200825_02_T1');

const band = (href: string, scale = 1, offset = 0): BandInput => ({ href, bandIndex: 1, scale, offset });

const s2Grid: Grid = {
  crs: 'EPSG:32629',
  geotransform: [209980, 100, 0, 2788020, 0, -100],
  width: 256,
  height: 256,
};

function s2Scene(scale = 1, offset = 0, mask?: MaskInput): SceneInput {
  const of = (name: string) => band(join(S2, `${name}.tif`), scale, offset);
  const bands = { blue: of('B02'), red: of('B04'), nir: of('B08'), swir16: of('B11') };
  return { id: 's2', bands, ...(mask === undefined ? {} : { mask }) };
}

function work(grid: Grid, expression: string, ...scenesInOrder: readonly SceneInput[]): ProductWork {
  return {
    grid,
    steps: [{ label: 'date', scenes: scenesInOrder }],
    outputs: [{ name: 'out', expression: parseExpression(expression) }],
    composite: 'none',
    resampling: 'nearest',
  };
}

const whole = ({ width, height }: Grid) => ({ x: 0, y: 0, width, height });

/** Values of a reference file, NaN where it has nodata. */
async function reference(name: string, nodata = Number.NaN): Promise<{ grid: Grid; values: Float32Array }> {
  const image = await opener(join(expected, name));
  const { width, height, crs, geotransform } = image.info;
  const { data } = await image.readWindow({ band: 1, level: 0, window: { x: 0, y: 0, width, height } });
  await image.close();
  if (crs === null || geotransform === null) throw new Error(`${name} has no georeference`);
  const values = Float32Array.from(Array.from(data, Number), (value) =>
    value === nodata ? Number.NaN : value,
  );
  return { grid: { crs, geotransform, width, height }, values };
}

/** Largest difference, and how many pixels have a value on one side alone. */
function compare(ours: Float32Array, theirs: Float32Array) {
  let largest = 0;
  let validity = 0;
  let differ = 0;
  for (let i = 0; i < theirs.length; i++) {
    if (Number.isNaN(ours[i]!) !== Number.isNaN(theirs[i]!)) validity++;
    const difference = Math.abs(ours[i]! - theirs[i]!);
    if (difference > 0) differ++;
    if (difference > largest) largest = difference;
  }
  return { largest, validity, differ };
}

describe.skipIf(expected === '')('on real scenes', () => {
  const evi = '2.5 * (nir - red) / (nir + 6 * red - 7.5 * blue + 1)';
  const scl: MaskInput = {
    href: join(S2, 'SCL.tif'),
    bandIndex: 1,
    rule: { classes: [0, 1, 3, 8, 9, 10, 11] },
  };

  it.each([
    ['NDVI of raw numbers', 'open-ndvi-raw.tif', '(nir - red) / (nir + red)', s2Scene(), 0],
    ['NDVI masked by SCL', 'open-ndvi-scl-masked.tif', '(nir - red) / (nir + red)', s2Scene(1, 0, scl), 0],
    ['EVI', 'open-evi.tif', evi, s2Scene(0.0001), 1e-6],
    ['EVI with scale and offset', 'open-evi-scale-offset.tif', evi, s2Scene(0.0001, -0.1), 1e-6],
    ['20 m SWIR on the 10 m grid', 'open-resample-B11-near.tif', 'swir16', s2Scene(), 0],
  ] as const)('%s equals GDAL and numpy', async (_name, file, expression, scene, tolerance) => {
    const theirs = await reference(file);
    const { planes } = await processWindow(work(s2Grid, expression, scene), whole(s2Grid), opener);
    const seen = compare(planes[0]!, theirs.values);
    expect(theirs.grid.geotransform).toEqual(s2Grid.geotransform);
    expect(seen.validity).toBe(0);
    expect(seen.largest).toBeLessThanOrEqual(tolerance);
  });

  it('counts what the mask dropped', async () => {
    const job = work(s2Grid, '(nir - red) / (nir + red)', s2Scene(1, 0, scl));
    const { counts } = await processWindow(job, whole(s2Grid), opener);
    expect(counts).toEqual({ total: 65536, withData: 65536, masked: 224, valid: 65312 });
  });

  it('a warp to EPSG:3857 by nearest neighbour equals gdalwarp -et 0', async () => {
    const theirs = await reference('open-warp-3857-near.tif', 0);
    const { planes } = await processWindow(work(theirs.grid, 'red', s2Scene()), whole(theirs.grid), opener);
    // The reference was cut before it was warped: beyond the cut it has nothing to compare with.
    const inside = planes[0]!.map((value, i) => (Number.isNaN(theirs.values[i]!) ? Number.NaN : value));
    const seen = compare(inside, theirs.values);
    expect(theirs.values.filter((value) => !Number.isNaN(value)).length).toBe(65558);
    expect(seen.validity).toBe(0);
    expect(seen.differ).toBeLessThanOrEqual(655);
  });

  it.each([
    ['NDVI with QA bits', 'open-landsat-ndvi-qa.tif', '(nir - red) / (nir + red)', [0, 1, 2, 3, 4], 1e-6],
    ['surface temperature', 'open-landsat-st-celsius.tif', 'st - 273.15', [0], 1e-4],
  ] as const)('Landsat %s equals numpy', async (_name, file, expression, bits, tolerance) => {
    const theirs = await reference(file);
    const scene: SceneInput = {
      id: 'landsat',
      bands: {
        red: band(`${LANDSAT}_SR_B4.TIF`, 0.0000275, -0.2),
        nir: band(`${LANDSAT}_SR_B5.TIF`, 0.0000275, -0.2),
        st: band(`${LANDSAT}_ST_B10.TIF`, 0.00341802, 149),
      },
      mask: { href: `${LANDSAT}_QA_PIXEL.TIF`, bandIndex: 1, rule: { bits } },
    };
    const { planes } = await processWindow(work(theirs.grid, expression, scene), whole(theirs.grid), opener);
    const seen = compare(planes[0]!, theirs.values);
    expect(seen.validity).toBe(0);
    expect(seen.largest).toBeLessThanOrEqual(tolerance);
  });

  it('the maximum over 68 dates equals the one published with them', async () => {
    const folder = join(scenes, 's2-slovenia-eopatch-timeseries');
    const image = await opener(join(folder, 'expected-max-ndvi.tif'));
    const { width, height, crs, geotransform } = image.info;
    const { data } = await image.readWindow({ band: 1, level: 0, window: { x: 0, y: 0, width, height } });
    await image.close();
    const grid: Grid = { crs: crs ?? '', geotransform: geotransform ?? s2Grid.geotransform, width, height };
    const href = join(folder, 'NDVI-68dates.tif');
    const steps = Array.from({ length: 68 }, (_, i) => ({
      label: `${i}`,
      scenes: [{ id: `${i}`, bands: { ndvi: { href, bandIndex: i + 1, scale: 1, offset: 0 } } }],
    }));
    const job: ProductWork = { ...work(grid, 'ndvi'), steps, composite: 'max' };
    const { planes } = await processWindow(job, whole(grid), opener);
    expect([...planes[0]!]).toEqual(Array.from(data, Number).map(Math.fround));
  });

  it('a mosaic of two scenes has the first where both have data', async () => {
    const grid: Grid = {
      crs: 'EPSG:32618',
      geotransform: [424854.14647835173, 600.076478076768, 0, 5216464.823921344, 0, -600.076478076768],
      width: 589,
      height: 397,
    };
    const scene = (id: string): SceneInput => ({
      id,
      bands: Object.fromEntries(
        [1, 2, 3].map((bandIndex) => [
          `b${bandIndex}`,
          { href: join(scenes, 'mosaic-pair', `mosaic_cog${id}.tif`), bandIndex, scale: 1, offset: 0 },
        ]),
      ),
    });
    const outputs = ['b1', 'b2', 'b3'].map((name) => ({ name, expression: parseExpression(name) }));
    const job = { ...work(grid, 'b1', scene('1'), scene('2')), outputs };
    const { planes, counts } = await processWindow(job, whole(grid), opener);
    const sums = planes.map((plane) =>
      plane.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : value), 0),
    );
    expect(sums).toEqual([1_507_753_872, 1_569_801_732, 1_667_596_713]);
    expect(counts.withData).toBe(173_883);
  });
});
