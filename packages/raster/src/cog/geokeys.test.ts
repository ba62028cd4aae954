import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { gdalOrWarn, gdalPython } from '../../../../test/support/gdal.ts';
import { geoKeyTags } from './geokeys.ts';
import { writeCog } from './write.ts';

const gdal = gdalOrWarn('the CRS that GDAL reads back');

/** Place of (lon, lat) in the CRS of the file and in the CRS as GDAL understands its name. */
const COMPARE = `
out = []
for f, crs, lon, lat in json.loads(sys.argv[1]):
    got = gdal.Open(f).GetSpatialRef(); want = osr.SpatialReference(); want.SetFromUserInput(crs)
    wgs = osr.SpatialReference(); wgs.ImportFromEPSG(4326)
    for s in (got, want, wgs): s.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    p = [osr.CoordinateTransformation(wgs, s).TransformPoint(lon, lat)[:2] for s in (got, want)]
    out.append(dict(got=p[0], want=p[1], code=got.GetAuthorityCode(None) or '', name=got.GetName()))
print(json.dumps(out))
`;
const Answers = z.array(
  z.object({ got: z.array(z.number()), want: z.array(z.number()), code: z.string(), name: z.string() }),
);

const SYSTEMS: readonly (readonly [crs: string, lon: number, lat: number])[] = [
  ['EPSG:32631', 4, 45],
  ['EPSG:3857', -11, 25],
  ['EPSG:4326', 10, 20],
  ['EPSG:4258', 10, 50],
  ['EPSG:3035', 9, 48],
  ['EPSG:5070', -100, 40],
  ['EPSG:7844', 140, -30],
  ['EPSG:4087', 20, 20],
  ['EPSG:2263', -74, 40.7],
  ['+proj=sinu +lon_0=0 +x_0=0 +y_0=0 +R=6371007.181 +units=m +no_defs', -80, 43],
  ['+proj=stere +lat_0=90 +lat_ts=70 +lon_0=-45 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs', -40, 72],
  ['+proj=stere +lat_0=-90 +lat_ts=-71 +lon_0=0 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs', 30, -80],
  ['+proj=laea +lat_0=52 +lon_0=10 +x_0=4321000 +y_0=3210000 +ellps=GRS80 +units=m +no_defs', 9, 48],
  [
    '+proj=aea +lat_0=23 +lon_0=-96 +lat_1=29.5 +lat_2=45.5 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs',
    -100,
    40,
  ],
  [
    '+proj=lcc +lat_0=33 +lon_0=-96 +lat_1=30 +lat_2=60 +x_0=10 +y_0=20 +ellps=clrk66 +units=m +no_defs',
    -90,
    40,
  ],
  [
    '+proj=lcc +lat_1=46.5 +lat_0=46.5 +lon_0=3 +k_0=0.99987742 +x_0=600000 +y_0=2200000 +ellps=GRS80 +units=m',
    2,
    45,
  ],
  [
    '+proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy +units=m +no_defs',
    -1,
    52,
  ],
  [
    '+proj=tmerc +lat_0=0 +lon_0=9 +k=1 +x_0=500000 +y_0=0 +a=6378137 +b=6356752 +units=us-ft +no_defs',
    8,
    47,
  ],
  ['+proj=utm +zone=21 +south +datum=WGS84 +units=m +no_defs', -57, -20],
  ['+proj=longlat +R=6371007.181 +no_defs', 5, 5],
  ['+proj=aeqd +lat_0=53 +lon_0=24 +x_0=5837287.82 +y_0=2121415.696 +datum=WGS84 +units=m +no_defs', 20, 50],
];

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'swath-crs-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(!gdal)('GeoKeys', () => {
  it('are read back by GDAL as the same CRS, to a millimetre', async () => {
    const files: (readonly [string, string, number, number])[] = [];
    for (const [crs, lon, lat] of SYSTEMS) {
      const file = join(folder, `${files.length}.tif`);
      await writeCog(
        file,
        {
          grid: { crs, geotransform: [0, 1, 0, 0, 0, -1], width: 1, height: 1 },
          bands: [{ name: 'a', stored: { dtype: 'uint8', scale: 1, offset: 0, nodata: 0 } }],
          overviews: false,
        },
        async () => [Float32Array.of(1)],
      );
      files.push([file, crs, lon, lat]);
    }
    const answers = Answers.parse(gdalPython(COMPARE, JSON.stringify(files)));
    for (const [i, { got, want, code }] of answers.entries()) {
      const crs = SYSTEMS[i]![0];
      expect([crs, ...got.map((v) => v.toFixed(3))]).toEqual([crs, ...want.map((v) => v.toFixed(3))]);
      if (crs.startsWith('EPSG:')) expect(code).toBe(crs.slice(5));
    }
  });
});

describe('GeoKeys', () => {
  it.each([
    ['+proj=ob_tran +o_proj=longlat +R=1', 'Unsupported', /ob_tran/],
    ['+proj=stere +lat_0=40 +datum=WGS84', 'Unsupported', /polar/],
    ['+proj=utm +zone=61 +datum=WGS84', 'InvalidInput', /zone 61/],
    ['+proj=tmerc +lon_0=x +datum=WGS84', 'InvalidInput', /lon_0=x/],
    ['+proj=tmerc +lon_0=1', 'Unsupported', /ellipsoid/],
    ['EPSG:900913', 'Unsupported', /900913/],
    ['WGS 84', 'InvalidInput', /neither/],
  ])('refuse %s by name', (crs, code, message) => {
    expect(() => geoKeyTags(crs)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });
});
