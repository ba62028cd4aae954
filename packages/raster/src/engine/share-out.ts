import { RUN_UNITS_MAX } from './limits.ts';

/** Units [next, end) that are a lane's to make. */
interface Share {
  next: number;
  end: number;
}

export interface Sharing {
  readonly units: number;
  /** Per lane, how many units it may be asked for at once. */
  readonly ahead: readonly number[];
  /** No unit is begun before all but so many of those before it are made. */
  readonly window: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Gives lanes runs of consecutive units, so that blocks of sources that neighbours need are decoded by one lane. When there
 * is no run left, who is done takes the later half of the longest rest. The first failure stops all, once their units have
 * ended.
 */
export async function shareOut(
  { units, ahead, window, signal }: Sharing,
  make: (unit: number, lane: number) => Promise<void>,
): Promise<void> {
  const take = dealer(units, ahead.length, runLength(window, ahead.length));
  const made = new Uint8Array(units);
  let first = 0;
  let failed = false;
  let moved = Promise.withResolvers<void>();
  const move = (): void => {
    moved.resolve();
    moved = Promise.withResolvers();
  };
  const run = async (lane: number): Promise<void> => {
    for (let unit = take(lane); unit !== null; unit = take(lane)) {
      while (unit >= first + window && !failed) await moved.promise;
      signal?.throwIfAborted();
      if (failed) return;
      await make(unit, lane);
      made[unit] = 1;
      while (made[first] === 1) first++;
      move();
    }
  };
  const askers = ahead.flatMap((count, lane) => new Array<number>(count).fill(lane));
  const ends = await Promise.allSettled(
    askers.map((lane) =>
      run(lane).catch((error: unknown) => {
        failed = true;
        move();
        throw error;
      }),
    ),
  );
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

/** Lanes that are all at work on a run each stay within the window. */
function runLength(window: number, lanes: number): number {
  return Math.max(1, Math.min(RUN_UNITS_MAX, Math.floor(window / (lanes + 1))));
}

/** The next unit of a lane; null when there is none for anyone. */
function dealer(units: number, lanes: number, run: number): (lane: number) => number | null {
  const shares = Array.from({ length: lanes }, (): Share => ({ next: 0, end: 0 }));
  let fresh = 0;
  return (lane) => {
    const own = shares[lane]!;
    if (own.next === own.end && fresh < units) {
      own.next = fresh;
      own.end = Math.min(units, fresh + run);
      fresh = own.end;
    }
    if (own.next === own.end) {
      const longest = shares.reduce((a, b) => (b.end - b.next > a.end - a.next ? b : a));
      if (longest.next === longest.end) return null;
      own.end = longest.end;
      own.next = longest.next + Math.floor((longest.end - longest.next) / 2);
      longest.end = own.next;
    }
    return own.next++;
  };
}
