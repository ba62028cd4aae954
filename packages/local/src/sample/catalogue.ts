import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Grid } from '@swath/geo';
import { type StoredType, writeCog } from '@swath/raster';
import {
  sampleCollection,
  sampleCollectionId,
  sampleGrid,
  sampleItem,
  sampleItemId,
  sampleSize,
} from './items.ts';
import { makeLandscape } from './landscape.ts';
import { renderScene, sampleDates } from './scene.ts';
import { sampleBands } from './spectra.ts';

/** Raise when any byte of the sample changes: an older copy is made anew. */
const sampleVersion = '1';

const reflectance: StoredType = { dtype: 'uint16', scale: 0.0001, offset: 0, nodata: 0 };
const classes: StoredType = { dtype: 'uint8', scale: 1, offset: 0, nodata: 0 };

/**
 * Makes the sample catalogue in `folder` unless it is there: STAC Items with Cloud Optimized GeoTIFFs, the same bytes
 * on every machine. Made aside and renamed: a folder that exists is complete.
 */
export async function ensureSampleCatalogue(
  folder: string,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<void> {
  const stamp = join(folder, 'sample-version');
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === sampleVersion) return;
  const aside = `${folder}.${process.pid}.tmp`;
  await rm(aside, { recursive: true, force: true });
  const root = join(aside, sampleCollectionId);
  await mkdir(root, { recursive: true });
  const land = makeLandscape(sampleSize, sampleSize);
  onProgress(0, sampleDates.length);
  for (const [index, when] of sampleDates.entries()) {
    const scene = renderScene(land, when, index);
    const itemFolder = join(root, sampleItemId(when.date));
    await mkdir(itemFolder);
    await Promise.all([
      ...sampleBands.map((band) =>
        writePlane(
          join(itemFolder, `${band.id}.tif`),
          sampleGrid(band.resolutionM),
          reflectance,
          scene.bands[band.key],
        ),
      ),
      writePlane(join(itemFolder, 'SCL.tif'), sampleGrid(20), classes, scene.scl),
    ]);
    await writeJson(join(itemFolder, `${sampleItemId(when.date)}.json`), sampleItem(when, scene));
    onProgress(index + 1, sampleDates.length);
  }
  await writeJson(join(root, 'collection.json'), sampleCollection(sampleDates));
  await writeFile(join(aside, 'sample-version'), sampleVersion);
  await rm(folder, { recursive: true, force: true });
  await rename(aside, folder);
}

async function writePlane(path: string, grid: Grid, stored: StoredType, plane: Float32Array): Promise<void> {
  // Overviews are means: classes have none.
  const spec = { grid, bands: [{ name: 'value', stored }], overviews: stored !== classes };
  await writeCog(path, spec, async ({ x, y, width, height }) => {
    const block = new Float32Array(width * height);
    for (let row = 0; row < height; row++) {
      const start = (y + row) * grid.width + x;
      block.set(plane.subarray(start, start + width), row * width);
    }
    return [block];
  });
}

async function writeJson(path: string, value: object): Promise<void> {
  await writeFile(path, `${JSON.stringify(value, null, 2)}\n`);
}
