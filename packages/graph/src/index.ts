export { findIndex, indices } from './indices/catalogue.ts';
export { type Constants, type IndexConstant, indexConstants } from './indices/constants.ts';
export { type SpectralSensor, sensorOfPlatform, sensorsWith } from './indices/sensors.ts';
export type * from './indices/spectral-index.ts';
export { type Pipeline, type ResolvedPipeline, resolvePipeline } from './pipeline.ts';
