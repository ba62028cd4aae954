import type { Process } from '../registry/definition.ts';
import { ofNumber, ofTwoNumbers } from './shorthand.ts';

const categories = ['math > trigonometric'];

const functions: readonly (readonly [
  id: string,
  summary: string,
  description: string,
  f: (x: number) => number,
])[] = [
  ['sin', 'Sine', 'Of an angle in radians.', Math.sin],
  ['cos', 'Cosine', 'Of an angle in radians.', Math.cos],
  ['tan', 'Tangent', 'Of an angle in radians.', Math.tan],
  ['arcsin', 'Inverse sine', 'An angle in radians; NaN beyond -1 and 1.', Math.asin],
  ['arccos', 'Inverse cosine', 'An angle in radians; NaN beyond -1 and 1.', Math.acos],
  ['arctan', 'Inverse tangent', 'An angle in radians.', Math.atan],
  ['sinh', 'Hyperbolic sine', 'Of any number.', Math.sinh],
  ['cosh', 'Hyperbolic cosine', 'Of any number.', Math.cosh],
  ['tanh', 'Hyperbolic tangent', 'Of any number.', Math.tanh],
  ['arsinh', 'Inverse hyperbolic sine', 'Of any number.', Math.asinh],
  ['arcosh', 'Inverse hyperbolic cosine', 'NaN below 1.', Math.acosh],
  ['artanh', 'Inverse hyperbolic tangent', 'Infinite at -1 and 1, NaN beyond.', Math.atanh],
];

/** Angles are radians. */
export const trigonometryProcesses: readonly Process[] = [
  ...functions.map(([id, summary, description, f]) => ofNumber({ id, summary, description, categories }, f)),
  ofTwoNumbers(
    {
      id: 'arctan2',
      summary: 'Inverse tangent of two numbers',
      description: 'The angle in radians of the point (x, y), in its own quadrant.',
      categories,
    },
    Math.atan2,
    ['y', 'x'],
  ),
];
