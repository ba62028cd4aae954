import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gdalOrWarn } from '../../../test/support/gdal.ts';
import { drawTile } from './draw-tile.ts';
import { extentOf } from './level-grid.ts';
import { columnAt, rowAt } from './mercator.ts';
import type { Picturable } from './read.ts';
import type { TileAddress } from './tile-address.ts';
import { asInt16, decided, gdalTile, hills, openTestImage, utm, writeTestCog } from './tiles.fixture.ts';

const gdal = gdalOrWarn('agreement of tiles with gdalwarp');

let folder = '';
let file = '';
let image: Picturable & { close(): Promise<void> };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'swath-tiles-'));
  file = join(folder, 'hills.tif');
  await writeTestCog(file, utm, [hills]);
  image = await openTestImage(file);
});
afterAll(async () => {
  await image.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The tile that holds a place inside the image. */
function tileAt(z: number, lon: number, lat: number, scale: 1 | 2 = 1): TileAddress {
  return {
    z,
    x: Math.floor(columnAt(lon, z) / 256),
    y: Math.floor(rowAt(lat, z) / 256),
    scale,
    format: 'png',
  };
}

/** Tiles from one that the image does not fill to one of which it fills a few pixels to one of a few metres. */
const tiles: Readonly<Record<string, TileAddress>> = {
  'below the coarsest overview, z6': tileAt(6, 10.5, 48.8),
  z9: tileAt(9, 10.5, 48.8),
  z10: tileAt(10, 10.5, 48.8),
  'z11 over the edge': tileAt(11, 10.37, 48.9),
  'z12 over holes': tileAt(12, 10.48, 48.82),
  'z12@2x': tileAt(12, 10.5, 48.75, 2),
  z13: tileAt(13, 10.5, 48.75),
  'native, z14': tileAt(14, 10.52, 48.75),
  'overzoom, z17': tileAt(17, 10.52, 48.75),
};

/** Greys that say which stored number was there, to 1 in 100. */
async function greys(tile: TileAddress, resampling: string): Promise<{ grey: number; alpha: number }[]> {
  const drawing = decided(image, { bidx: ['1,1,1'], rescale: ['0,1'], resampling });
  const { rgba } = await drawTile(image, extentOf(image.grid), tile, drawing);
  return Array.from({ length: rgba.length / 4 }, (_, i) => ({ grey: rgba[i * 4]!, alpha: rgba[i * 4 + 3]! }));
}

const greyOf = (stored: number) =>
  Math.round(Math.min(1, Math.max(0, Math.fround(stored * Math.fround(1e-4)))) * 255);

describe.skipIf(!gdal)('a tile equals gdalwarp of the same COG to its bounds', () => {
  it.each(
    Object.keys(tiles).flatMap(
      (name) =>
        [
          ['near', name],
          ['bilinear', name],
        ] as const,
    ),
  )('%s, %s', async (method, name) => {
    const tile = tiles[name]!;
    const ours = await greys(tile, method === 'near' ? 'nearest' : 'bilinear');
    const theirs = await gdalTile(image, folder, tile, method);
    let [validity, differ, most, both] = [0, 0, 0, 0];
    for (const [i, { grey, alpha }] of ours.entries()) {
      const valid = theirs[i] !== asInt16.nodata;
      if (valid !== (alpha === 255)) validity++;
      if (!valid || alpha === 0) continue;
      both++;
      const apart = Math.abs(grey - greyOf(theirs[i]!));
      if (apart > 0) differ++;
      most = Math.max(most, apart);
    }
    expect(both).toBeGreaterThan(200);
    expect(validity).toBe(0);
    // Interpolated numbers are rounded before and after the stretch.
    if (method === 'near') expect(differ).toBe(0);
    else expect(most).toBeLessThanOrEqual(1);
  });
});
