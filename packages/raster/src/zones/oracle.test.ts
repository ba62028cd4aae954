import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crsTransformer, type Grid, type LonLat, type PolygonGeometry } from '@swath/geo';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { gdalOrWarn, gdalPython } from '../../../../test/support/gdal.ts';
import { sharedPath } from '../../../../test/support/shared.ts';
import { writeProduct } from '../cog/write.ts';
import { workerExecutor } from '../engine/worker-executor.ts';
import { parseExpression } from '../expression/parse.ts';
import type { ProductWork, StoredType } from '../process/work.ts';

const scene = sharedPath('data', '03-imagery', 'scenes', 's2-l2a-29RKH-20200219');
const recipes = sharedPath('data', '09-expected-results', 'expected.json');
if (scene === undefined) console.warn('skipped: no shared data, so zones of real scenes are not checked');

const grid: Grid = {
  crs: 'EPSG:32629',
  geotransform: [199980, 100, 0, 2800020, 0, -100],
  width: 1098,
  height: 1098,
};
const executor = workerExecutor({ locate: async (href) => ({ kind: 'file', path: href }), lanes: 2 });
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'swath-zone-oracle-'));
});
afterAll(async () => {
  await executor.close();
  await rm(folder, { recursive: true });
});

function workOf(expression: string): ProductWork {
  const band = (name: string) => ({
    href: join(scene ?? '', `${name}.tif`),
    bandIndex: 1,
    scale: 1,
    offset: 0,
  });
  const mask = {
    href: join(scene ?? '', 'SCL.tif'),
    bandIndex: 1,
    rule: { classes: [0, 1, 3, 8, 9, 10, 11] },
  };
  return {
    grid,
    steps: [
      {
        label: 'date',
        scenes: [
          {
            id: 's2',
            bands: { red: band('B04'), nir: band('B08') },
            ...(expression === 'red' ? {} : { mask }),
          },
        ],
      },
    ],
    outputs: [{ name: 'out', expression: parseExpression(expression) }],
    composite: 'none',
    resampling: 'nearest',
  };
}

async function zonesOf(expression: string, stored: StoredType, zones: readonly PolygonGeometry[]) {
  const path = join(folder, `${stored.dtype}.tif`);
  const source = { kind: 'work', work: workOf(expression), origin: { x: 0, y: 0 } } as const;
  const spec = { grid, bands: [{ name: 'out', stored }], overviews: true };
  const { zones: found } = await writeProduct(path, spec, source, executor, { zones });
  return { path, found: found![0]! };
}

const dn: StoredType = { dtype: 'uint16', scale: 1, offset: 0, nodata: 0 };
const single: StoredType = { dtype: 'float32', scale: 1, offset: 0, nodata: 'nan' };

const zonal = z.object({
  polygon: z.object({ coordinates: z.array(z.array(z.tuple([z.number(), z.number()]))) }),
  count: z.number(),
  min: z.number(),
  max: z.number(),
  mean: z.number(),
  median: z.number(),
  std_pop: z.number(),
  sum: z.number(),
});

/** Edges that are straight in the CRS are not quite so in degrees: many short ones are. */
function inDegrees(ring: readonly (readonly [number, number])[]): LonLat[] {
  const { inverse } = crsTransformer('EPSG:4326', grid.crs);
  const pieces = 200;
  const points = ring.slice(1).flatMap((end, i) =>
    Array.from({ length: pieces }, (_, k): LonLat => {
      const start = ring[i]!;
      const t = k / pieces;
      return inverse(start[0] + (end[0] - start[0]) * t, start[1] + (end[1] - start[1]) * t);
    }),
  );
  return [...points, points[0]!];
}

describe.skipIf(scene === undefined || recipes === undefined)('zones of a real scene', () => {
  it('have the statistics that GDAL and numpy found, to the last digit', async () => {
    const all: unknown = JSON.parse(readFileSync(recipes ?? '', 'utf8'));
    const expected = z
      .array(z.unknown())
      .parse(all)
      .flatMap((one) => zonal.safeParse(one).data ?? []);
    expect(expected).toHaveLength(2);
    const zones = expected.map(
      ({ polygon }): PolygonGeometry => ({
        type: 'Polygon',
        coordinates: polygon.coordinates.map(inDegrees),
      }),
    );
    const { found } = await zonesOf('red', dn, zones);
    for (const [i, right] of expected.entries()) {
      const { count, min, max, mean, sum, std, percentiles } = found[i]!;
      expect({ count, min, max, mean, sum }).toEqual({
        count: right.count,
        min: right.min,
        max: right.max,
        mean: right.mean,
        sum: right.sum,
      });
      expect(percentiles!.p50).toBe(right.median);
      expect(std).toBeCloseTo(right.std_pop, 9);
    }
  });
});

const python = `
from osgeo import ogr
path, zones = sys.argv[1], json.load(open(sys.argv[2]))
file = gdal.Open(path); band = file.GetRasterBand(1)
values = band.ReadAsArray()
crs = osr.SpatialReference(); crs.ImportFromEPSG(32629); crs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
wgs = osr.SpatialReference(); wgs.ImportFromEPSG(4326); wgs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
to = osr.CoordinateTransformation(wgs, crs)
out = []
for zone in zones:
    shape = ogr.CreateGeometryFromJson(json.dumps(zone)); shape.Transform(to)
    raster = gdal.GetDriverByName('MEM').Create('', file.RasterXSize, file.RasterYSize, 1, gdal.GDT_Byte)
    raster.SetGeoTransform(file.GetGeoTransform()); raster.SetProjection(file.GetProjection())
    vector = ogr.GetDriverByName('Memory').CreateDataSource(''); layer = vector.CreateLayer('a', crs)
    feature = ogr.Feature(layer.GetLayerDefn()); feature.SetGeometry(shape); layer.CreateFeature(feature)
    gdal.RasterizeLayer(raster, [1], layer, burn_values=[1])
    mask = raster.ReadAsArray() == 1
    under = values[mask]; under = under[~np.isnan(under)].astype('float64')
    n = int(under.size)
    out.append({'pixels': int(mask.sum()), 'count': n} | ({} if n == 0 else {
        'min': under.min(), 'max': under.max(), 'mean': under.mean(), 'std': under.std(), 'sum': under.sum(),
        'p': np.percentile(under, [2, 5, 25, 50, 75, 95, 98]).tolist()}))
print(json.dumps(out))
`;
const answers = z.array(
  z.object({
    pixels: z.number(),
    count: z.number(),
    min: z.number().optional(),
    max: z.number().optional(),
    mean: z.number().default(Number.NaN),
    std: z.number().default(Number.NaN),
    sum: z.number().default(Number.NaN),
    p: z.array(z.number()).default([]),
  }),
);

/** The same ring with a vertex every 100 m. */
function short(ring: readonly LonLat[]): LonLat[] {
  const points = ring.slice(1).flatMap((end, i) => {
    const start = ring[i]!;
    const pieces = Math.ceil(Math.hypot(end[0] - start[0], end[1] - start[1]) / 0.001);
    return Array.from({ length: pieces }, (_, k): LonLat => {
      const t = k / pieces;
      return [start[0] + (end[0] - start[0]) * t, start[1] + (end[1] - start[1]) * t];
    });
  });
  return [...points, points[0]!];
}

/** Stars with and without holes, and slivers, spread over the scene; the same every time. */
function generated(count: number): PolygonGeometry[] {
  let seed = 42;
  const next = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
  const star = (lon: number, lat: number, size: number, flat: number): LonLat[] => {
    const corners = 5 + Math.floor(8 * next());
    const ring = Array.from({ length: corners }, (_, i): LonLat => {
      const angle = (2 * Math.PI * i) / corners;
      const radius = size * (0.3 + 0.7 * next());
      return [lon + radius * Math.cos(angle), lat + radius * flat * Math.sin(angle)];
    });
    // Edges are followed to 1 % of a pixel: short ones are straight in both systems, so that no pixel is in doubt.
    return short([...ring, ring[0]!]);
  };
  return Array.from({ length: count }, (_, i): PolygonGeometry => {
    const [lon, lat] = [-11.9 + 0.9 * next(), 24.4 + 0.8 * next()];
    const size = 0.002 + 0.15 * next() ** 3;
    const rings = [star(lon, lat, size, i % 5 === 0 ? 0.02 : 1)];
    if (i % 3 === 0 && i % 5 !== 0) rings.push(star(lon, lat, size * 0.25, 1).toReversed());
    return { type: 'Polygon', coordinates: rings };
  });
}

describe.skipIf(scene === undefined || !gdalOrWarn('zonal statistics'))(
  'zones and a loop in the way of rasterstats',
  () => {
    it('agree on generated polygons over masked NDVI of a real scene', async () => {
      const zones = generated(60);
      const { path, found } = await zonesOf('(nir-red)/(nir+red)', single, zones);
      const file = join(folder, 'zones.json');
      writeFileSync(file, JSON.stringify(zones));
      const right = answers.parse(gdalPython(python, path, file));
      expect(right.filter(({ count }) => count > 0).length).toBeGreaterThan(40);
      expect(right.some(({ count, pixels }) => count < pixels)).toBe(true);
      for (const [i, { pixels, count, mean, std, sum, p, ...range }] of right.entries()) {
        const zone = found[i]!;
        expect({ i, pixels: zone.pixels, count: zone.count }).toEqual({ i, pixels, count });
        if (count === 0) continue;
        expect({ min: zone.min, max: zone.max }).toEqual(range);
        expect(zone.mean).toBeCloseTo(mean, 12);
        expect(zone.std).toBeCloseTo(std, 12);
        expect(zone.sum! / sum).toBeCloseTo(1, 12);
        for (const [k, value] of Object.values(zone.percentiles!).entries())
          expect(value).toBeCloseTo(p[k]!, 12);
      }
    });
  },
);
