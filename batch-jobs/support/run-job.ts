import { delimiter } from 'node:path';
import { jsonLogger, SwathError } from '@swath/core';

import { type JobFailure, jobFailure } from '@swath/products';
import { exitCodes } from '@swath/requests';
import type * as z from 'zod';
import { readDocument, writeReport } from './documents.ts';
import { endSignal } from './end-signals.ts';
import { type JobEnvironment, parseEnvironment } from './environment.ts';
import { jobMeter } from './job-meter.ts';
import { EXIT_MS, LET_GO_MS } from './limits.ts';
import { withScratch } from './scratch.ts';
import { openStorage, type Storage } from './storage.ts';

/** What a step works with. */
export interface StepContext<M> {
  readonly manifest: M;
  readonly environment: JobEnvironment;
  readonly storage: Storage;
  /** Empty, this attempt's own, removed at the end. */
  readonly scratchDir: string;
  readonly signal: AbortSignal;
  /** Adds to the line that is logged at the end, whatever the end is. */
  readonly note: (fields: Readonly<Record<string, unknown>>) => void;
  /** To be told of bytes that providers sent: reports say how many. */
  readonly onRead: (bytes: number) => void;
  readonly succeeded: (reportKey: string, value: unknown) => Promise<void>;
  readonly failed: (reportKey: string, failure: JobFailure) => Promise<void>;
}

export interface Step<M> {
  readonly manifest: z.ZodType<M>;
  /** The reports of this container, below the attempt's staging: a failure of the whole step is told in each. */
  readonly reportKeys: (manifest: M, environment: JobEnvironment) => readonly string[];
  /**
   * Leaves its reports itself, by `succeeded` and `failed`.
   * @returns how the container ends when the step went through and part of it failed.
   */
  readonly run: (context: StepContext<M>) => Promise<JobFailure | undefined>;
}

interface Attempt {
  readonly requestId: string;
  readonly attempt: number;
  readonly staging: string;
}

/**
 * The life of one container: parse the environment, read the manifest, run the step, leave the report, log one
 * line, exit with a code that says whose fault it was. Never returns.
 */
export async function runJob<M extends Attempt>(kind: string, step: Step<M>): Promise<never> {
  const startedMs = performance.now();
  const fields: Record<string, unknown> = { step: kind };
  const exit = (failure: JobFailure | undefined, error?: unknown): Promise<never> => {
    fields['seconds'] = Math.round(performance.now() - startedMs) / 1000;
    return logAndExit(fields, failure, error);
  };
  let ending: ReturnType<typeof endSignal> | undefined;
  try {
    const environment = parseEnvironment(process.env, delimiter);
    ending = endSignal(environment);
    const { signal } = ending;
    Object.assign(fields, { jobId: environment.jobId, jobAttempt: environment.jobAttempt });
    const failure = await orAborted(signal, EXIT_MS, perform(step, environment, signal, fields, kind));
    return await exit(failure);
  } catch (error) {
    return await exit(jobFailure(error), error);
  }
}

/** Everything after the environment. A failure that has a report is returned; one that has none is thrown. */
async function perform<M extends Attempt>(
  step: Step<M>,
  environment: JobEnvironment,
  signal: AbortSignal,
  fields: Record<string, unknown>,
  kind: string,
): Promise<JobFailure | undefined> {
  const storage = await openStorage(environment);
  try {
    const manifest = await readDocument(storage.work, environment.manifestKey, step.manifest, signal);
    const { requestId, attempt } = manifest;
    Object.assign(fields, { requestId, attempt, child: environment.childIndex });
    const { work } = storage;
    const { onRead, used } = jobMeter();
    const succeeded = (key: string, value: unknown) =>
      writeReport(work, key, { ok: true, value, reason: null, message: null, used: used() });
    const failed = (key: string, { reason, message }: JobFailure) =>
      writeReport(work, key, { ok: false, value: null, reason, message, used: used() });
    const note = (more: Readonly<Record<string, unknown>>) => void Object.assign(fields, more);
    const reportKeys = step.reportKeys(manifest, environment);
    const name = `${kind}-${requestId}-${attempt}-${environment.childIndex}-${environment.jobAttempt}`;
    try {
      return await withScratch(environment.scratch, name, (scratchDir) => {
        const context = {
          manifest,
          environment,
          storage,
          scratchDir,
          signal,
          note,
          onRead,
          succeeded,
          failed,
        };
        return orAborted(signal, LET_GO_MS, step.run(context));
      });
    } catch (error) {
      // Interrupted: the next attempt will have its own say.
      if (signal.aborted) throw error;
      const failure = jobFailure(error);
      fields['error'] = error instanceof Error ? error.stack : String(error);
      for (const key of reportKeys) await failed(key, failure);
      return failure;
    }
  } finally {
    await storage.close();
  }
}

/** The work, or Cancelled when it has not ended within `patienceMs` of the signal. */
async function orAborted<T>(signal: AbortSignal, patienceMs: number, work: Promise<T>): Promise<T> {
  const cancelled = () => new SwathError('Cancelled', 'The step was asked to end.');
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    const arm = () => {
      timer = setTimeout(() => reject(cancelled()), patienceMs);
    };
    if (signal.aborted) arm();
    else signal.addEventListener('abort', arm, { once: true });
  });
  try {
    return await Promise.race([work, deadline]);
  } catch (error) {
    // Whatever breaks while letting go breaks because of that.
    throw signal.aborted ? cancelled() : error;
  } finally {
    clearTimeout(timer);
  }
}

async function logAndExit(
  fields: Record<string, unknown>,
  failure: JobFailure | undefined,
  error: unknown,
): Promise<never> {
  const exitCode = failure?.exitCode ?? exitCodes.ok;
  let line = '';
  const log = jsonLogger((text) => {
    line += text;
  }, Date.now);
  if (failure === undefined) {
    log.info('Job:Run:Succeeded', { ...fields, exitCode });
  } else {
    const cause = error instanceof Error ? { error: error.stack } : {};
    log.error('Job:Run:Failed', {
      ...fields,
      ...cause,
      exitCode,
      reason: failure.reason,
      message: failure.message,
    });
  }
  await new Promise<void>((resolve) => process.stdout.write(line, () => resolve()));
  // Open sockets and pools must not keep a finished container alive.
  process.exit(exitCode);
}
