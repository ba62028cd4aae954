import { optional, type Process, required } from '../registry/definition.ts';
import {
  aBoolean,
  aCount,
  anArray,
  anything,
  booleanOrNull,
  callbackOf,
  numberList,
  type Schema,
  scalarOrNull,
} from '../registry/schema.ts';
import { parseInstant } from '../values/instant.ts';
import { any, callback, flag, labelsOf, list, logical, numbers } from '../values/read.ts';
import { isTemporal, type Label, type LabelledArray, labelled, type Value } from '../values/value.ts';
import { ignoreNodata } from './shorthand.ts';

const onElements = (returns: Schema): Schema =>
  callbackOf(
    [
      ['x', 'The element.', anything],
      ['index', 'Its position from 0.', aCount],
      ['label', 'Its label; no data where there is none.', { type: ['number', 'string', 'null'] }],
    ],
    returns,
  );

const context = optional('context', 'Handed on to the process.', anything, null);

/** The array with other values, labelled as it was. */
function relabelled(
  values: readonly Value[],
  names: readonly Label[] | null,
): readonly Value[] | LabelledArray {
  return names === null ? values : labelled(names, values);
}

const apply: Process = {
  id: 'array_apply',
  summary: 'Apply a process to every element',
  description: 'The result has the same length and labels.',
  categories: ['arrays'],
  parameters: [
    required('data', 'The array.', anArray),
    required('process', 'What to apply.', onElements(anything)),
    context,
  ],
  returns: { description: 'The new values.', schema: anArray },
  exceptions: [],
  run: (args) => {
    const [names, process] = [labelsOf(any(args, 'data')), callback(args, 'process')];
    const values = list(args, 'data').map((x, index) =>
      process.run({ x, index, label: names?.[index] ?? null, context: any(args, 'context') }),
    );
    return relabelled(values, names);
  },
};

const filter: Process = {
  id: 'array_filter',
  summary: 'Elements that meet a condition',
  description: 'Keeps the elements for which the condition gives true.',
  categories: ['arrays', 'filter'],
  parameters: [
    required('data', 'The array.', anArray),
    required('condition', 'What to keep.', onElements(aBoolean)),
    context,
  ],
  returns: { description: 'The kept elements.', schema: anArray },
  exceptions: [],
  run: (args) => {
    const [names, data, condition] = [
      labelsOf(any(args, 'data')),
      list(args, 'data'),
      callback(args, 'condition'),
    ];
    const kept = data.flatMap((x, index) =>
      condition.run({ x, index, label: names?.[index] ?? null, context: any(args, 'context') }) === true
        ? [index]
        : [],
    );
    return relabelled(
      kept.map((index) => data[index]!),
      names === null ? null : kept.map((index) => names[index]!),
    );
  },
};

/** Where an element lies on the axis: its label as number or date, else its position. */
function positions(names: readonly Label[] | null, length: number): readonly number[] {
  const places = names?.map((name) =>
    typeof name === 'number' ? name : (parseInstant(name)?.epochMs ?? Number.NaN),
  );
  const usable = places?.every((place, i) => !Number.isNaN(place) && (i === 0 || place !== places[i - 1]));
  return places !== undefined && usable === true ? places : Array.from({ length }, (_, i) => i);
}

const interpolate: Process = {
  id: 'array_interpolate_linear',
  summary: 'Fill gaps along straight lines',
  description:
    'Replaces no data and NaN between two numbers; gaps at the ends stay. The axis is the labels, or positions.',
  categories: ['arrays', 'math', 'math > interpolation'],
  parameters: [required('data', 'Numbers with gaps.', numberList)],
  returns: { description: 'The numbers with fewer gaps.', schema: numberList },
  exceptions: [],
  run: (args) => {
    const [data, names] = [numbers(args, 'data'), labelsOf(any(args, 'data'))];
    const at = positions(names, data.length);
    const filled: (number | null)[] = [...data];
    let before = -1;
    data.forEach((value, i) => {
      if (value === null || Number.isNaN(value)) return;
      for (let gap = before + 1; before >= 0 && gap < i; gap++) {
        const part = (at[gap]! - at[before]!) / (at[i]! - at[before]!);
        filled[gap] = data[before]! + (value - data[before]!) * part;
      }
      before = i;
    });
    return relabelled(filled, names);
  },
};

/** What elements sort by: dates as instants, so that offsets do not matter, other texts as they are. */
function sortKey(value: Value): number | string | boolean {
  const text = value !== null && typeof value === 'object' && isTemporal(value) ? value.text : value;
  if (typeof text === 'string') return parseInstant(text)?.epochMs ?? text;
  return typeof text === 'number' || typeof text === 'boolean' ? text : '';
}

/** Positions in sorted order, ties as they stood; NaN counts as larger than all. `null` drops no data. */
function orderOf(data: readonly Value[], isAscending: boolean, nodata: boolean | null): readonly number[] {
  const keys = data.map(sortKey);
  const valid = data.flatMap((value, i) => (value === null ? [] : [i]));
  const sign = isAscending ? 1 : -1;
  const rank = (key: number | string | boolean) => (Number.isNaN(key) ? 1 : 0);
  valid.sort((i, j) => {
    const [a, b] = [keys[i]!, keys[j]!];
    const order = rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0);
    return sign * order || i - j;
  });
  const missing = data.flatMap((value, i) => (value === null ? [i] : []));
  return nodata === null ? valid : nodata ? [...valid, ...missing] : [...missing, ...valid];
}

const sortParameters = [
  required('data', 'Numbers, dates and no-data values.', { type: 'array', items: scalarOrNull } as const),
  optional('asc', 'False puts the largest first.', aBoolean, true),
  optional(
    'nodata',
    'True puts no data at the end, false at the start; null leaves it out.',
    booleanOrNull,
    null,
  ),
];

const sort: Process = {
  id: 'sort',
  summary: 'Sort',
  description: 'Dates sort by time, equal elements stay in their order.',
  categories: ['arrays', 'sorting'],
  parameters: sortParameters,
  returns: { description: 'The sorted elements.', schema: { type: 'array', items: scalarOrNull } },
  exceptions: [],
  run: (args) => {
    const data = list(args, 'data');
    return orderOf(data, flag(args, 'asc'), logical(args, 'nodata')).map((i) => data[i]!);
  },
};

const order: Process = {
  id: 'order',
  summary: 'Positions in sorted order',
  description: 'What rearrange needs to sort the array.',
  categories: ['arrays', 'sorting'],
  parameters: sortParameters,
  returns: { description: 'Positions from 0.', schema: { type: 'array', items: aCount } },
  exceptions: [],
  run: (args) => orderOf(list(args, 'data'), flag(args, 'asc'), logical(args, 'nodata')),
};

function cumulative(id: string, summary: string, step: (soFar: number, next: number) => number): Process {
  return {
    id,
    summary,
    description: 'Every element is the result of all up to it.',
    categories: ['math > cumulative'],
    parameters: [required('data', 'Numbers and no-data values.', numberList), ignoreNodata],
    returns: { description: 'As many numbers; no data stays where it was.', schema: numberList },
    exceptions: [],
    experimental: true,
    run: (args) => {
      let soFar: number | null = null;
      let isOver = false;
      const values = numbers(args, 'data').map((value) => {
        isOver ||= value === null && !flag(args, 'ignore_nodata');
        if (value === null || isOver) return null;
        soFar = soFar === null ? value : step(soFar, value);
        return soFar;
      });
      return relabelled(values, labelsOf(any(args, 'data')));
    },
  };
}

/** What runs along an array. */
export const seriesProcesses: readonly Process[] = [
  apply,
  filter,
  interpolate,
  sort,
  order,
  cumulative('cumsum', 'Cumulative sum', (a, b) => a + b),
  cumulative('cumproduct', 'Cumulative product', (a, b) => a * b),
  cumulative('cummin', 'Cumulative minimum', Math.min),
  cumulative('cummax', 'Cumulative maximum', Math.max),
];
