import type { JobDefinitionName } from '@swath/ports';

/**
 * What the stack gives the containers, and what it may rely on. Every job definition gets the environment; Batch adds its own
 * `AWS_BATCH_*`, and each job its `SWATH_MANIFEST`.
 */
export const jobContract = {
  /** Runs in the image's working folder. The exit code decides about another attempt (`retryRules` of @swath/ports). */
  command: (name: JobDefinitionName): readonly string[] => ['node', `${name}.mjs`],
  /** Names that every job definition sets: buckets by name, lanes as the vCPUs of the definition. */
  environment: ['SWATH_WORK_BUCKET', 'SWATH_RAW_BUCKET', 'SWATH_RESULTS_BUCKET', 'SWATH_LANES'],
  /** Set by the image: storage is S3. */
  imageEnvironment: { SWATH_STORAGE: 'aws' },
  /** Names that a job definition may set. */
  optionalEnvironment: ['SWATH_SCRATCH', 'SWATH_READ_FOLDERS', 'SWATH_READ_HOSTS'],
  /** The image's user, `node` of the official image: what an EFS access point gives its files to. */
  user: { uid: 1000, gid: 1000 },
  /** Entries of the image: the files that `command` names. */
  names: ['acquire', 'process', 'publish'],
} as const satisfies {
  readonly names: readonly JobDefinitionName[];
  readonly [key: string]: unknown;
};
