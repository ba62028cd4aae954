import { SwathError } from '@swath/core';
import { type AttemptEnd, checkJob, isFinalJobStatus, isRetried } from '../job-rules.ts';
import type { JobEvent, JobInfo, JobStatus, Jobs, SubmitJob } from '../jobs.ts';
import type { Clock } from '../others.ts';

export interface MemoryJobsOptions {
  readonly clock: Clock;
  /**
   * One attempt of one child. Resolves with the exit code, or with an end that has none (timed out, host lost).
   * A rejection counts as exit code 1. `signal` is aborted by `cancel`.
   */
  readonly run: (
    job: SubmitJob,
    index: number,
    context: { readonly attempt: number; readonly signal: AbortSignal },
  ) => Promise<number | AttemptEnd>;
  /** `auto`: children start as soon as they may. `manual`: the caller says `runNext`. @default 'auto' */
  readonly start?: 'auto' | 'manual';
  /** Told after `events` has it. */
  readonly onEvent?: (event: JobEvent) => void;
}

export interface MemoryJobs extends Jobs {
  /** State changes of parents, as EventBridge tells them: none for the submission itself. */
  readonly events: readonly JobEvent[];
  /** Runs one attempt of the oldest child that may run. @returns false when there is none. */
  runNext(): Promise<boolean>;
  /** Until nothing runs and nothing may run. */
  settle(): Promise<void>;
}

interface Child {
  readonly index: number;
  status: JobStatus;
  attempts: number;
  exitCode?: number;
  statusReason?: string;
  readonly controller: AbortController;
}

interface Submitted {
  readonly id: string;
  readonly job: SubmitJob;
  readonly createdMs: number;
  stoppedMs?: number;
  readonly children: readonly Child[];
  told: JobStatus;
  cancelReason?: string;
}

/** AWS Batch's life of a job, with a function in place of the container. */
export function memoryJobs(options: MemoryJobsOptions): MemoryJobs {
  const jobs = new Map<string, Submitted>();
  const byName = new Map<string, Submitted>();
  const events: JobEvent[] = [];
  const inFlight = new Set<Promise<void>>();

  const tell = (submitted: Submitted) => {
    const status = statusOf(submitted);
    if (status === submitted.told) return;
    submitted.told = status;
    if (isFinalJobStatus(status)) submitted.stoppedMs = options.clock.now();
    const reason = reasonOf(submitted);
    const event: JobEvent = {
      jobId: submitted.id,
      jobName: submitted.job.name,
      status,
      ...(reason === undefined ? {} : { statusReason: reason }),
    };
    events.push(event);
    options.onEvent?.(event);
    if (isFinalJobStatus(status)) for (const other of jobs.values()) release(other);
  };

  /** Lets a job go whose dependencies have all succeeded; fails it when one has failed. */
  const release = (submitted: Submitted) => {
    if (submitted.children[0]?.status !== 'PENDING') return;
    const needed = (submitted.job.dependsOn ?? []).map((id) => jobs.get(id));
    if (needed.some((other) => other !== undefined && statusOf(other) === 'FAILED')) {
      end(submitted, submitted.children, 'Dependent Job failed.');
    } else if (needed.every((other) => other !== undefined && statusOf(other) === 'SUCCEEDED')) {
      for (const child of submitted.children) child.status = 'RUNNABLE';
      tell(submitted);
      if (options.start !== 'manual') queueMicrotask(startAll);
    }
  };

  const end = (submitted: Submitted, children: readonly Child[], reason: string) => {
    for (const child of children) {
      child.status = 'FAILED';
      child.statusReason = reason;
    }
    tell(submitted);
  };

  const attempt = async (submitted: Submitted, child: Child): Promise<void> => {
    child.status = 'RUNNING';
    child.attempts++;
    tell(submitted);
    const context = { attempt: child.attempts, signal: child.controller.signal };
    const finished = await runOnce(options, submitted.job, child.index, context);
    if (finished.exitCode === undefined) delete child.exitCode;
    else child.exitCode = finished.exitCode;
    const reason = submitted.cancelReason ?? finished.statusReason ?? finished.reason;
    if (reason !== undefined) child.statusReason = reason;
    const again =
      submitted.cancelReason === undefined && child.attempts < submitted.job.attempts && isRetried(finished);
    child.status = finished.exitCode === 0 ? 'SUCCEEDED' : again ? 'RUNNABLE' : 'FAILED';
    tell(submitted);
  };

  const startNext = (): Promise<void> | undefined => {
    for (const submitted of jobs.values()) {
      const child = submitted.children.find((one) => one.status === 'RUNNABLE');
      if (child === undefined) continue;
      const run = attempt(submitted, child).finally(() => {
        inFlight.delete(run);
        if (options.start !== 'manual') startAll();
      });
      inFlight.add(run);
      return run;
    }
    return undefined;
  };
  const startAll = () => {
    while (startNext() !== undefined);
  };

  return {
    events,
    async submit(job) {
      checkJob(job);
      const known = byName.get(job.name);
      if (known !== undefined) return known.id;
      for (const id of job.dependsOn ?? []) {
        if (!jobs.has(id)) {
          throw new SwathError('InvalidInput', `There is no job ${id} to depend on.`, {
            pointer: '/dependsOn',
          });
        }
      }
      const children = Array.from({ length: job.size }, (_, index): Child => {
        return { index, status: 'PENDING', attempts: 0, controller: new AbortController() };
      });
      const id = `job-${jobs.size + 1}`;
      const createdMs = options.clock.now();
      const submitted: Submitted = { id, job: structuredClone(job), createdMs, children, told: 'PENDING' };
      jobs.set(id, submitted);
      byName.set(job.name, submitted);
      release(submitted);
      return id;
    },
    async describe(jobIds) {
      return jobIds.flatMap((id) => {
        const submitted = jobs.get(id);
        return submitted === undefined ? [] : [infoOf(submitted)];
      });
    },
    async findByName(name) {
      const submitted = byName.get(name);
      return submitted === undefined ? undefined : infoOf(submitted);
    },
    async children(jobId) {
      return (jobs.get(jobId)?.children ?? []).map(({ index, status, exitCode, statusReason }) => ({
        index,
        status,
        ...(exitCode === undefined ? {} : { exitCode }),
        ...(statusReason === undefined ? {} : { statusReason }),
      }));
    },
    async cancel(jobId, reason) {
      const submitted = jobs.get(jobId);
      if (submitted === undefined || isFinalJobStatus(statusOf(submitted))) return;
      submitted.cancelReason ??= reason;
      const waiting = submitted.children.filter(
        (one) => one.status === 'PENDING' || one.status === 'RUNNABLE',
      );
      end(submitted, waiting, reason);
      for (const child of submitted.children) child.controller.abort();
    },
    async runNext() {
      const run = startNext();
      await run;
      return run !== undefined;
    },
    async settle() {
      for (let run = startNext(); run !== undefined || inFlight.size > 0; run = startNext()) {
        await Promise.all(inFlight);
      }
    },
  };
}

async function runOnce(
  options: MemoryJobsOptions,
  job: SubmitJob,
  index: number,
  context: { readonly attempt: number; readonly signal: AbortSignal },
): Promise<AttemptEnd> {
  try {
    const end = await options.run(job, index, context);
    return typeof end === 'number' ? { exitCode: end } : end;
  } catch (error) {
    return { exitCode: 1, reason: error instanceof Error ? error.message : String(error) };
  }
}

/** An array parent is PENDING until its last child has ended, as in Batch. */
function statusOf(submitted: Submitted): JobStatus {
  const { children } = submitted;
  const first = children[0];
  if (first !== undefined && children.length === 1) return first.status;
  if (!children.every((child) => isFinalJobStatus(child.status))) return 'PENDING';
  return children.some((child) => child.status === 'FAILED') ? 'FAILED' : 'SUCCEEDED';
}

function reasonOf(submitted: Submitted): string | undefined {
  if (submitted.children.length === 1) return submitted.children[0]?.statusReason;
  if (statusOf(submitted) !== 'FAILED') return undefined;
  return submitted.cancelReason ?? 'Array Child Job failed.';
}

function infoOf(submitted: Submitted): JobInfo {
  const { id, job, children, createdMs, stoppedMs } = submitted;
  const reason = reasonOf(submitted);
  const exitCode = children[0]?.exitCode;
  const counts: Partial<Record<JobStatus, number>> = {};
  for (const child of children) counts[child.status] = (counts[child.status] ?? 0) + 1;
  return {
    id,
    name: job.name,
    status: statusOf(submitted),
    size: job.size,
    createdAt: new Date(createdMs).toISOString(),
    ...(reason === undefined ? {} : { statusReason: reason }),
    ...(job.size > 1 ? { children: counts } : exitCode === undefined ? {} : { exitCode }),
    ...(stoppedMs === undefined ? {} : { stoppedAt: new Date(stoppedMs).toISOString() }),
  };
}
