// The pixel kernels: AssemblyScript, compiled to src/kernels/module.ts by `npm run build:kernels`. What each export
// promises is written in src/kernels/kernels.ts.

/** First byte of memory that no kernel uses for itself. */
export function heapBase(): usize {
  return __heap_base;
}

export { deflate, deflateBound, deflateEstimate, deflateSymbols } from './deflate';
