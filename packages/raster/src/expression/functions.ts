import type { FunctionName } from './ast.ts';
import { MAX_ARGUMENTS } from './limits.ts';

/** Fewest and most arguments of each function. `clip(x, low, high)` is `min(max(x, low), high)`; `log` is natural. */
export const arity: Readonly<Record<FunctionName, readonly [least: number, most: number]>> = {
  abs: [1, 1],
  sqrt: [1, 1],
  exp: [1, 1],
  log: [1, 1],
  log10: [1, 1],
  min: [2, MAX_ARGUMENTS],
  max: [2, MAX_ARGUMENTS],
  floor: [1, 1],
  ceil: [1, 1],
  round: [1, 1],
  clip: [3, 3],
};

export function isFunctionName(name: string): name is FunctionName {
  return Object.hasOwn(arity, name);
}
