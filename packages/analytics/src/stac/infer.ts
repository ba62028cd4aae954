import type { SchemaElement } from 'hyparquet';
import { MAX_STRUCT_FIELDS, MAX_STRUCT_LEVELS } from '../limits.ts';

/** Type of a column, found in the values it has to hold. `json` is text, for what no type of Parquet holds as it is. */
export type Shape =
  | { readonly kind: 'null' | 'boolean' | 'number' | 'text' | 'json' | 'instant' | 'bytes' }
  | { readonly kind: 'list'; readonly of: Shape }
  | { readonly kind: 'struct'; readonly fields: ReadonlyMap<string, Shape> };

const plain = (kind: 'null' | 'boolean' | 'number' | 'text' | 'json'): Shape => ({ kind });

/** Shape of one JSON value. @param levels that may still lie below. */
export function shapeOf(value: unknown, levels = MAX_STRUCT_LEVELS): Shape {
  if (value === null || value === undefined) return plain('null');
  if (typeof value === 'boolean') return plain('boolean');
  if (typeof value === 'number') return plain('number');
  if (typeof value === 'string') return plain('text');
  if (levels === 0) return plain('json');
  const below = (one: unknown) => shapeOf(one, levels - 1);
  if (Array.isArray(value)) return { kind: 'list', of: value.map(below).reduce(join, plain('null')) };
  return structOf(new Map(Object.entries(value).map(([name, field]) => [name, below(field)])));
}

/** Parquet has no group without a field; what has very many is no structure but a table of its own. */
const structOf = (fields: ReadonlyMap<string, Shape>): Shape =>
  fields.size === 0 || fields.size > MAX_STRUCT_FIELDS ? plain('json') : { kind: 'struct', fields };

/** Shape that holds the values of both. Values of two kinds become JSON text. */
export function join(a: Shape, b: Shape): Shape {
  if (a.kind === 'null') return b;
  if (b.kind === 'null') return a;
  if (a.kind === 'list' && b.kind === 'list') return { kind: 'list', of: join(a.of, b.of) };
  if (a.kind === 'struct' && b.kind === 'struct') {
    const fields = new Map(a.fields);
    for (const [name, shape] of b.fields) fields.set(name, join(fields.get(name) ?? plain('null'), shape));
    return structOf(fields);
  }
  return a.kind === b.kind ? a : plain('json');
}

/** Schema elements of a column, depth first, as Parquet lists them. What is always null is text. */
export function elementsOf(name: string, shape: Shape): SchemaElement[] {
  const optional = { name, repetition_type: 'OPTIONAL' } as const;
  switch (shape.kind) {
    case 'boolean':
      return [{ ...optional, type: 'BOOLEAN' }];
    case 'number':
      return [{ ...optional, type: 'DOUBLE' }];
    case 'bytes':
      return [{ ...optional, type: 'BYTE_ARRAY' }];
    case 'instant':
      return [
        {
          ...optional,
          type: 'INT64',
          converted_type: 'TIMESTAMP_MILLIS',
          logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
        },
      ];
    case 'list':
      return [
        { ...optional, converted_type: 'LIST', num_children: 1 },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        ...elementsOf('element', shape.of),
      ];
    case 'struct':
      return [
        { ...optional, num_children: shape.fields.size },
        ...[...shape.fields].flatMap(([field, inner]) => elementsOf(field, inner)),
      ];
    default:
      return [{ ...optional, type: 'BYTE_ARRAY', converted_type: 'UTF8' }];
  }
}

/** A value as the writer takes it for a column of this shape. */
export function cellOf(value: unknown, shape: Shape): unknown {
  if (value === null || value === undefined) return null;
  if (shape.kind === 'json') return JSON.stringify(value);
  if (shape.kind === 'list' && Array.isArray(value)) return value.map((one) => cellOf(one, shape.of));
  if (shape.kind === 'struct' && typeof value === 'object') {
    const fields = new Map(Object.entries(value));
    return Object.fromEntries(
      [...shape.fields].map(([name, inner]) => [name, cellOf(fields.get(name), inner)]),
    );
  }
  return value;
}
