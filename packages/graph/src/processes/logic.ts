import { optional, type Process, required } from '../registry/definition.ts';
import { anything, booleanList, booleanOrNull } from '../registry/schema.ts';
import { any, flag, list, logical } from '../values/read.ts';
import { ignoreNodata } from './shorthand.ts';

type Truth = boolean | null;

const categories = ['logic'];

/** Three-valued: false decides, then no data. */
const both = (a: Truth, b: Truth): Truth =>
  a === false || b === false ? false : a === null || b === null ? null : true;

/** Three-valued: true decides, then no data. */
const either = (a: Truth, b: Truth): Truth =>
  a === true || b === true ? true : a === null || b === null ? null : false;

function ofTwo(
  id: string,
  summary: string,
  description: string,
  combine: (a: Truth, b: Truth) => Truth,
): Process {
  return {
    id,
    summary,
    description,
    categories,
    parameters: [
      required('x', 'A boolean, or no data.', booleanOrNull),
      required('y', 'A boolean, or no data.', booleanOrNull),
    ],
    returns: { description: 'A boolean, or no data where it is undecided.', schema: booleanOrNull },
    exceptions: [],
    run: (args) => combine(logical(args, 'x'), logical(args, 'y')),
  };
}

function ofMany(
  id: string,
  summary: string,
  description: string,
  combine: (a: Truth, b: Truth) => Truth,
  start: boolean,
): Process {
  return {
    id,
    summary,
    description,
    categories: ['logic', 'reducer'],
    parameters: [required('data', 'Booleans and no-data values.', booleanList), ignoreNodata],
    returns: { description: 'A boolean, or no data where it is undecided.', schema: booleanOrNull },
    exceptions: [],
    run: (args) => {
      const values = list(args, 'data') as readonly Truth[];
      const kept = flag(args, 'ignore_nodata') ? values.filter((value) => value !== null) : values;
      return kept.reduce(combine, start);
    },
  };
}

/** Three-valued logic: no data is neither true nor false. */
export const logicProcesses: readonly Process[] = [
  ofTwo('and', 'Both are true', 'False when either is false, else no data when either is.', both),
  ofTwo('or', 'Either is true', 'True when either is true, else no data when either is.', either),
  ofTwo('xor', 'Exactly one is true', 'No data when either is.', (a, b) =>
    a === null || b === null ? null : a !== b,
  ),
  ofMany('all', 'All are true', 'True for an empty array.', both, true),
  ofMany('any', 'One or more are true', 'False for an empty array.', either, false),
  {
    id: 'not',
    summary: 'The opposite',
    description: 'True for false, false for true.',
    categories,
    parameters: [required('x', 'A boolean, or no data.', booleanOrNull)],
    returns: { description: 'A boolean, or no data.', schema: booleanOrNull },
    exceptions: [],
    run: (args) => {
      const x = logical(args, 'x');
      return x === null ? null : !x;
    },
  },
  {
    id: 'if',
    summary: 'One of two values',
    description: 'accept where value is true, else reject: for false and for no data.',
    categories: ['logic', 'comparison', 'masks'],
    parameters: [
      required('value', 'Decides.', booleanOrNull),
      required('accept', 'Given for true.', anything),
      optional('reject', 'Given for anything else.', anything, null),
    ],
    returns: { description: 'One of the two.', schema: anything },
    exceptions: [],
    run: (args) => any(args, flag(args, 'value') ? 'accept' : 'reject'),
  },
];
