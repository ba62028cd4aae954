import { encodeRows } from '@swath/analytics/parquet/encode';
import { wkbOf } from '@swath/analytics/parquet/wkb';
import { freeColumns, keyColumns } from './write-table.ts';
import { forEachRow, isNamed, type ZonalTable } from './zonal-table.ts';

const types = { date: 'varchar', feature_index: 'bigint', feature_id: 'varchar' } as const;
const isKey = (name: string): name is keyof typeof types => Object.hasOwn(types, name);

/**
 * GeoParquet: a row for each date and geometry, a column for each band. Rows of one geometry share its bytes, so that the
 * column of geometries is a dictionary.
 */
export function tableParquet(table: ZonalTable): Uint8Array {
  const keys = keyColumns(table);
  const bands = freeColumns(table, [...keys, 'geometry']);
  const named = isNamed(table);
  const shapes = table.features.map(({ geometry }) => wkbOf(geometry));
  const rows: Record<string, string | number | Uint8Array | null>[] = [];
  forEachRow(table, ({ date, feature, at }) => {
    const values = bands.map((name, i): [string, number | null] => {
      const value = table.values[at + i]!;
      return [name, Number.isFinite(value) ? value : null];
    });
    rows.push({
      ...(date === null ? {} : { date }),
      feature_index: feature,
      ...(named ? { feature_id: table.features[feature]?.id ?? null } : {}),
      ...Object.fromEntries(values),
      geometry: shapes[feature] ?? null,
    });
  });
  const column = (name: string, type: 'varchar' | 'bigint' | 'double' | 'varbinary') => ({
    name,
    type,
    description: name,
  });
  const geometry_types = [...new Set(table.features.flatMap(({ geometry }) => typeOf(geometry)))];
  return encodeRows(
    [
      ...keys.map((name) => column(name, isKey(name) ? types[name] : 'varchar')),
      ...bands.map((name) => column(name, 'double')),
      column('geometry', 'varbinary'),
    ],
    rows,
    {
      geo: JSON.stringify({
        version: '1.1.0',
        primary_column: 'geometry',
        columns: { geometry: { encoding: 'WKB', geometry_types } },
      }),
    },
  );
}

const typeOf = (geometry: object | null): readonly string[] =>
  geometry !== null && 'type' in geometry ? [String(geometry.type)] : [];
