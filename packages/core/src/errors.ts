/**
 * Errors are tagged by what the caller does next, never by where they came from.
 *
 * | code | the caller |
 * |---|---|
 * | InvalidInput | corrects the input named by `pointer` |
 * | NotFound | stops asking, or corrects the id |
 * | LimitExceeded | asks for less |
 * | Unsupported | uses another feature, format or provider |
 * | Throttled | waits `retryAfterMs`, then repeats |
 * | Unavailable | repeats later with back-off |
 * | Corrupt | fetches again once, then gives up on this input |
 * | Conflict | reads the current state and decides again |
 * | Cancelled | nothing: it was asked to stop |
 * | Bug | reports it |
 */
export type ErrorCode =
  | 'InvalidInput'
  | 'NotFound'
  | 'LimitExceeded'
  | 'Unsupported'
  | 'Throttled'
  | 'Unavailable'
  | 'Corrupt'
  | 'Conflict'
  | 'Cancelled'
  | 'Bug';

export interface ErrorDetail {
  /** RFC 6901 JSON pointer to the offending field of the input, such as `/aoi/coordinates/0`. */
  readonly pointer?: string;
  /** One sentence: what to do about it. */
  readonly fix?: string;
  /** Milliseconds to wait before the same call can succeed (Throttled, Unavailable). */
  readonly retryAfterMs?: number;
  /** The name a standard gives this trouble, such as openEO's `ProcessParameterRequired`. */
  readonly reason?: string;
  readonly cause?: unknown;
}

/** `message` is safe to show to users: no secrets, signed URLs or other projects' data. */
export class SwathError extends Error {
  override readonly name = 'SwathError';
  readonly code: ErrorCode;
  readonly pointer: string | undefined;
  readonly fix: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly reason: string | undefined;

  constructor(code: ErrorCode, message: string, detail: ErrorDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.code = code;
    this.pointer = detail.pointer;
    this.fix = detail.fix;
    this.retryAfterMs = detail.retryAfterMs;
    this.reason = detail.reason;
  }
}

export function isSwathError(error: unknown, code?: ErrorCode): error is SwathError {
  return error instanceof SwathError && (code === undefined || error.code === code);
}

/** Any thrown value as a SwathError: aborts become Cancelled, everything untagged becomes Bug. */
export function toSwathError(error: unknown): SwathError {
  if (error instanceof SwathError) return error;
  if (error instanceof Error && error.name === 'AbortError') {
    return new SwathError('Cancelled', 'The operation was cancelled.', { cause: error });
  }
  return new SwathError('Bug', error instanceof Error ? error.message : String(error), { cause: error });
}

/** Plain JSON of an error, for results, events and `--json` output. */
export function errorJson(error: unknown): {
  code: ErrorCode;
  message: string;
  pointer?: string;
  fix?: string;
} {
  const e = toSwathError(error);
  return {
    code: e.code,
    message: e.message,
    ...(e.pointer === undefined ? {} : { pointer: e.pointer }),
    ...(e.fix === undefined ? {} : { fix: e.fix }),
  };
}
