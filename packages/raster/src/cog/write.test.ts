import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256Hex } from '@swath/core';
import type { Geotransform } from '@swath/geo';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { gdalOrWarn, gdalPython, gdalTool } from '../../../../test/support/gdal.ts';
import type { StoredType } from '../process/work.ts';
import { reader, STORED, specOf } from './write.fixture.ts';
import { writeCog } from './write.ts';

const gdal = gdalOrWarn('what GDAL reads from our COGs');

const Answer = z.object({
  problems: z.array(z.string()),
  size: z.tuple([z.number(), z.number()]),
  overviews: z.array(z.tuple([z.number(), z.number()])),
  metadata: z.record(z.string(), z.string()),
  epsg: z.string(),
  geotransform: z.array(z.number()),
  bands: z.array(
    z.object({
      description: z.string(),
      scale: z.number().nullable(),
      offset: z.number().nullable(),
      nodata: z.union([z.number(), z.string()]),
      stored: z.array(z.number()),
      computed: z.array(z.number()),
    }),
  ),
});

/** Everything GDAL has to say about a file; pixels go to `<file>.raw`, band by band, overviews to `.ovr`. */
const INSPECT = `
import os
from osgeo_utils.samples.validate_cloud_optimized_geotiff import validate
f = sys.argv[1]
warnings, errors, _ = validate(f, full_check=True)
d = gdal.Open(f)
bands = []
raw = open(f + '.raw', 'wb'); ovr = open(f + '.ovr', 'wb')
for i in range(1, d.RasterCount + 1):
    b = d.GetRasterBand(i)
    raw.write(b.ReadAsArray().tobytes())
    if b.GetOverviewCount(): ovr.write(b.GetOverview(0).ReadAsArray().tobytes())
    m = b.GetMetadata()
    stored = [float(m['STATISTICS_' + k]) for k in ('MINIMUM','MAXIMUM','MEAN','STDDEV')] if 'STATISTICS_MEAN' in m else []
    nd = b.GetNoDataValue()
    try: computed = list(b.ComputeStatistics(False))
    except RuntimeError: computed = []
    bands.append(dict(description=b.GetDescription(), scale=b.GetScale(), offset=b.GetOffset(),
        nodata='nan' if math.isnan(nd) else nd, stored=stored, computed=computed))
b = d.GetRasterBand(1)
print(json.dumps(dict(problems=list(map(str, errors)) + list(map(str, warnings)), size=[d.RasterXSize, d.RasterYSize],
    overviews=[[b.GetOverview(i).XSize, b.GetOverview(i).YSize] for i in range(b.GetOverviewCount())],
    metadata=d.GetMetadata(), epsg=d.GetSpatialRef().GetAuthorityCode(None) or '',
    geotransform=d.GetGeoTransform(), bands=bands)))
`;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'swath-cog-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const inspect = (file: string) => Answer.parse(gdalPython(INSPECT, file));

describe.skipIf(!gdal)('a written COG', () => {
  const cases = [
    ['int16', 1, 1500, 700],
    ['uint16', 3, 511, 513],
    ['uint8', 1, 1, 1],
    ['float32', 1, 511, 513],
    ['float32', 3, 1500, 700],
    ['int32', 1, 511, 513],
    ['uint8', 3, 1500, 700],
    ['uint16', 1, 1, 1],
  ] as const;

  it.each(cases)(
    'of %s with %i band(s), %i x %i, is what GDAL reads',
    async (dtype, bands, width, height) => {
      const stored = STORED[dtype];
      const spec = specOf(width, height, stored, bands);
      const file = join(folder, `${dtype}-${bands}-${width}.tif`);
      const report = await writeCog(file, spec, reader(spec));

      expect(report.sha256).toBe(sha256Hex(readFileSync(file)));
      expect(report.sizeBytes).toBe(readFileSync(file).length);
      const seen = inspect(file);
      expect(seen.problems).toEqual([]);
      expect(seen.size).toEqual([width, height]);
      expect(seen.epsg).toBe('32631');
      expect(seen.geotransform).toEqual([499980, 10, 0, 5000040, 0, -10]);
      expect(seen.metadata['SWATH_ITEM']).toBe('x & "y"');
      expect(seen.overviews.length).toBe(
        width > 512 || height > 512 ? Math.ceil(Math.log2(Math.max(width, height) / 512)) : 0,
      );

      const planes = await reader(spec)({ x: 0, y: 0, width, height });
      const raw = readFileSync(`${file}.raw`);
      planes.forEach((plane, band) => {
        expect(differences(plane, raw, band, stored)).toBe(0);
        const info = seen.bands[band]!;
        expect(info.description).toBe(`band ${band} <&>`);
        expect(info.nodata).toBe(stored.nodata);
        expect(info.scale ?? 1).toBe(stored.scale);
        expect(info.offset ?? 0).toBe(stored.offset);
        expect(info.stored.length).toBe(info.computed.length);
        info.computed.forEach((value, i) => {
          expect(Math.abs(info.stored[i]! - value)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(value)));
        });
      });
    },
  );

  it('has overviews that are the averages of the valid pixels of 2 x 2', async () => {
    const spec = specOf(1501, 701, STORED.float32, 2);
    const file = join(folder, 'averages.tif');
    await writeCog(file, spec, reader(spec));
    const seen = inspect(file);
    expect(seen.problems).toEqual([]);
    expect(seen.overviews).toEqual([
      [751, 351],
      [376, 176],
    ]);
    const planes = await reader(spec)({ x: 0, y: 0, width: 1501, height: 701 });
    const bytes = readFileSync(`${file}.ovr`);
    const read = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
    let wrong = 0;
    for (let band = 0; band < 2; band++) {
      for (let i = 0; i < 751 * 351; i++) {
        const wanted = Math.fround(
          averageAt(planes[band]!, 1501, 701, (i % 751) * 2, Math.floor(i / 751) * 2),
        );
        if (!Object.is(wanted, read[band * 751 * 351 + i])) wrong++;
      }
    }
    expect(wrong).toBe(0);
  });

  it('reads as nodata where a tile has no valid pixel, the first one too', async () => {
    const spec = specOf(1200, 1200, STORED.int16, 1);
    const file = join(folder, 'empty.tif');
    await writeCog(file, spec, async (window) => {
      const plane = new Float32Array(window.width * window.height).fill(Number.NaN);
      if (window.x > 0 && window.y > 0) plane.fill(0.5);
      return [plane];
    });
    const seen = inspect(file);
    expect(seen.problems).toEqual([]);
    const bytes = readFileSync(`${file}.raw`);
    const read = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
    expect([read[0], read[1023 * 1200 + 1100], read[1100 * 1200 + 1100]]).toEqual([-32768, -32768, 6000]);
  });

  it('without a valid pixel at all has no statistics and is still valid', async () => {
    const spec = specOf(600, 600, STORED.float32, 1);
    const file = join(folder, 'none.tif');
    const report = await writeCog(file, spec, async (w) => [
      new Float32Array(w.width * w.height).fill(Number.NaN),
    ]);
    expect(report.statistics[0]).toMatchObject({ count: 0, min: null, percentiles: null });
    expect(inspect(file).problems).toEqual([]);
  });

  it.each([
    ['south up', [10, 2, 0, 20, 0, 2]],
    ['turned', [500000, 8, 6, 5000000, 6, -8]],
  ] as const)('keeps a geotransform that is %s', async (name, geotransform) => {
    const spec = specOf(20, 20, STORED.uint8, 1);
    const file = join(folder, `${name}.tif`);
    await writeCog(
      file,
      { ...spec, grid: { ...spec.grid, geotransform: geotransform satisfies Geotransform } },
      reader(spec),
    );
    expect(inspect(file).geotransform).toEqual([...geotransform]);
  });

  it('without overviews serves as a chunk file', async () => {
    const spec = { ...specOf(1500, 700, STORED.float32, 1), overviews: false };
    const file = join(folder, 'chunk.tif');
    await writeCog(file, spec, reader(spec));
    const seen = inspect(file);
    expect(seen.overviews).toEqual([]);
    // The one thing the validator says of it: that it has no overviews.
    expect(seen.problems.length).toBe(1);
    expect(seen.problems[0]).toMatch(/overviews/);
  });

  it('is judged by a validator that does refuse: the same pixels as plain strips fail', async () => {
    const good = join(folder, 'judge.tif');
    const spec = specOf(1500, 700, STORED.uint16, 1);
    await writeCog(good, spec, reader(spec));
    const bad = join(folder, 'strips.tif');
    gdalTool('gdal_translate', '-q', '-co', 'TILED=NO', good, bad);
    expect(inspect(bad).problems.length).toBeGreaterThan(0);
    const cut = join(folder, 'cut.tif');
    writeFileSync(cut, readFileSync(good).subarray(0, -1000));
    expect(() => inspect(cut)).toThrow();
  });
});

function differences(plane: Float32Array, raw: Buffer, band: number, stored: StoredType): number {
  const bytes = { int16: 2, uint16: 2, uint8: 1, float32: 4, int32: 4 }[stored.dtype];
  const at = raw.byteOffset + band * plane.length * bytes;
  const buffer = new Uint8Array(raw.buffer, at, plane.length * bytes).slice().buffer;
  const types = {
    int16: Int16Array,
    uint16: Uint16Array,
    uint8: Uint8Array,
    float32: Float32Array,
    int32: Int32Array,
  };
  const dn = new types[stored.dtype](buffer);
  let wrong = 0;
  for (let i = 0; i < plane.length; i++) {
    const value = plane[i]!;
    const wanted = Number.isNaN(value)
      ? stored.nodata === 'nan'
        ? Number.NaN
        : stored.nodata
      : stored.dtype === 'float32'
        ? value
        : Math.round((value - stored.offset) / stored.scale);
    if (!Object.is(wanted, dn[i])) wrong++;
  }
  return wrong;
}

function averageAt(plane: Float32Array, width: number, height: number, x: number, y: number): number {
  let count = 0;
  const at = (column: number, row: number): number => {
    const value = column < width && row < height ? plane[row * width + column]! : Number.NaN;
    if (Number.isNaN(value)) return 0;
    count++;
    return value;
  };
  const upper = Math.fround(at(x, y) + at(x + 1, y));
  const lower = Math.fround(at(x, y + 1) + at(x + 1, y + 1));
  return count === 0 ? Number.NaN : Math.fround(upper + lower) / count;
}
