import { setTimeout as delay } from 'node:timers/promises';
import {
  HTTP_ATTEMPTS,
  HTTP_BACKOFF_BASE_MS,
  HTTP_CONNECT_TIMEOUT_MS,
  HTTP_IDLE_TIMEOUT_MS,
  HTTP_MIN_BYTES_PER_SECOND,
  HTTP_TOTAL_TIMEOUT_MS,
  RETRY_AFTER_MAX_MS,
  RETRY_AFTER_MIN_MS,
} from './limits.ts';

/** What a plain number in Retry-After counts. RFC 9110 says seconds; some services send milliseconds. */
export type RetryAfterUnit = 'seconds' | 'milliseconds';

/** Clocks, dice and patience of the http source; tests replace them. */
export interface HttpTuning {
  readonly attempts: number;
  readonly idleTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly minBytesPerSecond: number;
  /** One read, with all attempts and waits. */
  readonly totalTimeoutMs: number;
  readonly retryAfterUnit: RetryAfterUnit;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Milliseconds since the epoch: only to read Retry-After dates. */
  readonly now: () => number;
  /** Milliseconds that only ever grow: how long transfers take. */
  readonly elapsed: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

export const defaultTuning: HttpTuning = {
  attempts: HTTP_ATTEMPTS,
  idleTimeoutMs: HTTP_IDLE_TIMEOUT_MS,
  connectTimeoutMs: HTTP_CONNECT_TIMEOUT_MS,
  minBytesPerSecond: HTTP_MIN_BYTES_PER_SECOND,
  totalTimeoutMs: HTTP_TOTAL_TIMEOUT_MS,
  retryAfterUnit: 'seconds',
  random: Math.random,
  now: Date.now,
  elapsed: () => performance.now(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, signal === undefined ? {} : { signal });
  },
};

/** Full jitter: uniform in [0, base * 2^attempt]. `attempt` counts from 0. */
export function backoffMs(attempt: number, random: () => number): number {
  return Math.round(random() * HTTP_BACKOFF_BASE_MS * 2 ** attempt);
}

/**
 * Retry-After as milliseconds from now, clamped to [0.5 s, 15 min]; undefined when absent or not understood.
 * A number in the provider's unit or an HTTP date (RFC 9110, section 10.2.3); a negative or past value is the lower clamp.
 */
export function retryAfterMs(
  header: string | null | undefined,
  nowMs: number,
  unit: RetryAfterUnit = 'seconds',
): number | undefined {
  const text = header?.trim() ?? '';
  if (/^[+-]?\d+(\.\d+)?(e\d+)?$/i.test(text)) return clamp(Number(text) * (unit === 'seconds' ? 1000 : 1));
  // Date.parse takes much that is no date ("1 apple"): a weekday and a time of day are asked for.
  const date = /^[A-Z][a-z]{2,8},? .{1,20}\d{2}:\d{2}:\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : clamp(date - nowMs);
}

function clamp(ms: number): number {
  return Math.min(Math.max(ms, RETRY_AFTER_MIN_MS), RETRY_AFTER_MAX_MS);
}
