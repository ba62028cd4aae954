import { isSwathError } from '@swath/core';
import type { Objects } from '@swath/ports';
import * as z from 'zod';
import type { TasksUsed } from './cost/estimate.ts';
import { jobsUsed } from './cost/used.ts';
import type { RequestDeps } from './deps.ts';
import { MAX_EVENTS } from './limits.ts';
import { documentKeys, type Stage } from './names.ts';
import { isFinal } from './states.ts';
import { readAttempts, readCharges, readEvents } from './store/read.ts';
import type { Attempt, Head } from './store/rows.ts';
import { toView } from './to-view.ts';
import type { RequestEventView, RequestView } from './view.ts';

/** All that is known about a request that has ended, for those who keep records. Equal for equal `version`. */
export interface RequestRecord {
  /** Number of the newest event when the record was read: a higher one replaces a lower one. */
  readonly version: number;
  /** In a final state. */
  readonly request: RequestView;
  /** Who asked, as `<issuer>:<subject>`; null where nobody signs in. */
  readonly requestedBy: string | null;
  /** Key of its results (`results/<resultKey>/`); null when it has none. */
  readonly resultKey: string | null;
  readonly retentionDays: number;
  /** In order, up to `version`; at most `MAX_EVENTS`. */
  readonly events: readonly RequestEventView[];
  readonly attempts: readonly AttemptRecord[];
}

export interface AttemptRecord {
  readonly attempt: number;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** State it ended in; `again` when the machine began another. */
  readonly outcome: string | null;
  /** Chunks it computed, and the seconds its jobs worked on them. */
  readonly chunksProcessed: number;
  readonly computeSeconds: number;
  /** CPU seconds of all its jobs; null when they ran none, or were of a version that did not say. */
  readonly cpuSeconds: number | null;
  /** Bytes its jobs fetched from providers, files of the machine left out; null as `cpuSeconds`. */
  readonly readBytes: number | null;
  /** Containers by stage, with the seconds they are billed for. */
  readonly tasks: Readonly<Record<Stage, TasksUsed>>;
  /** Bytes of chunks in the work bucket. */
  readonly chunkBytes: number;
  /** Bytes its plan expected to read; null when it made no plan, or the plan is no longer kept. */
  readonly plannedInputBytes: number | null;
  /** Budget units charged, 0 unless the request made results. */
  readonly budgetUnits: number;
}

/** @returns undefined while the request is open: it will end, and be recorded then. */
export async function readRecord(
  deps: Pick<RequestDeps, 'table' | 'work'>,
  head: Head,
): Promise<RequestRecord | undefined> {
  if (!isFinal(head.state)) return undefined;
  const events = await readEvents(deps.table, head.id, MAX_EVENTS);
  const charges = await readCharges(deps.table, head);
  const attempts: AttemptRecord[] = [];
  for (const attempt of await readAttempts(deps.table, head.id)) {
    // A later one may have begun since the head was read.
    if (attempt.attempt > head.attempt) continue;
    attempts.push(await attemptRecord(deps.work, attempt, charges.get(attempt.attempt) ?? 0));
  }
  return {
    version: head.sequence,
    request: await toView(deps, head, 'listed'),
    requestedBy: head.requestedBy,
    resultKey: head.resultKey,
    retentionDays: head.retentionDays,
    events: events
      .filter(({ sequence }) => sequence <= head.sequence)
      .map(({ sequence, time, attempt, kind, from, to, message }) => ({
        sequence,
        time,
        attempt,
        kind,
        from,
        to,
        message,
      })),
    attempts,
  };
}

async function attemptRecord(work: Objects, row: Attempt, budgetUnits: number): Promise<AttemptRecord> {
  const { chunks, chunkSeconds, cpuSeconds, readBytes, tasks, chunkBytes } = await jobsUsed(work, row);
  const { attempt, startedAt, endedAt, outcome } = row;
  return {
    attempt,
    startedAt,
    endedAt,
    outcome,
    chunksProcessed: chunks,
    computeSeconds: chunkSeconds,
    cpuSeconds,
    readBytes,
    tasks,
    chunkBytes,
    plannedInputBytes: await plannedBytes(work, row),
    budgetUnits,
  };
}

const planned = z.looseObject({ estimate: z.looseObject({ inputBytes: z.number().min(0) }) });

/** Of the attempt that made the plan; one that goes on with it reads less, nobody knows how much. */
async function plannedBytes(work: Objects, { requestId, attempt, planKey }: Attempt): Promise<number | null> {
  if (planKey === null || planKey !== documentKeys.plan(requestId, attempt)) return null;
  try {
    const text = new TextDecoder().decode(await work.get(planKey));
    return planned.parse(JSON.parse(text)).estimate.inputBytes;
  } catch (error) {
    if (isSwathError(error, 'NotFound')) return null;
    throw error;
  }
}
