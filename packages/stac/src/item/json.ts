import { SwathError } from '@swath/core';
import { maxJsonDepth, maxJsonValues } from '../limits.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** A field of an Item that is missing or wrong. `pointer` is a JSON pointer into the Item. */
export function corruptField(pointer: string, what: string): SwathError {
  return new SwathError('Corrupt', `STAC Item: ${pointer} ${what}.`, {
    pointer,
    fix: 'Ask the provider of the Item to correct the field, or leave the Item out.',
  });
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function asObject(value: unknown): JsonObject | undefined {
  return isObject(value) ? value : undefined;
}

export function asArray(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

/** Non-empty text. */
export function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** The texts of a list; everything else in it is dropped. A single text counts as a list of one. */
export function asTexts(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return (asArray(value) ?? []).filter((entry): entry is string => typeof entry === 'string');
}

/** RFC 6901 escape of one reference token. */
export function pointerToken(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** @throws Corrupt when the value is nested deeper or holds more values than any Item has reason to. */
export function checkJsonSize(value: unknown): void {
  let values = 0;
  const queue: { readonly value: unknown; readonly depth: number }[] = [{ value, depth: 0 }];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    values += 1;
    if (next.depth > maxJsonDepth) throw corruptField('/', `is nested deeper than ${maxJsonDepth} levels`);
    if (values > maxJsonValues) throw corruptField('/', `holds more than ${maxJsonValues} values`);
    if (typeof next.value !== 'object' || next.value === null) continue;
    for (const child of Object.values(next.value)) queue.push({ value: child, depth: next.depth + 1 });
  }
}
