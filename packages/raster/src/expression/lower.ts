import { SwathError } from '@swath/core';
import type { BinaryOperator, Expression, FunctionName } from './ast.ts';
import type { KernelBand } from './kernel.ts';
import { MAX_KERNEL_STEPS } from './limits.ts';
import { childrenOf } from './parse.ts';

/** Four singles, or four masks: all bits set for true, none for false. */
export type StepOperation =
  | 'constant'
  | 'band'
  | 'neg'
  | 'abs'
  | 'sqrt'
  | 'floor'
  | 'ceil'
  | 'nearest'
  | 'exp'
  | 'log'
  | 'log10'
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'min'
  | 'max'
  /** (a, b): b where b < a, else a. */
  | 'pmin'
  /** (a, b): b where a < b, else a. */
  | 'pmax'
  /** The exponent is a constant, and not 2. */
  | 'pow'
  /** Of any exponent. */
  | 'power'
  | 'lt'
  | 'le'
  | 'gt'
  | 'ge'
  | 'eq'
  | 'ne'
  | 'not'
  | 'and'
  | 'or'
  /** (yes, no, mask) */
  | 'select';

export interface Step {
  readonly operation: StepOperation;
  /** Positions of earlier steps. */
  readonly inputs: readonly number[];
  /** The single of a constant; the position of a band. */
  readonly value: number;
  /** Depends on no band: the same for every pixel. */
  readonly fixed: boolean;
}

/** What one pixel takes: each distinct value is computed once, after its inputs; the last step is the result. */
export type Steps = readonly Step[];

const COMMUTATIVE: ReadonlySet<StepOperation> = new Set([
  'add',
  'mul',
  'eq',
  'ne',
  'and',
  'or',
  'min',
  'max',
]);

const arithmetic = { '+': 'add', '-': 'sub', '*': 'mul', '/': 'div' } as const;
const comparison = { '<': 'lt', '<=': 'le', '>': 'gt', '>=': 'ge', '==': 'eq', '!=': 'ne' } as const;
const logic = { '&&': 'and', '||': 'or' } as const;
const ofOne = {
  abs: 'abs',
  sqrt: 'sqrt',
  floor: 'floor',
  ceil: 'ceil',
  round: 'nearest',
  exp: 'exp',
  log: 'log',
  log10: 'log10',
} as const satisfies Partial<Record<FunctionName, StepOperation>>;

const has = <T extends object>(table: T, key: PropertyKey): key is keyof T => Object.hasOwn(table, key);

interface Lowering {
  readonly steps: Step[];
  readonly known: Map<string, number>;
  /** Mask behind a 0-or-1 number, so that logic need not compare again. */
  readonly maskOf: Map<number, number>;
  readonly bands: ReadonlyMap<string, number>;
}

/** Position of the step that computes this, an earlier one where there is one (hash consing). */
function step(to: Lowering, operation: StepOperation, inputs: readonly number[], value = 0): number {
  const ordered = COMMUTATIVE.has(operation) ? inputs.toSorted((a, b) => a - b) : inputs;
  // Zeros of either sign are different constants.
  const key = `${operation} ${Object.is(value, -0) ? '-0' : value} ${ordered.join(' ')}`;
  const found = to.known.get(key);
  if (found !== undefined) return found;
  if (to.steps.length === MAX_KERNEL_STEPS) {
    throw new SwathError('LimitExceeded', `The expression needs more than ${MAX_KERNEL_STEPS} steps.`, {
      fix: 'Shorten it, or split it into several requests.',
    });
  }
  const fixed = operation !== 'band' && ordered.every((input) => to.steps[input]!.fixed);
  to.known.set(key, to.steps.length);
  return to.steps.push({ operation, inputs: ordered, value, fixed }) - 1;
}

const constant = (to: Lowering, value: number): number => step(to, 'constant', [], Math.fround(value));

/** 1 where the mask is set, else 0. */
function numberOf(to: Lowering, mask: number): number {
  const number = step(to, 'and', [mask, constant(to, 1)]);
  to.maskOf.set(number, mask);
  return number;
}

/** Set where the number is not 0; NaN is true. */
function truthOf(to: Lowering, number: number): number {
  return to.maskOf.get(number) ?? step(to, 'ne', [number, constant(to, 0)]);
}

/** DN * scale + offset. Leaving out a step must not turn -0 into 0 or back: x * 1 and x + -0 change nothing. */
function physical(to: Lowering, position: number, { type, scale, offset }: KernelBand): number {
  const dn = step(to, 'band', [], position);
  const [factor, term] = [Math.fround(scale), Math.fround(offset)];
  if (factor === 1 && term === 0) return dn;
  const scaled = factor === 1 ? dn : step(to, 'mul', [dn, constant(to, factor)]);
  // Integers have no -0, and a positive factor makes none.
  const keepsZero = Object.is(term, -0) || (term === 0 && type !== 'float32' && factor > 0);
  return keepsZero ? scaled : step(to, 'add', [scaled, constant(to, term)]);
}

function lowerBinary(to: Lowering, operator: BinaryOperator, left: number, right: number): number {
  if (has(arithmetic, operator)) return step(to, arithmetic[operator], [left, right]);
  if (has(comparison, operator)) return numberOf(to, step(to, comparison[operator], [left, right]));
  if (has(logic, operator)) {
    return numberOf(to, step(to, logic[operator], [truthOf(to, left), truthOf(to, right)]));
  }
  const { operation, value } = to.steps[right]!;
  if (operation !== 'constant') return step(to, 'power', [left, right]);
  return value === 2 ? step(to, 'mul', [left, left]) : step(to, 'pow', [left, right]);
}

/** Texts spell negative constants as the negative of one. */
function negative(to: Lowering, operand: number): number {
  const { operation, value } = to.steps[operand]!;
  return operation === 'constant' ? constant(to, -value) : step(to, 'neg', [operand]);
}

/**
 * Smaller or larger of two. Against a constant one instruction does what takes V8 seven (clip: 650 to 1,000 Mpx/s): NaN stays
 * either way, and only with a zero of the wrong sign could the answers differ.
 */
function extreme(to: Lowering, name: 'min' | 'max', left: number, right: number): number {
  const [value, bound] = to.steps[left]!.operation === 'constant' ? [right, left] : [left, right];
  const limit = to.steps[bound]!;
  const isBound = limit.operation === 'constant' && !Number.isNaN(limit.value);
  if (!isBound || (name === 'min' && Object.is(limit.value, -0))) return step(to, name, [left, right]);
  const bounded = step(to, name === 'min' ? 'pmin' : 'pmax', [value, bound]);
  // Of -0 and the bound 0, pmax keeps -0; adding 0 makes it 0 and changes nothing else.
  return name === 'max' && Object.is(limit.value, 0) ? step(to, 'add', [bounded, bound]) : bounded;
}

function lowerCall(to: Lowering, name: FunctionName, args: readonly number[]): number {
  const [first, ...rest] = args as readonly [number, ...number[]];
  if (name === 'clip') {
    return extreme(to, 'min', extreme(to, 'max', first, rest[0]!), rest[1]!);
  }
  if (name === 'min' || name === 'max') {
    return rest.reduce((value, each) => extreme(to, name, value, each), first);
  }
  return step(to, ofOne[name], [first]);
}

/** One node whose children, in order, are the steps `inputs`. */
function lowerNode(
  to: Lowering,
  node: Expression,
  inputs: readonly number[],
  bands: readonly KernelBand[],
): number {
  switch (node.kind) {
    case 'number':
      return constant(to, node.value);
    case 'band': {
      const position = to.bands.get(node.name);
      if (position === undefined) throw new SwathError('Bug', `no kernel band "${node.name}"`);
      return physical(to, position, bands[position]!);
    }
    case 'unary': {
      const [operand] = inputs as readonly [number];
      return node.operator === '-'
        ? negative(to, operand)
        : numberOf(to, step(to, 'not', [truthOf(to, operand)]));
    }
    case 'binary':
      return lowerBinary(to, node.operator, inputs[0]!, inputs[1]!);
    case 'choose':
      return step(to, 'select', [inputs[1]!, inputs[2]!, truthOf(to, inputs[0]!)]);
    case 'call':
      return lowerCall(to, node.name, inputs);
  }
}

/** Steps that the last one needs, and no others, in the same order. */
function needed(steps: readonly Step[], result: number): Steps {
  const used = new Uint8Array(steps.length);
  used[result] = 1;
  for (let at = result; at >= 0; at--) {
    if (used[at] === 1) for (const input of steps[at]!.inputs) used[input] = 1;
  }
  const moved = new Map<number, number>();
  const kept: Step[] = [];
  for (let at = 0; at <= result; at++) {
    if (used[at] === 0) continue;
    const each = steps[at]!;
    moved.set(at, kept.push({ ...each, inputs: each.inputs.map((input) => moved.get(input)!) }) - 1);
  }
  return kept;
}

/**
 * The expression as steps for vectors of singles, with the bands' scaling written out. Works with a list of its own, so
 * that no depth of the tree can overflow the stack.
 * @throws SwathError Bug when a band of the expression is missing; LimitExceeded beyond {@link MAX_KERNEL_STEPS}.
 */
export function lowerExpression(expression: Expression, bands: readonly KernelBand[]): Steps {
  const to: Lowering = {
    steps: [],
    known: new Map(),
    maskOf: new Map(),
    bands: new Map(bands.map(({ name }, position) => [name, position])),
  };
  const lowered = new Map<Expression, number>();
  const waiting: Expression[] = [expression];
  for (let node = waiting.at(-1); node !== undefined; node = waiting.at(-1)) {
    const children = childrenOf(node);
    const missing = children.filter((child) => !lowered.has(child));
    if (missing.length > 0) {
      // Last first, so that the first is on top and steps come in reading order.
      for (const child of missing.toReversed()) waiting.push(child);
      continue;
    }
    waiting.pop();
    if (lowered.has(node)) continue;
    const inputs = children.map((child) => lowered.get(child)!);
    lowered.set(node, lowerNode(to, node, inputs, bands));
  }
  return needed(to.steps, lowered.get(expression)!);
}
