import { type Command, type Measured, measureCommand } from './measure-command.ts';

/** Ours and theirs, run right after each other. */
export interface Pair {
  readonly ours: Measured;
  readonly theirs: Measured;
}

export interface PairInput {
  readonly ours: Command;
  readonly theirs: Command;
  readonly pairs: number;
  /** For each single run. */
  readonly timeoutMs: number;
  readonly say?: (line: string) => void;
}

/**
 * A B A B ...: a machine that slows down for a while slows both. One run of each before counts nothing: it fills the
 * page cache and compiles Python's modules.
 *
 * @throws CommandFailed when either does not end well.
 */
export async function measurePairs({ ours, theirs, pairs, timeoutMs, say }: PairInput): Promise<Pair[]> {
  await measureCommand(ours, timeoutMs);
  await measureCommand(theirs, timeoutMs);
  const measured: Pair[] = [];
  for (let n = 1; n <= pairs; n++) {
    const pair = {
      ours: await measureCommand(ours, timeoutMs),
      theirs: await measureCommand(theirs, timeoutMs),
    };
    measured.push(pair);
    say?.(`  pair ${n}: ours ${pair.ours.wallS.toFixed(2)} s, theirs ${pair.theirs.wallS.toFixed(2)} s`);
  }
  return measured;
}

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const low = sorted[Math.floor(middle)] ?? Number.NaN;
  const high = sorted[Math.ceil(middle)] ?? Number.NaN;
  return {
    median: (low + high) / 2,
    min: sorted[0] ?? Number.NaN,
    max: sorted.at(-1) ?? Number.NaN,
  };
}

/** How many times faster we are, pair by pair. */
export function timesFaster(pairs: readonly Pair[], of: 'wallS' | 'cpuS'): Spread {
  return spread(pairs.map(({ ours, theirs }) => theirs[of] / ours[of]));
}
