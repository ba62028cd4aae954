import type { ErrorCode } from '@swath/core';
import { toSwathError } from '@swath/core';
import { exitCodes } from './manifest.ts';
import type { FailureView } from './view.ts';

interface ReasonFacts {
  readonly fault: FailureView['fault'];
  /** The same request can succeed later. */
  readonly retryable: boolean;
  /** Attempts the machine itself adds, after those of the job definition. */
  readonly automaticAttempts: 0 | 1 | 2;
  /** One sentence: what to do. */
  readonly fix: string;
}

const user = { fault: 'user', retryable: false, automaticAttempts: 0 } as const;
const provider = { fault: 'provider', retryable: true, automaticAttempts: 0 } as const;
const swath = { fault: 'swath', retryable: true, automaticAttempts: 2 } as const;

/** The closed list of reasons for a failure, of requests, scenes and chunks. */
export const reasons = {
  NO_IMAGERY: {
    ...user,
    fix: 'Widen the time range or the area, raise maxCloudCoverPercent, or name another collection.',
  },
  TOO_MANY_SCENES: { ...user, fix: 'Narrow the time range or the area, or lower maxCloudCoverPercent.' },
  INVALID_INPUT: { ...user, fix: 'Correct the request as the message says and send it again.' },
  INVALID_GRAPH: { ...user, fix: 'Correct the process graph as the message says and send it again.' },
  LIMIT_EXCEEDED: { ...user, fix: 'Ask for less: a smaller area, fewer dates or a coarser grid.' },
  UNSUPPORTED: { ...user, fix: 'Choose another collection or other bands: this data cannot be read.' },
  NO_VALID_PIXELS: {
    ...user,
    fix: 'Choose other dates or turn the mask off: nothing is left after masking.',
  },
  BUDGET_EXCEEDED: { ...user, fix: 'Raise the budget of the project, or ask for less.' },
  PROVIDER_REJECTED: { ...provider, fix: 'Check with the provider why it refused, then retry.' },
  PROVIDER_UNAVAILABLE: {
    ...provider,
    automaticAttempts: 2,
    fix: 'Retry when the provider is up again, or choose another provider.',
  },
  RATE_LIMITED: {
    ...provider,
    automaticAttempts: 2,
    fix: 'Retry later: the provider limits how fast it may be asked.',
  },
  ASSET_MISSING: {
    ...provider,
    fix: 'Retry later, or leave the scene out: the provider no longer has this file.',
  },
  ASSET_CORRUPT: {
    ...provider,
    fix: 'Retry later, or leave the scene out: the file at the provider is damaged.',
  },
  OUT_OF_MEMORY: {
    ...swath,
    automaticAttempts: 1,
    fix: 'Ask for a smaller area, fewer dates or a coarser grid.',
  },
  SPOT_INTERRUPTED: { ...swath, fix: 'Retry: the machine was taken away several times in a row.' },
  TIMED_OUT: { ...swath, automaticAttempts: 1, fix: 'Ask for a smaller area or fewer dates, or retry.' },
  TEMPORARY: {
    ...swath,
    fix: 'Retry; if it happens again, the operator should look at the job queue.',
  },
  RESULT_CONFLICT: {
    ...swath,
    automaticAttempts: 0,
    fix: 'Report this with the id of the request: other bytes lie where its result belongs.',
  },
  RESULT_MISSING: { ...swath, automaticAttempts: 1, fix: 'Retry: a job ended without leaving its result.' },
  DEADLINE_EXCEEDED: {
    ...swath,
    automaticAttempts: 0,
    fix: 'Retry, or ask for less: the work took longer than a day.',
  },
  INTERNAL_ERROR: {
    ...swath,
    automaticAttempts: 0,
    fix: 'Report this with the id of the request: it is a bug in Swath.',
  },
} as const satisfies Readonly<Record<string, ReasonFacts>>;

export type Reason = keyof typeof reasons;

export interface Failure {
  readonly reason: Reason;
  /** One sentence, safe to show. */
  readonly message: string;
}

export const isReason = (text: unknown): text is Reason =>
  typeof text === 'string' && Object.hasOwn(reasons, text);

export function failureView(failure: Failure): FailureView {
  const { fault, retryable, fix } = reasons[failure.reason];
  return { reason: failure.reason, message: failure.message, fault, retryable, fix };
}

const ofErrorCode: Readonly<Record<ErrorCode, Reason>> = {
  InvalidInput: 'INVALID_INPUT',
  NotFound: 'ASSET_MISSING',
  LimitExceeded: 'LIMIT_EXCEEDED',
  Unsupported: 'UNSUPPORTED',
  Throttled: 'RATE_LIMITED',
  Unavailable: 'PROVIDER_UNAVAILABLE',
  Corrupt: 'ASSET_CORRUPT',
  Conflict: 'TEMPORARY',
  Cancelled: 'SPOT_INTERRUPTED',
  Bug: 'INTERNAL_ERROR',
};

/** The reason a thrown error stands for, in jobs and use cases. */
export const reasonOfError = (error: unknown): Reason => ofErrorCode[toSwathError(error).code];

/** What a thrown error tells users. The text of a bug may hold anything: it goes to the log, not to users. */
export function failureOfError(error: unknown): Failure {
  const { code, message } = toSwathError(error);
  return { reason: reasonOfError(error), message: code === 'Bug' ? 'Swath failed at this step.' : message };
}

/** What the executor knows about a job or child that left no report. */
export interface JobEnd {
  readonly exitCode?: number;
  readonly statusReason?: string;
}

/**
 * AWS Batch's texts: `Host EC2 (instance i-...) terminated.`, `Job attempt duration exceeded timeout`,
 * `OutOfMemoryError: Container killed due to memory usage`. 137 is SIGKILL, on Batch nearly always memory.
 */
const ofStatusReason: readonly (readonly [RegExp, Reason])[] = [
  [/^Host EC2/i, 'SPOT_INTERRUPTED'],
  [/duration exceeded|timed? ?out/i, 'TIMED_OUT'],
  [/OutOfMemory|memory usage/i, 'OUT_OF_MEMORY'],
];

const ofExitCode: ReadonlyMap<number, Failure> = new Map<number, Failure>([
  [exitCodes.bug, { reason: 'INTERNAL_ERROR', message: 'A job ended with an error nobody foresaw.' }],
  [exitCodes.input, { reason: 'INVALID_INPUT', message: 'A job refused the request or its data.' }],
  [
    exitCodes.provider,
    { reason: 'ASSET_MISSING', message: 'The imagery could not be read at the provider.' },
  ],
  [
    exitCodes.temporary,
    { reason: 'TEMPORARY', message: 'Network or storage failed several times in a row.' },
  ],
  [exitCodes.terminated, { reason: 'SPOT_INTERRUPTED', message: 'The machine was taken away.' }],
  [137, { reason: 'OUT_OF_MEMORY', message: 'A job was stopped because it needed too much memory.' }],
]);

/** Why a job failed, told from its end alone. Its report, where there is one, knows better. */
export function failureOfJobEnd(end: JobEnd): Failure {
  const text = end.statusReason ?? '';
  for (const [pattern, reason] of ofStatusReason) {
    if (pattern.test(text)) return { reason, message: `The job was stopped: ${text}` };
  }
  if (end.exitCode === exitCodes.ok) {
    return { reason: 'RESULT_MISSING', message: 'A job ended without leaving its result.' };
  }
  const known = end.exitCode === undefined ? undefined : ofExitCode.get(end.exitCode);
  if (known !== undefined) return known;
  if (end.exitCode !== undefined) {
    return { reason: 'INTERNAL_ERROR', message: `A job ended with exit code ${end.exitCode}.` };
  }
  return {
    reason: 'TEMPORARY',
    message: text === '' ? 'A job could not be started.' : `A job could not be started: ${text}`,
  };
}
