import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { geojsonToWkb } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderKey, requestFile } from '../keys.ts';
import { column } from '../tables/common.ts';
import { resultsTable } from '../tables/index.ts';
import type { Column } from '../tables/types.ts';
import { decodeRows } from './decode.ts';
import { encodeRows } from './encode.ts';

const columns: readonly Column[] = [
  column('a', 'varchar', ''),
  column('b', 'bigint', ''),
  column('c', 'double', ''),
  column('d', 'boolean', ''),
  column('e', 'timestamp', ''),
  column('f', 'array(varchar)', ''),
  column('g', 'array(double)', ''),
  column('h', 'decimal(18,9)', ''),
];

const real = fc.double({ noNaN: true, noDefaultInfinity: true });
const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null, freq: 3 });
const row = fc.record({
  a: orNull(fc.string({ unit: 'grapheme' })),
  b: orNull(fc.maxSafeInteger()),
  c: orNull(real),
  d: orNull(fc.boolean()),
  e: orNull(fc.date({ min: new Date('1900-01-01'), max: new Date('2200-01-01'), noInvalidDate: true })),
  f: orNull(fc.array(fc.string())),
  g: orNull(fc.array(real)),
  h: orNull(fc.integer({ min: -1e15, max: 1e15 }).map((nano) => nano / 1e9)),
});

const square = {
  type: 'Polygon' as const,
  coordinates: [
    [
      [3, 50],
      [4, 50],
      [4, 51.123456789],
      [3, 51],
      [3, 50],
    ] as [number, number][],
  ],
};

describe('rows of a table', () => {
  it('come back as they were written, whatever is null, empty or large', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), async (rows) => {
        const { rows: back } = await decodeRows(columns, encodeRows(columns, rows), 'x');
        expect(back).toEqual(rows);
      }),
      { numRuns: 100 },
    );
  });

  it('keep their geometry as WKB to the last bit, and the notes of a file', async () => {
    const geometry = geojsonToWkb(square);
    const cells = [{ request_id: 'r', geometry }, { request_id: 's' }];
    const bytes = encodeRows(resultsTable.columns, cells, { note: 'of mine' });
    const { rows, metadata } = await decodeRows(resultsTable.columns, bytes, 'x');
    expect(rows.map((one) => one['geometry'])).toEqual([geometry, null]);
    expect(metadata['note']).toBe('of mine');
    expect(encodeRows(resultsTable.columns, rows, { note: 'of mine' })).toEqual(bytes);
  });

  it('are null in columns that came later', async () => {
    const old = encodeRows(columns.slice(0, 2), [{ a: 'x', b: 1 }]);
    const { rows } = await decodeRows(columns, old, 'x');
    expect(rows).toEqual([{ a: 'x', b: 1, c: null, d: null, e: null, f: null, g: null, h: null }]);
  });

  it.each([1.5, 2 ** 53, 'x'])('refuse %s as a whole number', (b) => {
    expect(() => encodeRows(columns, [{ b }])).toThrow(expect.objectContaining({ code: 'Bug' }));
  });

  it.each([1_000_001, Number.NaN, 'x'])('refuse %s as a decimal', (h) => {
    expect(() => encodeRows(columns, [{ h }])).toThrow(expect.objectContaining({ code: 'Bug' }));
  });

  it('refuses a file that is none, by its name', async () => {
    await expect(decodeRows(columns, new Uint8Array(40), 'usage/x.parquet')).rejects.toMatchObject({
      code: 'Corrupt',
      message: expect.stringContaining('usage/x.parquet'),
    });
  });
});

const python = ['python3', '/usr/bin/python3'].find(
  (one) => spawnSync(one, ['-c', 'import pyarrow, geopandas']).status === 0,
);
if (python === undefined)
  console.warn('skipped: no Python with pyarrow and geopandas (pip install pyarrow geopandas)');

describe.skipIf(python === undefined)('rows of a table in Python', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'swath-parquet-'));
    const bytes = encodeRows(resultsTable.columns, [
      {
        request_id: 'r',
        collection: 'a/b',
        datetime: new Date('2024-06-01T10:30:00.123Z'),
        bands: ['red', 'nir'],
        transform: [],
        scene_count: 2,
        geometry: geojsonToWkb(square),
      },
      { request_id: 's', collection: 'a/b' },
    ]);
    const key = `${folderKey(resultsTable, { date: '2026-01-09', collection: 'a/b' })}${requestFile('r', 3)}`;
    mkdirSync(join(folder, dirname(key)), { recursive: true });
    writeFileSync(join(folder, key), bytes);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (script: string): unknown =>
    JSON.parse(execFileSync(python ?? '', ['-c', script, join(folder, 'results')], { encoding: 'utf8' }));

  it('are what pyarrow reads, with the partitions of the folders', () => {
    const script = `
import sys, json, pyarrow as pa, pyarrow.dataset as ds
names = pa.schema([('date', pa.string()), ('collection', pa.string())])
table = ds.dataset(sys.argv[1], partitioning=ds.partitioning(names, flavor='hive')).to_table().to_pylist()
keys = ['request_id', 'date', 'collection', 'datetime', 'bands', 'transform', 'scene_count']
print(json.dumps([{k: (v.isoformat() if hasattr(v, 'isoformat') else v) for k, v in row.items() if k in keys} for row in table]))`;
    expect(run(script)).toEqual([
      {
        request_id: 'r',
        date: '2026-01-09',
        collection: 'a/b',
        datetime: '2024-06-01T10:30:00.123000+00:00',
        bands: ['red', 'nir'],
        transform: [],
        scene_count: 2,
      },
      expect.objectContaining({ request_id: 's', datetime: null, bands: null, scene_count: null }),
    ]);
  });

  it('are GeoParquet to geopandas', () => {
    const script = `
import sys, json, glob, geopandas
frame = geopandas.read_parquet(glob.glob(sys.argv[1] + '/**/*.parquet', recursive=True)[0], partitioning=None)
print(json.dumps({'crs': frame.crs.to_string(), 'wkt': frame.geometry.iloc[0].wkt, 'none': frame.geometry.iloc[1] is None}))`;
    expect(run(script)).toEqual({
      crs: 'OGC:CRS84',
      wkt: 'POLYGON ((3 50, 4 50, 4 51.123456789, 3 51, 3 50))',
      none: true,
    });
  });
});
