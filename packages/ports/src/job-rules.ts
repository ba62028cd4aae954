import { SwathError } from '@swath/core';
import type { JobStatus, SubmitJob } from './jobs.ts';
import {
  maxArraySize,
  maxJobAttempts,
  maxJobDependencies,
  maxJobEnvironmentBytes,
  maxJobNameChars,
  maxShareChars,
} from './limits.ts';
import { utf8Length } from './utf8.ts';

/** How an attempt of a child ended, in the words Batch's retry rules match on. */
export interface AttemptEnd {
  readonly exitCode?: number;
  /** The container's reason, such as `CannotPullContainerError: ...` or `OutOfMemoryError: ...`. */
  readonly reason?: string;
  /** The job's reason, such as `Host EC2 (instance i-0) terminated.` */
  readonly statusReason?: string;
}

/**
 * Batch's evaluateOnExit (at most five entries, first match wins). The last matches everything: without it Batch
 * retries what no rule names. 75 is a passing trouble (sysexits EX_TEMPFAIL), 143 a SIGTERM (128 + 15, Spot reclaim or
 * cancel). Out of memory (137), bugs and bad inputs end the child: they fail again.
 */
export const retryRules = [
  { onStatusReason: 'Host EC2*', action: 'RETRY' },
  { onReason: 'CannotPullContainerError*', action: 'RETRY' },
  { onExitCode: '75', action: 'RETRY' },
  { onExitCode: '143', action: 'RETRY' },
  { onReason: '*', action: 'EXIT' },
] as const;

/** Whether the rules ask for another attempt. */
export function isRetried(end: AttemptEnd): boolean {
  for (const rule of retryRules) {
    const matches =
      'onExitCode' in rule
        ? rule.onExitCode === String(end.exitCode)
        : 'onReason' in rule
          ? globMatches(rule.onReason, end.reason ?? '')
          : globMatches(rule.onStatusReason, end.statusReason ?? '');
    if (matches) return rule.action === 'RETRY';
  }
  return true;
}

/** Batch's patterns: text, optionally with a star at the end. */
function globMatches(pattern: string, text: string): boolean {
  return pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
}

/** @throws SwathError InvalidInput or LimitExceeded: what Batch would refuse. */
export function checkJob(job: SubmitJob): void {
  if (job.name.length > maxJobNameChars || !/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(job.name)) {
    throw refuse('/name', `A job name has 1 to ${maxJobNameChars} letters, digits, hyphens and underscores.`);
  }
  if (job.share !== undefined && (job.share.length > maxShareChars || !/^[A-Za-z0-9]+$/.test(job.share))) {
    throw refuse('/share', `A share has 1 to ${maxShareChars} letters and digits.`);
  }
  checkWhole('size', job.size, maxArraySize);
  checkWhole('attempts', job.attempts, maxJobAttempts);
  checkWhole('timeoutS', job.timeoutS, Number.MAX_SAFE_INTEGER);
  if ((job.dependsOn?.length ?? 0) > maxJobDependencies) {
    throw refuse('/dependsOn', `A job depends on at most ${maxJobDependencies} others.`);
  }
  let bytes = 0;
  for (const [name, value] of Object.entries(job.environment)) {
    if (name.startsWith('AWS_BATCH')) throw refuse('/environment', 'Names in AWS_BATCH are reserved.');
    bytes += utf8Length(name) + utf8Length(value);
  }
  if (bytes > maxJobEnvironmentBytes) {
    throw new SwathError(
      'LimitExceeded',
      `The environment has ${bytes} bytes; at most ${maxJobEnvironmentBytes}.`,
      { pointer: '/environment', fix: 'Store the values as an object and pass its key.' },
    );
  }
}

export function isFinalJobStatus(status: JobStatus): status is 'SUCCEEDED' | 'FAILED' {
  return status === 'SUCCEEDED' || status === 'FAILED';
}

function checkWhole(name: string, value: number, most: number): void {
  if (!Number.isInteger(value) || value < 1 || value > most) {
    throw refuse(`/${name}`, `${name} is ${value}; 1 to ${most} are allowed.`);
  }
}

function refuse(pointer: string, message: string): SwathError {
  return new SwathError('InvalidInput', message, { pointer });
}
