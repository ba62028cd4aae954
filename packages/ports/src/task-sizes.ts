import type { JobDefinitionName } from './jobs.ts';

export interface TaskSize {
  readonly vcpu: 0.25 | 0.5 | 1 | 2 | 4 | 8 | 16;
  readonly memoryGiB: number;
}

/** Size of a job's container unless the configuration says otherwise. */
export const defaultTaskSizes: Readonly<Record<JobDefinitionName, TaskSize>> = {
  acquire: { vcpu: 1, memoryGiB: 2 },
  process: { vcpu: 2, memoryGiB: 8 },
  publish: { vcpu: 2, memoryGiB: 8 },
};

/** Local disk of a container, and how much of it Fargate does not bill. */
export const DEFAULT_DISK_GIB = 50;
export const FREE_DISK_GIB = 20;

/** Days the work bucket keeps manifests and chunks unless the configuration says otherwise. */
export const DEFAULT_WORK_DAYS = 30;
