import { exception } from '../exceptions.ts';
import { optional, type Process, required } from '../registry/definition.ts';
import {
  anArray,
  anInteger,
  anything,
  callbackOf,
  numberList,
  numberOrNull,
  type Schema,
} from '../registry/schema.ts';
import { any, flag, list, numbers } from '../values/read.ts';
import { isArray, isCallback, isLabelled, type Value } from '../values/value.ts';
import { isValid } from './comparison.ts';
import { counted, ignoreNodata, ofNumbers } from './shorthand.ts';

const statistics = ['math > statistics'];
const reducers = [...statistics, 'reducer'];
const pair: Schema = { type: 'array', minItems: 2, maxItems: 2, items: numberOrNull };

/** Loops instead of Math.min(...values): arrays may be longer than an argument list. */
const least = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b));
const greatest = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b));
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b);
const mean = (values: readonly number[]): number => sum(values) / values.length;

/** Of a sample: divided by n - 1, so NaN for a single value. */
function variance(values: readonly number[]): number {
  const middle = mean(values);
  return values.reduce((total, value) => total + (value - middle) ** 2, 0) / (values.length - 1);
}

/** Ascending; undefined where NaN leaves no order. */
function ascending(values: readonly number[]): Float64Array | undefined {
  return values.some(Number.isNaN) ? undefined : Float64Array.from(values).sort();
}

/** Type 7 of Hyndman and Fan (1996): linear between the order statistics. `sorted` is not empty. */
export function quantile(sorted: Float64Array, probability: number): number {
  const at = (sorted.length - 1) * probability;
  const below = Math.floor(at);
  const part = at - below;
  const [low, high] = [sorted[below]!, sorted[below + 1]];
  return part === 0 || high === undefined ? low : low * (1 - part) + high * part;
}

function median(values: readonly number[]): number {
  const sorted = ascending(values);
  return sorted === undefined ? Number.NaN : quantile(sorted, 0.5);
}

function probabilitiesOf(probabilities: Value, q: Value): readonly number[] {
  if (probabilities === null && q === null) throw exception('QuantilesParameterMissing');
  if (probabilities !== null && q !== null) throw exception('QuantilesParameterConflict');
  const given = probabilities ?? q;
  const asked = isArray(given)
    ? given
    : given !== null && typeof given === 'object' && isLabelled(given)
      ? given.values
      : undefined;
  if (asked === undefined) {
    const parts = Number(given);
    return Array.from({ length: parts - 1 }, (_, i) => (i + 1) / parts);
  }
  const list = asked.map(Number);
  if (list.some((p, i) => i > 0 && p < list[i - 1]!)) throw exception('AscendingProbabilitiesRequired');
  return list;
}

const quantiles: Process = {
  id: 'quantiles',
  summary: 'Quantiles',
  description:
    'Values below which given parts of the numbers lie, linear between neighbours (type 7 of Hyndman and Fan).',
  categories: statistics,
  parameters: [
    required('data', 'Numbers and no-data values.', numberList),
    optional('probabilities', 'Parts from 0 to 1, ascending; or into how many equal parts to cut.', [
      { type: 'array', items: { type: 'number', minimum: 0, maximum: 1 } },
      { type: 'integer', minimum: 2, maximum: 10_000 },
    ]),
    optional('q', 'The older name for a number of equal parts.', {
      ...anInteger,
      minimum: 2,
      maximum: 10_000,
    }),
    ignoreNodata,
  ],
  returns: { description: 'One number, or no data, for each part asked for.', schema: numberList },
  exceptions: ['QuantilesParameterMissing', 'QuantilesParameterConflict', 'AscendingProbabilitiesRequired'],
  run: (args) => {
    const probabilities = probabilitiesOf(any(args, 'probabilities'), any(args, 'q'));
    const values = counted(numbers(args, 'data'), flag(args, 'ignore_nodata'));
    if (values === null || values.length === 0) return probabilities.map(() => null);
    const sorted = ascending(values);
    return probabilities.map((p) => (sorted === undefined ? Number.NaN : quantile(sorted, p)));
  },
};

const count: Process = {
  id: 'count',
  summary: 'Number of elements',
  description:
    'Counts valid elements; all with the condition true; else those for which the condition gives true.',
  categories: ['arrays', ...reducers],
  parameters: [
    required('data', 'Values of any kind.', anArray),
    optional(
      'condition',
      'What to count.',
      [
        callbackOf([['x', 'The element.', anything]], { type: 'boolean' }, 'True to count the element.'),
        { type: 'boolean', const: true },
        { type: 'null' },
      ],
      null,
    ),
    optional('context', 'Handed on to the condition.', anything, null),
  ],
  returns: { description: 'How many.', schema: { type: 'number' } },
  exceptions: [],
  run: (args) => {
    const [values, condition, context] = [list(args, 'data'), any(args, 'condition'), any(args, 'context')];
    if (condition === true) return values.length;
    if (condition === null || typeof condition !== 'object' || !isCallback(condition)) {
      return values.filter(isValid).length;
    }
    // The vectors of openEO still call the element by its name of version 0.4.
    return values.filter((x) => condition.run({ x, element: x, context }) === true).length;
  },
};

function firstOf(id: string, summary: string, from: 'start' | 'end'): Process {
  return {
    id,
    summary,
    description: `The element at the ${from}; no data for none.`,
    categories: ['arrays', 'reducer'],
    parameters: [required('data', 'Values of any kind.', anArray), ignoreNodata],
    returns: { description: 'The element, or no data.', schema: anything },
    exceptions: [],
    run: (args) => {
      const values = list(args, 'data');
      const fits = (value: Value) => value !== null || !flag(args, 'ignore_nodata');
      return (from === 'start' ? values.find(fits) : values.findLast(fits)) ?? null;
    },
  };
}

/** Many numbers in, one or a few out. */
export const statisticsProcesses: readonly Process[] = [
  ofNumbers(
    {
      id: 'min',
      summary: 'Minimum',
      description: 'The smallest number; NaN when there is one.',
      categories: ['math', ...reducers],
    },
    least,
  ),
  ofNumbers(
    {
      id: 'max',
      summary: 'Maximum',
      description: 'The largest number; NaN when there is one.',
      categories: ['math', ...reducers],
    },
    greatest,
  ),
  ofNumbers(
    {
      id: 'sum',
      summary: 'Sum',
      description: 'All numbers added in their order.',
      categories: ['math', 'reducer'],
    },
    sum,
  ),
  ofNumbers(
    {
      id: 'product',
      summary: 'Product',
      description: 'All numbers multiplied in their order.',
      categories: ['math', 'reducer'],
    },
    (v) => v.reduce((a, b) => a * b),
  ),
  ofNumbers(
    {
      id: 'mean',
      summary: 'Mean',
      description: 'The sum divided by how many there are.',
      categories: reducers,
    },
    mean,
  ),
  ofNumbers(
    {
      id: 'median',
      summary: 'Median',
      description: 'The middle of the sorted numbers, or the mean of the two in the middle.',
      categories: reducers,
    },
    median,
  ),
  ofNumbers(
    {
      id: 'variance',
      summary: 'Variance',
      description: 'Of a sample: squared deviations from the mean, divided by n - 1.',
      categories: reducers,
    },
    variance,
  ),
  ofNumbers(
    {
      id: 'sd',
      summary: 'Standard deviation',
      description: 'The square root of the variance of the sample.',
      categories: reducers,
    },
    (v) => Math.sqrt(variance(v)),
  ),
  ofNumbers(
    { id: 'extrema', summary: 'Minimum and maximum', description: 'Both at once.', categories: statistics },
    (v) => [least(v), greatest(v)],
    pair,
    [null, null],
  ),
  quantiles,
  count,
  firstOf('first', 'First element', 'start'),
  firstOf('last', 'Last element', 'end'),
];
