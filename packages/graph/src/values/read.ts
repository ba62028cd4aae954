import {
  type Callback,
  type Cube,
  isArray,
  isCallback,
  isCube,
  isLabelled,
  isTemporal,
  type Label,
  type Value,
} from './value.ts';

/**
 * Arguments of one call: every parameter of the definition is there, checked against its schema, defaults filled in. The
 * readers below narrow their types; a mismatch is a schema that says less than its process needs, and our bug.
 */
export type Arguments = Readonly<Record<string, Value>>;

function mismatch(name: string, wanted: string): never {
  throw new TypeError(`the schema of "${name}" lets values through that are no ${wanted}`);
}

export function any(args: Arguments, name: string): Value {
  return args[name] ?? null;
}

/** A number, or null for no data. */
export function numeric(args: Arguments, name: string): number | null {
  const value = args[name] ?? null;
  return value === null || typeof value === 'number' ? value : mismatch(name, 'number');
}

/** A number that is never null. */
export function number(args: Arguments, name: string): number {
  return numeric(args, name) ?? mismatch(name, 'number');
}

/** A boolean, or null for no data. */
export function logical(args: Arguments, name: string): boolean | null {
  const value = args[name] ?? null;
  return value === null || typeof value === 'boolean' ? value : mismatch(name, 'boolean');
}

/** True only when it is true. */
export function flag(args: Arguments, name: string): boolean {
  return logical(args, name) === true;
}

/** A text, or null; a computed date is its text. */
export function optionalText(args: Arguments, name: string): string | null {
  const value = args[name] ?? null;
  if (value !== null && isTemporal(value)) return value.text;
  return value === null || typeof value === 'string' ? value : mismatch(name, 'text');
}

export function text(args: Arguments, name: string): string {
  return optionalText(args, name) ?? mismatch(name, 'text');
}

/** The elements of an array, labelled or not. */
export function list(args: Arguments, name: string): readonly Value[] {
  const value = args[name] ?? null;
  if (isArray(value)) return value;
  return isLabelled(value) ? value.values : mismatch(name, 'array');
}

/** Labels of a labelled array; null for one without. */
export function labelsOf(value: Value): readonly Label[] | null {
  return isLabelled(value) ? value.labels : null;
}

/** The elements as numbers and nulls. */
export function numbers(args: Arguments, name: string): readonly (number | null)[] {
  const values = list(args, name);
  for (const value of values)
    if (value !== null && typeof value !== 'number') mismatch(name, 'array of numbers');
  return values as readonly (number | null)[];
}

export function texts(args: Arguments, name: string): readonly string[] {
  return list(args, name).map((value) =>
    typeof value === 'string' ? value : mismatch(name, 'array of texts'),
  );
}

export function labels(args: Arguments, name: string): readonly Label[] {
  return list(args, name).map((value) =>
    typeof value === 'string' || typeof value === 'number' ? value : mismatch(name, 'array of labels'),
  );
}

export function cube(args: Arguments, name: string): Cube {
  const value = args[name] ?? null;
  return isCube(value) ? value : mismatch(name, 'data cube');
}

export function callback(args: Arguments, name: string): Callback {
  const value = args[name] ?? null;
  return isCallback(value) ? value : mismatch(name, 'process graph');
}
