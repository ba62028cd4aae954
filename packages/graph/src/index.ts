export {
  checkCallCount,
  type EvaluationOptions,
  evaluateCall,
  evaluateProcess,
} from './evaluate/evaluate.ts';
export { openeoError } from './exceptions.ts';
export { expandProcess, unknownProcesses, withDefaults } from './graph/expand.ts';
export type * from './graph/model.ts';
export { checkGraphText, parseProcess } from './graph/parse.ts';
export { assertValid, type GraphProblem, validateProcess } from './graph/validate.ts';
export { findIndex, indices } from './indices/catalogue.ts';
export { type Constants, type IndexConstant, indexConstants } from './indices/constants.ts';
export { type SpectralSensor, sensorOfPlatform, sensorsWith } from './indices/sensors.ts';
export type * from './indices/spectral-index.ts';
export * from './limits.ts';
export { type Pipeline, type ResolvedPipeline, resolvePipeline } from './pipeline.ts';
export type { PlannedZones } from './plan/aggregate.ts';
export { graphToSpec, type PlannedGraph, type PlannedSpec, planGraph } from './plan/graph-to-spec.ts';
export { evaluateImagery, type ImageryGraph, imageryOf } from './plan/imagery.ts';
export { type PlannedTable, reducerTitle, type TableFormat, tableFormats } from './plan/table.ts';
export { reducedZone, type ZoneReducer, type ZoneSummary } from './plan/zone-reducer.ts';
export type { Process, ProcessParameter } from './registry/definition.ts';
export { type JsonProcess, processDefinitions, type Registry, registry } from './registry/registry.ts';
export type { Schema } from './registry/schema.ts';
export {
  extendRegistry,
  parseUserProcesses,
  type UserProcesses,
} from './registry/user-processes.ts';
export { type Cells, cellAt } from './values/cells.ts';
export { makeCube } from './values/cube.ts';
export { decodeValue } from './values/decode.ts';
export { encodeValue } from './values/encode.ts';
export { type Cube, type Dimension, isCube, type Value } from './values/value.ts';
