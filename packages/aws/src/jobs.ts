import {
  type BatchClient,
  DescribeJobsCommand,
  type JobDetail,
  type JobSummary,
  ListJobsCommand,
  SubmitJobCommand,
  TerminateJobCommand,
} from '@aws-sdk/client-batch';
import { SwathError } from '@swath/core';
import {
  checkJob,
  isFinalJobStatus,
  type JobDefinitionName,
  type JobInfo,
  type JobStatus,
  type Jobs,
  retryRules,
  type SubmitJob,
} from '@swath/ports';
import { calling } from './errors.ts';
import { describeJobsAtOnce, maxJobPages, maxReasonChars, minJobTimeoutS } from './limits.ts';

export interface BatchJobsOptions {
  readonly client: BatchClient;
  /** Name or ARN: one for all, or one for each definition. Queues have a fair-share policy, or jobs no share. */
  readonly jobQueue: string | Readonly<Record<JobDefinitionName, string>>;
  /** Name, name:revision or ARN of each. */
  readonly definitions: Readonly<Record<JobDefinitionName, string>>;
}

type ChildInfo = Awaited<ReturnType<Jobs['children']>>[number];

const definitionNames = ['acquire', 'process', 'publish'] as const satisfies readonly JobDefinitionName[];

/** In the order a job goes through them. */
const statuses = ['SUBMITTED', 'PENDING', 'RUNNABLE', 'STARTING', 'RUNNING', 'SUCCEEDED', 'FAILED'] as const;

/**
 * AWS Batch. SubmitJob has no idempotency token, so names are looked up first; two submits of one name at the same
 * moment may still both pass, and the attempt's fence decides (Batch remembers ended jobs for seven days).
 */
export function batchJobs(options: BatchJobsOptions): Jobs {
  const { client } = options;
  const queues = [...new Set(definitionNames.map((name) => queueOf(options, name)))];
  const idByName = async (name: string): Promise<string | undefined> => {
    const filters = [{ name: 'JOB_NAME', values: [name] }];
    const lists = await Promise.all(queues.map((jobQueue) => listJobs(client, { jobQueue, filters })));
    // Batch compares names without case.
    const found = lists
      .flat()
      .filter((summary) => summary.jobName === name)
      .sort((a, b) => (a.createdAt ?? 0) - (b.createdAt ?? 0));
    return found[0]?.jobId;
  };
  const describe = (jobIds: readonly string[]) => describeJobs(client, jobIds);
  return {
    async submit(job) {
      checkJob(job);
      const known = await idByName(job.name);
      if (known !== undefined) return known;
      const command = new SubmitJobCommand(submitInput(job, options));
      const { jobId } = await calling('Batch', () => client.send(command));
      if (jobId === undefined) throw new SwathError('Unavailable', 'Batch gives no id for the job.');
      return jobId;
    },
    describe: async (jobIds) => (await describe(jobIds)).map(infoOf),
    async findByName(name) {
      const id = await idByName(name);
      const [detail] = id === undefined ? [] : await describe([id]);
      return detail === undefined ? undefined : infoOf(detail);
    },
    async children(jobId) {
      const [parent] = await describe([jobId]);
      if (parent === undefined) return [];
      const size = parent.arrayProperties?.size ?? 1;
      if (size === 1) return [{ ...childFacts(parent), index: 0 }];
      const children = await listChildren(client, jobId);
      // A child that changed its status between two listings may be in neither.
      const missed = Array.from({ length: size }, (_, index) => index).filter(
        (index) => !children.has(index),
      );
      for (const detail of await describe(missed.map((index) => `${jobId}:${index}`))) {
        const index = indexOf(detail);
        if (index !== undefined) children.set(index, { ...childFacts(detail), index });
      }
      return [...children.values()].sort((a, b) => a.index - b.index);
    },
    async cancel(jobId, reason) {
      const [detail] = await describe([jobId]);
      if (detail === undefined || isFinalJobStatus(statusOf(detail.status))) return;
      const command = new TerminateJobCommand({ jobId, reason: reason.slice(0, maxReasonChars) });
      await calling('Batch', () => client.send(command));
    },
  };
}

function queueOf({ jobQueue }: BatchJobsOptions, definition: JobDefinitionName): string {
  return typeof jobQueue === 'string' ? jobQueue : jobQueue[definition];
}

function submitInput(job: SubmitJob, options: BatchJobsOptions) {
  return {
    jobName: job.name,
    jobQueue: queueOf(options, job.definition),
    jobDefinition: options.definitions[job.definition],
    ...(job.size === 1 ? {} : { arrayProperties: { size: job.size } }),
    ...(job.share === undefined ? {} : { shareIdentifier: job.share }),
    ...(job.dependsOn === undefined ? {} : { dependsOn: job.dependsOn.map((jobId) => ({ jobId })) }),
    retryStrategy: { attempts: job.attempts, evaluateOnExit: [...retryRules] },
    timeout: { attemptDurationSeconds: Math.max(minJobTimeoutS, job.timeoutS) },
    containerOverrides: {
      environment: Object.entries(job.environment).map(([name, value]) => ({ name, value })),
    },
  };
}

async function describeJobs(client: BatchClient, jobIds: readonly string[]): Promise<JobDetail[]> {
  const details: JobDetail[] = [];
  for (let first = 0; first < jobIds.length; first += describeJobsAtOnce) {
    const jobs = jobIds.slice(first, first + describeJobsAtOnce);
    const answer = await calling('Batch', () => client.send(new DescribeJobsCommand({ jobs })));
    details.push(...(answer.jobs ?? []));
  }
  return details;
}

type Listing = {
  readonly jobQueue?: string;
  readonly filters?: { readonly name: string; readonly values: string[] }[];
  readonly arrayJobId?: string;
  readonly jobStatus?: JobStatus;
};

async function listJobs(client: BatchClient, listing: Listing): Promise<JobSummary[]> {
  const found: JobSummary[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page < maxJobPages; page++) {
    const command = new ListJobsCommand({ ...listing, ...(nextToken === undefined ? {} : { nextToken }) });
    const answer = await calling('Batch', () => client.send(command));
    found.push(...(answer.jobSummaryList ?? []));
    nextToken = answer.nextToken;
    if (nextToken === undefined) return found;
  }
  throw new SwathError('LimitExceeded', `Batch lists more than ${maxJobPages} pages of jobs.`);
}

/** By status, as Batch lists children of one status at a time; in the order of life, so that the later one counts. */
async function listChildren(client: BatchClient, arrayJobId: string): Promise<Map<number, ChildInfo>> {
  const children = new Map<number, ChildInfo>();
  for (const jobStatus of statuses) {
    for (const summary of await listJobs(client, { arrayJobId, jobStatus })) {
      const index = indexOf(summary);
      if (index === undefined) continue;
      const { exitCode } = summary.container ?? {};
      children.set(index, {
        index,
        status: statusOf(summary.status),
        ...(exitCode === undefined ? {} : { exitCode }),
        ...(summary.statusReason === undefined ? {} : { statusReason: summary.statusReason }),
      });
    }
  }
  return children;
}

/** Of a child; its id is `<id of the parent>:<index>`. */
function indexOf(child: JobDetail | JobSummary): number | undefined {
  const suffix = /:(\d{1,5})$/.exec(child.jobId ?? '')?.[1];
  return child.arrayProperties?.index ?? (suffix === undefined ? undefined : Number(suffix));
}

function infoOf(detail: JobDetail): JobInfo {
  const size = detail.arrayProperties?.size ?? 1;
  const { exitCode, ...facts } = childFacts(detail);
  if (detail.jobId === undefined || detail.jobName === undefined || detail.createdAt === undefined) {
    throw new SwathError('Unavailable', 'Batch leaves out id, name or time of a job.');
  }
  return {
    id: detail.jobId,
    name: detail.jobName,
    size,
    createdAt: new Date(detail.createdAt).toISOString(),
    ...facts,
    ...(size === 1 && exitCode !== undefined ? { exitCode } : {}),
    ...(size > 1 ? { children: summaryOf(detail) } : {}),
    ...(detail.stoppedAt === undefined ? {} : { stoppedAt: new Date(detail.stoppedAt).toISOString() }),
  };
}

function childFacts(detail: JobDetail) {
  const exitCode = detail.attempts?.at(-1)?.container?.exitCode ?? detail.container?.exitCode;
  return {
    status: statusOf(detail.status),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(detail.statusReason === undefined ? {} : { statusReason: detail.statusReason }),
  };
}

function summaryOf(detail: JobDetail): Partial<Record<JobStatus, number>> {
  const counts: Partial<Record<JobStatus, number>> = {};
  for (const [status, count] of Object.entries(detail.arrayProperties?.statusSummary ?? {})) {
    if (count > 0) counts[statusOf(status)] = count;
  }
  return counts;
}

function statusOf(status: string | undefined): JobStatus {
  const known = statuses.find((one) => one === status);
  if (known === undefined) {
    throw new SwathError('Unsupported', `Batch says a job is "${status}", which Swath does not know.`);
  }
  return known;
}
