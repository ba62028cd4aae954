/** AWS Batch's words. */
export type JobStatus =
  | 'SUBMITTED'
  | 'PENDING'
  | 'RUNNABLE'
  | 'STARTING'
  | 'RUNNING'
  | 'SUCCEEDED'
  | 'FAILED';

export type JobDefinitionName = 'acquire' | 'process' | 'publish';

export interface SubmitJob {
  /** Deterministic: `<requestId>-<attempt>-<stage>`. A second submit with the same name returns the first job. */
  readonly name: string;
  readonly definition: JobDefinitionName;
  /** 1 is a plain job; 2 to 10,000 is an array job whose children see AWS_BATCH_JOB_ARRAY_INDEX from 0. */
  readonly size: number;
  /** Environment of the container; values of at most 8 KiB in all (pointers, not payloads). */
  readonly environment: Readonly<Record<string, string>>;
  readonly dependsOn?: readonly string[];
  /** Attempts per child, the first included (1 to 10). Retry rules are the job definition's. */
  readonly attempts: number;
  /**
   * Whose turn it is: jobs of different shares get machines in turn, so that nobody waits for another's thousands.
   * Letters and digits, at most 255; Batch serves at most 500 shares at once. @default none
   */
  readonly share?: string;
  /** Per attempt of a child. A timed-out child is never retried (Batch's rule). */
  readonly timeoutS: number;
}

export interface JobInfo {
  readonly id: string;
  readonly name: string;
  readonly status: JobStatus;
  readonly statusReason?: string;
  /** Exit code of the last attempt of a plain job. */
  readonly exitCode?: number;
  readonly size: number;
  /** Array jobs: children by status. */
  readonly children?: Readonly<Partial<Record<JobStatus, number>>>;
  readonly createdAt: string;
  readonly stoppedAt?: string;
}

/** `detail` of EventBridge's `Batch Job State Change`, reduced to what Swath reads. Parents only. */
export interface JobEvent {
  readonly jobId: string;
  readonly jobName: string;
  readonly status: JobStatus;
  readonly statusReason?: string;
}

export interface Jobs {
  /** @returns job id. Idempotent by name. */
  submit(job: SubmitJob): Promise<string>;
  describe(jobIds: readonly string[]): Promise<readonly JobInfo[]>;
  findByName(name: string): Promise<JobInfo | undefined>;
  /** Statuses of the children of an array job by index; a plain job has one child, index 0. */
  children(jobId: string): Promise<
    readonly {
      readonly index: number;
      readonly status: JobStatus;
      readonly exitCode?: number;
      readonly statusReason?: string;
    }[]
  >;
  /** Running children get SIGTERM, then SIGKILL after 30 s. Idempotent. */
  cancel(jobId: string, reason: string): Promise<void>;
}
