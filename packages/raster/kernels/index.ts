// The pixel kernels: AssemblyScript, compiled to src/kernels/module.ts by `npm run build:kernels`. What each export
// promises is written in src/kernels/kernels.ts.

/** First byte of memory that no kernel uses for itself. */
export function heapBase(): usize {
  return __heap_base;
}

export { addToSums, keepLarger, keepSmaller, meansOf, mediansOf } from './composite';
export { gatherSamples, interleave } from './gather';
export { andBytes, anyMissing, applyMask, maskBytes, maskWords, tally } from './mask';
export { deflate, deflateBound, deflateEstimate } from './deflate';
export { quantise, storeAverages } from './quantise';
export { averageAgain, averageStored } from './average';
export { countNumbers } from './count-numbers';
export { fineHistogram, fineKey } from './fine-histogram';
export { moments } from './moments';
export { predictFloatingPoint, predictHorizontal } from './predictor';
export { quantise, storeAverages } from './quantise';
export { undoFloatingPoint, undoHorizontal } from './unpredict';
export { deflate, deflateBound, deflateEstimate, deflateSymbols } from './deflate';
