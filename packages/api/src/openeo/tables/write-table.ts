import { GEOJSON_TYPE, JSON_TYPE } from '@swath/catalog';
import { SwathError } from '@swath/core';
import type { TableFormat } from '@swath/graph';
import type { ResultFile } from '../evaluator/messages.ts';
import { forEachRow, isNamed, valueColumns, type ZonalTable } from './zonal-table.ts';

/** Name and media type of a table's file. */
export const tableFiles = {
  JSON: { name: 'timeseries.json', contentType: JSON_TYPE },
  CSV: { name: 'timeseries.csv', contentType: 'text/csv' },
  GeoJSON: { name: 'timeseries.geojson', contentType: GEOJSON_TYPE },
  Parquet: { name: 'timeseries.parquet', contentType: 'application/vnd.apache.parquet' },
} as const satisfies Readonly<Record<TableFormat, { readonly name: string; readonly contentType: string }>>;

/** JSON has no NaN. */
const number = (value: number): number | null => (Number.isFinite(value) ? value : null);

function valuesAt({ values }: ZonalTable, at: number, width: number): readonly (number | null)[] {
  return Array.from(values.subarray(at, at + width), number);
}

/**
 * As openEO's Python client reads it (`timeseries_json_to_pandas`) and other back ends write it: by date a list of geometries,
 * of each the values of its bands. Without dates the list alone.
 */
export function tableJson(table: ZonalTable): string {
  const width = valueColumns(table).length;
  const lists = new Map<string | null, string[]>();
  forEachRow(table, ({ date, at }) => {
    const list = lists.get(date) ?? [];
    lists.set(date, list);
    list.push(JSON.stringify(valuesAt(table, at, width)));
  });
  const texts = [...lists].map(([date, list]) => [date, `[${list.join(', ')}]`] as const);
  if (table.dates === null) return `${texts[0]?.[1] ?? '[]'}\n`;
  return `{\n${texts.map(([date, list]) => `${JSON.stringify(date)}: ${list}`).join(',\n')}\n}\n`;
}

function quoted(cell: string | number | null): string {
  const text = cell === null ? '' : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Columns of who a row is about; bands that are called so get an underscore. */
export function keyColumns(table: ZonalTable): readonly string[] {
  return [
    ...(table.dates === null ? [] : ['date']),
    'feature_index',
    ...(isNamed(table) ? ['feature_id'] : []),
  ];
}

/** Names of the columns of values, none of which is taken. */
export function freeColumns(table: ZonalTable, taken: readonly string[]): readonly string[] {
  const names = new Set(taken);
  return valueColumns(table).map((band) => {
    let name = band;
    while (names.has(name)) name = `${name}_`;
    names.add(name);
    return name;
  });
}

/** CSV (RFC 4180): a row for each date and geometry, a column for each band; nothing stands for no data. */
export function tableCsv(table: ZonalTable): string {
  const keys = keyColumns(table);
  const columns = freeColumns(table, keys);
  const named = isNamed(table);
  const lines = [[...keys, ...columns].map(quoted).join(',')];
  forEachRow(table, ({ date, feature, at }) => {
    const cells = [
      ...(date === null ? [] : [date]),
      feature,
      ...(named ? [table.features[feature]?.id ?? null] : []),
      ...valuesAt(table, at, columns.length),
    ];
    lines.push(cells.map(quoted).join(','));
  });
  return `${lines.join('\r\n')}\r\n`;
}

/**
 * A Feature for each geometry. Its properties are the values, called `<date>~<band>`, `<date>` or `<band>`, as openEO's other
 * back ends flatten vector cubes; the document grows with the values, not with dates times vertices.
 */
export function tableGeojson(table: ZonalTable): string {
  const columns = freeColumns(table, ['feature_index']);
  const properties = table.features.map((_, i): Record<string, number | null> => ({ feature_index: i }));
  forEachRow(table, ({ date, feature, at }) => {
    const of = properties[feature]!;
    for (const [i, value] of valuesAt(table, at, columns.length).entries()) {
      const band = table.bands === null && date !== null ? [] : [columns[i]!];
      of[[...(date === null ? [] : [date]), ...band].join('~')] = value;
    }
  });
  const named = isNamed(table);
  const features = table.features.map(({ id, geometry }, i) =>
    JSON.stringify({ type: 'Feature', ...(named ? { id } : {}), properties: properties[i], geometry }),
  );
  return `{"type":"FeatureCollection","features":[\n${features.join(',\n')}\n]}\n`;
}

/** GeoJSON and GeoParquet as they are written here hold longitude and latitude. */
function checkCrs({ crs }: ZonalTable, format: TableFormat): void {
  if (crs === undefined || format === 'JSON' || format === 'CSV') return;
  throw new SwathError(
    'InvalidInput',
    `The geometries are in ${crs}; ${format} has longitude and latitude.`,
    {
      reason: 'FormatUnsuitable',
      fix: 'Save it as JSON or CSV, or give the geometries in longitude and latitude.',
    },
  );
}

/** A table as a file. @throws SwathError InvalidInput (FormatUnsuitable) for geometries in another CRS. */
export async function writeTable(table: ZonalTable, format: TableFormat): Promise<ResultFile> {
  checkCrs(table, format);
  const { contentType } = tableFiles[format];
  const text = (content: string): ResultFile => ({ bytes: new TextEncoder().encode(content), contentType });
  switch (format) {
    case 'JSON':
      return text(tableJson(table));
    case 'CSV':
      return text(tableCsv(table));
    case 'GeoJSON':
      return text(tableGeojson(table));
    default: {
      // The writer of Parquet is read only when one is written.
      const { tableParquet } = await import('./table-parquet.ts');
      return { bytes: tableParquet(table), contentType };
    }
  }
}
