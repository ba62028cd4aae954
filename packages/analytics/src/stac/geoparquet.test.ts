import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { afterAll, describe, expect, it } from 'vitest';
import { openLocalTables } from '../duckdb/engine.ts';
import { EXPORT_GROUP_ITEMS, MAX_STRUCT_FIELDS, MAX_STRUCT_LEVELS } from '../limits.ts';
import { writeStacGeoparquet } from './geoparquet.ts';
import { join, shapeOf } from './infer.ts';

const base = {
  type: 'Feature',
  stac_version: '1.0.0',
  stac_extensions: ['https://stac-extensions.github.io/eo/v1.1.0/schema.json'],
  collection: 'c',
  links: [{ rel: 'self', href: 'https://a.example/1' }],
};
const ring = [
  [3, 50],
  [4, 50],
  [4, 51],
  [3, 50],
];
const items = [
  {
    ...base,
    id: 'one',
    geometry: { type: 'Polygon', coordinates: [ring] },
    bbox: [3, 50, 4, 51],
    properties: {
      datetime: '2024-06-01T10:30:00.5Z',
      'eo:cloud_cover': 12.5,
      mixed: 1,
      'proj:shape': [10, 20],
      id: 'never a column of its own',
      empty: {},
    },
    assets: { red: { href: 'r.tif', roles: ['data'], 'eo:bands': [{ name: 'B04' }] } },
  },
  {
    ...base,
    id: 'two',
    geometry: null,
    properties: { datetime: null, start_datetime: '2024-01-01T00:00:00Z', mixed: 'text', 'proj:shape': [] },
    assets: { nir: { href: 'n.tif', title: 'Near infrared' } },
  },
];

const folder = mkdtempSync(joinPath(tmpdir(), 'swath-items-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = joinPath(folder, 'items.parquet');

function bytesOf(path: string): ArrayBuffer {
  return new Uint8Array(readFileSync(path)).buffer;
}

async function written(what: Iterable<unknown>): Promise<Record<string, unknown>[]> {
  await writeStacGeoparquet(what, file);
  return parquetReadObjects({ file: bytesOf(file) });
}

/** As a long search comes: one by one, never all at once. */
function* many(count: number) {
  for (let i = 0; i < count; i++) {
    const [one] = items;
    yield {
      ...one,
      id: `item-${i}`,
      bbox: undefined,
      properties: { datetime: '2024-06-01T10:30:00Z', i, ...(i === count - 1 ? { late: true } : {}) },
    };
  }
}

describe('Items as STAC GeoParquet', () => {
  it('have a column per field and property, typed by their values', async () => {
    const [one, two] = await written(items);
    expect(one).toMatchObject({
      id: 'one',
      collection: 'c',
      geometry: { type: 'Polygon', coordinates: [ring] },
      bbox: { xmin: 3, ymin: 50, xmax: 4, ymax: 51 },
      datetime: new Date('2024-06-01T10:30:00.500Z'),
      'eo:cloud_cover': 12.5,
      mixed: '1',
      'proj:shape': [10, 20],
      empty: '{}',
      links: [{ rel: 'self', href: 'https://a.example/1' }],
      assets: { red: { href: 'r.tif', roles: ['data'], 'eo:bands': [{ name: 'B04' }] } },
    });
    expect(two).toMatchObject({
      id: 'two',
      mixed: '"text"',
      start_datetime: new Date('2024-01-01T00:00:00Z'),
    });
    expect(two?.['geometry'] ?? null).toBeNull();
    expect(two?.['datetime'] ?? null).toBeNull();
  });

  it('say what GeoParquet 1.1 asks for: encoding, types, bounds and covering', async () => {
    const high = { ...items[0], geometry: { type: 'Point', coordinates: [3.5, 49, 100] }, bbox: undefined };
    const rows = await written([...items, high]);
    expect(rows[2]?.['bbox']).toEqual({ xmin: 3.5, ymin: 49, xmax: 3.5, ymax: 49 });
    const { key_value_metadata: notes = [] } = parquetMetadata(bytesOf(file));
    const noted = new Map(notes.map(({ key, value }) => [key, JSON.parse(value ?? '')]));
    expect(noted.get('stac-geoparquet')).toEqual({ version: '1.1.0' });
    expect(noted.get('geo')).toEqual({
      version: '1.1.0',
      primary_column: 'geometry',
      columns: {
        geometry: {
          encoding: 'WKB',
          geometry_types: ['Point Z', 'Polygon'],
          bbox: [3, 49, 4, 51],
          covering: {
            bbox: {
              xmin: ['bbox', 'xmin'],
              ymin: ['bbox', 'ymin'],
              xmax: ['bbox', 'xmax'],
              ymax: ['bbox', 'ymax'],
            },
          },
        },
      },
    });
  });

  it('go into row groups one after the other, with the columns of the last as of the first', async () => {
    const count = 2 * EXPORT_GROUP_ITEMS + 1;
    const told: number[] = [];
    const answer = await writeStacGeoparquet(many(count), file, { onProgress: (n) => told.push(n) });
    expect(answer).toEqual({ items: count, truncated: false });
    expect(told).toEqual([EXPORT_GROUP_ITEMS, 2 * EXPORT_GROUP_ITEMS]);
    const { row_groups: groups } = parquetMetadata(bytesOf(file));
    expect(groups.map(({ num_rows }) => Number(num_rows))).toEqual([
      EXPORT_GROUP_ITEMS,
      EXPORT_GROUP_ITEMS,
      1,
    ]);
    const rows = await parquetReadObjects({ file: bytesOf(file) });
    expect(rows.map((row) => row['i'])).toEqual(Array.from({ length: count }, (_, i) => i));
    expect(rows.filter((row) => row['late'] === true)).toHaveLength(1);
  });

  it('are no more than asked for, which is told', async () => {
    expect(await writeStacGeoparquet(many(3), file, { most: 3 })).toEqual({ items: 3, truncated: false });
    expect(await writeStacGeoparquet(many(4), file, { most: 3 })).toEqual({ items: 3, truncated: true });
  });

  it('keep text with separators of lines, and structures without bounds as JSON', async () => {
    const wide = Object.fromEntries(Array.from({ length: MAX_STRUCT_FIELDS + 1 }, (_, i) => [`f${i}`, i]));
    let deep: unknown = 1;
    for (let i = 0; i <= MAX_STRUCT_LEVELS + 2; i++) deep = { deep };
    const [row] = await written([
      { ...items[0], properties: { datetime: null, title: 'a\u2028b\u2029c\nd\re', wide, deep } },
    ]);
    expect(row).toMatchObject({ title: 'a\u2028b\u2029c\nd\re', wide: JSON.stringify(wide) });
    expect(JSON.stringify(row?.['deep'])).toContain('{\\"deep\\":');
  });

  it('refuse what is no Item, and none at all, and leave what was there', async () => {
    writeFileSync(file, 'before');
    await expect(writeStacGeoparquet([], file)).rejects.toMatchObject({ code: 'InvalidInput' });
    await expect(writeStacGeoparquet([items[0], { id: 3 }], file)).rejects.toThrow(
      /Feature 1 is no STAC Item/,
    );
    expect(readFileSync(file, 'utf8')).toBe('before');
    expect(readdirSync(folder)).toEqual(['items.parquet']);
    await expect(writeStacGeoparquet(items, joinPath(folder, 'no/such/x.parquet'))).rejects.toMatchObject({
      code: 'InvalidInput',
      fix: expect.stringContaining('folder'),
    });
  });

  it('find one shape for all values of a column', () => {
    expect(join(shapeOf(1), shapeOf(null))).toEqual({ kind: 'number' });
    expect(join(shapeOf([1]), shapeOf(['a']))).toEqual({ kind: 'list', of: { kind: 'json' } });
    expect(join(shapeOf({ a: 1 }), shapeOf('x'))).toEqual({ kind: 'json' });
  });
});

const python = ['python3', '/usr/bin/python3'].find(
  (one) => spawnSync(one, ['-c', 'import pyarrow, geopandas']).status === 0,
);
if (python === undefined)
  console.warn('skipped: no Python with pyarrow and geopandas (pip install pyarrow geopandas)');

describe.skipIf(python === undefined)('Items as STAC GeoParquet in geopandas', () => {
  it('are read with geometry, structures and the box that filters', async () => {
    await writeStacGeoparquet(items, file);
    const script = `
import sys, json, geopandas
frame = geopandas.read_parquet(sys.argv[1])
near = geopandas.read_parquet(sys.argv[1], bbox=(3.5, 50.5, 3.6, 50.6))
print(json.dumps([frame.id.tolist(), frame.geometry.iloc[0].wkt, frame.assets.iloc[0]['red']['href'], str(frame.datetime.iloc[0]), near.id.tolist()]))`;
    const answer = execFileSync(python ?? '', ['-c', script, file], { encoding: 'utf8' });
    expect(JSON.parse(answer)).toEqual([
      ['one', 'two'],
      'POLYGON ((3 50, 4 50, 4 51, 3 50))',
      'r.tif',
      '2024-06-01 10:30:00.500000+00:00',
      ['one'],
    ]);
  });
});

describe('Items as STAC GeoParquet in DuckDB', () => {
  it('are read with geometry and structures, row group by row group', async () => {
    await writeStacGeoparquet(many(EXPORT_GROUP_ITEMS + 5), file);
    const tables = await openLocalTables(folder);
    const { rows } = await tables.query(
      `SELECT count(*), max(i), ST_AsText(any_value(geometry)), any_value(assets.red.href), max(datetime),
         count(*) FILTER (WHERE bbox.xmin <= 3.5 AND bbox.xmax >= 3.5)
       FROM '${file}'`,
      { maxRows: 1 },
    );
    await tables.close();
    const count = EXPORT_GROUP_ITEMS + 5;
    const wkt = 'POLYGON ((3 50, 4 50, 4 51, 3 50))';
    expect(rows).toEqual([[count, count - 1, wkt, 'r.tif', '2024-06-01 10:30:00+00', count]]);
  });
});
