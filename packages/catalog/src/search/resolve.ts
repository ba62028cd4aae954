import type { Geometry } from '../cql2/ast.ts';
import type { Resolve } from '../cql2/compile.ts';
import { jsonValue } from '../cql2/values.ts';
import { type Shape, shapesOf } from '../geometry/shape.ts';
import type { Entry } from '../store/types.ts';
import { fieldOf } from './order.ts';

/** The place of an Item; undefined when it has none. */
export function shapesOfItem(entry: Entry): readonly Shape[] | undefined {
  const geometry = entry.item['geometry'];
  // Registration and providers have checked it.
  return geometry === null || geometry === undefined ? undefined : shapesOf(geometry as Geometry);
}

/**
 * Properties of an Item as a filter names them: `id`, `collection`, `geometry`, `datetime`, and whatever lies in its
 * properties, with or without `properties.` before it. `datetime` of an Item that has none is its interval.
 */
export function resolverOf(entry: Entry): Resolve {
  return (name) => {
    if (name === 'collection') return entry.collection;
    if (name === 'id') return entry.id;
    if (name === 'geometry') return jsonValue(entry.item['geometry']);
    const value = jsonValue(fieldOf(entry.item, name));
    const isTime = name === 'datetime' || name === 'properties.datetime';
    return value === null && isTime ? { kind: 'span', startMs: entry.startMs, endMs: entry.endMs } : value;
  };
}
