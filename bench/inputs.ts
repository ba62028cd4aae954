import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Grid } from '@swath/geo';
import { imageOpener } from '@swath/raster';
import * as z from 'zod';
import { benchItem } from './inputs/item.ts';
import { inputWriter, makeScene, type SceneFile, sceneFiles } from './inputs/make-scene.ts';
import { vrtOf } from './inputs/vrt.ts';

/** Side of a whole Sentinel-2 tile at 10 m. */
export const FULL_SIZE = 10_980;

/** Side for CI and for trying things out. */
export const SMALL_SIZE = 2048;

/** About what a passable scene of the temperate zone has; 62 % of the pixels remain after mask and nodata. */
const CLOUD_SHARE = 0.18;

/** Inputs on disk: B04, B08, B02 (uint16, 10 m) and SCL (uint8, 20 m), and what refers to them. */
export interface Inputs {
  readonly folder: string;
  readonly grid: Grid;
  readonly files: Readonly<Record<SceneFile, string>>;
  /** SCL on the 10 m grid, for peers that want one shape. */
  readonly scl10m: string;
  /** STAC Item with red, nir, blue and scl. */
  readonly item: string;
  /** Which program compressed them. */
  readonly writer: string;
}

/** Where inputs and outputs live, outside of what git knows: BENCH_DIR, else `.swath/bench` of the project. */
export function benchFolder(): string {
  return process.env['BENCH_DIR'] ?? resolve(import.meta.dirname, '../.swath/bench');
}

const manifest = z.object({ writer: z.string() });

/** Writer of inputs that somebody else made. */
export const FOUND = 'found there';

/**
 * Makes the inputs of one size (10 m pixels on a side, even), or finds them: `data/` of the bench folder for the whole
 * tile, which may come from elsewhere, `data-<size>/` for other sizes. Made ones come from a fixed seed.
 */
export async function inputs(size: number, say: (line: string) => void): Promise<Inputs> {
  const folder = join(benchFolder(), size === FULL_SIZE ? 'data' : `data-${size}`);
  const note = join(folder, 'bench-inputs.json');
  const missing = sceneFiles.filter((name) => !existsSync(join(folder, `${name}.tif`)));
  if (missing.length > 0) {
    say(`making ${missing.join(', ')} of ${size} x ${size} pixels in ${folder}`);
    await makeScene({ folder, scene: { size, date: 0, cloudShare: CLOUD_SHARE }, files: missing });
    await writeFile(note, JSON.stringify({ writer: await inputWriter() }));
  }
  const writer = existsSync(note) ? manifest.parse(JSON.parse(await readFile(note, 'utf8'))).writer : FOUND;
  const path = (name: SceneFile) => join(folder, `${name}.tif`);
  const files = { B04: path('B04'), B08: path('B08'), B02: path('B02'), SCL: path('SCL') };
  const grid = await gridOf(files.B04);
  const scl10m = join(folder, 'bench-scl-10m.vrt');
  await writeFile(
    scl10m,
    vrtOf({ file: 'SCL.tif', size: [grid.width / 2, grid.height / 2], dataType: 'Byte', grid }),
  );
  const item = join(folder, 'bench-item.json');
  await writeFile(
    item,
    JSON.stringify(
      benchItem({
        id: `bench-${grid.width}`,
        date: '2024-06-07',
        grid,
        assets: {
          red: { href: './B04.tif', commonName: 'red', resolutionM: 10 },
          nir: { href: './B08.tif', commonName: 'nir', resolutionM: 10 },
          blue: { href: './B02.tif', commonName: 'blue', resolutionM: 10 },
          scl: { href: './SCL.tif', resolutionM: 20 },
        },
      }),
    ),
  );
  return { folder, grid, files, scl10m, item, writer };
}

/** Where outputs of one size go. */
export async function outputFolder(size: number): Promise<string> {
  const folder = join(benchFolder(), 'out', String(size));
  await mkdir(folder, { recursive: true });
  return folder;
}

async function gridOf(path: string): Promise<Grid> {
  const open = imageOpener({ files: true });
  const image = await open(path);
  const { crs, geotransform, width, height } = image.info;
  await image.close();
  await open.close();
  if (crs === null || geotransform === null) throw new Error(`${path} has no georeference`);
  return { crs, geotransform, width, height };
}
