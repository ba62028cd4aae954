import { callFunction, getLocal, type SimdName, setLocal, simd, singleConstant } from './instructions.ts';
import type { Step, StepOperation, Steps } from './lower.ts';
import type { Bytes } from './wasm-bytes.ts';

const INSTRUCTION: Partial<Record<StepOperation, SimdName>> = {
  neg: 'f32x4.neg',
  abs: 'f32x4.abs',
  sqrt: 'f32x4.sqrt',
  floor: 'f32x4.floor',
  ceil: 'f32x4.ceil',
  nearest: 'f32x4.nearest',
  add: 'f32x4.add',
  sub: 'f32x4.sub',
  mul: 'f32x4.mul',
  div: 'f32x4.div',
  min: 'f32x4.min',
  max: 'f32x4.max',
  pmin: 'f32x4.pmin',
  pmax: 'f32x4.pmax',
  lt: 'f32x4.lt',
  le: 'f32x4.le',
  gt: 'f32x4.gt',
  ge: 'f32x4.ge',
  eq: 'f32x4.eq',
  ne: 'f32x4.ne',
  not: 'v128.not',
  and: 'v128.and',
  or: 'v128.or',
  select: 'v128.bitselect',
};

export interface StepLocals {
  /** Local that holds the value of each step. */
  readonly of: readonly number[];
  /** How many locals there are. */
  readonly count: number;
}

/**
 * Locals for the steps, from `first` on. A fixed step keeps its own; another gives its local back after its last use, so
 * that there are as many as values live at once. The last step's is never given back.
 */
export function placeSteps(steps: Steps, first: number): StepLocals {
  const lastUse = new Int32Array(steps.length);
  for (const [at, { inputs }] of steps.entries()) for (const input of inputs) lastUse[input] = at;
  let count = 0;
  const free: number[] = [];
  const of: number[] = [];
  for (const [at, { inputs, fixed }] of steps.entries()) {
    for (const input of new Set(inputs)) {
      if (lastUse[input] === at && !steps[input]!.fixed) free.push(of[input]!);
    }
    of.push((fixed ? undefined : free.pop()) ?? first + count++);
  }
  return { of, count };
}

export interface StepContext {
  readonly locals: StepLocals;
  /** Numbers of the functions for what has no instruction. */
  readonly functions: ReadonlyMap<string, number>;
  /** [] -> [vector]: four digital numbers of a band, as singles. */
  readonly loadBand: (position: number) => Bytes;
}

function operationCode({ operation, value }: Step, context: StepContext): Bytes {
  if (operation === 'constant') return [...singleConstant(value), ...simd('f32x4.splat')];
  if (operation === 'band') return context.loadBand(value);
  const instruction = INSTRUCTION[operation];
  return instruction === undefined ? callFunction(context.functions.get(operation)!) : simd(instruction);
}

/** Computes either the fixed steps or the others, each into its local. */
export function stepsCode(steps: Steps, kind: 'fixed' | 'moving', context: StepContext): Bytes {
  const { of } = context.locals;
  return steps.flatMap((step, at) =>
    step.fixed === (kind === 'fixed')
      ? [
          ...step.inputs.flatMap((input) => getLocal(of[input]!)),
          ...operationCode(step, context),
          ...setLocal(of[at]!),
        ]
      : [],
  );
}
