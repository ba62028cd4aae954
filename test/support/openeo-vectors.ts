import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import JSON5 from 'json5';
import { sharedPath } from './shared.ts';

/** One official vector of a process; `returns` and `throws` together allow either. */
export interface Vector {
  readonly process: string;
  readonly level: string;
  readonly index: number;
  readonly arguments: unknown;
  readonly returns?: unknown;
  readonly throws?: string | true;
  readonly delta: number;
}

interface VectorDocument {
  readonly id: string;
  readonly level?: string;
  readonly tests: readonly (Partial<Vector> & { readonly level?: string | null })[];
}

const root = sharedPath('data', '04-openeo');

/** Assets that `$ref` names, put in its place. */
function resolved(value: unknown, folder: string): unknown {
  if (Array.isArray(value)) return value.map((item) => resolved(item, folder));
  if (typeof value !== 'object' || value === null) return value;
  const reference: unknown = Reflect.get(value, '$ref');
  if (typeof reference === 'string') {
    const text = readFileSync(
      join(folder, 'process-tests-assets', reference.split('/').at(-1) ?? ''),
      'utf8',
    );
    return reference.endsWith('.json5') ? JSON5.parse<unknown>(text) : text;
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolved(item, folder)]));
}

/** All vectors of the shared data; none without it. */
export function loadVectors(): readonly Vector[] {
  if (root === undefined) return [];
  const folder = join(root, 'process-tests');
  return readdirSync(folder).flatMap((file) => {
    const document = JSON5.parse<VectorDocument>(readFileSync(join(folder, file), 'utf8'));
    return document.tests.map((test, at) => ({
      process: document.id,
      level: test.level ?? document.level ?? 'L4',
      index: test.index ?? at,
      arguments: resolved(test.arguments, root),
      ...('returns' in test ? { returns: resolved(test.returns, root) } : {}),
      ...(test.throws === undefined ? {} : { throws: test.throws }),
      delta: test.delta ?? 1e-10,
    }));
  });
}

const field = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;

function dimensionsOf(cube: unknown): readonly unknown[] {
  const dimensions = field(cube, 'dimensions');
  if (Array.isArray(dimensions)) return dimensions;
  const order = field(cube, 'order');
  const names: readonly unknown[] = Array.isArray(order) ? order : Object.keys(dimensions ?? {});
  return names.map((name) => ({ name, ...(field(dimensions, String(name)) as object) }));
}

/** A cube as expected: what the vector leaves out (nodata, data, an axis) is not compared. */
function sameCube(actual: unknown, expected: unknown, delta: number): boolean {
  const [own, wanted] = [dimensionsOf(actual), dimensionsOf(expected)];
  const nodata = field(expected, 'nodata');
  const data = field(expected, 'data');
  return (
    own.length === wanted.length &&
    wanted.every((dimension, i) =>
      Object.entries(dimension as object).every(([key, value]) => isSame(field(own[i], key), value, delta)),
    ) &&
    (nodata === undefined || isSame(field(actual, 'nodata'), nodata, delta)) &&
    (data === null || isSame(field(actual, 'data'), data, delta))
  );
}

/** Whether JSON in our notation says what a vector expects: no data is null, numbers that are not finite are words. */
export function isSame(actual: unknown, expected: unknown, delta: number): boolean {
  if (expected === null || field(expected, 'type') === 'nodata') return actual === null;
  if (typeof expected === 'number') {
    if (!Number.isFinite(expected)) return actual === String(expected);
    return typeof actual === 'number' && Math.abs(actual - expected) <= delta;
  }
  if (typeof expected !== 'object') return actual === expected;
  if (field(expected, 'type') === 'datacube') return sameCube(actual, expected, delta);
  if (typeof actual !== 'object' || actual === null || Array.isArray(actual) !== Array.isArray(expected))
    return false;
  const keys = Object.keys(expected);
  return (
    keys.length === Object.keys(actual).length &&
    keys.every((key) => isSame(field(actual, key), field(expected, key), delta))
  );
}

/** Whether the outcome of a call, as `swath graph eval --json` prints it, is what the vector allows. */
export function meets(vector: Vector, outcome: unknown): boolean {
  const thrown = field(outcome, 'throws');
  if (thrown !== undefined) return vector.throws === true || vector.throws === thrown;
  return 'returns' in vector && isSame(field(outcome, 'returns'), vector.returns, vector.delta);
}
