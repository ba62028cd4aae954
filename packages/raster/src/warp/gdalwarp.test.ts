import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Grid } from '@swath/geo';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gdalOrWarn, gdalTool } from '../../../../test/support/gdal.ts';
import { writeCog } from '../cog/write.ts';
import type { RasterImage } from '../image.ts';
import { imageOpener } from '../opener.ts';
import type { Resampling } from '../process/work.ts';
import { coarsenessOf, kernelScale } from './level.ts';
import { positionMap } from './positions.ts';
import { readOnGrid } from './read-on-grid.ts';

const gdal = gdalOrWarn('agreement with gdalwarp');

const SOURCE: Grid = {
  crs: 'EPSG:32631',
  geotransform: [499980, 10, 0, 5000040, 0, -10],
  width: 700,
  height: 600,
};

/** Grids over the source, each running over its edge. Bounds are [minX, minY, maxX, maxY]. */
const GRIDS: Readonly<Record<string, Grid>> = {
  'shifted by a third of a pixel': grid('EPSG:32631', [500103.3, 4994413.3, 506503.3, 5000013.3], 10),
  'finer, 6 m': grid('EPSG:32631', [500100, 4997100, 503100, 5000160], 6),
  'coarser, 20 m': grid('EPSG:32631', [499960, 4994040, 507000, 5000080], 20),
  'coarser, 35 m': grid('EPSG:32631', [500000, 4994100, 506965, 5000050], 35),
  'in EPSG:3857, 14 m': grid('EPSG:3857', [333900, 5635000, 343980, 5643400], 14),
  'in EPSG:32630': grid('EPSG:32630', [972000, 5010000, 978000, 5018000], 10),
  'in degrees': grid('EPSG:4326', [3.001, 45.1, 3.081, 45.16], 0.0001),
};

function grid(
  crs: string,
  [minX, minY, maxX, maxY]: readonly [number, number, number, number],
  size: number,
): Grid {
  return {
    crs,
    geotransform: [minX, size, 0, maxY, 0, -size],
    width: Math.round((maxX - minX) / size),
    height: Math.round((maxY - minY) / size),
  };
}

/** Fields with sharp edges, noise, and holes; never 0 where valid. */
function dnAt(x: number, y: number): number {
  const hole = (x % 90) + (y % 70) < 12 || (x > 400 && x < 440 && y > 100 && y < 180);
  if (hole) return Number.NaN;
  const field = ((Math.floor(x / 23) * 31 + Math.floor(y / 17) * 57) % 11) * 250;
  return 400 + field + ((x * 7919 + y * 104729) % 97);
}

let folder = '';
let image: RasterImage;
const opener = imageOpener({ files: true });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'swath-warp-'));
  const file = join(folder, 'source.tif');
  const stored = { dtype: 'uint16', scale: 1, offset: 0, nodata: 0 } as const;
  await writeCog(file, { grid: SOURCE, bands: [{ name: 'b', stored }], overviews: false }, async (w) => [
    Float32Array.from({ length: w.width * w.height }, (_, i) =>
      dnAt(w.x + (i % w.width), w.y + Math.floor(i / w.width)),
    ),
  ]);
  image = await opener(file);
});
afterAll(async () => {
  await image.close();
  await opener.close();
  rmSync(folder, { recursive: true, force: true });
});

function gdalwarp(target: Grid, method: Resampling): Float32Array {
  const {
    crs,
    geotransform: [x, w, , y, , h],
    width,
    height,
  } = target;
  const out = join(folder, 'warped.img');
  const name = method === 'nearest' ? 'near' : method;
  const bounds = [x, y + h * height, x + w * width, y].map(String);
  // GDAL derives the widening of its kernels from the chunk it happens to work on; ours comes from grid and image.
  const scale = kernelScale(
    coarsenessOf(positionMap(target, 'source', image.info), target) ?? { x: 1, y: 1 },
  );
  const options = ['-q', '-overwrite', '-of', 'ENVI', '-ot', 'Float32', '-wt', 'Float32', '-et', '0'];
  gdalTool(
    'gdalwarp',
    ...[...options, '-r', name, '-t_srs', crs, '-te', ...bounds, '-ts', `${width}`, `${height}`],
    ...['-wo', `XSCALE=${1 / scale.x}`, '-wo', `YSCALE=${1 / scale.y}`, '-dstnodata', '0'],
    ...[join(folder, 'source.tif'), out],
  );
  const bytes = readFileSync(out);
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}

interface Comparison {
  /** Share of pixels that are valid on one side alone. */
  readonly validity: number;
  /** Of the pixels valid on both, the share that differs by more than one digital number. */
  readonly differ: number;
  readonly both: number;
}

async function compare(target: Grid, resampling: Resampling): Promise<Comparison> {
  const window = { x: 0, y: 0, width: target.width, height: target.height };
  const ours = await readOnGrid({ image, band: 1, grid: target, window, resampling, nodata: 0 });
  const theirs = gdalwarp(target, resampling);
  let [validity, both, differ] = [0, 0, 0];
  for (let i = 0; i < theirs.length; i++) {
    const valid = theirs[i] !== 0;
    if (valid !== (ours.valid[i] === 1)) validity++;
    if (!valid || ours.valid[i] === 0) continue;
    both++;
    if (Math.abs(ours.values[i]! - theirs[i]!) > 1) differ++;
  }
  return { validity: validity / theirs.length, both, differ: differ / both };
}

const POINT_METHODS = ['nearest', 'bilinear', 'cubic'] as const;
const AREA_METHODS = ['average', 'mode', 'min', 'max'] as const;
const names = Object.keys(GRIDS);
/** Areas take no other path for the rest. */
const areaNames = ['coarser, 20 m', 'coarser, 35 m', 'in EPSG:3857, 14 m'];
const pairs = <T>(methods: readonly T[], grids: readonly string[]) =>
  methods.flatMap((method) => grids.map((name) => [method, name] as const));

describe.skipIf(!gdal)('bringing a band to a grid agrees with gdalwarp -et 0', () => {
  it.each(pairs(POINT_METHODS, names))('%s, %s', async (method, name) => {
    const seen = await compare(GRIDS[name]!, method);
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
    const seen = await compare(GRIDS[name]!, method);
    expect(seen.both).toBeGreaterThan(30_000);
    expect(seen.validity).toBeLessThan(0.006);
    expect(seen.differ).toBeLessThan(method === 'average' ? 0.003 : 1e-3);
  });
});
