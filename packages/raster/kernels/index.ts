// The pixel kernels: AssemblyScript, compiled to src/kernels/module.ts by `npm run build:kernels`. What each export
// promises is written in src/kernels/*kernels.ts.

/** First byte of memory that no kernel uses for itself. */
export function heapBase(): usize {
  return __heap_base;
}

export { averageAgain, averageStored } from './average';
export { inflate } from './inflate';
export { addToSums, keepLarger, keepSmaller, meansOf, mediansOf } from './composite';
export { countNumbers } from './count-numbers';
export { deflate, deflateBound, deflateSymbols } from './deflate';
export { fineHistogram, fineKey } from './fine-histogram';
export { gatherSamples, interleave } from './gather';
export { andBytes, anyMissing, applyMask, maskBytes, maskWords, tally } from './mask';
export { moments } from './moments';
export { predictFloatingPoint, predictHorizontal } from './predictor';
export { quantise, storeAverages } from './quantise';
export { undoFloatingPoint, undoHorizontal } from './unpredict';
export { warpArea, warpAreaPixels } from './warp-area';
export { warpBilinear } from './warp-bilinear';
export { warpBilinearWords } from './warp-bilinear-words';
export { warpCubic } from './warp-cubic';
export { warpNearest } from './warp-nearest';
export { warpPositions, warpRuns } from './warp-runs';
export { warpDrop, warpSingles } from './warp-source';
export { warpWidened } from './warp-widened';
