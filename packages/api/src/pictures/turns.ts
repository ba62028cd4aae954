import { SwathError } from '@swath/core';

/** Runs work, a few pieces at once, the others in order of coming. */
export type TakeTurns = <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T>;

/**
 * @param atOnce pieces of work under way together.
 * @param waiting callers that may wait; who comes after that is Throttled.
 */
export function turns(atOnce: number, waiting: number): TakeTurns {
  const queue: (() => void)[] = [];
  let running = 0;
  return async (work, signal) => {
    if (running >= atOnce) {
      if (queue.length >= waiting) {
        throw new SwathError('Throttled', 'Too many pictures are being drawn.', { retryAfterMs: 1000 });
      }
      await new Promise<void>((resolve) => {
        queue.push(resolve);
      });
    } else running++;
    try {
      // Who left while waiting costs nothing any more.
      signal.throwIfAborted();
      return await work();
    } finally {
      const next = queue.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
