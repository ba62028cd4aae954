import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import {
  type BatchClient,
  DescribeJobDefinitionsCommand,
  DescribeJobsCommand,
  type JobDetail,
  ListJobsCommand,
} from '@aws-sdk/client-batch';
import { accountId, region } from './account.ts';

export interface JobRunnerOptions {
  readonly client: BatchClient;
  /** ARNs. */
  readonly queues: readonly string[];
  /** Folder of the image. */
  readonly image: string;
  /** What the image and a container's surroundings set: not of the job definition. */
  readonly variables: (command: readonly string[]) => Readonly<Record<string, string>>;
}

export interface EndedJob {
  readonly name: string;
  readonly definition: string;
  /** `Batch Job State Change`, as EventBridge gets them: of the job through all its states, of children, and of others' jobs. */
  readonly events: readonly object[];
  /** Of each child. */
  readonly exitCodes: readonly (number | null)[];
  readonly output: string;
}

/**
 * Runs what was submitted to Batch: reads jobs and definitions from the server that keeps them, and runs every child as a process with
 * the command and environment of its definition, the job's overrides, and Batch's own variables. moto without an engine says of each job
 * at once that it has SUCCEEDED: so failures of children are not played, and the test looks at exit codes itself.
 */
export function jobRunner(options: JobRunnerOptions): {
  readonly runSubmitted: () => Promise<readonly EndedJob[]>;
} {
  const ran = new Set<string>();
  return {
    async runSubmitted() {
      const ended: EndedJob[] = [];
      for (const jobQueue of options.queues) {
        const { jobSummaryList = [] } = await options.client.send(
          new ListJobsCommand({ jobQueue, jobStatus: 'SUCCEEDED' }),
        );
        const fresh = jobSummaryList.flatMap(({ jobId }) =>
          // moto lists children of array jobs beside their parents.
          jobId === undefined || jobId.includes(':') || ran.has(jobId) ? [] : [jobId],
        );
        if (fresh.length === 0) continue;
        const { jobs = [] } = await options.client.send(new DescribeJobsCommand({ jobs: fresh }));
        for (const job of jobs) {
          ran.add(job.jobId ?? '');
          ended.push(await runJob(job, jobQueue, options));
        }
      }
      return ended;
    },
  };
}

async function runJob(job: JobDetail, jobQueue: string, options: JobRunnerOptions): Promise<EndedJob> {
  const { jobDefinition = '', jobId = '', jobName = '' } = job;
  const { jobDefinitions = [] } = await options.client.send(
    new DescribeJobDefinitionsCommand({ jobDefinitions: [jobDefinition] }),
  );
  const { command = [], environment = [] } = jobDefinitions[0]?.containerProperties ?? {};
  const ofDefinition = variablesOf(environment);
  // moto tells overrides among the container's own.
  const ofJob = variablesOf(job.container?.environment ?? []);
  const size = job.arrayProperties?.size;
  const exitCodes: (number | null)[] = [];
  let output = '';
  const [program, ...args] = command;
  if (program !== 'node') throw new Error(`${jobDefinition} runs ${program}, which no image of ours has`);
  for (let index = 0; index < (size ?? 1); index++) {
    const child = spawn(process.execPath, args, {
      cwd: options.image,
      env: {
        PATH: dirname(process.execPath),
        ...options.variables(command),
        ...ofDefinition,
        ...ofJob,
        AWS_BATCH_JOB_ID: size === undefined ? jobId : `${jobId}:${index}`,
        AWS_BATCH_JOB_ATTEMPT: '1',
        ...(size === undefined ? {} : { AWS_BATCH_JOB_ARRAY_INDEX: String(index) }),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text) => {
        output += String(text);
      });
    }
    exitCodes.push(await new Promise<number | null>((done) => child.once('close', done)));
  }
  const event = (status: string, of: { readonly queue?: string; readonly index?: number } = {}) => ({
    version: '0',
    id: '00000000-0000-4000-8000-000000000000',
    source: 'aws.batch',
    account: accountId,
    time: '2026-01-01T00:00:00Z',
    region,
    resources: [`arn:aws:batch:${region}:${accountId}:job/${jobId}`],
    'detail-type': 'Batch Job State Change',
    detail: {
      jobArn: `arn:aws:batch:${region}:${accountId}:job/${jobId}`,
      jobName,
      jobId: of.index === undefined ? jobId : `${jobId}:${of.index}`,
      jobQueue: of.queue ?? jobQueue,
      status,
      attempts: [],
      createdAt: job.createdAt,
      jobDefinition,
      parameters: {},
      ...(size === undefined && of.index === undefined
        ? {}
        : { arrayProperties: { size, index: of.index, statusSummary: {} } }),
    },
  });
  const other = `arn:aws:batch:${region}:${accountId}:job-queue/of-others`;
  return {
    name: jobName,
    definition: jobDefinition,
    events: [
      ...['SUBMITTED', 'RUNNABLE', 'STARTING', 'RUNNING'].map((status) => event(status)),
      event('SUCCEEDED', { index: 0 }),
      event('SUCCEEDED', { queue: other }),
      event('SUCCEEDED'),
    ],
    exitCodes,
    output,
  };
}

function variablesOf(
  environment: readonly { readonly name?: string | undefined; readonly value?: string | undefined }[],
): Record<string, string> {
  return Object.fromEntries(environment.map(({ name = '', value = '' }) => [name, value]));
}
