import { type ErrorCode, isSwathError, toSwathError } from '@swath/core';

/** Exit codes by class of trouble; README lists them. */
export const exitCode = {
  ok: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  auth: 4,
  remote: 5,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

const byCode: Readonly<Record<ErrorCode, ExitCode>> = {
  InvalidInput: exitCode.usage,
  LimitExceeded: exitCode.usage,
  Unsupported: exitCode.usage,
  NotFound: exitCode.notFound,
  Throttled: exitCode.remote,
  Unavailable: exitCode.remote,
  Corrupt: exitCode.remote,
  Conflict: exitCode.failed,
  Bug: exitCode.failed,
  Cancelled: exitCode.interrupted,
};

/** The server knows the caller, or does not: what SwathError has no word for. */
export class AuthError extends Error {
  override readonly name = 'AuthError';
  readonly code: 'Unauthenticated' | 'Forbidden';
  readonly fix: string;

  constructor(code: 'Unauthenticated' | 'Forbidden', message: string, fix: string) {
    super(message);
    this.code = code;
    this.fix = fix;
  }
}

export interface Trouble {
  readonly exit: ExitCode;
  readonly json: {
    readonly code: string;
    readonly message: string;
    readonly pointer?: string;
    readonly fix?: string;
  };
}

/** Any thrown value as exit code and as what people and programs are told. */
export function troubleOf(thrown: unknown): Trouble {
  if (thrown instanceof AuthError) {
    return { exit: exitCode.auth, json: { code: thrown.code, message: thrown.message, fix: thrown.fix } };
  }
  const error = toSwathError(thrown);
  const fix =
    error.fix ??
    (error.code === 'Bug' && !isSwathError(thrown) ? 'Repeat with --debug and report it.' : undefined);
  return {
    exit: byCode[error.code],
    json: {
      code: error.code,
      message: error.message,
      ...(error.pointer === undefined ? {} : { pointer: error.pointer }),
      ...(fix === undefined ? {} : { fix }),
    },
  };
}
