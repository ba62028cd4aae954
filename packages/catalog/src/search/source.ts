import type { Interval } from '@swath/geo';
import type { Entry } from '../store/types.ts';

/** Part of a source, in the order of time. */
export interface Batch {
  readonly entries: readonly Entry[];
  /**
   * Everything that starts strictly before this (in the direction of the scan) has been given; undefined when there is
   * nothing more. Unix milliseconds.
   */
  readonly completeBeforeMs: number | undefined;
  /** The source has done what one page may cost it: the page ends at `completeBeforeMs`. */
  readonly isPaused?: true;
}

export interface ScanQuery {
  readonly direction: 'asc' | 'desc';
  /** Entries that touch it are wanted; others may come, too. */
  readonly datetime: Interval;
  /** Entries that start here or later in the direction. */
  readonly fromMs?: number;
  readonly signal?: AbortSignal;
}

/** Where Items come from: rows of the table, or a provider. */
export interface Source {
  /** In the order of their start. */
  scan(query: ScanQuery): AsyncIterable<Batch>;
}

interface Running {
  readonly batches: AsyncIterator<Batch>;
  waiting: Entry[];
  /** undefined when it is finished. */
  frontierMs: number | undefined;
  isPaused: boolean;
}

/** Several sources as one; every batch holds whole instants: all entries of one start or none. */
export async function* merged(sources: readonly Source[], query: ScanQuery): AsyncGenerator<Batch> {
  const sign = query.direction === 'asc' ? 1 : -1;
  const start = sign * Number.NEGATIVE_INFINITY;
  const running: Running[] = sources.map((source) => ({
    batches: source.scan(query)[Symbol.asyncIterator](),
    waiting: [],
    frontierMs: start,
    isPaused: false,
  }));
  for (;;) {
    const last = running
      .filter(({ frontierMs }) => frontierMs !== undefined)
      .sort((a, b) => sign * ((a.frontierMs ?? 0) - (b.frontierMs ?? 0)))[0];
    if (last !== undefined) await advance(last);
    const open = running.flatMap(({ frontierMs }) => (frontierMs === undefined ? [] : [sign * frontierMs]));
    const frontier = open.length === 0 ? undefined : sign * Math.min(...open);
    const ready: Entry[] = [];
    for (const source of running) {
      const isReady = ({ startMs }: Entry) => frontier === undefined || sign * startMs < sign * frontier;
      ready.push(...source.waiting.filter(isReady));
      source.waiting = source.waiting.filter((entry) => !isReady(entry));
    }
    const isPaused = last?.isPaused === true;
    yield { entries: ready, completeBeforeMs: frontier, ...(isPaused ? { isPaused } : {}) };
    if (frontier === undefined || isPaused) return;
  }
}

async function advance(source: Running): Promise<void> {
  const step = await source.batches.next();
  if (step.done === true) {
    source.frontierMs = undefined;
    return;
  }
  source.waiting.push(...step.value.entries);
  source.frontierMs = step.value.completeBeforeMs;
  source.isPaused = step.value.isPaused === true;
}
