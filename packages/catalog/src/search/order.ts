import { compareUtf8 } from '@swath/ports';
import type { Entry, JsonObject } from '../store/types.ts';
import type { Position, SortField, SortValue } from './query.ts';

/** Characters of a text that count in an order: what follows decides nothing, and keeps tokens short. */
const SORT_CHARS = 200;

/** Newest first; ids as the time. */
export const newestFirst: readonly SortField[] = [{ field: 'datetime', direction: 'desc' }];

/** With `id` and `collection` at the end every order is total; they go the way of the field before them. */
export function totalOrder(fields: readonly SortField[]): readonly SortField[] {
  const direction = fields.at(-1)?.direction ?? 'asc';
  const ends = ['id', 'collection'].filter((name) => !fields.some(({ field }) => field === name));
  return [...fields, ...ends.map((field) => ({ field, direction }))];
}

/** True when the first thing an order looks at is time, so that Items can be read in it. */
export function timeOf(fields: readonly SortField[]): SortField['direction'] | undefined {
  return fields[0]?.field === 'datetime' ? fields[0].direction : undefined;
}

/** The value of an Item at a path: the whole path as one name, or step by step. */
export function fieldOf(item: JsonObject, path: string): unknown {
  const properties = item['properties'];
  const inProperties = path.startsWith('properties.') ? path.slice('properties.'.length) : path;
  return at(properties, inProperties) ?? at(item, path);
}

function at(value: unknown, path: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Object.hasOwn(value, path)) return (value as JsonObject)[path];
  const dot = path.indexOf('.');
  if (dot < 0 || !Object.hasOwn(value, path.slice(0, dot))) return undefined;
  return at((value as JsonObject)[path.slice(0, dot)], path.slice(dot + 1));
}

function sortValue(entry: Entry, field: string): SortValue {
  if (field === 'datetime') return entry.startMs;
  if (field === 'id') return entry.id;
  if (field === 'collection') return entry.collection;
  const value = fieldOf(entry.item, field);
  if (typeof value === 'string') return value.slice(0, SORT_CHARS).toWellFormed();
  return typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

export const sortValues = (entry: Entry, fields: readonly SortField[]): SortValue[] =>
  fields.map(({ field }) => sortValue(entry, field));

const rank = (value: SortValue) => ['boolean', 'number', 'string', 'object'].indexOf(typeof value);

/** Values of different kinds by kind; null is above all, so last going up and first going down (as in PostgreSQL). */
function compareValue(a: SortValue, b: SortValue): number {
  if (typeof a === 'string' && typeof b === 'string') return compareUtf8(a, b);
  if (typeof a === typeof b) return Number(a) - Number(b);
  return rank(a) - rank(b);
}

/** Negative when `a` comes before `b`. */
export function compareOrder(
  a: readonly SortValue[],
  b: readonly SortValue[],
  fields: readonly SortField[],
): number {
  for (const [index, { direction }] of fields.entries()) {
    const difference = compareValue(a[index] ?? null, b[index] ?? null);
    if (difference !== 0) return direction === 'asc' ? difference : -difference;
  }
  return 0;
}

/** Whether an Item with these values is still to come at the position. */
export function isAfter(
  values: readonly SortValue[],
  position: Position,
  fields: readonly SortField[],
): boolean {
  if (position.kind === 'item') return compareOrder(values, position.values, fields) > 0;
  const time = values[0];
  if (typeof time !== 'number') return true;
  // `beforeMs` itself was not looked at yet.
  return fields[0]?.direction === 'desc' ? time <= position.beforeMs : time >= position.beforeMs;
}
