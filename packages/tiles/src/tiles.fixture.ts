import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Grid, windowGrid } from '@swath/geo';
import { imageOpener, type StoredType, writeCog } from '@swath/raster';
import { coarsenessOf, kernelScale, levelFor } from '@swath/raster/warp/level';
import { positionMap } from '@swath/raster/warp/positions';
import { gdalTool } from '../../../test/support/gdal.ts';
import { planDrawing } from './drawing.ts';
import { extentOf, sideOf, tileParts } from './level-grid.ts';
import type { Picturable } from './read.ts';
import type { TileAddress } from './tile-address.ts';

export const utm: Grid = {
  crs: 'EPSG:32632',
  geotransform: [600_000, 10, 0, 5_420_000, 0, -10],
  width: 3000,
  height: 2600,
};

export const asInt16: StoredType = { dtype: 'int16', scale: 1e-4, offset: 0, nodata: -32768 };

/** Smooth hills with noise, and holes: a disc and a corner without data. */
export function hills(x: number, y: number): number {
  if (Math.hypot(x - 900, y - 1200) < 220 || x + y < 500) return Number.NaN;
  return 0.4 + 0.3 * Math.sin(x / 130) * Math.cos(y / 170) + 0.05 * Math.sin(x * 1.7 + y * 2.3);
}

/** A COG of as many bands as there are functions. */
export async function writeTestCog(
  path: string,
  grid: Grid,
  functions: readonly ((x: number, y: number) => number)[],
  stored: StoredType = asInt16,
): Promise<void> {
  const bands = functions.map((_, i) => ({ name: `band${i + 1}`, stored }));
  await writeCog(path, { grid, bands, overviews: true }, async (window) =>
    functions.map((value) =>
      Float32Array.from({ length: window.width * window.height }, (_, i) =>
        value(window.x + (i % window.width), window.y + Math.floor(i / window.width)),
      ),
    ),
  );
}

/** Opens a file for drawing. */
export async function openTestImage(path: string): Promise<Picturable & { close(): Promise<void> }> {
  const open = imageOpener({ files: true });
  const { info, close } = await open(path);
  await close();
  const { crs, geotransform, width, height, bands, levels } = info;
  if (crs === null || geotransform === null) throw new Error('no georeference');
  return {
    href: path,
    open,
    grid: { crs, geotransform, width, height },
    scales: bands,
    levels,
    look: { bands: bands.map((_, i) => ({ name: `band${i + 1}` })), ramp: 'greys', range: null },
    close: () => open.close(),
  };
}

/** A drawing whose stretches are all given. */
export function decided(image: Picturable, params: Parameters<typeof planDrawing>[0]) {
  const drawing = planDrawing(params, image.look);
  return {
    ...drawing,
    ranges: drawing.ranges.map((range) => {
      if (range === 'auto') throw new Error('the test gives no stretch');
      return range;
    }),
  };
}

/**
 * Stored numbers of band 1 on a tile by gdalwarp, exactly transformed; `nodata` where there is none. gdalwarp chooses the
 * overview. How far bilinear kernels widen it derives from the chunk it happens to work on, so it is told.
 */
export async function gdalTile(
  image: Picturable,
  folder: string,
  tile: TileAddress,
  method: 'near' | 'bilinear',
): Promise<Int16Array> {
  const { href: path, grid } = image;
  const nodata = -32768;
  const { info, close } = await image.open(path);
  await close();
  const side = sideOf(tile);
  const numbers = new Int16Array(side * side).fill(nodata);
  for (const part of tileParts(extentOf(grid), tile)) {
    const { geotransform: gt, width, height } = windowGrid(part.grid, part.window);
    const bounds = [gt[0], gt[3] + gt[5] * height, gt[0] + gt[1] * width, gt[3]];
    const out = join(folder, 'tile.img');
    const ratio = coarsenessOf(positionMap(part.grid, path, info), part.grid) ?? { x: 1, y: 1 };
    const factor = info.width / info.levels[levelFor('bilinear', ratio, info.levels)]!.width;
    const scale = kernelScale({ x: ratio.x / factor, y: ratio.y / factor });
    gdalTool(
      'gdalwarp',
      ...['-q', '-overwrite', '-of', 'ENVI', '-ot', 'Int16', '-et', '0', '-r', method],
      ...['-t_srs', 'EPSG:3857', '-te', ...bounds.map(String), '-ts', String(width), String(height)],
      ...['-dstnodata', String(nodata), '-wo', 'SAMPLE_GRID=YES', '-wo', 'SOURCE_EXTRA=10'],
      ...['-wo', `XSCALE=${1 / scale.x}`, '-wo', `YSCALE=${1 / scale.y}`, path, out],
    );
    const bytes = readFileSync(out);
    const read = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
    for (let row = 0; row < height; row++) {
      numbers.set(read.subarray(row * width, (row + 1) * width), (part.at.y + row) * side + part.at.x);
    }
  }
  return numbers;
}
