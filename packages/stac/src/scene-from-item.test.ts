import { isSwathError } from '@swath/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sharedPath } from '../../../test/support/shared.ts';
import { allRealItems, itemsOfFile } from '../test/real-items.ts';
import { findBand } from './find-band.ts';
import { sceneFromItem } from './scene-from-item.ts';

const source = { provider: 'test', itemHref: 'https://stac.test/collections/c/items/i' };

function minimal(change: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    type: 'Feature',
    stac_version: '1.0.0',
    id: 'a',
    geometry: {
      type: 'Polygon',
      coordinates: [
        [
          [0, 0],
          [1, 0],
          [1, 1],
          [0, 0],
        ],
      ],
    },
    properties: { datetime: '2024-05-01T10:00:00Z' },
    links: [],
    assets: { red: { href: './red.tif', type: 'image/tiff; application=geotiff' } },
    ...change,
  };
}

const withAsset = (fields: Readonly<Record<string, unknown>>) =>
  minimal({ assets: { red: { href: './red.tif', type: 'image/tiff', ...fields } } });

describe('sceneFromItem', () => {
  it('reads an Item that says little', () => {
    const scene = sceneFromItem(minimal(), source);
    expect(scene).toMatchObject({
      provider: 'test',
      collection: '',
      id: 'a',
      datetime: '2024-05-01T10:00:00.000Z',
    });
    expect(scene.assets).toEqual([
      {
        key: 'red',
        href: 'https://stac.test/collections/c/items/red.tif',
        bandIndex: 1,
        names: ['red'],
        roles: [],
        mediaType: 'image/tiff; application=geotiff',
      },
    ]);
    expect(scene.cloudCoverPercent).toBeUndefined();
    expect(scene.version).toMatch(/^[0-9a-f]{64}$/);
  });

  it('leaves its input as it was', () => {
    const item = minimal({ assets: { red: { href: 'red.tif', 'eo:bands': [{ common_name: 'red' }] } } });
    const before = structuredClone(item);
    sceneFromItem(item, source);
    expect(item).toEqual(before);
  });

  it.each([
    ['raster:bands of 1.0', { 'raster:bands': [{ scale: 2, offset: 3, nodata: 0, unit: 'K' }] }],
    ['bands of 1.1', { bands: [{ 'raster:scale': 2, 'raster:offset': 3, nodata: 0, unit: 'K' }] }],
    ['fields of the asset, 1.1', { 'raster:scale': 2, 'raster:offset': 3, nodata: 0, unit: 'K' }],
  ])('reads scale, offset, nodata and unit from %s', (_, fields) => {
    for (const stacVersion of ['1.0.0', '1.1.0']) {
      const scene = sceneFromItem({ ...withAsset(fields), stac_version: stacVersion }, source);
      expect(scene.assets[0]).toMatchObject({ scale: 2, offset: 3, nodata: 0, unit: 'K' });
    }
  });

  it('reads the same whatever Item was read before (stac-js remembers extension versions)', () => {
    const item = withAsset({ 'raster:bands': [{ scale: 2 }], 'eo:bands': [{ common_name: 'red' }] });
    const declared = (version: string) =>
      minimal({ stac_extensions: [`https://stac-extensions.github.io/raster/v${version}/schema.json`] });
    sceneFromItem(declared('2.0.0'), source);
    const first = sceneFromItem(item, source);
    sceneFromItem(declared('1.1.0'), source);
    expect(sceneFromItem(item, source)).toEqual(first);
  });

  it.each([
    ['nan', 'nan'],
    ['NaN', 'nan'],
    ['-9999', -9999],
    [-1.5, -1.5],
  ])('reads nodata %j', (stated, expected) => {
    const scene = sceneFromItem(withAsset({ 'raster:bands': [{ nodata: stated }] }), source);
    expect(scene.assets[0]?.nodata).toBe(expected);
  });

  it('names a band without a name by its wavelength', () => {
    const scene = sceneFromItem(
      withAsset({ 'eo:bands': [{ center_wavelength: 0.842, full_width_half_max: 0.145 }] }),
      source,
    );
    expect(scene.assets[0]?.names).toContain('nir');
    const pan = sceneFromItem(
      withAsset({ 'eo:bands': [{ center_wavelength: 0.65, full_width_half_max: 0.4 }] }),
      source,
    );
    expect(pan.assets[0]?.names).toEqual(['red']);
  });

  it('takes the start of an interval where datetime is null', () => {
    const properties = {
      datetime: null,
      start_datetime: '2024-05-01T00:00:00Z',
      end_datetime: '2024-05-31T00:00:00Z',
    };
    expect(sceneFromItem(minimal({ properties }), source).datetime).toBe('2024-05-01T00:00:00.000Z');
  });

  it('uses an s3 alternate where the own href is refused, and keeps it beside one that is not', () => {
    const alternate = { s3: { href: 's3://usgs-landsat/red.tif' } };
    const refused = sceneFromItem(withAsset({ href: 'ftp://usgs.test/red.tif', alternate }), source);
    expect(refused.assets[0]?.href).toBe('s3://usgs-landsat/red.tif');
    const both = sceneFromItem(withAsset({ href: 'https://usgs.test/red.tif', alternate }), source);
    expect(both.assets[0]).toMatchObject({
      href: 'https://usgs.test/red.tif',
      alternateHrefs: ['s3://usgs-landsat/red.tif'],
    });
  });

  it.each([
    ['a refused href', { href: 'javascript:alert(1)' }, '/assets/red/href'],
    ['no href', { href: undefined }, '/assets/red/href'],
    ['a scale that is a text', { 'raster:bands': [{ scale: '0.1' }] }, '/assets/red/scale'],
    ['a checksum that is none', { 'file:checksum': 'abc' }, '/assets/red/file:checksum'],
    ['a negative size', { 'file:size': -1 }, '/assets/red/file:size'],
  ])('lists an asset with %s as unusable and keeps the others', (_, fields, pointer) => {
    const item = withAsset(fields);
    item['assets'] = { ...Object(item['assets']), nir: { href: './nir.tif', type: 'image/tiff' } };
    const scene = sceneFromItem(item, source);
    expect(scene.assets.map((asset) => asset.key)).toEqual(['nir']);
    expect(scene.unusable?.[0]?.reason).toContain(pointer);
  });

  it.each([
    ['no object', 7, '/'],
    ['null', null, '/'],
    ['a list', [], '/'],
    ['no id', minimal({ id: undefined }), '/id'],
    ['a number as id', minimal({ id: 7 }), '/id'],
    ['an id of 10 kB', minimal({ id: 'x'.repeat(10_000) }), '/id'],
    ['no type', minimal({ type: undefined }), '/type'],
    ['a Collection', minimal({ type: 'Collection' }), '/type'],
    ['no assets', minimal({ assets: undefined }), '/assets'],
    ['a list of assets', minimal({ assets: [] }), '/assets'],
    ['no properties', minimal({ properties: null }), '/properties'],
    ['no geometry', minimal({ geometry: undefined }), '/geometry'],
    ['a version that is none', minimal({ stac_version: 'latest' }), '/stac_version'],
    ['30 February', minimal({ properties: { datetime: '2024-02-30T00:00:00Z' } }), '/properties/datetime'],
    ['no time at all', minimal({ properties: { datetime: null } }), '/properties/datetime'],
    [
      'an interval that ends before it starts',
      minimal({ properties: { datetime: null, start_datetime: '2024-02-02', end_datetime: '2024-02-01' } }),
      '/properties/end_datetime',
    ],
    [
      'cloud cover 101',
      minimal({ properties: { datetime: '2024-02-02', 'eo:cloud_cover': 101 } }),
      '/properties/eo:cloud_cover',
    ],
    [
      'cloud cover "12"',
      minimal({ properties: { datetime: '2024-02-02', 'eo:cloud_cover': '12' } }),
      '/properties/eo:cloud_cover',
    ],
  ])('refuses %s and names the field', (_, item, pointer) => {
    expect(() => sceneFromItem(item, source)).toThrow(expect.objectContaining({ code: 'Corrupt', pointer }));
  });

  it('takes cloud cover -1 (Landsat: not computed) as unknown', () => {
    const properties = { datetime: '2024-02-02', 'eo:cloud_cover': -1 };
    expect(sceneFromItem(minimal({ properties }), source).cloudCoverPercent).toBeUndefined();
  });

  it('refuses JSON that is nested without end or has too many assets', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 100_000; i++) deep = [deep];
    expect(() => sceneFromItem(minimal({ x: deep }), source)).toThrow(/nested deeper/);
    const assets = Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`a${i}`, { href: 'a.tif' }]));
    expect(() => sceneFromItem(minimal({ assets }), source)).toThrow(/more than 1000/);
  });

  it('reads or refuses whatever JSON stands in any field, and pollutes no prototype', () => {
    const hostile = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.constantFrom('__proto__', -1, 1e308, {}, [], [null], { __proto__: null, href: 5 }, 'EPSG:0'),
    );
    const field = fc.constantFrom(
      'id',
      'bbox',
      'geometry',
      'properties',
      'assets',
      'links',
      'stac_version',
      'stac_extensions',
      'collection',
    );
    const inner = fc.constantFrom(
      'datetime',
      'platform',
      'eo:bands',
      'proj:epsg',
      'proj:projjson',
      'instruments',
      'bands',
      'eo:epsg',
      'checksum:md5',
      'href',
      'type',
      'roles',
      'raster:bands',
      'alternate',
      'classification:classes',
      'file:nodata',
      'proj:transform',
    );
    const version = fc.constantFrom('0.6.0', '0.7.0', '0.9.0', '1.0.0-beta.2', '1.0.0', '1.1.0');
    const tampered = fc
      .tuple(version, field, inner, hostile, hostile)
      .map(([stacVersion, outer, key, a, b]) =>
        JSON.parse(
          JSON.stringify({
            ...minimal({ stac_version: stacVersion, [outer]: a }),
            ...(outer === 'properties' ? {} : { properties: { datetime: '2024-01-01', [key]: b } }),
            ...(outer === 'assets' ? {} : { assets: { a: { href: 'a.tif', [key]: b } } }),
          }),
        ),
      );
    fc.assert(
      fc.property(tampered, (item) => {
        try {
          sceneFromItem(item, source);
        } catch (error) {
          if (!isSwathError(error, 'Corrupt')) throw error;
        }
      }),
      { numRuns: 600 },
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

const real = allRealItems();
if (real.length === 0) console.warn('skipped: no shared data');

describe.skipIf(real.length === 0)('sceneFromItem on real Items', () => {
  it('reads every Item of every version, but those known to be broken', () => {
    const versions = new Set<string>();
    const refused = new Map<string, string>();
    let read = 0;
    for (const { file, item } of real) {
      try {
        const scene = sceneFromItem(item, source);
        expect(new Set(scene.assets.map((asset) => `${asset.key} ${asset.bandIndex}`)).size).toBe(
          scene.assets.length,
        );
        versions.add(String(item['stac_version'] ?? 'none'));
        read += 1;
      } catch (error) {
        refused.set(`${file.split('/').at(-1)}`, isSwathError(error) ? String(error.pointer) : String(error));
      }
    }
    expect(read).toBeGreaterThan(600);
    for (const version of [
      '0.7.0',
      '0.9.0',
      '1.0.0-beta.1',
      '1.0.0-beta.2',
      '1.0.0-rc.4',
      '1.0.0',
      '1.1.0',
    ]) {
      expect(versions).toContain(version);
    }
    expect(Object.fromEntries(refused)).toEqual({
      'sentinel-response.json': '/id',
      'invalid-item.json': '/id',
      'mapping-item1.json': '/properties/end_datetime',
      'mapping-item2.json': '/properties/end_datetime',
      'S1A_IW_GRDH_1SDV_20191215T003835_20191215T003904_030352_0378DC_rtc.json': '/geometry/coordinates/0/0',
      'S1A_IW_GRDH_1SDH_20191215T034818_20191215T034847_030353_0378EA_rtc.json': '/geometry/coordinates/0/0',
    });
  });

  const scenes = sharedPath('data', '03-imagery', 'scenes');
  const first = (file: string) => {
    const [entry] = itemsOfFile(file);
    return sceneFromItem(entry?.item, source);
  };

  it.skipIf(scenes === undefined)(
    'finds bands of Earth Search, USGS 0.7 and Planetary Computer by the same names',
    () => {
      const earthSearch = first('03-imagery/scenes/s2-l2a-29RKH-20200219/S2A_29RKH_20200219_0_L2A.json');
      const usgs = first(
        '03-imagery/scenes/landsat-c2-l2-008059/LC08_L2SP_008059_20191201_20200825_02_T1_SR_stac.json',
      );
      const planetary = first(
        '01-stac-recordings/items/odc-stac/S2B_MSIL2A_20190629T212529_R043_T06VVN_20201006T080531.json',
      );
      const keys = (names: readonly string[], scene: typeof usgs) =>
        names.map((name) => findBand(scene, name)?.key);
      const names = ['red', 'B04', 'b4', 'nir', 'B8A', 'rededge2', 'SCL'];
      expect(keys(names, earthSearch)).toEqual(['red', 'red', 'red', 'nir', 'nir08', 'rededge2', 'scl']);
      expect(keys(names, planetary)).toEqual(['B04', 'B04', 'B04', 'B08', 'B8A', 'B06', 'SCL']);
      expect(keys(['red', 'B4', 'SR_B4', 'nir', 'qa_pixel.tif'], usgs)).toEqual([
        'SR_B4.TIF',
        'SR_B4.TIF',
        'SR_B4.TIF',
        'SR_B5.TIF',
        'QA_PIXEL.TIF',
      ]);
      expect(findBand(earthSearch, 'red')).toMatchObject({
        scale: 0.0001,
        offset: 0,
        nodata: 0,
        grid: { crs: 'EPSG:32629', width: 10980, geotransform: [199980, 10, 0, 2800020, 0, -10] },
      });
    },
  );

  it('keeps cop-dem s3 hrefs as they are', () => {
    const dem = first('01-stac-recordings/items/odc-stac/lidar_dem.json');
    expect(dem.assets.length).toBeGreaterThan(0);
  });
});
