import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '@swath/ports';
import { retryBaseMs, retryCapMs } from './limits.ts';

/** Exponential back-off with full jitter (Brooker, "Exponential Backoff And Jitter", AWS 2015). @param tries made so far, from 1. */
export function pauseMs(tries: number, random: Random): number {
  return random.fraction() * Math.min(retryCapMs, retryBaseMs * 2 ** tries);
}

/**
 * Repeats an operation until it answers something else than `'again'`, pausing in between.
 * @returns its answer, or undefined after `maxTries` tries.
 */
export async function untilDone<T>(
  maxTries: number,
  random: Random,
  operation: () => Promise<T | 'again'>,
): Promise<T | undefined> {
  for (let tries = 1; tries <= maxTries; tries++) {
    const answer = await operation();
    if (answer !== 'again') return answer;
    if (tries < maxTries) await sleep(pauseMs(tries, random));
  }
  return undefined;
}
