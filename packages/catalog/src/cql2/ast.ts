/**
 * A CQL2 expression (OGC 21-065r2) as its JSON encoding has it: the text encoding is read into the same values, so that
 * one checker, one printer and one evaluator serve both.
 */
export type Expression =
  | boolean
  | number
  | string
  | PropertyRef
  | Operation
  | TemporalLiteral
  | Geometry
  | BboxLiteral
  | readonly Expression[];

export interface PropertyRef {
  readonly property: string;
}

/** Operator, predicate or function; names are spelled as in cql2.json (`isNull`, `t_finishedBy`). */
export interface Operation {
  readonly op: string;
  readonly args: readonly Expression[];
}

export type TemporalLiteral = DateLiteral | TimestampLiteral | IntervalLiteral;
export interface DateLiteral {
  /** `2024-06-01`. */
  readonly date: string;
}
export interface TimestampLiteral {
  /** RFC 3339 instant, UTC. */
  readonly timestamp: string;
}
export interface IntervalLiteral {
  /** Dates or instants (text), `..` for open, or references. */
  readonly interval: readonly [IntervalEnd, IntervalEnd];
}
export type IntervalEnd = string | PropertyRef | Operation;

export interface BboxLiteral {
  /** 4 or 6 numbers; west > east crosses the antimeridian. */
  readonly bbox: readonly number[];
}

/** x, y and perhaps z, which predicates ignore. */
export type Coordinate = readonly number[];

export type Geometry =
  | { readonly type: 'Point'; readonly coordinates: Coordinate }
  | { readonly type: 'MultiPoint' | 'LineString'; readonly coordinates: readonly Coordinate[] }
  | {
      readonly type: 'MultiLineString' | 'Polygon';
      readonly coordinates: readonly (readonly Coordinate[])[];
    }
  | {
      readonly type: 'MultiPolygon';
      readonly coordinates: readonly (readonly (readonly Coordinate[])[])[];
    }
  | { readonly type: 'GeometryCollection'; readonly geometries: readonly Geometry[] };

export const isList = (e: Expression): e is readonly Expression[] => Array.isArray(e);
export const isProperty = (e: Expression): e is PropertyRef => has(e, 'property');
export const isOperation = (e: Expression): e is Operation => has(e, 'op');
export const isGeometry = (e: Expression): e is Geometry => has(e, 'type');
export const isBbox = (e: Expression): e is BboxLiteral => has(e, 'bbox') && !has(e, 'type');
export const isDate = (e: Expression): e is DateLiteral => has(e, 'date');
export const isTimestamp = (e: Expression): e is TimestampLiteral => has(e, 'timestamp');
export const isInterval = (e: Expression): e is IntervalLiteral => has(e, 'interval');

function has(e: Expression, field: string): boolean {
  return typeof e === 'object' && !Array.isArray(e) && field in e;
}
