import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Grid } from '@swath/geo';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gdalOrWarn } from '../../../../test/support/gdal.ts';
import type { RasterImage } from '../image.ts';
import { imageOpener } from '../opener.ts';
import { compareWithGdal, gridOver, writeFields } from './gdalwarp.fixture.ts';

const gdal = gdalOrWarn('agreement with gdalwarp');

const SOURCE: Grid = {
  crs: 'EPSG:32631',
  geotransform: [499980, 10, 0, 5000040, 0, -10],
  width: 700,
  height: 600,
};

/** Grids over the source, each running over its edge. */
const GRIDS: Readonly<Record<string, Grid>> = {
  'shifted by a third of a pixel': gridOver('EPSG:32631', [500103.3, 4994413.3, 506503.3, 5000013.3], 10),
  'finer, 6 m': gridOver('EPSG:32631', [500100, 4997100, 503100, 5000160], 6),
  'coarser, 20 m': gridOver('EPSG:32631', [499960, 4994040, 507000, 5000080], 20),
  'coarser, 35 m': gridOver('EPSG:32631', [500000, 4994100, 506965, 5000050], 35),
  'in EPSG:3857, 14 m': gridOver('EPSG:3857', [333900, 5635000, 343980, 5643400], 14),
  'in EPSG:32630': gridOver('EPSG:32630', [972000, 5010000, 978000, 5018000], 10),
  'in degrees': gridOver('EPSG:4326', [3.001, 45.1, 3.081, 45.16], 0.0001),
};

let folder = '';
let image: RasterImage;
const opener = imageOpener({ files: true });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'swath-warp-'));
  if (gdal) image = await opener(writeFields(folder, 'source', SOURCE));
});
afterAll(async () => {
  if (gdal) await image.close();
  await opener.close();
  rmSync(folder, { recursive: true, force: true });
});

const POINT_METHODS = ['nearest', 'bilinear', 'cubic'] as const;
const AREA_METHODS = ['average', 'mode', 'min', 'max'] as const;
const names = Object.keys(GRIDS);
/** Areas take no other path for the rest. */
const areaNames = ['coarser, 20 m', 'coarser, 35 m', 'in EPSG:3857, 14 m'];
const pairs = <T>(methods: readonly T[], grids: readonly string[]) =>
  methods.flatMap((method) => grids.map((name) => [method, name] as const));

describe.skipIf(!gdal)('bringing a band to a grid agrees with gdalwarp -et 0', () => {
  it.each(pairs(POINT_METHODS, names))('%s, %s', async (method, name) => {
    const seen = await compareWithGdal(image, folder, GRIDS[name]!, method);
    expect(seen.both).toBeGreaterThan(30_000);
    expect(seen.validity).toBe(0);
    // Neighbours at position errors up to 2e-4 px; interpolated numbers never differ by more than one.
    expect(seen.differ).toBeLessThanOrEqual(method === 'nearest' ? 1e-3 : 0);
  });

  /**
   * Along the edge of the source gdalwarp 3.6 gives the outermost pixels to grid pixels beside the image, and counts
   * rows that are half outside twice. There ours is the mean of what is covered, and nothing where nothing is.
   */
  it.each(pairs(AREA_METHODS, areaNames))('%s, %s, but for the edge of the source', async (method, name) => {
    const seen = await compareWithGdal(image, folder, GRIDS[name]!, method);
    expect(seen.both).toBeGreaterThan(30_000);
    expect(seen.validity).toBeLessThan(0.006);
    expect(seen.differ).toBeLessThan(method === 'average' ? 0.003 : 1e-3);
  });
});
