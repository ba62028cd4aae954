import { isSwathError, type SwathError, toSwathError } from '@swath/core';
import { exitCodes, type Reason, reasonOfError } from '@swath/requests';

/** What a job says of its end: the exit code for Batch's retry rules, the reason and message for people. */
export interface JobFailure {
  readonly exitCode: number;
  readonly reason: Reason;
  /** Safe to show. */
  readonly message: string;
}

/** Whether Batch should try again depends on the error, not on whose fault it is: throttling passes by itself. */
const EXIT_CODE: Readonly<Record<SwathError['code'], number>> = {
  InvalidInput: exitCodes.input,
  LimitExceeded: exitCodes.input,
  Unsupported: exitCodes.input,
  NotFound: exitCodes.provider,
  Corrupt: exitCodes.provider,
  Throttled: exitCodes.temporary,
  Unavailable: exitCodes.temporary,
  Conflict: exitCodes.bug,
  Bug: exitCodes.bug,
  Cancelled: exitCodes.terminated,
};

/** System errors that pass: no space, no descriptors, no memory, a disk that hiccups, a network that went away. */
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

/** Any thrown value as a job's end. */
export function jobFailure(thrown: unknown): JobFailure {
  const system = systemCode(thrown);
  if (system !== undefined && PASSING_SYSTEM_ERRORS.has(system)) {
    return {
      exitCode: exitCodes.temporary,
      reason: 'TEMPORARY',
      message: `The machine that ran this step had no room or no connection (${system}).`,
    };
  }
  if (
    thrown instanceof RangeError &&
    /allocation failed|invalid (typed )?array length/i.test(thrown.message)
  ) {
    return {
      exitCode: exitCodes.input,
      reason: 'OUT_OF_MEMORY',
      message: 'The step needs more memory than its machine has.',
    };
  }
  const error = toSwathError(thrown);
  // The text of a bug may hold anything; it goes to the log, not to users.
  const message = error.code === 'Bug' ? 'Swath failed at this step.' : error.message;
  // Other bytes under a final key: equal work gave unequal results, which no retry heals.
  const reason = error.code === 'Conflict' ? 'RESULT_CONFLICT' : reasonOfError(error);
  return { exitCode: EXIT_CODE[error.code], reason, message };
}

function systemCode(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || thrown instanceof SyntaxError) return undefined;
  if ('syscall' in thrown && 'code' in thrown && typeof thrown.code === 'string') return thrown.code;
  return isSwathError(thrown) ? undefined : systemCode(thrown.cause);
}
