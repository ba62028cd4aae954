import { type ErrorCode, isSwathError, type SwathError, toSwathError } from '@swath/core';
import type { HttpOnlyCode, Problem, ProblemCode } from './schemas/common.ts';

/** The one mapping from error codes to HTTP status. */
export const statusOf: Readonly<Record<ProblemCode, number>> = {
  InvalidInput: 400,
  Unauthenticated: 401,
  Forbidden: 403,
  NotFound: 404,
  MethodNotAllowed: 405,
  Conflict: 409,
  RangeNotSatisfiable: 416,
  LimitExceeded: 422,
  Unsupported: 422,
  Throttled: 429,
  Bug: 500,
  Corrupt: 502,
  Cancelled: 503,
  Unavailable: 503,
};

const titleOf: Readonly<Record<ProblemCode, string>> = {
  InvalidInput: 'Invalid input',
  Unauthenticated: 'Not signed in',
  Forbidden: 'Not allowed',
  NotFound: 'Not found',
  MethodNotAllowed: 'Method not allowed',
  Conflict: 'Conflict with the current state',
  RangeNotSatisfiable: 'Range not satisfiable',
  LimitExceeded: 'Over a limit',
  Unsupported: 'Not supported',
  Throttled: 'Too many requests',
  Bug: 'Error inside Swath',
  Corrupt: 'Corrupt data at the source',
  Cancelled: 'Cancelled',
  Unavailable: 'Unavailable',
};

/** What a client does next, by code: the text behind `type` on /api.html. */
export const adviceOf: Readonly<Record<ProblemCode, string>> = {
  InvalidInput: 'Correct the field named by `pointer`, then send again.',
  Unauthenticated: 'Send an Authorization header.',
  Forbidden: 'Ask an administrator of the project for the role.',
  NotFound: 'Check the id. Things of other projects are not found either.',
  MethodNotAllowed: 'Use one of the methods in the Allow header.',
  Conflict: 'Read the current state and decide again.',
  RangeNotSatisfiable: 'Ask for bytes inside the size named by Content-Range.',
  LimitExceeded: 'Ask for less.',
  Unsupported: 'Use another feature, format or provider.',
  Throttled: 'Wait as long as Retry-After says, then repeat.',
  Bug: 'Report it with the request id.',
  Corrupt: 'Try once more; then the source is to blame.',
  Cancelled: 'Nothing: the work was asked to stop.',
  Unavailable: 'Repeat later, with growing pauses.',
};

/** Retry-After without a better figure: long enough for a restart, short enough for a person. */
const RETRY_AFTER_S = 5;

/** An answer only HTTP knows; everything else is a SwathError. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  readonly code: ProblemCode;
  readonly fix: string | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: HttpOnlyCode | ErrorCode,
    message: string,
    detail: {
      readonly status?: number;
      readonly fix?: string;
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(message);
    this.code = code;
    this.status = detail.status ?? statusOf[code];
    this.fix = detail.fix;
    this.headers = detail.headers ?? {};
  }
}

export interface ProblemContext {
  readonly baseUrl: string;
  /** Path of the request, without query. */
  readonly path: string;
  readonly requestId: string;
}

function retryAfter(error: SwathError): Readonly<Record<string, string>> {
  if (error.code !== 'Throttled' && error.code !== 'Unavailable') return {};
  const seconds = error.retryAfterMs === undefined ? RETRY_AFTER_S : Math.ceil(error.retryAfterMs / 1000);
  return { 'Retry-After': String(Math.max(1, seconds)) };
}

/** Any thrown value as status, headers and RFC 9457 body. The text of a Bug stays in the log: it may name internals. */
export function problemOf(
  thrown: unknown,
  context: ProblemContext,
): { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: Problem } {
  const error = thrown instanceof HttpError ? thrown : toSwathError(thrown);
  const status = error instanceof HttpError ? error.status : statusOf[error.code];
  const detail =
    error.code === 'Bug'
      ? 'Something went wrong inside Swath. It was logged under the request id.'
      : error.message;
  const fix = error.code === 'Bug' ? adviceOf.Bug : error.fix;
  return {
    status,
    headers: isSwathError(error) ? retryAfter(error) : (error as HttpError).headers,
    body: {
      type: `${context.baseUrl}/api.html#problem-${error.code}`,
      title: titleOf[error.code],
      status,
      detail,
      code: error.code,
      ...(isSwathError(error) && error.pointer !== undefined ? { pointer: error.pointer } : {}),
      ...(fix === undefined ? {} : { fix }),
      instance: context.path,
      requestId: context.requestId,
    },
  };
}

export function problemResponse(thrown: unknown, context: ProblemContext): Response {
  const { status, headers, body } = problemOf(thrown, context);
  return new Response(JSON.stringify(body), {
    status,
    headers: { ...headers, 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store' },
  });
}
