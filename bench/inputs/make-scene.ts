import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Grid, PixelWindow } from '@swath/geo';
import { writeCog } from '@swath/raster';
import { runQuietly } from '../measure/run-quietly.ts';
import { toolVersion } from '../measure/tools.ts';
import { createLandscape, type SceneOptions } from './landscape.ts';
import { vrtOf } from './vrt.ts';

/** Files of one acquisition, by band name. */
export const sceneFiles = ['B04', 'B08', 'B02', 'SCL'] as const;
export type SceneFile = (typeof sceneFiles)[number];

/** Tile side of Earth Search's Sentinel-2 COGs. */
const TILE_SIDE = 1024;

/** North-west corner of tile 31TEK's neighbourhood, UTM 31 north, metres. */
const origin = { x: 499_980, y: 5_000_040 } as const;

/** The grid of a scene of `size` 10 m pixels, at 10 or 20 m. */
export function sceneGrid(size: number, resolutionM: 10 | 20): Grid {
  const side = (size * 10) / resolutionM;
  return {
    crs: 'EPSG:32631',
    geotransform: [origin.x, resolutionM, 0, origin.y, 0, -resolutionM],
    width: side,
    height: side,
  };
}

/** Who compresses the inputs: it decides how long it takes to read them. */
export async function inputWriter(): Promise<string> {
  return (await toolVersion('gdal_translate')) ?? 'Swath';
}

/**
 * Writes `<folder>/<file>.tif` of an invented acquisition as COGs like Earth Search's: DEFLATE, predictor 2, tiles of
 * 1024, overviews. Where GDAL is installed it does the compression, as it did for Earth Search: our own encoder emits
 * hardly any back references, and reading those is what costs a reader its time. SCL written by us has no overviews
 * (ours are averages, which classes do not bear); nothing here reads them.
 */
export async function makeScene(input: {
  readonly folder: string;
  readonly scene: SceneOptions;
  /** Which files. @default all */
  readonly files?: readonly SceneFile[];
  readonly signal?: AbortSignal;
}): Promise<void> {
  const { folder, scene, files = sceneFiles, signal } = input;
  await mkdir(folder, { recursive: true });
  const land = createLandscape(scene);
  const byGdal = (await toolVersion('gdal_translate')) !== undefined;
  for (const name of files) {
    const read = async (window: PixelWindow) => [
      name === 'SCL' ? land.classes(window) : land.band(name, window),
    ];
    const isClasses = name === 'SCL';
    const grid = sceneGrid(scene.size, isClasses ? 20 : 10);
    const path = join(folder, `${name}.tif`);
    const draft = join(folder, `${name}.draft.tif`);
    const stored = { dtype: isClasses ? 'uint8' : 'uint16', scale: 1, offset: 0, nodata: 0 } as const;
    const overviews = !byGdal && !isClasses;
    await writeCog(draft, { grid, bands: [{ name, stored }], blockSize: TILE_SIDE, overviews }, read, signal);
    if (byGdal) await asEarthSearch({ draft, grid, isClasses, path });
    else await rename(draft, path);
  }
}

interface Draft {
  readonly draft: string;
  readonly grid: Grid;
  readonly isClasses: boolean;
  readonly path: string;
}

async function asEarthSearch({ draft, grid, isClasses, path }: Draft): Promise<void> {
  const vrt = `${draft}.vrt`;
  await writeFile(
    vrt,
    vrtOf({
      file: basename(draft),
      size: [grid.width, grid.height],
      dataType: isClasses ? 'Byte' : 'UInt16',
      grid,
    }),
  );
  const options = ['COMPRESS=DEFLATE', 'PREDICTOR=2', `BLOCKSIZE=${TILE_SIDE}`, 'NUM_THREADS=ALL_CPUS'];
  const creation = [...options, `OVERVIEW_RESAMPLING=${isClasses ? 'NEAREST' : 'AVERAGE'}`];
  const flags = creation.flatMap((option) => ['-co', option]);
  await runQuietly('gdal_translate', ['-q', '-of', 'COG', ...flags, vrt, `${path}.part`]);
  await rename(`${path}.part`, path);
  await rm(vrt);
  await rm(draft);
}
