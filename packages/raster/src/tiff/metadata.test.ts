import { isSwathError } from '@swath/core';
import { describe, expect, it } from 'vitest';
import { crsOf } from './crs.ts';
import { bandInfos, parseMetadataItems } from './gdal-metadata.ts';
import { parseGeoKeys } from './geokeys.ts';
import { geotransformOf } from './geotransform.ts';
import { parseNodata } from './nodata.ts';

describe('parseNodata', () => {
  it.each([
    ['0', 'uint8', 0],
    ['-9999', 'int16', -9999],
    ['-9999', 'uint16', -9999],
    ['nan', 'float32', 'nan'],
    ['-nan', 'float64', 'nan'],
    ['NaN ', 'uint8', 'nan'],
    ['-inf', 'float32', -Infinity],
    ['1e999abc', 'float64', Infinity],
    ['  5 6', 'int16', 5],
    ['-3.39999999999999996e+38', 'float32', -3.3999999521443642e38],
    ['-3.40282346638529011e+38', 'float32', -3.4028234663852886e38],
    ['-3.4028234663852886e+38', 'float32', -3.4028234663852886e38],
    ['-1.7976931348623157e+308', 'float32', -1.7976931348623157e308],
    ['0.1', 'float32', Math.fround(0.1)],
    ['0.1', 'float64', 0.1],
    ['', 'uint8', null],
    ['abc', 'uint8', 0],
    [undefined, 'uint8', null],
  ] as const)('reads "%s" of %s as %s', (text, dtype, expected) => {
    expect(parseNodata(text, dtype)).toBe(expected);
  });
});

describe('parseMetadataItems', () => {
  it('reads items with entities, in any attribute order, and leaves unknown entities alone', () => {
    const xml = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><GDALMetadata>
      <Item role='description' sample="1" name="DESCRIPTION">Red &lt;B4&gt; &amp;amp; &#x41;&#66; &b;</Item>
      <Item name="EMPTY"/><Item name="A &quot;q&quot;">x</Item></GDALMetadata>`;
    expect(parseMetadataItems(xml)).toEqual([
      { name: 'DESCRIPTION', sample: 1, role: 'description', text: 'Red <B4> &amp; AB &b;' },
      { name: 'EMPTY', sample: undefined, role: undefined, text: '' },
      { name: 'A "q"', sample: undefined, role: undefined, text: 'x' },
    ]);
  });

  it('stops at what is not closed, and at its length limit', () => {
    expect(parseMetadataItems('<Item name="a">x</Item><Item name="b">y')).toHaveLength(1);
    expect(() => parseMetadataItems('x'.repeat(1_048_577))).toThrow(/1048577 characters/);
  });

  it('gives each band its scale, offset and description', () => {
    const items = parseMetadataItems(
      '<Item name="SCALE" sample="1" role="scale">0.0001</Item><Item name="OFFSET" sample="1" role="offset">-0.1</Item><Item name="D" sample="0" role="description">SCL</Item>',
    );
    expect(bandInfos(items, 2, 'x')).toEqual([
      { scale: 1, offset: 0, description: 'SCL' },
      { scale: 0.0001, offset: -0.1 },
    ]);
  });

  it.each(['NaN', '', 'abc', '0'])('refuses a scale of "%s"', (text) => {
    const items = parseMetadataItems(`<Item name="SCALE" sample="0" role="scale">${text}</Item>`);
    const error = (() => {
      try {
        return bandInfos(items, 1, 'x');
      } catch (caught) {
        return caught;
      }
    })();
    expect(isSwathError(error, 'Corrupt')).toBe(true);
  });
});

describe('geotransformOf', () => {
  const tiepoint = [2, 1, 0, 500_000, 6_000_000, 0];

  it('puts the tiepoint where it says, and half a pixel off for PixelIsPoint', () => {
    const tags = { pixelScale: [10, 20, 0], tiepoint, transformation: undefined };
    expect(geotransformOf(tags, false, 'x')).toEqual([499_980, 10, 0, 6_000_020, 0, -20]);
    expect(geotransformOf(tags, true, 'x')).toEqual([499_975, 10, 0, 6_000_030, 0, -20]);
  });

  it('takes a negative scale in y for a positive one, as GDAL does', () => {
    const tags = { pixelScale: [10, -20, 0], tiepoint, transformation: undefined };
    expect(geotransformOf(tags, false, 'x')?.[5]).toBe(-20);
  });

  it('reads a matrix with rotation', () => {
    const transformation = [1, 2, 0, 3, 4, 5, 0, 6, 0, 0, 0, 0, 0, 0, 0, 1];
    const tags = { pixelScale: undefined, tiepoint: undefined, transformation };
    expect(geotransformOf(tags, false, 'x')).toEqual([3, 1, 2, 6, 4, 5]);
    expect(geotransformOf(tags, true, 'x')).toEqual([1.5, 1, 2, 1.5, 4, 5]);
  });

  it('is null for tiepoints alone: they are ground control points', () => {
    const many = { pixelScale: undefined, tiepoint: [...tiepoint, ...tiepoint], transformation: undefined };
    expect(geotransformOf(many, false, 'x')).toBeNull();
  });
});

describe('crsOf', () => {
  const keys = (
    shorts: readonly (readonly [number, number])[],
    doubles: readonly (readonly [number, number])[] = [],
  ) =>
    parseGeoKeys(
      [
        1,
        1,
        0,
        shorts.length + doubles.length,
        ...shorts.flatMap(([key, value]) => [key, 0, 1, value]),
        ...doubles.flatMap(([key], at) => [key, 34736, 1, at]),
      ],
      doubles.map(([, value]) => value),
      '',
      'x',
    );

  it.each<[string, readonly (readonly [number, number])[], readonly (readonly [number, number])[], string]>([
    [
      'a projected code',
      [
        [1024, 1],
        [3072, 32632],
      ],
      [],
      'EPSG:32632',
    ],
    [
      'a geographic code',
      [
        [1024, 2],
        [2048, 4326],
      ],
      [],
      'EPSG:4326',
    ],
    [
      'UTM south by projection key on WGS 84',
      [
        [1024, 1],
        [2048, 4326],
        [3072, 32767],
        [3074, 16133],
      ],
      [],
      'EPSG:32733',
    ],
    [
      'UTM on NAD27',
      [
        [1024, 1],
        [2048, 4267],
        [3072, 32767],
        [3074, 16011],
      ],
      [],
      '+proj=utm +zone=11 +datum=NAD27 +units=m +no_defs',
    ],
    [
      'polar stereographic',
      [
        [1024, 1],
        [2048, 4326],
        [3072, 32767],
        [3075, 15],
        [3076, 9001],
      ],
      [
        [3081, 70],
        [3095, -45],
      ],
      '+proj=stere +lat_0=90 +lat_ts=70 +lon_0=-45 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs',
    ],
    [
      'transverse Mercator in US feet',
      [
        [1024, 1],
        [2048, 4269],
        [3072, 32767],
        [3075, 1],
        [3076, 9003],
      ],
      [
        [3080, -75],
        [3081, 38],
        [3082, 3937],
        [3092, 0.9996],
      ],
      '+proj=tmerc +lat_0=38 +lon_0=-75 +k=0.9996 +x_0=1200 +y_0=0 +datum=NAD83 +units=us-ft +no_defs',
    ],
    [
      'Lambert conformal conic',
      [
        [1024, 1],
        [2048, 4258],
        [3072, 32767],
        [3075, 8],
      ],
      [
        [3078, 49],
        [3079, 44],
        [3084, 3],
        [3085, 46.5],
        [3086, 700000],
        [3087, 6600000],
      ],
      '+proj=lcc +lat_0=46.5 +lon_0=3 +lat_1=49 +lat_2=44 +x_0=700000 +y_0=6600000 +ellps=GRS80 +towgs84=0,0,0,0,0,0,0 +units=m +no_defs',
    ],
    [
      'Mercator with a standard parallel',
      [
        [1024, 1],
        [2048, 4326],
        [3072, 32767],
        [3075, 7],
      ],
      [[3078, 10]],
      '+proj=merc +lon_0=0 +lat_ts=10 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs',
    ],
  ])('expresses %s', (_, shorts, doubles, expected) => {
    expect(crsOf(keys(shorts, doubles)).crs).toBe(expected);
  });

  it.each<[readonly (readonly [number, number])[], RegExp]>([
    [[[1024, 3]], /geocentric/],
    [
      [
        [1024, 1],
        [2048, 4326],
        [3072, 32767],
        [3075, 3],
      ],
      /method 3/,
    ],
    [
      [
        [1024, 1],
        [2048, 4326],
        [3072, 32767],
      ],
      /without a method/,
    ],
    [
      [
        [1024, 1],
        [2048, 4326],
        [3072, 32767],
        [3075, 1],
        [3076, 9036],
      ],
      /unit 9036/,
    ],
    [
      [
        [1024, 1],
        [2048, 4813],
        [3072, 32767],
        [3075, 1],
      ],
      /EPSG:4813/,
    ],
    [
      [
        [1024, 2],
        [2048, 32767],
      ],
      /ellipsoid/,
    ],
    [
      [
        [1024, 2],
        [2048, 32767],
        [2054, 9105],
      ],
      /angular unit 9105/,
    ],
  ])('is null with a reason for %j', (shorts, reason) => {
    expect(crsOf(keys(shorts))).toEqual({ crs: null, reason: expect.stringMatching(reason) });
  });

  it('is null without GeoKeys', () => {
    expect(crsOf(undefined)).toEqual({ crs: null, reason: 'no GeoKeys' });
  });
});
