import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { evaluateCall } from '../../evaluate/evaluate.ts';
import { encodeValue } from '../../values/encode.ts';

interface Place {
  readonly epsg: number;
  readonly west: number;
  readonly north: number;
  readonly size: number;
  readonly width: number;
  readonly height: number;
}

const python = '/usr/bin/python3';
const script = `
import json, sys
from osgeo import gdal, osr
gdal.UseExceptions()
def make(place, values=None):
    ds = gdal.GetDriverByName('MEM').Create('', place['width'], place['height'], 1, gdal.GDT_Float64)
    ds.SetGeoTransform([place['west'], place['size'], 0, place['north'], 0, -place['size']])
    srs = osr.SpatialReference(); srs.ImportFromEPSG(place['epsg']); ds.SetProjection(srs.ExportToWkt())
    import numpy
    band = ds.GetRasterBand(1); band.SetNoDataValue(-9999); band.Fill(-9999)
    if values is not None: band.WriteArray(numpy.array([[-9999 if v is None else v for v in row] for row in values]))
    return ds
task = json.load(sys.stdin)
source, target = make(task['from'], task['data']), make(task['to'])
method = {'near': gdal.GRA_NearestNeighbour, 'bilinear': gdal.GRA_Bilinear}[task['method']]
gdal.Warp(target, source, options=gdal.WarpOptions(resampleAlg=method, errorThreshold=0))
print(json.dumps([[None if v == -9999 else float(v) for v in row] for row in target.ReadAsArray()]))
`;

function hasGdal(): boolean {
  try {
    execFileSync(python, ['-c', 'from osgeo import gdal; import numpy'], { stdio: 'pipe' });
    return true;
  } catch (error) {
    console.warn(
      `skipped: no GDAL for ${python} (${error instanceof Error ? error.message.split('\n')[0] : error})`,
    );
    return false;
  }
}

function cubeAt({ epsg, west, north, size, width, height }: Place, data: unknown) {
  const centres = (count: number, at: (i: number) => number) =>
    Array.from({ length: count }, (_, i) => at(i + 0.5));
  return {
    type: 'datacube',
    order: ['y', 'x'],
    dimensions: {
      y: {
        type: 'spatial',
        axis: 'y',
        values: centres(height, (i) => north - i * size),
        reference_system: epsg,
      },
      x: {
        type: 'spatial',
        axis: 'x',
        values: centres(width, (i) => west + i * size),
        reference_system: epsg,
      },
    },
    data,
  };
}

interface Result {
  readonly order: readonly string[];
  readonly dimensions: Readonly<
    Record<string, { readonly values: readonly number[]; readonly reference_system: unknown }>
  >;
  readonly data: readonly (readonly (number | null)[])[];
}
const call = (process_id: string, args: Record<string, unknown>): Result =>
  encodeValue(evaluateCall({ process_id, arguments: args })) as Result;

const source: Place = { epsg: 32632, west: 600_000, north: 5_400_000, size: 10, width: 23, height: 17 };
const values = Array.from({ length: source.height }, (_, row) =>
  Array.from({ length: source.width }, (_, column) =>
    (row * 7 + column * 3) % 11 === 0 ? null : Math.sin(row * 1.3) * 50 + column * column,
  ),
);
const targets: readonly (readonly [what: string, to: Place])[] = [
  ['a shift of part of a pixel', { ...source, west: source.west + 3.7, north: source.north + 2.9 }],
  ['finer pixels', { ...source, size: 4, width: 60, height: 45 }],
  ['coarser pixels', { ...source, west: source.west + 10, size: 20, width: 10, height: 7 }],
  ['another CRS', { epsg: 3857, west: 1_153_280, north: 6_231_720, size: 12, width: 34, height: 28 }],
];

describe.skipIf(!hasGdal())('resample_cube_spatial', () => {
  it.each(
    targets.flatMap((target) =>
      (['near', 'bilinear'] as const).map((method) => [method, ...target] as const),
    ),
  )('gives what gdalwarp gives: %s to %s', (method, _, to) => {
    const input = JSON.stringify({ from: source, to, data: values, method });
    const expected = JSON.parse(
      execFileSync(python, ['-c', script], { input, encoding: 'utf8' }),
    ) as number[][];
    const target = cubeAt(to, null);
    const { data } = call('resample_cube_spatial', { data: cubeAt(source, values), target, method });
    expect(expected.flat().filter((value) => value !== null).length).toBeGreaterThan(30);
    const apart: unknown[] = [];
    for (const [row, line] of expected.entries())
      for (const [column, value] of line.entries()) {
        const own = data[row]![column]!;
        const isNear = value === null || own === null ? value === own : Math.abs(value - own) < 1e-6;
        if (!isNear) apart.push([row, column, value, own]);
      }
    expect(apart).toEqual([]);
  });
});

describe('resample_spatial', () => {
  const data = cubeAt(source, values);

  it('keeps the corner that is asked for', () => {
    const ends = (align: string) => {
      const { dimensions } = call('resample_spatial', { data, resolution: 100, align });
      return [dimensions['x']!.values, dimensions['y']!.values].map(([first]) => first);
    };
    // 230 x 170 m: two pixels of 100 m each.
    expect(ends('upper-left')).toEqual([600_050, 5_399_950]);
    expect(ends('lower-right')).toEqual([600_080, 5_399_980]);
  });

  it('takes another CRS, with as many pixels along the diagonal as before', () => {
    const { dimensions, order } = call('resample_spatial', { data, projection: 4326 });
    expect(order).toEqual(['y', 'x']);
    expect(dimensions['x']!.reference_system).toBe('EPSG:4326');
    const [x, y] = [dimensions['x']!.values.length, dimensions['y']!.values.length];
    expect(Math.hypot(x, y)).toBeCloseTo(Math.hypot(source.width, source.height), -0.5);
  });

  it('refuses a method that only imagery has, and more pixels than fit', () => {
    const reason = (args: Record<string, unknown>) => () => call('resample_spatial', { data, ...args });
    expect(reason({ method: 'mode', resolution: 20 })).toThrowError(/near or bilinear/);
    expect(reason({ resolution: 0.001 })).toThrowError(/too many pixels/);
  });
});
