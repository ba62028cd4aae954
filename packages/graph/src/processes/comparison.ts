import { optional, type Process, required } from '../registry/definition.ts';
import {
  aBoolean,
  aNumber,
  anything,
  booleanOrNull,
  numberOrNull,
  scalarOrNull,
} from '../registry/schema.ts';
import { type Arguments, any, flag, number, numeric } from '../values/read.ts';
import { isTemporal, type Value } from '../values/value.ts';

const comparison = ['comparison'];

/** A computed date compares as its text. */
const plain = (value: Value): Value =>
  value !== null && typeof value === 'object' && isTemporal(value) ? value.text : value;

/**
 * openEO's `eq` without its options: null where either is no data, false for arrays and objects, else equality of values of
 * the same type.
 */
export function equal(first: Value, second: Value): boolean | null {
  const [x, y] = [plain(first), plain(second)];
  if (x === null || y === null) return null;
  return typeof x !== 'object' && x === y;
}

function equalWithin(args: Arguments): boolean | null {
  const [x, y] = [plain(any(args, 'x')), plain(any(args, 'y'))];
  const delta = numeric(args, 'delta');
  if (typeof x === 'number' && typeof y === 'number' && delta !== null)
    return Math.abs(x - y) <= delta || x === y;
  if (typeof x === 'string' && typeof y === 'string' && !flag(args, 'case_sensitive')) {
    return x.toLowerCase() === y.toLowerCase();
  }
  return equal(x, y);
}

const equalityParameters = [
  required('x', 'The first value.', scalarOrNull),
  required('y', 'The second value.', scalarOrNull),
  optional(
    'delta',
    'Numbers that differ by no more are equal; null asks for exactly the same.',
    numberOrNull,
    null,
  ),
  optional('case_sensitive', 'False takes upper and lower case for the same.', aBoolean, true),
];

function equality(id: string, summary: string, description: string, negated: 'as is' | 'negated'): Process {
  return {
    id,
    summary,
    description,
    categories: ['texts', 'comparison'],
    parameters: equalityParameters,
    returns: { description: 'A boolean, or no data where either is no data.', schema: booleanOrNull },
    exceptions: [],
    run: (args) => {
      const same = equalWithin(args);
      return same === null || negated === 'as is' ? same : !same;
    },
  };
}

/** Only numbers have an order. */
function ordered(x: Value, y: Value, holds: (x: number, y: number) => boolean): boolean | null {
  if (x === null || y === null) return null;
  return typeof x === 'number' && typeof y === 'number' && holds(x, y);
}

function ordering(
  id: string,
  summary: string,
  sign: string,
  holds: (x: number, y: number) => boolean,
): Process {
  return {
    id,
    summary,
    description: `x ${sign} y for two numbers; false for any other pair, as only numbers have an order here.`,
    categories: comparison,
    parameters: [
      required('x', 'The first value.', scalarOrNull),
      required('y', 'The second value.', scalarOrNull),
    ],
    returns: { description: 'A boolean, or no data where either is no data.', schema: booleanOrNull },
    exceptions: [],
    run: (args) => ordered(any(args, 'x'), any(args, 'y'), holds),
  };
}

function test(id: string, summary: string, description: string, holds: (x: Value) => boolean): Process {
  return {
    id,
    summary,
    description,
    categories: comparison,
    parameters: [required('x', 'The value to look at.', anything)],
    returns: { description: 'True when it is so.', schema: aBoolean },
    exceptions: [],
    run: (args) => holds(any(args, 'x')),
  };
}

/** Anything but no data, NaN and infinities. */
export const isValid = (x: Value): boolean => x !== null && (typeof x !== 'number' || Number.isFinite(x));

const between: Process = {
  id: 'between',
  summary: 'Within a range',
  description: 'min <= x <= max, or x < max with exclude_max; false for a range the wrong way round.',
  categories: comparison,
  parameters: [
    required('x', 'The value to look at.', anything),
    required('min', 'Lower end, inclusive.', aNumber),
    required('max', 'Upper end.', aNumber),
    optional('exclude_max', 'True leaves the upper end out.', aBoolean, false),
  ],
  returns: { description: 'A boolean, or no data for no data.', schema: booleanOrNull },
  exceptions: [],
  run: (args) => {
    const [min, max] = [number(args, 'min'), number(args, 'max')];
    const below = flag(args, 'exclude_max') ? (x: number) => x < max : (x: number) => x <= max;
    return ordered(any(args, 'x'), 0, (x) => x >= min && below(x));
  },
};

/** Comparisons of values, and what a value is. */
export const comparisonProcesses: readonly Process[] = [
  equality('eq', 'Equal', 'True for two values of one type that are the same. Dates are texts.', 'as is'),
  equality('neq', 'Not equal', 'The opposite of eq.', 'negated'),
  ordering('gt', 'Greater than', '>', (x, y) => x > y),
  ordering('gte', 'Greater than or equal', '>=', (x, y) => x >= y),
  ordering('lt', 'Less than', '<', (x, y) => x < y),
  ordering('lte', 'Less than or equal', '<=', (x, y) => x <= y),
  between,
  test('is_nodata', 'No data', 'True for no data, not for NaN.', (x) => x === null),
  test('is_nan', 'Not a number', 'True for the number NaN.', (x) => Number.isNaN(x)),
  test('is_valid', 'Valid', 'True for anything but no data, NaN and infinities.', isValid),
  {
    ...test(
      'is_infinite',
      'Infinite',
      'True for plus and minus infinity.',
      (x) => typeof x === 'number' && Math.abs(x) === Number.POSITIVE_INFINITY,
    ),
    experimental: true,
  },
];
