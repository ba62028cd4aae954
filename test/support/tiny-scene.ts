import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Grid } from '@swath/geo';
import { type StoredType, writeCog } from '@swath/raster';
import type { Scene, SceneAsset } from '@swath/stac';

/** 10 m pixels in UTM 31 north, on Sentinel-2's grid. */
export const tinyGrid: Grid = {
  crs: 'EPSG:32631',
  geotransform: [600_000, 10, 0, 5_800_000, 0, -10],
  width: 96,
  height: 80,
};

const dn: StoredType = { dtype: 'uint16', scale: 1, offset: 0, nodata: 0 };
const classes: StoredType = { dtype: 'uint8', scale: 1, offset: 0, nodata: 0 };

/** Writes one band as a COG; `value` gives the DN of a pixel, NaN for nodata. */
export async function writeBand(
  path: string,
  value: (x: number, y: number) => number,
  options: { readonly grid?: Grid; readonly stored?: StoredType } = {},
): Promise<{ readonly sizeBytes: number; readonly sha256: string }> {
  const grid = options.grid ?? tinyGrid;
  return await writeCog(
    path,
    { grid, bands: [{ name: 'band', stored: options.stored ?? dn }], overviews: true, blockSize: 64 },
    async (window) => {
      const plane = new Float32Array(window.width * window.height);
      for (let i = 0; i < plane.length; i++) {
        plane[i] = value(window.x + (i % window.width), window.y + Math.floor(i / window.width));
      }
      return [plane];
    },
  );
}

/** A scene of red, nir and scl under `folder`: NDVI grows to the right, a cloud in one corner, nodata in another. */
export async function writeTinyScene(folder: string, id: string, date: string): Promise<Scene> {
  await mkdir(folder, { recursive: true });
  const edge = (x: number, y: number) => x < 8 && y < 8;
  const red = join(folder, `${id}-red.tif`);
  const nir = join(folder, `${id}-nir.tif`);
  const scl = join(folder, `${id}-scl.tif`);
  await writeBand(red, (x, y) => (edge(x, y) ? Number.NaN : 1500 + y));
  await writeBand(nir, (x, y) => (edge(x, y) ? Number.NaN : 2000 + 20 * x));
  await writeBand(scl, (x, y) => (edge(x, y) ? Number.NaN : x >= 80 && y >= 64 ? 9 : 4), { stored: classes });
  return {
    provider: '',
    collection: 'tiny',
    id,
    datetime: `${date}T10:00:00Z`,
    geometry: null,
    bboxes: [],
    version: '1',
    radiometryHints: {},
    platform: 'sentinel-2a',
    constellation: 'sentinel-2',
    assets: [asset('red', red), asset('nir', nir), asset('scl', scl)],
  };
}

function asset(key: string, href: string): SceneAsset {
  const scaled = key === 'scl' ? {} : { scale: 0.0001, offset: 0 };
  return { key, href, bandIndex: 1, names: [key], roles: ['data'], ...scaled };
}
