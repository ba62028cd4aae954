import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Logger, SwathError } from '@swath/core';
import {
  type Clock,
  checkJob,
  type JobDefinitionName,
  type JobEvent,
  type JobInfo,
  type Jobs,
} from '@swath/ports';
import { type RunningAttempt, startAttempt } from './attempt.ts';
import { eventDelivery } from './deliver-events.ts';
import { type AttemptEnd, type Claim, type Journal, openJournal } from './journal.ts';
import { endOrphan } from './orphans.ts';
import { processIdentity } from './process-identity.ts';
import { environmentText } from './schema.ts';
import { INTERRUPTED } from './status-reasons.ts';

export interface LocalJobsOptions {
  /** A database, or the path of one (created with its folder). One runtime at a time. */
  readonly database: DatabaseSync | string;
  /** What a job definition is on this machine. `environment` is what a container would get from its definition. */
  readonly command: (definition: JobDefinitionName) => {
    readonly command: string;
    readonly args: readonly string[];
    readonly environment?: Readonly<Record<string, string>>;
  };
  /** Processes at once. */
  readonly maxParallel: number;
  readonly clock: Clock;
  /** Told every change of a parent's status, at least once; repeated until it resolves. */
  readonly onEvent: (event: JobEvent) => Promise<void>;
  readonly log: Logger;
  /** `<logFolder>/<jobId>/<child>-<attempt>.log` holds what an attempt printed. */
  readonly logFolder: string;
  /** Between SIGTERM and SIGKILL. @default 30 s, as in Batch. */
  readonly graceMs?: number;
}

export type LocalJobs = Jobs & {
  /** Ends what an earlier life left running, then starts what is runnable. */
  start(): Promise<void>;
  /** Ends running attempts (they begin again after the next start, uncounted) and pending deliveries. */
  stop(): Promise<void>;
};

/**
 * AWS Batch on one machine: child processes with a journal in node:sqlite. Statuses, retry rules, time-outs, array
 * environment and events are Batch's. A crash of this process at any moment loses nothing: on the next start its
 * children are ended, and their jobs retried as after a Spot interruption.
 */
export function localJobs(options: LocalJobsOptions): LocalJobs {
  const own = typeof options.database === 'string' ? openDatabase(options.database) : undefined;
  const database = own ?? options.database;
  if (typeof database === 'string') throw new SwathError('Bug', 'the job database did not open');
  const { clock, log } = options;
  const journal = openJournal(database);
  const delivery = eventDelivery(journal, options.onEvent, log);
  const running = new Map<
    string,
    { readonly claim: Claim; readonly attempt: RunningAttempt; readonly done: Promise<void> }
  >();
  let open = false;

  /** Starts as many children as there is room for. */
  const pump = (): void => {
    while (open && running.size < options.maxParallel) {
      const claim = journal.claim(clock.now());
      if (claim === undefined) break;
      begin(claim);
    }
    delivery.pump();
  };

  const begin = (claim: Claim): void => {
    const key = { job_id: claim.job.id, child: claim.child, attempt: claim.attempt };
    const attempt = startOrEnd(claim);
    if (attempt === undefined) return;
    const follow = async () => {
      if (attempt.pid !== undefined) {
        const { pid } = attempt;
        journal.running(key, pid, null, clock.now());
        journal.running(key, pid, (await processIdentity(pid)) ?? null, clock.now());
      }
      finish(claim, await attempt.ended);
    };
    // What fails here is the journal itself (disk full): the attempt stays open in it and is found at the next start.
    const done = follow().catch((error) =>
      log.error('Job:Attempt:Lost', { jobId: claim.job.id, error: String(error) }),
    );
    running.set(runningKey(claim.job.id, claim.child), { claim, attempt, done });
  };

  /** What cannot even be started (an environment no process takes, no room for its log) has ended. */
  const startOrEnd = (claim: Claim): RunningAttempt | undefined => {
    try {
      return startAttempt(attemptOptions(claim, options));
    } catch (error) {
      const statusReason = `CannotStartContainerError: ${error instanceof Error ? error.message : String(error)}`;
      record(claim, { cause: 'exited', exitCode: 127, statusReason });
      return undefined;
    }
  };

  const finish = (claim: Claim, end: AttemptEnd): void => {
    running.delete(runningKey(claim.job.id, claim.child));
    record(claim, end);
    pump();
  };

  const record = (claim: Claim, end: AttemptEnd): void => {
    const { job, child, attempt } = claim;
    journal.finish({ job_id: job.id, child, attempt }, end, clock.now());
    const fields = {
      jobId: job.id,
      name: job.name,
      child,
      attempt,
      exitCode: end.exitCode,
      cause: end.cause,
    };
    if (end.exitCode === 0) log.info('Job:Attempt:Ended', fields);
    else log.warn('Job:Attempt:Ended', fields);
  };

  return {
    ...journalView(journal),

    submit: async (spec) => {
      checkJob(spec);
      const id = journal.submit(spec, clock.now());
      pump();
      return id;
    },

    cancel: async (jobId, reason) => {
      journal.cancel(jobId, reason, clock.now());
      for (const { claim, attempt } of running.values()) {
        if (claim.job.id === jobId) attempt.end('cancelled', reason);
      }
      pump();
    },

    start: async () => {
      if (open) return;
      await recover(journal, clock, log);
      open = true;
      delivery.start();
      pump();
    },

    stop: async () => {
      open = false;
      for (const { attempt } of running.values()) attempt.end('stopped', INTERRUPTED);
      await Promise.all([...running.values()].map(({ done }) => done));
      await delivery.stop();
      own?.close();
    },
  };
}

/** The half of the port that only reads. */
function journalView(journal: Journal): Pick<Jobs, 'describe' | 'findByName' | 'children'> {
  return {
    describe: async (jobIds) =>
      jobIds.map((id) => journal.info(id)).filter((info): info is JobInfo => info !== undefined),
    findByName: async (name) => {
      const row = journal.find(name);
      return row === undefined ? undefined : journal.info(row.id);
    },
    children: async (jobId) =>
      journal.children(jobId).map((row) => ({
        index: row.child,
        status: row.status,
        ...(row.exit_code === null ? {} : { exitCode: row.exit_code }),
        ...(row.status_reason === null ? {} : { statusReason: row.status_reason }),
      })),
  };
}

/** Attempts that were running when an earlier life ended count as interrupted, once their processes are gone. */
async function recover(journal: Journal, clock: Clock, log: Logger): Promise<void> {
  const left = journal.openAttempts();
  await Promise.all(
    left.map(async ({ pid, identity }) => {
      if (pid !== null && identity !== null) await endOrphan(pid, identity, log);
    }),
  );
  for (const attempt of left) {
    journal.finish(attempt, { cause: 'interrupted', exitCode: 137, statusReason: INTERRUPTED }, clock.now());
  }
  if (left.length > 0) log.warn('Job:Recover:Interrupted', { attempts: left.length });
}

function attemptOptions({ job, child, attempt }: Claim, options: LocalJobsOptions) {
  const { command, args, environment } = options.command(job.definition);
  const array = job.size > 1;
  return {
    command,
    args,
    environment: {
      ...environment,
      ...environmentText.parse(JSON.parse(job.environment)),
      AWS_BATCH_JOB_ID: array ? `${job.id}:${child}` : job.id,
      AWS_BATCH_JOB_ATTEMPT: String(attempt),
      ...(array ? { AWS_BATCH_JOB_ARRAY_INDEX: String(child) } : {}),
    },
    logFile: join(options.logFolder, job.id, `${child}-${attempt}.log`),
    timeoutMs: job.timeout_s * 1000,
    ...(options.graceMs === undefined ? {} : { graceMs: options.graceMs }),
  };
}

function openDatabase(path: string): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true });
  const database = new DatabaseSync(path);
  // WAL and FULL: what was answered survives a power cut; readers of other processes do not block.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000;');
  return database;
}

function runningKey(jobId: string, child: number): string {
  return `${jobId}:${child}`;
}
