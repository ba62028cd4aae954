import { SwathError } from '@swath/core';
import * as z from 'zod';

/** What a container gets from its job definition, its job, and Batch. Parsed once, at the start. */
const variables = z.object({
  /** Key of the manifest in the work bucket. */
  SWATH_MANIFEST: z.string().min(1).max(1024),
  /** `local:<folder>`: the data folder of a local runtime. `aws`: S3 buckets, named by the next three. */
  SWATH_STORAGE: z.string().regex(/^(aws|local:.+)$/, 'aws, or local:<folder>'),
  SWATH_WORK_BUCKET: z.string().min(3).optional(),
  SWATH_RAW_BUCKET: z.string().min(3).optional(),
  SWATH_RESULTS_BUCKET: z.string().min(3).optional(),
  /** Folder for files that live as long as the step. @default the system's temporary folder */
  SWATH_SCRATCH: z.string().min(1).optional(),
  /** Folders whose files scenes may name, separated as in PATH. @default none */
  SWATH_READ_FOLDERS: z.string().optional(),
  /** `host` or `host:port` entries, separated by commas, that may be read whatever their address is. @default none */
  SWATH_READ_HOSTS: z.string().optional(),
  /**
   * Lanes that compute at the same time: the vCPUs of the container, because on a shared host Node sees the host's.
   * @default one for a chunk, whose neighbours run beside it; one per core for publishing, which runs alone
   */
  SWATH_LANES: z.coerce.number().int().min(1).max(32).optional(),
  /** `stdin`: end when standard input closes, because whoever held it has died. */
  SWATH_PARENT_WATCH: z.literal('stdin').optional(),
  AWS_BATCH_JOB_ID: z.string().default('local'),
  AWS_BATCH_JOB_ATTEMPT: z.coerce.number().int().min(1).default(1),
  AWS_BATCH_JOB_ARRAY_INDEX: z.coerce.number().int().min(0).max(9999).default(0),
});

export interface JobEnvironment {
  readonly manifestKey: string;
  readonly storage: StorageConfig;
  readonly scratch: string | undefined;
  readonly readFolders: readonly string[];
  readonly readHosts: readonly string[];
  readonly lanes: number | undefined;
  readonly watchParent: boolean;
  readonly jobId: string;
  /** From 1. */
  readonly jobAttempt: number;
  /** Which child of an array job this is; 0 of a plain one. */
  readonly childIndex: number;
}

export type StorageConfig =
  /** Data folder of a local runtime. */
  | { readonly kind: 'local'; readonly folder: string }
  /** Names of buckets. */
  | { readonly kind: 'aws'; readonly work: string; readonly raw: string; readonly results: string };

/** @throws SwathError InvalidInput naming every variable that is missing or wrong. */
export function parseEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  pathSeparator: string,
): JobEnvironment {
  const parsed = variables.safeParse(env);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new SwathError('InvalidInput', `The environment of the job is not complete: ${wrong.join('; ')}.`);
  }
  const found = parsed.data;
  return {
    manifestKey: found.SWATH_MANIFEST,
    storage: storageOf(found),
    scratch: found.SWATH_SCRATCH,
    readFolders: list(found.SWATH_READ_FOLDERS, pathSeparator),
    readHosts: list(found.SWATH_READ_HOSTS, ','),
    lanes: found.SWATH_LANES,
    watchParent: found.SWATH_PARENT_WATCH !== undefined,
    jobId: found.AWS_BATCH_JOB_ID,
    jobAttempt: found.AWS_BATCH_JOB_ATTEMPT,
    childIndex: found.AWS_BATCH_JOB_ARRAY_INDEX,
  };
}

function storageOf(found: z.output<typeof variables>): StorageConfig {
  if (found.SWATH_STORAGE !== 'aws') {
    return { kind: 'local', folder: found.SWATH_STORAGE.slice('local:'.length) };
  }
  const { SWATH_WORK_BUCKET: work, SWATH_RAW_BUCKET: raw, SWATH_RESULTS_BUCKET: results } = found;
  if (work !== undefined && raw !== undefined && results !== undefined) {
    return { kind: 'aws', work, raw, results };
  }
  throw new SwathError(
    'InvalidInput',
    'SWATH_STORAGE=aws needs SWATH_WORK_BUCKET, SWATH_RAW_BUCKET and SWATH_RESULTS_BUCKET.',
  );
}

function list(text: string | undefined, separator: string): readonly string[] {
  return (text ?? '').split(separator).filter((entry) => entry !== '');
}
