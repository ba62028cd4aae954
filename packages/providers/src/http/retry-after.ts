import { maxRetryAfterMs, minRetryAfterMs } from '../limits.ts';

/**
 * Milliseconds to wait as a Retry-After header says (RFC 9110: seconds or an HTTP date), within
 * [minRetryAfterMs, maxRetryAfterMs]; undefined when it is absent or neither.
 */
export function parseRetryAfter(value: string | null, nowMs: number): number | undefined {
  const text = value?.trim() ?? '';
  const seconds = /^[+-]?\d+(\.\d+)?(e\d+)?$/i.test(text) ? Number(text) : undefined;
  if (seconds !== undefined) return clamp(seconds * 1000);
  // Date.parse takes much that is no date ("1 apple"): a weekday or month name is asked for.
  const date = /^[A-Z][a-z]{2,8},? .*\d{2}:\d{2}:\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : clamp(date - nowMs);
}

function clamp(ms: number): number {
  return Math.min(Math.max(ms, minRetryAfterMs), maxRetryAfterMs);
}
