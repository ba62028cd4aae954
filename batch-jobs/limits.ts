import type { JobDefinitionName } from '@swath/ports';
import {
  ACQUIRE_TIMEOUT_S,
  JOB_ATTEMPTS,
  PROCESS_TIMEOUT_S,
  PUBLISH_TIMEOUT_S,
} from '@swath/requests/limits';

/** What the machine submits jobs with; job definitions say the same, for jobs that somebody submits by hand. */
export const jobAttempts = JOB_ATTEMPTS;
export const jobTimeoutS = {
  acquire: ACQUIRE_TIMEOUT_S,
  process: PROCESS_TIMEOUT_S,
  publish: PUBLISH_TIMEOUT_S,
} as const satisfies Readonly<Record<JobDefinitionName, number>>;
