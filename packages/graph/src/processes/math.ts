import { exception } from '../exceptions.ts';
import { optional, type Process, required } from '../registry/definition.ts';
import { aNumber, anInteger, anything, numberOrNull } from '../registry/schema.ts';
import { any, number, numeric } from '../values/read.ts';
import { constantOf, ofNumber, ofTwoNumbers } from './shorthand.ts';

const math = ['math'];
const logarithms = ['math > exponential & logarithmic'];
const rounding = ['math > rounding'];
const constants = ['math > constants'];

const ieee = 'Computed in IEEE 754 double precision.';

/** The remainder with the sign of the divisor; infinite divisors leave a finite x as it is, as openEO's vectors ask. */
function modulo(x: number, y: number): number {
  if (y === 0 && x !== 0 && !Number.isNaN(x))
    return x > 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  if (Number.isFinite(x) && Math.abs(y) === Number.POSITIVE_INFINITY) return x;
  const rest = x % y;
  return rest !== 0 && rest < 0 !== y < 0 ? rest + y : rest;
}

/** Halves go to the even neighbour, in units of 10^-digits. */
export function roundHalfEven(x: number, digits: number): number {
  if (!Number.isFinite(x)) return x;
  const unit = 10 ** Math.abs(digits);
  const scaled = digits >= 0 ? x * unit : x / unit;
  // Beyond 2^53 there are no halves, and beyond 10^308 no unit.
  if (!Number.isFinite(scaled) || Math.abs(scaled) > Number.MAX_SAFE_INTEGER) return x;
  const floor = Math.floor(scaled);
  const rest = scaled - floor;
  const up = rest > 0.5 || (rest === 0.5 && floor % 2 !== 0);
  const rounded = up ? floor + 1 : floor;
  return digits >= 0 ? rounded / unit : rounded * unit;
}

function logarithm(x: number, base: number): number {
  if (base === 10) return Math.log10(x);
  return base === 2 ? Math.log2(x) : Math.log(x) / Math.log(base);
}

const binary: readonly Process[] = [
  ofTwoNumbers(
    { id: 'add', summary: 'Sum of two numbers', description: `x + y. ${ieee}`, categories: math },
    (x, y) => x + y,
  ),
  ofTwoNumbers(
    { id: 'subtract', summary: 'Difference of two numbers', description: `x - y. ${ieee}`, categories: math },
    (x, y) => x - y,
  ),
  ofTwoNumbers(
    { id: 'multiply', summary: 'Product of two numbers', description: `x * y. ${ieee}`, categories: math },
    (x, y) => x * y,
  ),
  ofTwoNumbers(
    {
      id: 'divide',
      summary: 'Quotient of two numbers',
      description: `x / y. ${ieee} Division by zero gives an infinity, or NaN for 0 / 0.`,
      categories: math,
    },
    (x, y) => x / y,
  ),
  ofTwoNumbers(
    {
      id: 'mod',
      summary: 'Remainder of a division',
      description: 'x modulo y, with the sign of y. Modulo zero is an infinity with the sign of x.',
      categories: math,
    },
    modulo,
  ),
  ofTwoNumbers(
    {
      id: 'power',
      summary: 'Power',
      description: `base to the power of p. ${ieee}`,
      categories: ['math', ...logarithms],
    },
    (base, p) => (base === 1 ? 1 : base ** p),
    ['base', 'p'],
  ),
  ofTwoNumbers(
    {
      id: 'log',
      summary: 'Logarithm to a base',
      description: 'The number to which base must be raised to give x. Minus infinity for 0, NaN below.',
      categories: logarithms,
    },
    logarithm,
    ['x', 'base'],
  ),
  ofTwoNumbers(
    {
      id: 'normalized_difference',
      summary: 'Normalized difference',
      description: '(x - y) / (x + y), the form of NDVI and of many other indices.',
      categories: ['math > indices', 'vegetation indices'],
    },
    (x, y) => (x - y) / (x + y),
  ),
];

const unary: readonly Process[] = [
  ofNumber(
    {
      id: 'absolute',
      summary: 'Absolute value',
      description: 'The distance of x from zero.',
      categories: math,
    },
    Math.abs,
  ),
  ofNumber(
    {
      id: 'sgn',
      summary: 'Sign',
      description: '-1, 0 or 1 as x is below, at or above zero.',
      categories: math,
    },
    Math.sign,
  ),
  ofNumber(
    {
      id: 'sqrt',
      summary: 'Square root',
      description: 'NaN below zero.',
      categories: ['math', ...logarithms],
    },
    Math.sqrt,
  ),
  ofNumber(
    {
      id: 'exp',
      summary: 'Exponential function',
      description: 'e to the power of p.',
      categories: logarithms,
    },
    Math.exp,
    'p',
  ),
  ofNumber(
    {
      id: 'ln',
      summary: 'Natural logarithm',
      description: 'Minus infinity for 0, NaN below.',
      categories: logarithms,
    },
    Math.log,
  ),
  ofNumber(
    {
      id: 'int',
      summary: 'Whole part',
      description: 'x without what is behind the point: -3.5 gives -3.',
      categories: ['math', ...rounding],
    },
    Math.trunc,
  ),
  ofNumber(
    {
      id: 'floor',
      summary: 'Round down',
      description: 'The largest whole number that is not above x.',
      categories: rounding,
    },
    Math.floor,
  ),
  ofNumber(
    {
      id: 'ceil',
      summary: 'Round up',
      description: 'The smallest whole number that is not below x.',
      categories: rounding,
    },
    Math.ceil,
  ),
];

const round: Process = {
  id: 'round',
  summary: 'Round to digits',
  description: 'The nearest number with p digits behind the point; halves go to the even neighbour.',
  categories: rounding,
  parameters: [
    required('x', 'A number, or no data.', numberOrNull),
    optional('p', 'Digits behind the point; -2 rounds to hundreds.', anInteger, 0),
  ],
  returns: { description: 'The rounded number, or no data.', schema: numberOrNull },
  exceptions: [],
  run: (args) => {
    const x = numeric(args, 'x');
    return x === null ? null : roundHalfEven(x, number(args, 'p'));
  },
};

const clip: Process = {
  id: 'clip',
  summary: 'Limit to a range',
  description: 'x where it is in the range, else the nearer end of it.',
  categories: math,
  parameters: [
    required('x', 'A number, or no data.', numberOrNull),
    required('min', 'Lower end.', aNumber),
    required('max', 'Upper end.', aNumber),
  ],
  returns: { description: 'The limited number, or no data.', schema: numberOrNull },
  exceptions: ['MinMaxSwapped'],
  run: (args) => {
    const [x, min, max] = [numeric(args, 'x'), number(args, 'min'), number(args, 'max')];
    if (min > max) throw exception('MinMaxSwapped', `${min} is above ${max}.`);
    return x === null ? null : Math.min(Math.max(x, min), max);
  },
};

const linearScaleRange: Process = {
  id: 'linear_scale_range',
  summary: 'Stretch one range over another',
  description:
    '((x - inputMin) / (inputMax - inputMin)) * (outputMax - outputMin) + outputMin, after x is limited to the input range.',
  categories: math,
  parameters: [
    required('x', 'A number, or no data.', numberOrNull),
    required('inputMin', 'Start of the input range.', aNumber),
    required('inputMax', 'End of the input range.', aNumber),
    optional('outputMin', 'What the start becomes.', aNumber, 0),
    optional('outputMax', 'What the end becomes.', aNumber, 1),
  ],
  returns: { description: 'The stretched number, or no data.', schema: numberOrNull },
  exceptions: [],
  run: (args) => {
    const x = numeric(args, 'x');
    const [from, to] = [number(args, 'inputMin'), number(args, 'inputMax')];
    const [low, high] = [number(args, 'outputMin'), number(args, 'outputMax')];
    if (x === null) return null;
    const limited = Math.min(Math.max(x, Math.min(from, to)), Math.max(from, to));
    return ((limited - from) / (to - from)) * (high - low) + low;
  },
};

const constant: Process = {
  id: 'constant',
  summary: 'A value as it is',
  description: 'Gives back its argument, so that a graph can name a value once.',
  categories: constants,
  parameters: [required('x', 'The value.', anything)],
  returns: { description: 'The same value.', schema: anything },
  exceptions: [],
  run: (args) => any(args, 'x'),
};

/** Arithmetic, rounding, scaling and constants. */
export const mathProcesses: readonly Process[] = [
  ...binary,
  ...unary,
  round,
  clip,
  linearScaleRange,
  constant,
  constantOf(
    {
      id: 'e',
      summary: "Euler's number",
      description: '2.718...',
      categories: [...constants, ...logarithms],
    },
    Math.E,
  ),
  constantOf(
    { id: 'pi', summary: 'Pi', description: '3.141...', categories: [...constants, 'math > trigonometric'] },
    Math.PI,
  ),
  {
    ...constantOf(
      { id: 'nan', summary: 'Not a number', description: 'The IEEE 754 value NaN.', categories: constants },
      Number.NaN,
    ),
    experimental: true,
  },
];
