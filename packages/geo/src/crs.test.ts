import { isSwathError, type SwathError } from '@swath/core';
import { describe, expect, it } from 'vitest';
import { gdalOrWarn, gdalPython } from '../../../test/support/gdal.ts';
import { crsUnitM, isGeographic, parseCrs, utmCrsFor } from './crs.ts';
import { crsTransformer } from './crs-transform.ts';

function refusal(text: string | number): SwathError {
  try {
    parseCrs(text);
  } catch (error) {
    if (isSwathError(error)) return error;
    throw error;
  }
  throw new Error(`accepted: ${text}`);
}

describe('parseCrs', () => {
  it.each([
    ['EPSG:32631', 'EPSG:32631'],
    ['epsg:32631', 'EPSG:32631'],
    [' 32631 ', 'EPSG:32631'],
    [32631, 'EPSG:32631'],
    ['EPSG:04326', 'EPSG:4326'],
    ['urn:ogc:def:crs:EPSG::3857', 'EPSG:3857'],
    ['urn:ogc:def:crs:EPSG:9.9.1:3857', 'EPSG:3857'],
    ['http://www.opengis.net/def/crs/EPSG/0/3035', 'EPSG:3035'],
    ['OGC:CRS84', 'EPSG:4326'],
    ['urn:ogc:def:crs:OGC:1.3:CRS84', 'EPSG:4326'],
    ['+proj=longlat +datum=WGS84 +no_defs', 'EPSG:4326'],
    ['+proj=utm +zone=31 +datum=WGS84 +units=m', 'EPSG:32631'],
    ['+datum=WGS84 +south +zone=55 +proj=utm', 'EPSG:32755'],
    ['EPSG:7855', 'EPSG:7855'],
    ['EPSG:8857', 'EPSG:8857'],
  ])('reads %j as %s', (text, id) => {
    expect(parseCrs(text)).toBe(id);
  });

  it('gives equal PROJ strings one spelling, which it reads again', () => {
    const spellings = [
      '+proj=sinu +R=6371007.181 +units=m',
      '+proj=sinu +lon_0=0 +x_0=0 +y_0=0 +R=6371007.181 +units=m +no_defs',
      '  +R=6371007.181   +proj=sinu +wktext ',
    ].map((text) => parseCrs(text));
    expect(new Set(spellings).size).toBe(1);
    expect(parseCrs(spellings[0]!)).toBe(spellings[0]);
  });

  it.each([
    'EPSG:99999',
    'EPSG:0',
    'EPSG:4978',
    '99999999',
    'WGS84',
    'nonsense',
    '',
    '+proj=nonsense',
    '+proj=utm +zone=99 +datum=WGS84',
    '+proj=utm +datum=WGS84',
    '+proj=geocent +datum=WGS84',
    '+proj=longlat +nadgrids=/etc/passwd',
    '+datum=WGS84',
    '__proto__',
    'constructor',
    `+proj=sinu ${'+x_0=1 '.repeat(300)}`,
  ])('refuses %j with a fix', (text) => {
    const error = refusal(text);
    expect(error.code).toBe('InvalidInput');
    expect(error.pointer).toBe('/grid/crs');
    expect(error.fix).toContain('EPSG:32631');
  });
});

describe('CRS units', () => {
  it('know degrees, metres and feet', () => {
    expect(isGeographic('EPSG:4326')).toBe(true);
    expect(isGeographic('EPSG:32631')).toBe(false);
    expect(crsUnitM('EPSG:32631')).toBe(1);
    expect(crsUnitM('EPSG:2225')).toBeCloseTo(1200 / 3937, 12);
    expect(crsUnitM('EPSG:4326')).toBeCloseTo(111319.49, 2);
  });
});

describe('utmCrsFor', () => {
  it.each([
    [[3, 50], 'EPSG:32631'],
    [[-180, 10], 'EPSG:32601'],
    [[179.9, -10], 'EPSG:32760'],
    [[180, 0], 'EPSG:32601'],
    [[4, 60], 'EPSG:32632'],
    [[10, 78], 'EPSG:32633'],
    [[20, 85], 'EPSG:32661'],
    [[20, -85], 'EPSG:32761'],
  ] as const)('puts %j into %s', (point, crs) => {
    expect(utmCrsFor(point)).toBe(crs);
  });
});

describe('crsTransformer', () => {
  it('is the identity between equal CRS, bit for bit', () => {
    const { forward, inverse } = crsTransformer('EPSG:4326', 'EPSG:4326');
    expect(forward(0.1 + 0.2, -0)).toEqual([0.1 + 0.2, -0]);
    expect(inverse(1 / 3, 7)).toEqual([1 / 3, 7]);
  });

  it('gives NaN, and no error, where a point has no image', () => {
    const mercator = crsTransformer('EPSG:4326', 'EPSG:3857');
    expect(mercator.forward(0, 90)).toEqual([Number.NaN, Number.NaN]);
    expect(mercator.forward(0, -90)).toEqual([Number.NaN, Number.NaN]);
    expect(mercator.forward(Number.NaN, 0)).toEqual([Number.NaN, Number.NaN]);
    expect(mercator.forward(Infinity, 0)).toEqual([Number.NaN, Number.NaN]);
    expect(crsTransformer('EPSG:4326', 'EPSG:32631').forward(93, 0)).toEqual([Number.NaN, Number.NaN]);
  });
});

/** A point in the middle of the area each is made for. */
const places: readonly (readonly [crs: string, lon: number, lat: number])[] = [
  ['EPSG:32631', 5.9, 50.1],
  ['EPSG:32720', -63.2, -12.7],
  ['EPSG:3857', -120.3, 38.9],
  ['EPSG:3035', 10.5, 48.7],
  ['EPSG:5070', -101.3, 38.9],
  ['EPSG:3413', -40.1, 78],
  ['EPSG:3031', 140.1, -76],
  ['EPSG:2193', 174.9, -41.2],
  ['EPSG:6933', 30.3, -12],
  ['EPSG:3577', 140.2, -27.4],
  ['EPSG:8857', 10.2, 47.4],
  ['EPSG:7855', 147.3, -36.1],
  ['+proj=sinu +R=6371007.181 +units=m', 10.1, 47.9],
];

describe.skipIf(!gdalOrWarn('the projections'))('projections', () => {
  it('agree with PROJ to a millimetre', () => {
    const script = `
out = []
for crs, lon, lat, x, y in json.loads(sys.argv[1]):
    a = osr.SpatialReference(); a.ImportFromEPSG(4326); a.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    b = osr.SpatialReference(); b.SetFromUserInput(crs); b.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    px, py, _ = osr.CoordinateTransformation(a, b).TransformPoint(lon, lat)
    if not math.hypot(px - x, py - y) < 1e-3: out.append(crs)
print(json.dumps(out))
`;
    const ours = places.map(([crs, lon, lat]) => {
      const { forward } = crsTransformer('EPSG:4326', parseCrs(crs));
      return [crs, lon, lat, ...forward(lon, lat)];
    });
    expect(gdalPython(script, JSON.stringify(ours))).toEqual([]);
  });

  it('come back to where they started', () => {
    for (const [crs, lon, lat] of places) {
      const { forward, inverse } = crsTransformer('EPSG:4326', parseCrs(crs));
      const [backLon, backLat] = inverse(...forward(lon, lat));
      expect(Math.hypot(backLon - lon, backLat - lat), crs).toBeLessThan(1e-8);
    }
  });
});
