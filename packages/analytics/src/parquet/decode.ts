import { SwathError } from '@swath/core';
import { type FileMetaData, parquetMetadata, parquetReadObjects } from 'hyparquet';
import { geojsonToWkb } from 'hyparquet-writer';
import type { Column } from '../tables/types.ts';
import type { Cell, TableRow } from './schema.ts';

export interface DecodedRows {
  readonly rows: readonly TableRow[];
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Rows of a file that `encodeRows` made, of this version or an older one: columns it lacks are null.
 * @throws SwathError Corrupt.
 */
export async function decodeRows(
  columns: readonly Column[],
  bytes: Uint8Array,
  name: string,
): Promise<DecodedRows> {
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  try {
    const metadata = parquetMetadata(file);
    const found = await parquetReadObjects({ file, metadata });
    const rows = found.map((row) =>
      Object.fromEntries(columns.map((column) => [column.name, cellOf(column, row[column.name])])),
    );
    return { rows, metadata: keyValues(metadata) };
  } catch (cause) {
    throw new SwathError('Corrupt', `${name} is no table file.`, { cause });
  }
}

function keyValues(metadata: FileMetaData): Readonly<Record<string, string>> {
  return Object.fromEntries((metadata.key_value_metadata ?? []).map(({ key, value }) => [key, value ?? '']));
}

function cellOf({ name, type }: Column, value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (type === 'bigint' && typeof value === 'bigint') return Number(value);
  // The reader turns the WKB of GeoParquet into GeoJSON.
  if (type === 'varbinary' && typeof value === 'object') return geojsonToWkb(value as Geometry);
  if (type === 'varchar' && typeof value === 'string') return value;
  if (type === 'double' && typeof value === 'number') return value;
  // The reader multiplies by a ninth power that no double holds.
  if (type === 'decimal(18,9)' && typeof value === 'number') return Math.round(value * 1e9) / 1e9;
  if (type === 'boolean' && typeof value === 'boolean') return value;
  if (type === 'timestamp' && value instanceof Date) return value;
  if (type === 'array(varchar)' && isArrayOf(value, 'string')) return value as readonly string[];
  if (type === 'array(double)' && isArrayOf(value, 'number')) return value as readonly number[];
  throw new SwathError('Corrupt', `${name} holds a ${typeof value} where ${type} belongs.`);
}

type Geometry = Parameters<typeof geojsonToWkb>[0];

const isArrayOf = (value: unknown, type: 'string' | 'number'): boolean =>
  Array.isArray(value) && value.every((one) => typeof one === type);
