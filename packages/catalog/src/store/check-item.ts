import { SwathError } from '@swath/core';
import { parseInstant } from '@swath/stac';
import { readGeometryJson } from '../cql2/geometry-json.ts';
import { MAX_ID_CHARS } from '../limits.ts';
import type { JsonObject } from './types.ts';

/** What an Item must say to be found and shown. */
export interface CheckedItem {
  readonly item: JsonObject;
  readonly id: string;
  readonly startMs: number;
  readonly endMs: number;
  /** When this version was written, Unix milliseconds; 0 when the Item does not say. */
  readonly updatedMs: number;
}

function refuse(pointer: string, message: string): SwathError {
  return new SwathError('InvalidInput', `The Item is none: ${message}.`, {
    pointer,
    fix: 'See the STAC Item specification 1.0.',
  });
}

function objectAt(parent: JsonObject, name: string, pointer: string): JsonObject {
  const value = parent[name];
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw refuse(`${pointer}/${name}`, `"${name}" must be an object`);
}

/** Letters, digits and the marks that ids of real collections have; `#` separates parts of keys. */
export function isCollectionId(id: string): boolean {
  return id.length <= MAX_ID_CHARS && /^[\p{L}\p{N}_.:~+-]+$/u.test(id);
}

export function isItemId(id: string): boolean {
  // Control characters and slashes make paths that no client writes alike.
  return id !== '' && id.length <= MAX_ID_CHARS && !/[\p{C}/\\]/u.test(id) && id.isWellFormed();
}

/**
 * Checks what searching and showing an Item rely on, not the whole specification.
 * @throws InvalidInput with a pointer.
 */
export function checkItem(json: unknown, pointer: string): CheckedItem {
  if (typeof json !== 'object' || json === null) throw refuse(pointer, 'it is no object');
  const item = json as JsonObject;
  const { type, id, geometry, links } = item;
  if (type !== 'Feature') throw refuse(`${pointer}/type`, '"type" must be "Feature"');
  if (typeof id !== 'string' || !isItemId(id)) {
    throw refuse(`${pointer}/id`, `"id" must be a text of 1 to ${MAX_ID_CHARS} characters without slashes`);
  }
  if (geometry !== null) {
    const shape = objectAt(item, 'geometry', pointer);
    readGeometryJson({ vertices: 0 }, shape, `${pointer}/geometry`);
  }
  if (!Array.isArray(links)) throw refuse(`${pointer}/links`, '"links" must be a list');
  for (const [name, asset] of Object.entries(objectAt(item, 'assets', pointer))) {
    const href = typeof asset === 'object' && asset !== null ? (asset as JsonObject)['href'] : undefined;
    if (typeof href !== 'string') throw refuse(`${pointer}/assets/${name}/href`, 'an asset needs an href');
  }
  const properties = objectAt(item, 'properties', pointer);
  const updated = instant(properties['updated']) ?? instant(properties['created']) ?? 0;
  return { item, id, ...timesOf(properties, `${pointer}/properties`), updatedMs: updated };
}

function instant(value: unknown): number | undefined {
  const iso = typeof value === 'string' ? parseInstant(value) : undefined;
  return iso === undefined ? undefined : Date.parse(iso);
}

/** Of an interval with a nominal `datetime` the interval counts: that is what the pixels are of. */
export function timesOf(
  properties: JsonObject,
  pointer: string,
): { readonly startMs: number; readonly endMs: number } {
  const start = instant(properties['start_datetime']);
  const end = instant(properties['end_datetime']);
  if (start !== undefined && end !== undefined && start <= end) return { startMs: start, endMs: end };
  const at = instant(properties['datetime']);
  if (at !== undefined) return { startMs: at, endMs: at };
  throw refuse(`${pointer}/datetime`, 'it has neither a datetime nor start_datetime and end_datetime');
}
