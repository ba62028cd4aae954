import { lru } from '../source/lru.ts';
import type { Expression } from './ast.ts';
import { compileExpression } from './compile.ts';
import { formatExpression } from './format.ts';
import type { ExpressionKernel, KernelBand } from './kernel.ts';
import { KERNELS_KEPT } from './limits.ts';

/** Spelled by String, not JSON, which has no word for NaN and infinity. */
function bandKey({ name, type, scale, offset, nodata }: KernelBand): string {
  return `${name} ${type} ${scale} ${offset} ${nodata}`;
}

/**
 * {@link compileExpression} for one memory, remembering the last {@link KERNELS_KEPT}: equal expressions over equal bands
 * give the same kernel.
 */
export function kernelCache(
  memory: WebAssembly.Memory,
): (expression: Expression, bands: readonly KernelBand[]) => ExpressionKernel {
  const kept = lru<ExpressionKernel>(KERNELS_KEPT);
  return (expression, bands) => {
    const key = [formatExpression(expression), ...bands.map(bandKey)].join('\n');
    const known = kept.get(key);
    if (known !== undefined) return known;
    const kernel = compileExpression(expression, bands, memory);
    kept.set(key, kernel, 1);
    return kernel;
  };
}
