import { SwathError } from '@swath/core';
import type { Expression } from './ast.ts';
import type { ExpressionKernel, KernelBand } from './kernel.ts';
import { kernelFunction } from './kernel-code.ts';
import { laneFunctions } from './lane-functions.ts';
import { MAX_KERNEL_BANDS } from './limits.ts';
import { lowerExpression } from './lower.ts';
import { moduleBytes } from './wasm-bytes.ts';

const EXPORT = 'run';

/**
 * The expression as WebAssembly SIMD over planes in `memory`: {@link ExpressionKernel} says what it reads and writes,
 * evaluate.ts what it computes, bit for bit, with the value of a band being `fround(fround(DN * scale) + offset)`. Every
 * band in `bands` must have data for a pixel to be valid, named by the expression or not.
 * @throws SwathError Bug when a band of the expression is missing or `bands` names one twice; LimitExceeded beyond
 *   MAX_KERNEL_BANDS or MAX_KERNEL_STEPS.
 */
export function compileExpression(
  expression: Expression,
  bands: readonly KernelBand[],
  memory: WebAssembly.Memory,
): ExpressionKernel {
  if (bands.length > MAX_KERNEL_BANDS) {
    throw new SwathError(
      'LimitExceeded',
      `The expression reads ${bands.length} bands; the limit is ${MAX_KERNEL_BANDS}.`,
      { fix: 'Split it into several requests.' },
    );
  }
  const names = new Set(bands.map(({ name }) => name));
  if (names.size < bands.length) throw new SwathError('Bug', 'a kernel band is named twice');
  const steps = lowerExpression(expression, bands);
  const { imports, values, functions, indexOf } = laneFunctions(steps);
  const bytes = moduleBytes({
    imports,
    functions: [...functions, kernelFunction(steps, bands, indexOf)],
    exportName: EXPORT,
  });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory, ...values } });
  const run = exports[EXPORT] as (...numbers: number[]) => void;
  return (count, { bands: planes, use, seen, plane }) => {
    if (planes.length !== bands.length) {
      throw new SwathError('Bug', `${planes.length} band planes for a kernel of ${bands.length}`);
    }
    run(count, use, seen, plane, ...planes);
  };
}
