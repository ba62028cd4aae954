import { SwathError } from '@swath/core';
import type { Random } from '@swath/ports';

/** How likely each fault is at one port call, drawn anew per seed: swarms of faults find more than all at once. */
export interface FaultRates {
  readonly errorBefore: number;
  readonly errorAfter: number;
  readonly killBefore: number;
  readonly killAfter: number;
  /** The call waits until the scheduler lets it go on: other processes run in between. */
  readonly stall: number;
}

export const noFaults: FaultRates = { errorBefore: 0, errorAfter: 0, killBefore: 0, killAfter: 0, stall: 0 };

/** One run of a handler. A dead one never comes back from its port call, as when a machine is gone. */
interface Process {
  dead: boolean;
}

const never = new Promise<never>(() => {});

/**
 * Runs handlers against ports whose every call is a scheduling point with a fault. Time stands still while they run;
 * the order in which stalled calls go on is the seed's.
 */
export function processes(random: Random, initial: FaultRates) {
  let rates = initial;
  let running = 0;
  const stalled: (() => void)[] = [];

  async function point<T>(process: Process, call: () => Promise<T>): Promise<T> {
    if (process.dead) return never;
    const { errorBefore, errorAfter, killBefore, killAfter, stall } = rates;
    if (random.fraction() < stall) await new Promise<void>((resolve) => stalled.push(resolve));
    const drawn = random.fraction();
    if (drawn < killBefore) {
      process.dead = true;
      return never;
    }
    if (drawn < killBefore + errorBefore) throw new SwathError('Unavailable', 'made to fail, before');
    const value = await call();
    const rest = drawn - killBefore - errorBefore;
    if (rest < killAfter) {
      process.dead = true;
      return never;
    }
    if (rest < killAfter + errorAfter) throw new SwathError('Unavailable', 'made to fail, after');
    return value;
  }

  return {
    /** Starts a handler and returns at its first stall, death or end. */
    async start(
      run: (around: <T>(call: () => Promise<T>) => Promise<T>) => Promise<void>,
      ended: (error: unknown) => void,
    ): Promise<void> {
      const process: Process = { dead: false };
      running++;
      run((call) => point(process, call)).then(
        () => {
          running--;
          ended(undefined);
        },
        (error: unknown) => {
          running--;
          ended(error);
        },
      );
      await quiet();
    },
    /** Lets one stalled call go on. @returns false when there is none. */
    async resume(): Promise<boolean> {
      const at = Math.floor(random.fraction() * stalled.length);
      const [next] = stalled.splice(at, 1);
      if (next === undefined) return false;
      next();
      await quiet();
      return true;
    },
    heal(): void {
      rates = noFaults;
    },
    /** Runs that have not ended, dead ones included. */
    running: () => running,
  };
}

/** Until every promise that can settle has settled: memory adapters need microtasks only. */
const quiet = () => new Promise<void>((resolve) => setImmediate(resolve));
