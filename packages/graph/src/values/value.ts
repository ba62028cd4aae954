import type { Cells } from './cells.ts';

/** Tells our own values from objects of users, which may have any string as key. */
export const kind: unique symbol = Symbol('kind');

/** Null is no data. Numbers are IEEE double precision, NaN and infinities included. */
export type Scalar = null | boolean | number | string;

export type Label = number | string;

/** A date with time that a process has computed; the text is RFC 3339 with the offset of its source. */
export interface Temporal {
  readonly [kind]: 'temporal';
  readonly text: string;
}

/** An array whose elements have names; both lists have the same length, labels are distinct. */
export interface LabelledArray {
  readonly [kind]: 'labelled';
  readonly labels: readonly Label[];
  readonly values: readonly Value[];
}

/** One axis of a cube. */
export interface Dimension {
  readonly name: string;
  readonly type: DimensionType;
  readonly labels: readonly Label[];
  /** Only of spatial dimensions. */
  readonly axis?: 'x' | 'y' | 'z';
  /** Any spelling of a CRS that users write; absent where there is none. */
  readonly referenceSystem?: string | number;
  /** Of a dimension of geometries: GeoJSON, with the properties of Features, by label. */
  readonly geometries?: ReadonlyMap<Label, Value>;
}

export type DimensionType = 'bands' | 'geometry' | 'other' | 'spatial' | 'temporal';

/** Cells in row-major order: the last dimension varies fastest. A cube without dimensions has no cells. */
export interface Cube {
  readonly [kind]: 'cube';
  readonly dimensions: readonly Dimension[];
  readonly cells: Cells;
  /** What stands for no data where the cube is written; undefined writes null. */
  readonly nodata?: number | undefined;
}

/** A process graph given as argument, bound to where it stands. */
export interface Callback {
  readonly [kind]: 'callback';
  /** Runs it with these parameters over those of its surroundings. */
  readonly run: (parameters: Readonly<Record<string, Value>>) => Value;
}

/** An object of the user without meaning to us: GeoJSON, options, context. Keys are own, whatever their name. */
export interface PlainObject {
  readonly [key: string]: Value;
}

export type Value = Scalar | Temporal | readonly Value[] | LabelledArray | Cube | Callback | PlainObject;

export type ValueKind =
  | 'null'
  | 'boolean'
  | 'number'
  | 'string'
  | 'temporal'
  | 'array'
  | 'labelled'
  | 'cube'
  | 'callback'
  | 'object';

export function kindOf(value: Value): ValueKind {
  if (value === null) return 'null';
  if (typeof value !== 'object') return typeof value as 'boolean' | 'number' | 'string';
  if (Array.isArray(value)) return 'array';
  return kind in value ? (value[kind] as ValueKind) : 'object';
}

export const isArray = (value: Value): value is readonly Value[] => Array.isArray(value);
export const isCube = (value: Value): value is Cube => kindOf(value) === 'cube';
export const isLabelled = (value: Value): value is LabelledArray => kindOf(value) === 'labelled';
export const isCallback = (value: Value): value is Callback => kindOf(value) === 'callback';
export const isTemporal = (value: Value): value is Temporal => kindOf(value) === 'temporal';
export const isPlainObject = (value: Value): value is PlainObject => kindOf(value) === 'object';

export function isScalar(value: Value): value is Scalar {
  return value === null || typeof value !== 'object';
}

export function labelled(labels: readonly Label[], values: readonly Value[]): LabelledArray {
  return { [kind]: 'labelled', labels, values };
}

export function temporal(text: string): Temporal {
  return { [kind]: 'temporal', text };
}
