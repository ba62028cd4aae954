import { DatabaseSync } from 'node:sqlite';
import type { Geometry } from './ast.ts';

const types = [
  '',
  'Point',
  'LineString',
  'Polygon',
  'MultiPoint',
  'MultiLineString',
  'MultiPolygon',
] as const;

/** Features of one table of a GeoPackage: its columns, and `geom` as GeoJSON. */
export function readGeoPackage(path: string, table: string): Readonly<Record<string, unknown>>[] {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const columns = database.prepare(`PRAGMA table_info("${table}")`).all();
    const booleans = columns.filter((column) => column['type'] === 'BOOLEAN').map((c) => String(c['name']));
    return database
      .prepare(`SELECT * FROM "${table}"`)
      .all()
      .map((row) => ({
        ...row,
        ...Object.fromEntries(booleans.map((name) => [name, row[name] === null ? null : row[name] === 1])),
        geom: row['geom'] instanceof Uint8Array ? readBlob(row['geom']) : null,
      }));
  } finally {
    database.close();
  }
}

/** OGC 12-128r19, 2.1.3: header, envelope, well-known binary. */
function readBlob(blob: Uint8Array): Geometry {
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  const envelopeDoubles = [0, 4, 6, 6, 8][(view.getUint8(3) >> 1) & 7] ?? 0;
  return readWkb(view, { at: 8 + envelopeDoubles * 8 });
}

function readWkb(view: DataView, place: { at: number }): Geometry {
  const little = view.getUint8(place.at) === 1;
  const type = types[view.getUint32(place.at + 1, little)] ?? '';
  place.at += 5;
  const count = () => {
    place.at += 4;
    return view.getUint32(place.at - 4, little);
  };
  const many = <T>(read: () => T): T[] => Array.from({ length: count() }, read);
  const position = () => {
    place.at += 16;
    return [view.getFloat64(place.at - 16, little), view.getFloat64(place.at - 8, little)];
  };
  if (type === 'Point') return { type, coordinates: position() };
  if (type === 'LineString') return { type, coordinates: many(position) };
  if (type === 'Polygon') return { type, coordinates: many(() => many(position)) };
  const parts = many(() => readWkb(view, place));
  return { type, coordinates: parts.map((part) => 'coordinates' in part && part.coordinates) } as Geometry;
}
