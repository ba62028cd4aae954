import { setTimeout as delay } from 'node:timers/promises';
import {
  HTTP_ATTEMPTS,
  HTTP_BACKOFF_BASE_MS,
  HTTP_CONNECT_TIMEOUT_MS,
  HTTP_IDLE_TIMEOUT_MS,
  HTTP_MIN_BYTES_PER_SECOND,
  RETRY_AFTER_MAX_MS,
  RETRY_AFTER_MIN_MS,
} from '../limits.ts';

/** Clock, dice and patience of the http source; tests replace them. */
export interface HttpTuning {
  readonly attempts: number;
  readonly idleTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly minBytesPerSecond: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Milliseconds since the epoch: only to read Retry-After dates. */
  readonly now: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

export const defaultTuning: HttpTuning = {
  attempts: HTTP_ATTEMPTS,
  idleTimeoutMs: HTTP_IDLE_TIMEOUT_MS,
  connectTimeoutMs: HTTP_CONNECT_TIMEOUT_MS,
  minBytesPerSecond: HTTP_MIN_BYTES_PER_SECOND,
  random: Math.random,
  now: Date.now,
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
 * Seconds or an HTTP date (RFC 9110, section 10.2.3); a negative or past value is the lower clamp.
 */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  const ms = /^-?\d+(\.\d+)?$/.test(text)
    ? Number(text) * 1000
    : /^[A-Za-z]{3},? /.test(text)
      ? Date.parse(text) - nowMs
      : Number.NaN;
  if (Number.isNaN(ms)) return undefined;
  return Math.min(Math.max(ms, RETRY_AFTER_MIN_MS), RETRY_AFTER_MAX_MS);
}
