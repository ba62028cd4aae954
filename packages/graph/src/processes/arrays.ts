import { exception, invalidParameter, openeoError } from '../exceptions.ts';
import { MAX_ARRAY_LENGTH } from '../limits.ts';
import { optional, type Process, required } from '../registry/definition.ts';
import { aBoolean, aCount, aLabel, anArray, anInteger, anything, labelList } from '../registry/schema.ts';
import { any, flag, labels, labelsOf, list, number, numeric } from '../values/read.ts';
import { type Label, labelled, type Value } from '../values/value.ts';
import { equal } from './comparison.ts';

const arrays = ['arrays'];
const labelOrNull = { type: ['number', 'string', 'null'] } as const;
const indexOrNull = { type: ['integer', 'null'], minimum: 0 } as const;

function checkLength(length: number): void {
  if (length <= MAX_ARRAY_LENGTH) return;
  throw openeoError(
    'ProcessGraphComplexity',
    `An array of ${length} elements is over the limit of ${MAX_ARRAY_LENGTH}.`,
  );
}

/** Joined labels. @throws SwathError ArrayLabelConflict */
function distinct(all: readonly Label[]): readonly Label[] {
  if (new Set(all).size !== all.length) throw exception('ArrayLabelConflict');
  return all;
}

/** Whether `value` occurs by the rules of eq, where arrays, objects and no data equal nothing. */
const isSame = (value: Value) => (element: Value) => equal(element, value) === true;

const create: Process = {
  id: 'array_create',
  summary: 'Make an array',
  description: 'The given elements, repeated as often as asked.',
  categories: arrays,
  parameters: [
    optional('data', 'The elements.', anArray, []),
    optional('repeat', 'How often they occur, one after the other.', { ...anInteger, minimum: 1 }, 1),
  ],
  returns: { description: 'The array.', schema: anArray },
  exceptions: [],
  run: (args) => {
    const [data, repeat] = [list(args, 'data'), number(args, 'repeat')];
    checkLength(data.length * repeat);
    return data.length === 0
      ? []
      : Array.from({ length: data.length * repeat }, (_, i) => data[i % data.length]!);
  },
};

const createLabeled: Process = {
  id: 'array_create_labeled',
  summary: 'Make a labelled array',
  description: 'Puts a label at every value.',
  categories: arrays,
  parameters: [required('data', 'The values.', anArray), required('labels', 'As many labels.', labelList)],
  returns: {
    description: 'The labelled array.',
    schema: { type: 'array', subtype: 'labeled-array', items: anything },
  },
  exceptions: ['ArrayLengthMismatch'],
  experimental: true,
  run: (args) => {
    const [values, names] = [list(args, 'data'), labels(args, 'labels')];
    if (values.length !== names.length)
      throw exception('ArrayLengthMismatch', `${values.length} and ${names.length}.`);
    return labelled(names, values);
  },
};

const append: Process = {
  id: 'array_append',
  summary: 'Add an element',
  description:
    'Behind the last one. In a labelled array without a label given, its position becomes the label.',
  categories: arrays,
  parameters: [
    required('data', 'The array.', anArray),
    required('value', 'The new element.', anything),
    optional('label', 'Its label, in labelled arrays.', labelOrNull, null),
  ],
  returns: { description: 'The longer array.', schema: anArray },
  exceptions: ['LabelExists', 'ArrayNotLabeled'],
  run: (args) => {
    const names = labelsOf(any(args, 'data'));
    const values = [...list(args, 'data'), any(args, 'value')];
    const label = any(args, 'label') as Label | null;
    if (names === null) {
      if (label !== null) throw exception('ArrayNotLabeled');
      return values;
    }
    const name = label ?? names.length;
    if (names.includes(name)) throw exception('LabelExists', `It is ${JSON.stringify(name)}.`);
    return labelled([...names, name], values);
  },
};

const concat: Process = {
  id: 'array_concat',
  summary: 'Join two arrays',
  description: 'The second behind the first. Labels stay when both have them.',
  categories: arrays,
  parameters: [
    required('array1', 'The first array.', anArray),
    required('array2', 'The second array.', anArray),
  ],
  returns: { description: 'The joined array.', schema: anArray },
  exceptions: ['ArrayLabelConflict'],
  run: (args) => {
    const [a, b] = [labelsOf(any(args, 'array1')), labelsOf(any(args, 'array2'))];
    const values = [...list(args, 'array1'), ...list(args, 'array2')];
    checkLength(values.length);
    return a === null || b === null ? values : labelled(distinct([...a, ...b]), values);
  },
};

const modify: Process = {
  id: 'array_modify',
  summary: 'Replace, insert or remove elements',
  description: 'Takes `length` elements out at `index` and puts the values in their place.',
  categories: arrays,
  parameters: [
    required('data', 'The array.', anArray),
    required('values', 'What to put in.', anArray),
    required('index', 'Where; the number of elements for the end.', aCount),
    optional(
      'length',
      'How many to take out. Left out: none, or one when there is nothing to put in.',
      aCount,
    ),
  ],
  returns: { description: 'The changed array.', schema: anArray },
  exceptions: ['ArrayElementNotAvailable', 'ArrayLabelConflict'],
  experimental: true,
  run: (args) => {
    const [data, values] = [list(args, 'data'), list(args, 'values')];
    const [names, newNames] = [labelsOf(any(args, 'data')), labelsOf(any(args, 'values'))];
    const index = number(args, 'index');
    if (index > data.length)
      throw exception('ArrayElementNotAvailable', `It has ${data.length}, not ${index}.`);
    const end = index + (numeric(args, 'length') ?? (values.length === 0 ? 1 : 0));
    checkLength(data.length + values.length);
    const joined = <T>(old: readonly T[], fresh: readonly T[]) => [
      ...old.slice(0, index),
      ...fresh,
      ...old.slice(end),
    ];
    const keeps = (names !== null || data.length === 0) && (newNames !== null || values.length === 0);
    if (!keeps || (names ?? newNames) === null) return joined(data, values);
    distinct([...(names ?? []), ...(newNames ?? [])]);
    return labelled(joined(names ?? [], newNames ?? []), joined(data, values));
  },
};

const element: Process = {
  id: 'array_element',
  summary: 'One element',
  description: 'By its position from 0, or by its label.',
  categories: ['arrays', 'reducer'],
  parameters: [
    required('data', 'The array.', anArray),
    optional('index', 'Position from 0.', { type: ['integer', 'null'] }),
    optional('label', 'Label of the element.', labelOrNull),
    optional('return_nodata', 'True gives no data where there is no such element.', aBoolean, false),
  ],
  returns: { description: 'The element.', schema: anything },
  exceptions: [
    'ArrayElementNotAvailable',
    'ArrayElementParameterMissing',
    'ArrayElementParameterConflict',
    'ArrayNotLabeled',
  ],
  run: (args) => {
    const [values, names] = [list(args, 'data'), labelsOf(any(args, 'data'))];
    const [index, label] = [numeric(args, 'index'), any(args, 'label') as Label | null];
    if (index === null && label === null) throw exception('ArrayElementParameterMissing');
    if (index !== null && label !== null) throw exception('ArrayElementParameterConflict');
    if (label !== null && names === null) throw exception('ArrayNotLabeled');
    const at = index ?? (names ?? []).indexOf(label ?? '');
    if (at >= 0 && at < values.length) return values[at]!;
    if (flag(args, 'return_nodata')) return null;
    const has =
      names === null ? `${values.length} elements` : names.map((name) => JSON.stringify(name)).join(', ');
    throw exception(
      'ArrayElementNotAvailable',
      `It has ${has.slice(0, 200)}, not ${JSON.stringify(label ?? index)}.`,
    );
  },
};

const find: Process = {
  id: 'array_find',
  summary: 'Position of a value',
  description: 'From 0, by the rules of eq; no data where it does not occur, and for arrays and objects.',
  categories: ['arrays', 'reducer'],
  parameters: [
    required('data', 'The array.', anArray),
    required('value', 'What to look for.', anything),
    optional('reverse', 'True looks from the end.', aBoolean, false),
  ],
  returns: { description: 'The position, or no data.', schema: indexOrNull },
  exceptions: [],
  run: (args) => {
    const [values, same] = [list(args, 'data'), isSame(any(args, 'value'))];
    const at = flag(args, 'reverse') ? values.findLastIndex(same) : values.findIndex(same);
    return at < 0 ? null : at;
  },
};

const contains: Process = {
  id: 'array_contains',
  summary: 'Whether a value occurs',
  description: 'By the rules of eq: never for no data, arrays and objects.',
  categories: ['arrays', 'comparison', 'reducer'],
  parameters: [required('data', 'The array.', anArray), required('value', 'What to look for.', anything)],
  returns: { description: 'True when it does.', schema: aBoolean },
  exceptions: [],
  run: (args) => list(args, 'data').some(isSame(any(args, 'value'))),
};

const findLabel: Process = {
  id: 'array_find_label',
  summary: 'Position of a label',
  description: 'From 0; no data where there is no such label, or none at all.',
  categories: ['arrays', 'reducer'],
  parameters: [required('data', 'The array.', anArray), required('label', 'What to look for.', aLabel)],
  returns: { description: 'The position, or no data.', schema: indexOrNull },
  exceptions: [],
  experimental: true,
  run: (args) => {
    const at = (labelsOf(any(args, 'data')) ?? []).indexOf(any(args, 'label') as Label);
    return at < 0 ? null : at;
  },
};

const labelsProcess: Process = {
  id: 'array_labels',
  summary: 'All labels',
  description: 'Of a labelled array; of others the positions from 0.',
  categories: arrays,
  parameters: [required('data', 'The array.', anArray)],
  returns: {
    description: 'The labels, in the order of the elements.',
    schema: { type: 'array', items: aLabel },
  },
  exceptions: [],
  run: (args) => labelsOf(any(args, 'data')) ?? list(args, 'data').map((_, i) => i),
};

const rearrange: Process = {
  id: 'rearrange',
  summary: 'Elements in another order',
  description: 'Takes the elements at the given positions, one after the other.',
  categories: ['arrays', 'sorting'],
  parameters: [
    required('data', 'The array.', anArray),
    required('order', 'Positions from 0, such as order gives.', { type: 'array', items: aCount }),
  ],
  returns: { description: 'The rearranged array.', schema: anArray },
  exceptions: [],
  run: (args) => {
    const [data, names] = [list(args, 'data'), labelsOf(any(args, 'data'))];
    const order = list(args, 'order').map(Number);
    const beyond = order.find((at) => at >= data.length);
    if (beyond !== undefined) {
      throw invalidParameter(
        'rearrange',
        'order',
        `there is no position ${beyond} in ${data.length} elements`,
      );
    }
    const values = order.map((at) => data[at]!);
    if (names === null || new Set(order).size !== order.length) return values;
    return labelled(
      order.map((at) => names[at]!),
      values,
    );
  },
};

/** Making, changing and looking into arrays. */
export const arrayProcesses: readonly Process[] = [
  create,
  createLabeled,
  append,
  concat,
  modify,
  element,
  find,
  findLabel,
  contains,
  labelsProcess,
  rearrange,
];
