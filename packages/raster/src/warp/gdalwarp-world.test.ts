import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crsTransformer, type Grid, utmCrsFor } from '@swath/geo';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gdalOrWarn } from '../../../../test/support/gdal.ts';
import { sharedPath } from '../../../../test/support/shared.ts';
import { imageOpener } from '../opener.ts';
import { compareWithGdal, gridOver, writeFields } from './gdalwarp.fixture.ts';

const gdal = gdalOrWarn('agreement with gdalwarp around the world');

const SINUSOIDAL = '+proj=sinu +lon_0=0 +x_0=0 +y_0=0 +R=6371007.181 +units=m +no_defs';

const at = (crs: string, x: number, y: number, size: number, sides = 500): Grid => ({
  crs,
  geotransform: [x, size, 0, y, 0, -size],
  width: sides,
  height: sides,
});

interface Place {
  readonly source: Grid;
  readonly target: Grid;
}

const PLACES: Readonly<Record<string, Place>> = {
  'UTM 60 to degrees across 180': {
    source: at('EPSG:32660', 620000, 7110000, 100),
    target: gridOver('EPSG:4326', [179.4, 63.5, 180.6, 64], 0.002),
  },
  'UTM 1 to degrees below -180': {
    source: at('EPSG:32601', 60000, 1110000, 100),
    target: gridOver('EPSG:4326', [-181, 9.5, -180.6, 10], 0.001),
  },
  'UTM 60 to Mercator across 180': {
    source: at('EPSG:32660', 620000, 7110000, 100),
    target: gridOver('EPSG:3857', [19977508, 9200000, 20097508, 9290000], 200),
  },
  'degrees across 180 to UTM 1': {
    source: { ...at('EPSG:4326', 179.5, 10.3, 0.002) },
    target: gridOver('EPSG:32601', [140000, 1050000, 240000, 1130000], 220),
  },
  'UTM at 84 N to polar stereographic': {
    source: at('EPSG:32633', 480000, 9350000, 100),
    target: gridOver('EPSG:3413', [525000, -310000, 590000, -240000], 120),
  },
  'UTM to Antarctic stereographic': {
    source: at('EPSG:32733', 480000, 1150000, 100),
    target: gridOver('EPSG:3031', [280000, 1020000, 340000, 1080000], 120),
  },
  'polar stereographic to degrees near the pole': {
    source: at('EPSG:3413', -250000, 250000, 1000),
    target: { crs: 'EPSG:4326', geotransform: [-180, 0.5, 0, 90, 0, -0.01], width: 720, height: 180 },
  },
  'degrees near the pole to polar stereographic': {
    source: { crs: 'EPSG:4326', geotransform: [-180, 0.25, 0, 90, 0, -0.01], width: 1440, height: 300 },
    target: gridOver('EPSG:3413', [-200000, -200000, 200000, 200000], 1000),
  },
  'degrees to UTM': {
    source: at('EPSG:4326', 3.1, 45.1, 0.0001),
    target: gridOver('EPSG:32631', [508000, 4988000, 512000, 4994000], 10),
  },
  'sinusoidal to degrees': {
    source: at(SINUSOIDAL, 1111950, 5559752, 463.3127),
    target: gridOver('EPSG:4326', [14.5, 48.2, 17.5, 49.8], 0.004),
  },
  'sinusoidal to UTM': {
    source: at(SINUSOIDAL, 1111950, 5559752, 463.3127),
    target: gridOver('EPSG:32633', [480000, 5340000, 640000, 5500000], 350),
  },
  'a turned image to Mercator': {
    source: {
      crs: 'EPSG:32631',
      geotransform: [500000, 9, 3, 5000000, 2.5, -9.5],
      width: 500,
      height: 500,
    },
    target: gridOver('EPSG:3857', [334000, 5636000, 342000, 5645000], 14),
  },
  'a turned image to its own CRS': {
    source: {
      crs: 'EPSG:32631',
      geotransform: [500000, 9, 3, 5000000, 2.5, -9.5],
      width: 500,
      height: 500,
    },
    target: gridOver('EPSG:32631', [500000, 4995500, 506000, 5001000], 10),
  },
  'Mercator, 2.7 times coarser': {
    source: at('EPSG:32631', 500000, 5000000, 10, 700),
    target: gridOver('EPSG:3857', [333900, 5636000, 343900, 5645000], 38),
  },
  'Mercator, 2.3 times finer': {
    source: at('EPSG:32631', 500000, 5000000, 10),
    target: gridOver('EPSG:3857', [334500, 5641000, 337500, 5644000], 6.1),
  },
};

let folder = '';
const opener = imageOpener({ files: true });
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'swath-warp-'));
});
afterAll(async () => {
  await opener.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Each test starts GDAL four times. */
const LONG_MS = 120_000;

describe.skipIf(!gdal)(
  'bringing a band to a grid agrees with gdalwarp -et 0 around the world',
  { timeout: LONG_MS },
  () => {
    it.each(Object.entries(PLACES))('%s', async (name, { source, target }) => {
      const image = await opener(writeFields(folder, name.replaceAll(/\W/g, '-'), source));
      try {
        for (const method of ['nearest', 'bilinear', 'cubic'] as const) {
          const seen = await compareWithGdal(image, folder, target, method);
          expect.soft(seen.both, method).toBeGreaterThan(10_000);
          expect.soft(seen.validity, method).toBeLessThan(1e-4);
          if (method === 'nearest') expect.soft(seen.identical).toBeGreaterThanOrEqual(0.999);
          else expect.soft(seen.most, method).toBeLessThanOrEqual(4);
        }
      } finally {
        await image.close();
      }
    });
  },
);

const modis = sharedPath('data', '03-imagery', 'derived-layouts', 'geo-sinusoidal-modis.tif');
if (modis === undefined) console.warn('skipped: no shared data, so a MODIS image is not checked');

describe.skipIf(!gdal || modis === undefined)(
  'a MODIS image agrees with gdalwarp -et 0',
  { timeout: LONG_MS },
  () => {
    it('in the UTM zone it lies in', async () => {
      const image = await opener(modis!);
      const { crs, geotransform, width, height } = image.info;
      const [x, size, , y] = geotransform!;
      const { forward } = crsTransformer(crs!, 'EPSG:4326');
      const zone = utmCrsFor(forward(x + (width / 2) * size, y - (height / 2) * size));
      const [left, bottom] = crsTransformer(crs!, zone).forward(x, y - height * size);
      const target = {
        crs: zone,
        geotransform: [left, size * 0.7, 0, bottom + height * size, 0, size * -0.7],
        width: Math.round(width / 0.7),
        height: Math.round(height / 0.7),
      } as const;
      for (const method of ['nearest', 'bilinear', 'cubic'] as const) {
        const seen = await compareWithGdal(image, folder, target, method);
        expect.soft(seen.both, method).toBeGreaterThan(1000);
        expect.soft(seen.validity, method).toBeLessThan(1e-3);
        if (method === 'nearest') expect.soft(seen.identical).toBeGreaterThanOrEqual(0.999);
        else expect.soft(seen.most, method).toBeLessThanOrEqual(4);
      }
      await image.close();
    });
  },
);
