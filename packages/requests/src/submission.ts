import { SwathError } from '@swath/core';
import type { SubmitJob } from '@swath/ports';
import { ACQUIRE_TIMEOUT_S, JOB_ATTEMPTS, PROCESS_TIMEOUT_S, PUBLISH_TIMEOUT_S } from './limits.ts';
import { documentKeys, jobName, type Stage, shareOfProject } from './names.ts';
import type { Attempt, Head } from './store/rows.ts';
import type { RequestState } from './view.ts';

/** The state in which the job of a stage runs. */
export const stateOfStage = {
  acquire: 'acquiring',
  process: 'processing',
  publish: 'publishing',
} as const satisfies Readonly<Record<Stage, RequestState>>;

export function stageOfState(state: RequestState): Stage | undefined {
  if (state === 'acquiring') return 'acquire';
  if (state === 'processing') return 'process';
  return state === 'publishing' ? 'publish' : undefined;
}

const timeoutS: Readonly<Record<Stage, number>> = {
  acquire: ACQUIRE_TIMEOUT_S,
  process: PROCESS_TIMEOUT_S,
  publish: PUBLISH_TIMEOUT_S,
};

/** The job of a stage: decided by rows that do not change, so that submitting again submits the same. */
export function submission({ project }: Pick<Head, 'project'>, attempt: Attempt, stage: Stage): SubmitJob {
  if (stage === 'process' && attempt.children === null) {
    throw new SwathError('Bug', 'A process job was to be submitted before its chunks were planned.');
  }
  return {
    name: jobName(attempt.requestId, attempt.attempt, stage),
    definition: stage,
    size: stage === 'process' ? (attempt.children ?? 1) : 1,
    environment: { SWATH_MANIFEST: documentKeys.manifest(attempt.requestId, attempt.attempt, stage) },
    attempts: JOB_ATTEMPTS,
    share: shareOfProject(project),
    timeoutS: timeoutS[stage],
  };
}

/** Ids of jobs that were submitted for this attempt, as far as it was written down. */
export const jobIdField = { acquire: 'jobAcquire', process: 'jobProcess', publish: 'jobPublish' } as const;
