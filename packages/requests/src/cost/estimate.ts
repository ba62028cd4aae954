import { HOURS_PER_MONTH } from '@swath/core/month';
import { FREE_DISK_GIB } from '@swath/ports/task-sizes';
import { type Stage, stages } from '../names.ts';
import type { Rates } from './rates.ts';

/** Containers of one stage. */
export interface TasksUsed {
  readonly count: number;
  /** All together, as they are billed: each a minute at least (`billedSeconds`). */
  readonly seconds: number;
}

/** What one attempt used, or several together. */
export interface Used {
  /** Attempts that submitted a job; and those that ended without one: answered by results, or nothing was found. */
  readonly attempts: { readonly withJobs: number; readonly withoutJobs: number };
  readonly tasks: Readonly<Record<Stage, TasksUsed>>;
  readonly chunks: number;
  readonly products: number;
  /** Bytes read from the provider. */
  readonly inputBytes: number;
  /** Bytes of chunks, which lie in the work bucket until it forgets them. */
  readonly chunkBytes: number;
  /** Bytes published, and the days of the first month they are kept. */
  readonly outputBytes: number;
  readonly retentionDays: number;
}

/** Fargate bills a task for a minute at least, from the pull of its image on. */
export const TASK_LEAST_S = 60;

/** @param seconds of all tasks together. Of tasks of unlike length it is a lower bound. */
export const billedSeconds = (count: number, seconds: number): number =>
  count === 0 ? 0 : Math.max(count * TASK_LEAST_S, seconds);

/** Calls of one small request from order to end, without those of each chunk: assumed, in the order of what test/infra/running.test.ts prints. */
const CALLS = {
  rowWrites: 80,
  rowReads: 150,
  puts: 30,
  gets: 80,
  lambdas: 35,
  lambdaS: 0.5,
  lambdaGb: 1,
  messages: 40,
  events: 8,
  apiCalls: 20,
};

/** Of them, share of an attempt that submits no job: accepted, ordered, ended. Assumed. */
const SHARE_WITHOUT_JOBS = 0.25;

/** Objects that are read and written for a chunk, by its child and by those that come after, assumed likewise; for a child; for a product. */
const CHUNK = { puts: 2, gets: 6 };
const CHILD = { gets: 4 };
const PRODUCT = { puts: 4 };

/** What is logged: 2 kB a task, 0.1 MB an attempt. Assumed. */
const LOG_GB = { task: 2e-6, attempt: 1e-4 };

const DAYS_PER_MONTH = HOURS_PER_MONTH / 24;

export const costKinds = {
  process: 'compute',
  publish: 'compute',
  acquire: 'compute',
  disk: 'compute',
  addresses: 'compute',
  s3Calls: 'calls',
  table: 'calls',
  functions: 'calls',
  messages: 'calls',
  logs: 'calls',
  results: 'storage',
  chunks: 'storage',
  transfer: 'transfer',
} as const;
export type CostLineName = keyof typeof costKinds;
export type CostKind = (typeof costKinds)[CostLineName];

export interface CostLine {
  /** How much of what, by unit. */
  readonly amounts: Readonly<Record<string, number>>;
  /** 1e-9 USD: whole, so that sums do not depend on their order. */
  readonly nanoUsd: number;
}

export interface Cost {
  readonly lines: Readonly<Record<CostLineName, CostLine>>;
  readonly kinds: Readonly<Record<CostKind, number>>;
  /** Sum of the lines, 1e-9 USD. */
  readonly nanoUsd: number;
  readonly version: string;
}

export const NANO = 1e9;
const GB = 1e9;

/**
 * What AWS is expected to bill for it, at these rates, without tax and free allowances. An estimate: seconds, tasks and
 * bytes are measured, calls are assumed per attempt, chunk and product.
 *
 * - a stage's tasks: h (vCPU p_vcpu + GiB p_gb) share; h: billed hours, share: of Fargate's price
 * - disk: h (GiB - 20) p; addresses: h n p
 * - results: GB min(1, days / 30.4) p, the first month at most; chunks: GB days / 30.4 p
 */
export function estimateCost(used: Used, rates: Rates): Cost {
  const { usd, tasks: sizes } = rates;
  const hours = (seconds: number) => seconds / 3600;
  const taskS = stages.reduce((sum, stage) => sum + used.tasks[stage].seconds, 0);
  const taskCount = stages.reduce((sum, stage) => sum + used.tasks[stage].count, 0);
  const calls = callsOf(used, taskCount);
  const task = (stage: Stage): CostLine => {
    const { vcpu, memoryGiB } = sizes[stage];
    const { count, seconds } = used.tasks[stage];
    const hour = (vcpu * usd.vcpuHour + memoryGiB * usd.gbHour) * rates.fargateShare;
    return line({ tasks: count, seconds, vcpu, memoryGiB }, hours(seconds) * hour);
  };
  const diskGib = Math.max(0, rates.diskGiB - FREE_DISK_GIB);
  const kept = Math.min(1, used.retentionDays / DAYS_PER_MONTH);
  const transferGb = rates.imagery === 'other-region' ? used.inputBytes / GB : 0;
  const lambdaGbS = calls.lambdas * CALLS.lambdaS * CALLS.lambdaGb;
  const lines: Record<CostLineName, CostLine> = {
    process: task('process'),
    publish: task('publish'),
    acquire: task('acquire'),
    disk: line({ gbHours: hours(taskS) * diskGib }, hours(taskS) * diskGib * usd.fargateDiskGbHour),
    addresses: line(
      { hours: hours(taskS) * rates.addresses },
      hours(taskS) * rates.addresses * usd.publicIpHour,
    ),
    s3Calls: line(
      { puts: calls.puts, gets: calls.gets },
      (calls.puts / 1000) * usd.s3PutThousand + (calls.gets / 1000) * usd.s3GetThousand,
    ),
    table: line(
      { writes: calls.rowWrites, reads: calls.rowReads },
      // Rows are written in transactions: two units each.
      (calls.rowWrites * 2 * usd.tableWriteMillion + calls.rowReads * usd.tableReadMillion) / 1e6,
    ),
    functions: line(
      { calls: calls.lambdas, gbSeconds: lambdaGbS },
      lambdaGbS * usd.lambdaGbSecond + (calls.lambdas / 1e6) * usd.lambdaMillion,
    ),
    messages: line(
      { messages: calls.messages, events: calls.events, apiCalls: calls.apiCalls },
      (calls.messages * usd.sqsMillion + calls.events * usd.eventMillion + calls.apiCalls * usd.apiMillion) /
        1e6,
    ),
    logs: line({ gb: calls.logGb }, calls.logGb * usd.logGb),
    results: line(
      { gb: used.outputBytes / GB, months: kept },
      (used.outputBytes / GB) * kept * usd.s3GbMonth,
    ),
    chunks: line(
      { gb: used.chunkBytes / GB, months: rates.workDays / DAYS_PER_MONTH },
      (used.chunkBytes / GB) * (rates.workDays / DAYS_PER_MONTH) * usd.s3GbMonth,
    ),
    transfer: line({ gb: transferGb }, transferGb * usd.transferRegionGb),
  };
  return { lines, ...sums(lines), version: rates.version };
}

function callsOf(used: Used, taskCount: number) {
  const { withJobs, withoutJobs } = used.attempts;
  const n = withJobs + withoutJobs * SHARE_WITHOUT_JOBS;
  const { chunks, products, tasks } = used;
  return {
    rowWrites: n * CALLS.rowWrites,
    rowReads: n * CALLS.rowReads,
    lambdas: n * CALLS.lambdas,
    messages: n * CALLS.messages,
    events: n * CALLS.events,
    apiCalls: n * CALLS.apiCalls,
    puts: n * CALLS.puts + chunks * CHUNK.puts + products * PRODUCT.puts,
    gets: n * CALLS.gets + chunks * CHUNK.gets + tasks.process.count * CHILD.gets,
    logGb: taskCount * LOG_GB.task + (withJobs + withoutJobs) * LOG_GB.attempt,
  };
}

const line = (amounts: CostLine['amounts'], usd: number): CostLine => ({
  amounts,
  nanoUsd: Math.round(usd * NANO),
});

function sums(lines: Cost['lines']): Pick<Cost, 'kinds' | 'nanoUsd'> {
  const kinds: Record<CostKind, number> = { compute: 0, calls: 0, storage: 0, transfer: 0 };
  let nanoUsd = 0;
  for (const name of Object.keys(costKinds) as CostLineName[]) {
    kinds[costKinds[name]] += lines[name].nanoUsd;
    nanoUsd += lines[name].nanoUsd;
  }
  return { kinds, nanoUsd };
}
