export { findIndex, indices } from './indices/catalogue.ts';
export type * from './indices/spectral-index.ts';
export { type Pipeline, type ResolvedPipeline, resolvePipeline } from './pipeline.ts';
