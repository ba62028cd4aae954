import type { Clock } from '../others.ts';

export interface FixedClock extends Clock {
  /** Moves time forward; never back. */
  advance(ms: number): void;
}

/** Stands still until told. @param startMs Unix milliseconds. */
export function fixedClock(startMs: number): FixedClock {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    advance(ms) {
      if (!(ms >= 0)) throw new RangeError(`time cannot move by ${ms} ms`);
      nowMs += ms;
    },
  };
}

export function systemClock(): Clock {
  return { now: () => Date.now() };
}
