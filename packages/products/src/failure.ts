import { type ErrorCode, type SwathError, toSwathError } from '@swath/core';
import { exitCodes } from '@swath/requests';

/** What a job says of its end: the exit code for Batch's retry rules, the reason and message for people. */
export interface Failure {
  readonly exitCode: number;
  /** One of the closed list of reasons. */
  readonly reason: string;
  /** Safe to show. */
  readonly message: string;
}

const BY_CODE: Readonly<Record<ErrorCode, readonly [exitCode: number, reason: string]>> = {
  InvalidInput: [exitCodes.input, 'INVALID_REQUEST'],
  NotFound: [exitCodes.provider, 'ASSET_MISSING'],
  LimitExceeded: [exitCodes.input, 'LIMIT_EXCEEDED'],
  Unsupported: [exitCodes.input, 'UNSUPPORTED_DATA'],
  Throttled: [exitCodes.temporary, 'RATE_LIMITED'],
  Unavailable: [exitCodes.temporary, 'TEMPORARY'],
  Corrupt: [exitCodes.provider, 'ASSET_CORRUPT'],
  Conflict: [exitCodes.bug, 'INTERNAL_ERROR'],
  Cancelled: [exitCodes.terminated, 'SPOT_INTERRUPTED'],
  Bug: [exitCodes.bug, 'INTERNAL_ERROR'],
};

/** System errors that pass: no space, no descriptors, no memory for a buffer, a disk that hiccups, a lost network. */
const PASSING_SYSTEM_ERRORS: ReadonlySet<string> = new Set([
  'ENOSPC',
  'EDQUOT',
  'EIO',
  'EMFILE',
  'ENFILE',
  'ENOMEM',
  'EAGAIN',
  'EBUSY',
  'ESTALE',
  'ECONNRESET',
  'ECONNREFUSED',
  'ETIMEDOUT',
  'EPIPE',
]);

export function reasonOf(error: SwathError): string {
  return BY_CODE[error.code][1];
}

/** Any thrown value as a job's end. */
export function failureOf(thrown: unknown): Failure {
  const system = systemCode(thrown);
  if (system !== undefined && PASSING_SYSTEM_ERRORS.has(system)) {
    return {
      exitCode: exitCodes.temporary,
      reason: 'TEMPORARY',
      message: `The machine that ran this step had no room or no connection (${system}).`,
    };
  }
  if (thrown instanceof RangeError && /allocation failed|Invalid (typed )?array length/i.test(thrown.message)) {
    return {
      exitCode: exitCodes.input,
      reason: 'OUT_OF_MEMORY',
      message: 'The step needs more memory than its machine has.',
    };
  }
  const error = toSwathError(thrown);
  const [exitCode, reason] = BY_CODE[error.code];
  // The text of a bug may hold anything; it goes to the log, not to users.
  const message = error.code === 'Bug' ? 'Swath failed at this step.' : error.message;
  return { exitCode, reason, message };
}

function systemCode(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error)) return undefined;
  if ('code' in thrown && typeof thrown.code === 'string' && 'syscall' in thrown) return thrown.code;
  return systemCode(thrown.cause);
}
