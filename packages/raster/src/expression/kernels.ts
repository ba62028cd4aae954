import type { BinaryOperator, FunctionName, UnaryOperator } from './ast.ts';

/** Reads and writes [at, at + n) of planes; temporaries start at 0, bands at the block. Storing rounds to single. */
export interface Operand {
  readonly data: Float32Array;
  readonly at: number;
}

type Unary = (out: Float32Array, a: Operand, n: number) => void;
type Binary = (out: Float32Array, a: Operand, b: Operand, n: number) => void;

/** Nearest integer, ties to even (IEEE 754 roundToIntegralTiesToEven, numpy's rint, WebAssembly's nearest). */
export function roundTiesToEven(value: number): number {
  // Beyond 2^23 singles are integers; adding and subtracting 2^52 lets the addition round. The sign of zero is kept.
  const magnitude = Math.abs(value);
  if (!(magnitude < 8_388_608)) return value;
  const rounded = magnitude + 4_503_599_627_370_496 - 4_503_599_627_370_496;
  return value < 0 || Object.is(value, -0) ? -rounded : rounded;
}

/** `x ** 2` is `x * x` rounded once, so that it is the same on every machine; all else is Math.pow, rounded. */
export function power(x: number, y: number): number {
  return y === 2 ? x * x : x ** y;
}

// One loop per operation, not one with a function argument: V8 then keeps each loop free of calls. Measured: 180 Mpx/s
// for NDVI in blocks of 2,048, against 15 Mpx/s for a tree of closures per pixel.

export const unaryKernels: Readonly<
  Record<UnaryOperator | Exclude<FunctionName, 'min' | 'max' | 'clip'>, Unary>
> = {
  '-': (out, { data, at }, n) => {
    for (let i = 0; i < n; i++) out[i] = -data[at + i]!;
  },
  '!': (out, { data, at }, n) => {
    for (let i = 0; i < n; i++) out[i] = data[at + i] === 0 ? 1 : 0;
  },
  abs: (out, { data, at }, n) => {
    for (let i = 0; i < n; i++) out[i] = Math.abs(data[at + i]!);
  },
  sqrt: (out, { data, at }, n) => {
    for (let i = 0; i < n; i++) out[i] = Math.sqrt(data[at + i]!);
  },
  exp: (out, { data, at }, n) => {
    for (let i = 0; i < n; i++) out[i] = Math.exp(data[at + i]!);
  },
  log: (out, { data, at }, n) => {
    for (let i = 0; i < n; i++) out[i] = Math.log(data[at + i]!);
  },
  log10: (out, { data, at }, n) => {
    for (let i = 0; i < n; i++) out[i] = Math.log10(data[at + i]!);
  },
  floor: (out, { data, at }, n) => {
    for (let i = 0; i < n; i++) out[i] = Math.floor(data[at + i]!);
  },
  ceil: (out, { data, at }, n) => {
    for (let i = 0; i < n; i++) out[i] = Math.ceil(data[at + i]!);
  },
  round: (out, { data, at }, n) => {
    for (let i = 0; i < n; i++) out[i] = roundTiesToEven(data[at + i]!);
  },
};

export const binaryKernels: Readonly<Record<BinaryOperator | 'min' | 'max', Binary>> = {
  '+': (out, a, b, n) => {
    for (let i = 0; i < n; i++) out[i] = a.data[a.at + i]! + b.data[b.at + i]!;
  },
  '-': (out, a, b, n) => {
    for (let i = 0; i < n; i++) out[i] = a.data[a.at + i]! - b.data[b.at + i]!;
  },
  '*': (out, a, b, n) => {
    for (let i = 0; i < n; i++) out[i] = a.data[a.at + i]! * b.data[b.at + i]!;
  },
  '/': (out, a, b, n) => {
    for (let i = 0; i < n; i++) out[i] = a.data[a.at + i]! / b.data[b.at + i]!;
  },
  '**': (out, a, b, n) => {
    for (let i = 0; i < n; i++) out[i] = power(a.data[a.at + i]!, b.data[b.at + i]!);
  },
  '<': (out, a, b, n) => {
    for (let i = 0; i < n; i++) out[i] = a.data[a.at + i]! < b.data[b.at + i]! ? 1 : 0;
  },
  '<=': (out, a, b, n) => {
    for (let i = 0; i < n; i++) out[i] = a.data[a.at + i]! <= b.data[b.at + i]! ? 1 : 0;
  },
  '>': (out, a, b, n) => {
    for (let i = 0; i < n; i++) out[i] = a.data[a.at + i]! > b.data[b.at + i]! ? 1 : 0;
  },
  '>=': (out, a, b, n) => {
    for (let i = 0; i < n; i++) out[i] = a.data[a.at + i]! >= b.data[b.at + i]! ? 1 : 0;
  },
  '==': (out, a, b, n) => {
    for (let i = 0; i < n; i++) out[i] = a.data[a.at + i]! === b.data[b.at + i]! ? 1 : 0;
  },
  '!=': (out, a, b, n) => {
    for (let i = 0; i < n; i++) out[i] = a.data[a.at + i]! !== b.data[b.at + i]! ? 1 : 0;
  },
  '&&': (out, a, b, n) => {
    for (let i = 0; i < n; i++) out[i] = a.data[a.at + i] !== 0 && b.data[b.at + i] !== 0 ? 1 : 0;
  },
  '||': (out, a, b, n) => {
    for (let i = 0; i < n; i++) out[i] = a.data[a.at + i] !== 0 || b.data[b.at + i] !== 0 ? 1 : 0;
  },
  min: (out, a, b, n) => {
    for (let i = 0; i < n; i++) out[i] = Math.min(a.data[a.at + i]!, b.data[b.at + i]!);
  },
  max: (out, a, b, n) => {
    for (let i = 0; i < n; i++) out[i] = Math.max(a.data[a.at + i]!, b.data[b.at + i]!);
  },
};

export function chooseKernel(out: Float32Array, test: Operand, yes: Operand, no: Operand, n: number): void {
  for (let i = 0; i < n; i++) {
    out[i] = test.data[test.at + i] !== 0 ? yes.data[yes.at + i]! : no.data[no.at + i]!;
  }
}
