import { openeoError, quoted } from '../exceptions.ts';
import { MAX_GRAPH_DEPTH, MAX_LIVE_CELLS } from '../limits.ts';
import { type Cells, makeCells } from './cells.ts';
import { checkCubeSize, makeCube, sizeOf } from './cube.ts';
import { parseInstant } from './instant.ts';
import {
  type Cube,
  type Dimension,
  type DimensionType,
  type Label,
  type LabelledArray,
  labelled,
  type Scalar,
  temporal,
  type Value,
} from './value.ts';

/** An object of foreign JSON; its keys are own, so `__proto__` is a key like any other. */
export type JsonObject = Readonly<Record<string, unknown>>;

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The own value of a key; undefined for everything inherited. */
export function own(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** An object without prototype, which no key can reach. */
export function objectOf<T>(entries: Iterable<readonly [string, T]>): Record<string, T> {
  const object = Object.create(null) as Record<string, T>;
  for (const [key, value] of entries) object[key] = value;
  return object;
}

function refuse(what: string, pointer: string): never {
  throw openeoError('ProcessParameterInvalid', `${what}.`, {
    pointer,
    fix: 'Write it as the test documents of the openEO processes do.',
  });
}

const nonFinite = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

/** A number, or one of the words that stand for numbers JSON has not. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? nonFinite.get(value) : undefined;
}

const dimensionTypes: ReadonlySet<string> = new Set<DimensionType>([
  'bands',
  'geometry',
  'other',
  'spatial',
  'temporal',
]);

function dimensionOf(name: string, given: unknown, pointer: string): Dimension {
  if (!isJsonObject(given)) return refuse('A dimension is an object', pointer);
  const type = own(given, 'type');
  const labels = own(given, 'values');
  const axis = own(given, 'axis') ?? (type === 'spatial' && /^[xyz]$/.test(name) ? name : undefined);
  const system = own(given, 'reference_system');
  if (typeof type !== 'string' || !dimensionTypes.has(type))
    return refuse('This is no type of a dimension', pointer);
  if (!Array.isArray(labels) || !labels.every((l) => typeof l === 'string' || typeof l === 'number')) {
    return refuse('The values of a dimension are numbers or texts', pointer);
  }
  if (new Set(labels).size !== labels.length) return refuse('A label occurs twice', pointer);
  if (axis !== undefined && axis !== 'x' && axis !== 'y' && axis !== 'z')
    return refuse('An axis is x, y or z', pointer);
  return {
    name,
    type: type as DimensionType,
    labels: labels as readonly Label[],
    ...(axis === undefined ? {} : { axis }),
    ...(typeof system === 'string' || typeof system === 'number' ? { referenceSystem: system } : {}),
  };
}

function dimensionsOf(document: JsonObject, pointer: string): readonly Dimension[] {
  const given = own(document, 'dimensions');
  if (Array.isArray(given)) {
    return given.map((dimension: unknown, i) => {
      const name = isJsonObject(dimension) ? own(dimension, 'name') : undefined;
      if (typeof name !== 'string') return refuse('A dimension has a name', `${pointer}/dimensions/${i}`);
      return dimensionOf(name, dimension, `${pointer}/dimensions/${i}`);
    });
  }
  if (!isJsonObject(given)) return refuse('A data cube has dimensions', pointer);
  const order = own(document, 'order') ?? Object.keys(given);
  if (!Array.isArray(order)) return refuse('The order of dimensions is an array', pointer);
  if (new Set(order).size !== order.length || order.length !== Object.keys(given).length) {
    return refuse('The order names every dimension once', `${pointer}/order`);
  }
  return order.map((name: unknown) => {
    if (typeof name !== 'string' || !Object.hasOwn(given, name)) {
      return refuse(`There is no dimension ${quoted(name)}`, `${pointer}/order`);
    }
    return dimensionOf(name, given[name], `${pointer}/dimensions/${name}`);
  });
}

/** One cell: no data is null, its notation, or the nodata value. */
function cellOf(value: unknown, nodata: number | undefined, pointer: string): Scalar {
  if (value === null || isNodata(value)) return null;
  const number = numberOf(value);
  if (number !== undefined) return Object.is(number, nodata) || number === nodata ? null : number;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  return refuse('The data is nested deeper than the dimensions', pointer);
}

function cellsOf(
  data: unknown,
  dimensions: readonly Dimension[],
  nodata: number | undefined,
  pointer: string,
): Cells {
  const size = sizeOf(dimensions);
  if (data === null || data === undefined) return makeCells(size, () => null);
  let level: readonly unknown[] = [data];
  for (const { labels, name } of dimensions) {
    const next: unknown[] = [];
    for (const part of level) {
      if (!Array.isArray(part) || part.length !== labels.length) {
        return refuse(`The data has not ${labels.length} values along ${quoted(name)}`, `${pointer}/data`);
      }
      for (const item of part) next.push(item);
    }
    level = next;
  }
  if (dimensions.length === 0) return makeCells(0, () => null);
  return makeCells(size, (i) => cellOf(level[i], nodata, `${pointer}/data`));
}

/** Cells that data cubes may still have together: one without data is a few bytes of JSON, and as large as any. */
export interface CellBudget {
  left: number;
}

/** @throws SwathError LimitExceeded */
export function spendCells(budget: CellBudget, cells: number, pointer?: string): void {
  budget.left -= cells;
  if (budget.left >= 0) return;
  throw openeoError('ProcessGraphComplexity', 'The data cubes have more cells together than fit in memory.', {
    ...(pointer === undefined ? {} : { pointer }),
    fix: 'Use a smaller area, fewer dates or a coarser grid, and filter before anything else.',
  });
}

function cubeOf(document: JsonObject, pointer: string, budget: CellBudget): Cube {
  const dimensions = dimensionsOf(document, pointer);
  checkCubeSize(dimensions);
  spendCells(budget, sizeOf(dimensions), pointer);
  const given = own(document, 'nodata');
  const nodata = numberOf(given);
  if (given !== undefined && given !== null && nodata === undefined)
    refuse('nodata is a number', `${pointer}/nodata`);
  return makeCube(dimensions, cellsOf(own(document, 'data'), dimensions, nodata, pointer), nodata);
}

function labelledOf(document: JsonObject, depth: number, pointer: string, budget: CellBudget): LabelledArray {
  const data = own(document, 'data');
  if (!Array.isArray(data)) return refuse('A labelled array has data', pointer);
  const labels: Label[] = [];
  const values: Value[] = [];
  for (const [i, element] of (data as readonly unknown[]).entries()) {
    const key = isJsonObject(element) ? own(element, 'key') : undefined;
    if (!isJsonObject(element) || (typeof key !== 'string' && typeof key !== 'number')) {
      return refuse('An element of a labelled array has a key and a value', `${pointer}/data/${i}`);
    }
    labels.push(key);
    values.push(decode(own(element, 'value') ?? null, depth + 1, `${pointer}/data/${i}/value`, budget));
  }
  if (new Set(labels).size !== labels.length) refuse('A key occurs twice', `${pointer}/data`);
  return labelled(labels, values);
}

const isNodata = (value: unknown): boolean =>
  isJsonObject(value) && own(value, 'type') === 'nodata' && Object.keys(value).length === 1;

function decode(value: unknown, depth: number, pointer: string, budget: CellBudget): Value {
  if (depth > MAX_GRAPH_DEPTH) {
    throw openeoError('ProcessGraphComplexity', `Values are nested over ${MAX_GRAPH_DEPTH} levels deep.`, {
      pointer,
    });
  }
  if (
    value === null ||
    typeof value === 'boolean' ||
    typeof value === 'number' ||
    typeof value === 'string'
  ) {
    return value;
  }
  if (Array.isArray(value)) return value.map((item, i) => decode(item, depth + 1, `${pointer}/${i}`, budget));
  if (!isJsonObject(value)) return refuse('This is no JSON', pointer);
  const type = own(value, 'type');
  if (isNodata(value)) return null;
  if (type === 'labeled-array') return labelledOf(value, depth, pointer, budget);
  if (type === 'datacube') return cubeOf(value, pointer, budget);
  const text = own(value, 'value');
  if (type === 'datetime' && typeof text === 'string' && parseInstant(text) !== undefined)
    return temporal(text);
  return objectOf(
    Object.entries(value).map(([key, item]) => [key, decode(item, depth + 1, `${pointer}/${key}`, budget)]),
  );
}

/**
 * A literal of a graph as a value. Objects of type `datacube`, `labeled-array`, `datetime` and `nodata` are read as the test
 * documents of the openEO processes write them; other objects stay objects.
 * @param budget of all literals of a graph together.
 * @throws SwathError InvalidInput for such an object that is not well formed; LimitExceeded beyond the limits.
 */
export function decodeValue(
  value: unknown,
  pointer = '',
  budget: CellBudget = { left: MAX_LIVE_CELLS },
): Value {
  return decode(value, 0, pointer, budget);
}
