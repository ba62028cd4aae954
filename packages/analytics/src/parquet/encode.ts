import { SwathError } from '@swath/core';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Column } from '../tables/types.ts';
import { type Cell, schemaOf, type TableRow } from './schema.ts';

/** Parquet, snappy, of rows whose cells are the columns' types. Equal rows give equal bytes. */
export function encodeRows(
  columns: readonly Column[],
  rows: readonly TableRow[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const hasGeometry = columns.some(({ type }) => type === 'varbinary');
  const all = { ...(hasGeometry ? { geo: geoMetadata } : {}), ...metadata };
  const buffer = parquetWriteBuffer({
    schema: schemaOf(columns),
    columnData: columns.map((column) => ({
      name: column.name,
      data: rows.map((row) => stored(column, row[column.name] ?? null)),
    })),
    kvMetadata: Object.entries(all).map(([key, value]) => ({ key, value })),
    createdBy: 'swath',
  });
  return new Uint8Array(buffer);
}

/** GeoParquet 1.1.0; without `crs` it is OGC:CRS84, longitude before latitude. */
const geoMetadata = JSON.stringify({
  version: '1.1.0',
  primary_column: 'geometry',
  columns: { geometry: { encoding: 'WKB', geometry_types: ['Polygon', 'MultiPolygon'] } },
});

function stored({ name, type }: Column, cell: Cell): unknown {
  if (cell === null) return null;
  if (type === 'decimal(18,9)') return nano(name, cell);
  if (type !== 'bigint') return cell;
  if (typeof cell !== 'number' || !Number.isSafeInteger(cell)) {
    throw new SwathError('Bug', `${name} is no whole number: ${String(cell)}`);
  }
  return BigInt(cell);
}

/** Up to here doubles are dense enough (1.2e-10) for nine digits behind the point, through every multiplication of readers. */
const MAX_DECIMAL = 1e6;

/** Decimals are written as whole numbers of their last digit. */
function nano(name: string, cell: Cell): bigint {
  if (typeof cell !== 'number' || !(Math.abs(cell) <= MAX_DECIMAL)) {
    throw new SwathError('Bug', `${name} is no decimal up to ${MAX_DECIMAL}: ${String(cell)}`);
  }
  return BigInt(Math.round(cell * 1e9));
}
