import type { SchemaElement } from 'hyparquet';
import type { Column, SqlType } from '../tables/types.ts';

/** One value of a row. Integers are numbers up to 2^53, decimals numbers rounded to their last digit, instants Dates, geometries WKB. */
export type Cell =
  | string
  | number
  | boolean
  | Date
  | Uint8Array
  | readonly string[]
  | readonly number[]
  | null;
export type TableRow = Readonly<Record<string, Cell>>;

type Leaf = Omit<SchemaElement, 'name'>;

const text: Leaf = { type: 'BYTE_ARRAY', converted_type: 'UTF8' };
const real: Leaf = { type: 'DOUBLE' };

/**
 * Instants are INT64 milliseconds adjusted to UTC. Geometry is plain WKB, as GeoParquet 1.1 has it: readers that know
 * nothing of Parquet's newer GEOMETRY annotation may refuse a whole file for it.
 */
const leaves: Readonly<Record<Exclude<SqlType, `array${string}`>, Leaf>> = {
  varchar: text,
  bigint: { type: 'INT64' },
  double: real,
  'decimal(18,9)': {
    type: 'INT64',
    converted_type: 'DECIMAL',
    logical_type: { type: 'DECIMAL', precision: 18, scale: 9 },
    precision: 18,
    scale: 9,
  },
  boolean: { type: 'BOOLEAN' },
  timestamp: {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MILLIS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
  },
  varbinary: { type: 'BYTE_ARRAY' },
};

/** Lists have Parquet's three levels, which Athena, DuckDB and Arrow all read as arrays. */
function elementsOf({ name, type }: Column): SchemaElement[] {
  if (type === 'array(varchar)' || type === 'array(double)') {
    const leaf = type === 'array(varchar)' ? text : real;
    return [
      { name, repetition_type: 'OPTIONAL', converted_type: 'LIST', num_children: 1 },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      { name: 'element', ...leaf, repetition_type: 'OPTIONAL' },
    ];
  }
  return [{ name, ...leaves[type], repetition_type: 'OPTIONAL' }];
}

/** Every column may be null, so that a column added later is null in older files and no reader minds. */
export function schemaOf(columns: readonly Column[]): SchemaElement[] {
  return [{ name: 'row', num_children: columns.length }, ...columns.flatMap(elementsOf)];
}
