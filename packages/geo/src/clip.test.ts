import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gdalOrWarn, gdalPython } from '../../../test/support/gdal.ts';
import { applyGeotransform } from './affine.ts';
import { clipMask } from './clip.ts';
import { crsTransformer } from './crs-transform.ts';
import type { Grid, LonLat, MultiPolygonGeometry, PolygonGeometry } from './types.ts';

const degrees: Grid = { crs: 'EPSG:4326', geotransform: [10, 0.1, 0, 50, 0, -0.1], width: 40, height: 30 };
const utm: Grid = {
  crs: 'EPSG:32631',
  geotransform: [600000, 200, 0, 5700000, 0, -200],
  width: 300,
  height: 250,
};
const whole = (grid: Grid) => ({ x: 0, y: 0, width: grid.width, height: grid.height });
const polygon = (...rings: (readonly LonLat[])[]): PolygonGeometry => ({
  type: 'Polygon',
  coordinates: rings,
});
const count = (mask: Uint8Array) => mask.reduce((sum, value) => sum + value, 0);

/** A star around a centre: simple, concave. */
function star(lon: number, lat: number, radii: readonly number[]): LonLat[] {
  const ring = radii.map((radius, i): LonLat => {
    const angle = (2 * Math.PI * i) / radii.length;
    return [lon + radius * Math.cos(angle), lat + radius * Math.sin(angle)];
  });
  return [...ring, ring[0]!];
}

function insideRing([x, y]: LonLat, ring: readonly LonLat[]): boolean {
  let inside = false;
  for (let i = 0; i + 1 < ring.length; i++) {
    const [ax, ay] = ring[i]!;
    const [bx, by] = ring[i + 1]!;
    if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
  }
  return inside;
}

const radii = fc.array(fc.double({ min: 0.1, max: 1.4, noNaN: true }), { minLength: 5, maxLength: 12 });

describe('clipMask', () => {
  it('marks the pixels whose centre lies inside', () => {
    const mask = clipMask(
      degrees,
      { x: 0, y: 0, width: 5, height: 4 },
      polygon([
        [10.1, 49.7],
        [10.34, 49.7],
        [10.34, 49.96],
        [10.1, 49.96],
        [10.1, 49.7],
      ]),
    );
    expect([...mask]).toEqual([
      ...[0, 1, 1, 0, 0],
      ...[0, 1, 1, 0, 0],
      ...[0, 1, 1, 0, 0],
      ...[0, 0, 0, 0, 0],
    ]);
  });

  it('equals a test of every pixel centre, brought back to degrees', () => {
    const { inverse } = crsTransformer('EPSG:4326', utm.crs);
    fc.assert(
      fc.property(radii, fc.double({ min: 0.2, max: 0.5, noNaN: true }), (shell, scale) => {
        const ring = star(
          4.8,
          51.1,
          shell.map((radius) => radius * scale),
        );
        const hole = star(4.8, 51.1, [0.02, 0.02, 0.02, 0.02]).toReversed();
        const mask = clipMask(utm, whole(utm), polygon(ring, hole));
        let different = 0;
        for (let i = 0; i < mask.length; i++) {
          const [col, row] = [i % utm.width, Math.floor(i / utm.width)];
          const at = inverse(...applyGeotransform(utm.geotransform, col + 0.5, row + 0.5));
          const wanted = insideRing(at, ring) !== insideRing(at, hole);
          if (wanted !== (mask[i] === 1)) different++;
        }
        // 1 % of a pixel of tolerance along an outline of a few hundred pixels.
        expect(different).toBeLessThanOrEqual(5);
      }),
      { numRuns: 15 },
    );
  });

  it('does not depend on the window', () => {
    const size = fc.integer({ min: 1, max: 60 });
    fc.assert(
      fc.property(
        radii,
        fc.integer({ min: 0, max: 240 }),
        fc.integer({ min: 0, max: 190 }),
        size,
        size,
        (shell, x, y, width, height) => {
          const area = polygon(
            star(
              4.8,
              51.1,
              shell.map((radius) => radius / 3),
            ),
          );
          const all = clipMask(utm, whole(utm), area);
          const part = clipMask(utm, { x, y, width, height }, area);
          for (let row = 0; row < height; row++) {
            const start = (y + row) * utm.width + x;
            expect(part.subarray(row * width, (row + 1) * width)).toEqual(all.subarray(start, start + width));
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('gives every pixel to one of two areas side by side, even on pixel centres and when the edge runs the other way', () => {
    for (const grid of [degrees, utm]) {
      const seam: LonLat[] =
        grid === degrees
          ? [
              [12.05, 46.9],
              [12.05, 50.1],
            ]
          : [
              [4.83, 50.5],
              [4.97, 51.6],
            ];
      const [low, high] = [seam[0]!, seam[1]!];
      const west = polygon([[low[0] - 1, low[1]], low, high, [high[0] - 1, high[1]], [low[0] - 1, low[1]]]);
      const east = polygon([low, [low[0] + 1, low[1]], [high[0] + 1, high[1]], high, low]);
      const both = polygon([
        [low[0] - 1, low[1]],
        low,
        [low[0] + 1, low[1]],
        [high[0] + 1, high[1]],
        high,
        [high[0] - 1, high[1]],
        [low[0] - 1, low[1]],
      ]);
      const [a, b, all] = [west, east, both].map((area) => clipMask(grid, whole(grid), area));
      expect(count(all!)).toBeGreaterThan(100);
      for (let i = 0; i < all!.length; i++) expect(a![i]! + b![i]!).toBe(all![i]);
      const multi: MultiPolygonGeometry = {
        type: 'MultiPolygon',
        coordinates: [west.coordinates, east.coordinates],
      };
      expect(clipMask(grid, whole(grid), multi)).toEqual(all);
    }
  });

  it('keeps holes out and counts islands in them', () => {
    const box = (r: number): LonLat[] => [
      [12 - r, 48.5 - r],
      [12 + r, 48.5 - r],
      [12 + r, 48.5 + r],
      [12 - r, 48.5 + r],
      [12 - r, 48.5 - r],
    ];
    const area: MultiPolygonGeometry = {
      type: 'MultiPolygon',
      coordinates: [[box(1.03), box(0.53)], [box(0.22)]],
    };
    expect(count(clipMask(degrees, whole(degrees), area))).toBe(20 * 20 - 10 * 10 + 4 * 4);
  });

  it('says when the area has no place in the CRS of the grid', () => {
    const far = polygon([
      [92, -1],
      [94, -1],
      [94, 1],
      [92, -1],
    ]);
    expect(() => clipMask(utm, whole(utm), far)).toThrow('has no place in the CRS');
  });
});

describe.skipIf(!gdalOrWarn('the clip mask'))('clipMask and GDAL', () => {
  it('burn the same pixels of a polygon with a hole', () => {
    const ring = star(12.03, 48.51, [1.37, 0.61, 1.21, 0.43, 1.11, 0.72, 0.93]);
    const hole = star(12.03, 48.51, [0.31, 0.12, 0.27]).toReversed();
    const script = `
from osgeo import ogr
width, height, gt, geometry = json.loads(sys.argv[1])
raster = gdal.GetDriverByName('MEM').Create('', width, height, 1, gdal.GDT_Byte)
s = osr.SpatialReference(); s.ImportFromEPSG(4326); s.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
raster.SetGeoTransform(gt); raster.SetProjection(s.ExportToWkt())
vector = ogr.GetDriverByName('Memory').CreateDataSource('')
layer = vector.CreateLayer('a', s, ogr.wkbPolygon)
feature = ogr.Feature(layer.GetLayerDefn()); feature.SetGeometry(ogr.CreateGeometryFromJson(json.dumps(geometry))); layer.CreateFeature(feature)
gdal.RasterizeLayer(raster, [1], layer, burn_values=[1])
print(json.dumps(raster.ReadAsArray().ravel().tolist()))
`;
    const fine: Grid = { ...degrees, geotransform: [10, 0.01, 0, 50, 0, -0.01], width: 400, height: 300 };
    const area = polygon(ring, hole);
    const burnt = gdalPython(script, JSON.stringify([fine.width, fine.height, fine.geotransform, area]));
    expect([...clipMask(fine, whole(fine), area)]).toEqual(burnt);
  });
});
