import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { stacGeoparquet } from './geoparquet.ts';
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

async function read(bytes: Uint8Array): Promise<Record<string, unknown>[]> {
  return parquetReadObjects({ file: bytes.buffer.slice(0) as ArrayBuffer });
}

describe('Items as STAC GeoParquet', () => {
  it('have a column per field and property, typed by their values', async () => {
    const [one, two] = await read(stacGeoparquet(items));
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

  it('refuse what is no Item, and none at all', () => {
    expect(() => stacGeoparquet([])).toThrow(expect.objectContaining({ code: 'InvalidInput' }));
    expect(() => stacGeoparquet([items[0], { id: 3 }])).toThrow(/Feature 1 is no STAC Item/);
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
  it('are read with geometry, structures and the box that filters', () => {
    const folder = mkdtempSync(joinPath(tmpdir(), 'swath-items-'));
    const file = joinPath(folder, 'items.parquet');
    writeFileSync(file, stacGeoparquet(items));
    const script = `
import sys, json, geopandas
frame = geopandas.read_parquet(sys.argv[1])
near = geopandas.read_parquet(sys.argv[1], bbox=(3.5, 50.5, 3.6, 50.6))
print(json.dumps([frame.id.tolist(), frame.geometry.iloc[0].wkt, frame.assets.iloc[0]['red']['href'], str(frame.datetime.iloc[0]), near.id.tolist()]))`;
    const answer = execFileSync(python ?? '', ['-c', script, file], { encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    expect(JSON.parse(answer)).toEqual([
      ['one', 'two'],
      'POLYGON ((3 50, 4 50, 4 51, 3 50))',
      'r.tif',
      '2024-06-01 10:30:00.500000+00:00',
      ['one'],
    ]);
  });
});
