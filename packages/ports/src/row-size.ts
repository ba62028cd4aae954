import type { AttributeValue } from './table.ts';
import { utf8Length } from './utf8.ts';

/**
 * Size of a row as DynamoDB counts it, rounded up where its documentation says "approximately" (numbers: one byte for
 * two digits, plus two). Source: DynamoDB developer guide, "Item sizes and formats".
 */
export function rowSizeBytes(row: Readonly<Record<string, AttributeValue | undefined>>): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(row)) {
    if (value !== undefined) bytes += utf8Length(name) + valueSizeBytes(value);
  }
  return bytes;
}

function valueSizeBytes(value: AttributeValue): number {
  if (typeof value === 'string') return utf8Length(value);
  if (typeof value === 'number') return Math.ceil(String(value).length / 2) + 2;
  if (value === null || typeof value === 'boolean') return 1;
  let bytes = 3;
  if (isList(value)) {
    for (const element of value) bytes += 1 + valueSizeBytes(element);
    return bytes;
  }
  for (const [name, element] of Object.entries(value)) {
    bytes += 1 + utf8Length(name) + valueSizeBytes(element);
  }
  return bytes;
}

function isList(value: AttributeValue): value is readonly AttributeValue[] {
  return Array.isArray(value);
}
