import { SwathError } from '@swath/core';
import type { Expression } from './ast.ts';
import { binaryKernels, chooseKernel, type Operand, unaryKernels } from './kernels.ts';
import { EXPRESSION_BLOCK } from './limits.ts';
import { bandsOf } from './parse.ts';

/** Buffers of one block, given back as soon as their value is used: as many as the tree is deep, not as it has nodes. */
class Scratch {
  readonly #free: Float32Array[] = [];
  readonly #temporary = new Set<Float32Array>();

  take(): Float32Array {
    const buffer = this.#free.pop() ?? new Float32Array(EXPRESSION_BLOCK);
    this.#temporary.add(buffer);
    return buffer;
  }

  /** A buffer for a result that may overwrite one of its operands; bands and constants are left alone. */
  reuse(...operands: readonly Operand[]): Float32Array {
    let out: Float32Array | undefined;
    for (const { data } of operands) {
      if (!this.#temporary.delete(data)) continue;
      if (out === undefined) out = data;
      else this.#free.push(data);
    }
    if (out === undefined) return this.take();
    this.#temporary.add(out);
    return out;
  }

  release({ data }: Operand): void {
    if (this.#temporary.delete(data)) this.#free.push(data);
  }
}

interface Run {
  readonly bands: ReadonlyMap<string, Float32Array>;
  /** By value; -0, which a map takes for 0, by its spelling. */
  readonly constants: Map<number | '-0', Float32Array>;
  readonly scratch: Scratch;
  /** First pixel and number of pixels of the block. */
  start: number;
  size: number;
}

const wrap = (data: Float32Array): Operand => ({ data, at: 0 });

function constant(run: Run, value: number): Operand {
  const key = Object.is(value, -0) ? '-0' : value;
  let filled = run.constants.get(key);
  if (filled === undefined) {
    filled = new Float32Array(EXPRESSION_BLOCK).fill(value);
    run.constants.set(key, filled);
  }
  return wrap(filled);
}

function compute(expression: Expression, run: Run): Operand {
  const { scratch, size } = run;
  switch (expression.kind) {
    case 'number':
      return constant(run, expression.value);
    case 'band':
      return { data: run.bands.get(expression.name)!, at: run.start };
    case 'unary': {
      const operand = compute(expression.operand, run);
      const out = scratch.reuse(operand);
      unaryKernels[expression.operator](out, operand, size);
      return wrap(out);
    }
    case 'binary': {
      const left = compute(expression.left, run);
      const right = compute(expression.right, run);
      const out = scratch.reuse(left, right);
      binaryKernels[expression.operator](out, left, right, size);
      return wrap(out);
    }
    case 'choose': {
      const test = compute(expression.test, run);
      const yes = compute(expression.yes, run);
      const no = compute(expression.no, run);
      const out = scratch.reuse(test, yes, no);
      chooseKernel(out, test, yes, no, size);
      return wrap(out);
    }
    case 'call':
      return call(expression, run);
  }
}

function call(expression: Extract<Expression, { kind: 'call' }>, run: Run): Operand {
  const { scratch, size } = run;
  const fold = (kernel: 'min' | 'max', a: Operand, b: Operand): Operand => {
    const out = scratch.reuse(a, b);
    binaryKernels[kernel](out, a, b, size);
    return wrap(out);
  };
  const [first, ...rest] = expression.args;
  let value = compute(first!, run);
  if (expression.name === 'clip') {
    value = fold('max', value, compute(rest[0]!, run));
    return fold('min', value, compute(rest[1]!, run));
  }
  if (expression.name === 'min' || expression.name === 'max') {
    for (const each of rest) value = fold(expression.name, value, compute(each, run));
    return value;
  }
  const out = scratch.reuse(value);
  unaryKernels[expression.name](out, value, size);
  return wrap(out);
}

/**
 * The expression over `length` pixels of planar bands, in single precision: every operation is rounded to single once
 * (division, square root and the rest exactly as IEEE 754 asks; `exp`, `log` and `**` as the platform's double functions,
 * then rounded). `x / 0` is infinite, `0 / 0` and `log(-1)` are NaN. Comparisons and logic give 0 or 1; every number but 0
 * counts as true, NaN too; both sides of `&&`, `||` and `?:` are computed. `round` takes ties to even. `min` and `max` of
 * NaN are NaN.
 *
 * NaN is only a number here: comparisons with it give 0, `x ** 0` gives 1. Who stores nodata as NaN drops the pixels where
 * any band of {@link bandsOf} is NaN.
 * @throws SwathError Bug when a band is missing or shorter than `length`.
 */
export function evaluate(
  expression: Expression,
  bands: Readonly<Record<string, Float32Array>>,
  length: number,
): Float32Array<ArrayBuffer> {
  const planes = new Map<string, Float32Array>();
  for (const name of bandsOf(expression)) {
    const plane = Object.hasOwn(bands, name) ? bands[name] : undefined;
    if (plane === undefined) throw new SwathError('Bug', `no pixels for band "${name}"`);
    if (plane.length < length) {
      throw new SwathError('Bug', `band "${name}" has ${plane.length} pixels, not ${length}`);
    }
    planes.set(name, plane);
  }
  const out = new Float32Array(length);
  const run: Run = { bands: planes, constants: new Map(), scratch: new Scratch(), start: 0, size: 0 };
  for (let start = 0; start < length; start += EXPRESSION_BLOCK) {
    run.start = start;
    run.size = Math.min(EXPRESSION_BLOCK, length - start);
    const value = compute(expression, run);
    out.set(value.data.subarray(value.at, value.at + run.size), start);
    run.scratch.release(value);
  }
  return out;
}
