import type { Geometry } from './ast.ts';
import { type Span, spanOfText } from './temporal-text.ts';

/** What an expression has as value for one Item; null is unknown, as in SQL. */
export type Value = boolean | number | string | null | SpanValue | ShapeValue | readonly Value[] | OtherValue;

export interface SpanValue extends Span {
  readonly kind: 'span';
}
export interface ShapeValue {
  readonly kind: 'geometry';
  readonly geometry: Geometry;
}
/** An object of the Item that no operator looks into, except by equality. */
export interface OtherValue {
  readonly kind: 'other';
  readonly json: unknown;
}

export const isSpan = (value: Value): value is SpanValue => kindOf(value) === 'span';
export const isShape = (value: Value): value is ShapeValue => kindOf(value) === 'geometry';
export const isValueList = (value: Value): value is readonly Value[] => Array.isArray(value);

function kindOf(value: Value): string | undefined {
  return typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;
}

const geometryTypes = new Set([
  'Point',
  'MultiPoint',
  'LineString',
  'MultiLineString',
  'Polygon',
  'MultiPolygon',
  'GeometryCollection',
]);

/** A JSON value of an Item. */
export function jsonValue(json: unknown): Value {
  if (json === null || json === undefined) return null;
  if (typeof json === 'boolean' || typeof json === 'string') return json;
  if (typeof json === 'number') return Number.isFinite(json) ? json : null;
  if (Array.isArray(json)) return json.map(jsonValue);
  if (typeof json === 'object' && 'type' in json && geometryTypes.has(String(json.type))) {
    return { kind: 'geometry', geometry: json as Geometry };
  }
  return { kind: 'other', json };
}

/** The time a value means: a text that is a date or an instant, or a time already; null for anything else. */
export function spanOf(value: Value): SpanValue | null {
  if (isSpan(value)) return value;
  const span = typeof value === 'string' ? spanOfText(value) : undefined;
  return span === undefined ? null : { kind: 'span', ...span };
}
