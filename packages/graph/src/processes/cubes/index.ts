import type { Process } from '../../registry/definition.ts';
import { applyProcesses } from './apply.ts';
import { dimensionProcesses } from './dimensions.ts';
import { labelProcesses } from './labels.ts';
import { mergeProcesses } from './merge.ts';
import { resampleProcesses } from './resample.ts';
import { spatialProcesses } from './spatial.ts';
import { timeProcesses } from './time.ts';
import { zonalProcesses } from './zonal.ts';

/** Everything that takes or makes data cubes. */
export const cubeProcesses: readonly Process[] = [
  ...dimensionProcesses,
  ...applyProcesses,
  ...labelProcesses,
  ...timeProcesses,
  ...spatialProcesses,
  ...mergeProcesses,
  ...zonalProcesses,
  ...resampleProcesses,
];
