import type { Process } from '../registry/definition.ts';
import { optional, required } from '../registry/definition.ts';
import { aBoolean, numberList, numberOrNull, type Schema } from '../registry/schema.ts';
import { flag, numbers, numeric } from '../values/read.ts';
import type { Value } from '../values/value.ts';

type Words = Pick<Process, 'id' | 'summary' | 'description' | 'categories'>;

export const ignoreNodata = optional(
  'ignore_nodata',
  'True leaves no-data values out; false lets one of them decide the result.',
  aBoolean,
  true,
);

/** A function of one number; no data stays no data. */
export function ofNumber(words: Words, compute: (x: number) => number, parameter = 'x'): Process {
  return {
    ...words,
    parameters: [required(parameter, 'A number, or no data.', numberOrNull)],
    returns: { description: 'The result, or no data for no data.', schema: numberOrNull },
    exceptions: [],
    run: (args) => {
      const x = numeric(args, parameter);
      return x === null ? null : compute(x);
    },
  };
}

/** A function of two numbers; no data in either gives no data. */
export function ofTwoNumbers(
  words: Words,
  compute: (a: number, b: number) => number,
  [first, second]: readonly [string, string] = ['x', 'y'],
): Process {
  return {
    ...words,
    parameters: [
      required(first, 'The first number, or no data.', numberOrNull),
      required(second, 'The second number, or no data.', numberOrNull),
    ],
    returns: { description: 'The result, or no data where either is no data.', schema: numberOrNull },
    exceptions: [],
    run: (args) => {
      const a = numeric(args, first);
      const b = numeric(args, second);
      return a === null || b === null ? null : compute(a, b);
    },
  };
}

/** Numbers that count: null when no data is to decide and occurs. */
export function counted(values: readonly (number | null)[], ignoring: boolean): readonly number[] | null {
  const kept = values.filter((value) => value !== null);
  return ignoring || kept.length === values.length ? kept : null;
}

/** A statistic of numbers. It is given at least one; without any, and for no data that counts, the result is `none`. */
export function ofNumbers(
  words: Words,
  compute: (values: readonly number[]) => Value,
  returns: Schema = numberOrNull,
  none: Value = null,
): Process {
  return {
    ...words,
    parameters: [required('data', 'Numbers and no-data values.', numberList), ignoreNodata],
    returns: {
      description: 'The statistic, or no data where there is nothing to compute it from.',
      schema: returns,
    },
    exceptions: [],
    run: (args) => {
      const values = counted(numbers(args, 'data'), flag(args, 'ignore_nodata'));
      return values === null || values.length === 0 ? none : compute(values);
    },
  };
}

/** A constant. */
export function constantOf(words: Words, value: number): Process {
  return {
    ...words,
    parameters: [],
    returns: { description: 'The constant.', schema: { type: 'number' } },
    exceptions: [],
    run: () => value,
  };
}
