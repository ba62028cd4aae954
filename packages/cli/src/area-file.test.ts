import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAoi, parseZones } from '@swath/geo';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAreaFile, joinedFeatures, readAreaFile, readZonesFile } from './area-file.ts';

/** Two parcels, one with a hole. */
const parcels = {
  type: 'FeatureCollection',
  features: [
    [
      [
        [10.3, 48.7],
        [10.5, 48.7],
        [10.5, 48.9],
        [10.3, 48.9],
        [10.3, 48.7],
      ],
      [
        [10.35, 48.75],
        [10.35, 48.8],
        [10.4, 48.8],
        [10.4, 48.75],
        [10.35, 48.75],
      ],
    ],
    [
      [
        [10.6, 48.7],
        [10.7, 48.7],
        [10.7, 48.8],
        [10.6, 48.7],
      ],
    ],
  ].map((coordinates) => ({ type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates } })),
};

const gdal = spawnSync('ogr2ogr', ['--version']).status === 0;
if (!gdal) console.warn('skipped: no ogr2ogr to make Shapefile, KML and GeoPackage');

describe.skipIf(!gdal)('an area of a file', () => {
  let folder: string;
  const whole = () =>
    parseAoi({ type: 'MultiPolygon', coordinates: parcels.features.map((f) => f.geometry.coordinates) });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'swath-area-'));
    await writeFile(join(folder, 'parcels.geojson'), JSON.stringify(parcels));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  function convert(name: string, ...options: string[]): string {
    const file = join(folder, name);
    const made = spawnSync('ogr2ogr', [...options, file, join(folder, 'parcels.geojson')], {
      encoding: 'utf8',
    });
    if (made.status !== 0) throw new Error(made.stderr);
    return file;
  }

  it.each([
    ['parcels.shp', []],
    ['utm.shp', ['-t_srs', 'EPSG:32632']],
    ['parcels.kml', ['-f', 'LIBKML']],
    ['parcels.gpkg', []],
    ['utm.gpkg', ['-t_srs', 'EPSG:32632']],
    ['heights.gpkg', ['-dim', 'XYZ']],
    ['multi.gpkg', ['-nlt', 'MULTIPOLYGON', '-a_srs', 'EPSG:4326']],
  ])('%s is the area it was made from', async (name, options) => {
    const aoi = parseAoi(await readAreaFile(convert(name, ...options)));
    expect(Math.abs(aoi.areaKm2 / whole().areaKm2 - 1)).toBeLessThan(1e-6);
    expect(aoi.geometry.coordinates).toHaveLength(2);
  });

  it('is read from a zipped Shapefile', async () => {
    convert('zipped.shp');
    const zip = join(folder, 'zipped.zip');
    const parts = ['shp', 'dbf', 'shx', 'prj'].map((part) => join(folder, `zipped.${part}`));
    const packed = spawnSync('python3', ['-m', 'zipfile', '-c', zip, ...parts]);
    expect(packed.status).toBe(0);
    expect(Math.abs(parseAoi(await readAreaFile(zip)).areaKm2 / whole().areaKm2 - 1)).toBeLessThan(1e-6);
  });

  it.each([
    ['named.shp', []],
    ['named.gpkg', ['-t_srs', 'EPSG:32632']],
    ['named.kml', ['-f', 'LIBKML']],
  ])('%s is zones by feature, with ids and what the file says of them', async (name, options) => {
    const features = parcels.features.map((feature, at) => ({
      ...feature,
      properties: { parcel: `p${at}` },
    }));
    await writeFile(join(folder, 'named.geojson'), JSON.stringify({ ...parcels, features }));
    const made = spawnSync('ogr2ogr', [...options, join(folder, name), join(folder, 'named.geojson')]);
    expect(made.status).toBe(0);
    const zones = await readZonesFile(join(folder, name));
    expect(parseZones(zones, 'parcel').map(({ id }) => id)).toEqual(['p0', 'p1']);
    expect(new Set(parseZones(zones).map(({ id }) => id)).size).toBe(2);
  });

  it('says what is wrong with files that have no polygons, or are none', async () => {
    const points = join(folder, 'points.geojson');
    await writeFile(points, JSON.stringify({ type: 'Point', coordinates: [1, 2] }));
    spawnSync('ogr2ogr', [join(folder, 'points.gpkg'), points]);
    await expect(readAreaFile(join(folder, 'points.gpkg'))).rejects.toMatchObject({ code: 'InvalidInput' });
    for (const name of ['no.gpkg', 'no.shp', 'no.zip']) {
      await writeFile(join(folder, name), 'hello');
      await expect(readAreaFile(join(folder, name))).rejects.toMatchObject({ code: 'Corrupt' });
    }
    await writeFile(join(folder, 'no.kml'), '<kml></kml>');
    await expect(readAreaFile(join(folder, 'no.kml'))).rejects.toMatchObject({ code: 'InvalidInput' });
    await expect(readAreaFile(join(folder, 'none.shp'))).rejects.toMatchObject({ code: 'InvalidInput' });
  });
});

describe('an area of GeoJSON', () => {
  it('is put together from its features, as that of a Shapefile', () => {
    const joined = parseAoi(joinedFeatures(parcels));
    const whole = { type: 'MultiPolygon', coordinates: parcels.features.map((f) => f.geometry.coordinates) };
    expect(joined).toEqual(parseAoi(whole));
    const nested = {
      ...parcels,
      features: [{ type: 'Feature', geometry: whole }, ...parcels.features.slice(0, 0)],
    };
    expect(joinedFeatures(nested)).toBe(nested);
  });

  it.each([
    [[4.8, 52.3, 4.9, 52.4]],
    [{ type: 'FeatureCollection', features: [] }],
    [{ type: 'FeatureCollection', features: parcels.features.slice(0, 1) }],
    [
      {
        type: 'FeatureCollection',
        features: [...parcels.features, { geometry: { type: 'Point', coordinates: [1, 2] } }],
      },
    ],
    [{ type: 'FeatureCollection', features: [...parcels.features, { geometry: null }] }],
    [null],
  ])('is left to the server where it is anything else: %j', (document) => {
    expect(joinedFeatures(document)).toBe(document);
  });

  it('is taken out of a KMZ first', () => {
    expect(() => isAreaFile('farm.kmz')).toThrow(
      expect.objectContaining({
        code: 'InvalidInput',
        fix: expect.stringContaining('unzip farm.kmz doc.kml'),
      }),
    );
  });
});
