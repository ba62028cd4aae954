import { isSwathError, SwathError } from '@swath/core';
import type { PixelWindow } from '@swath/geo';
import type { Locate } from '../open-located.ts';
import type { ChunkPixels, ProductWork } from '../process/work.ts';
import { type Executor, nthPlace } from './executor.ts';
import { WINDOWS_PER_THREAD } from './limits.ts';
import { type Crew, hire, locatedFiles, type Sources, sourcesOf } from './worker-executor.ts';

/** `processWindow` beside this thread. */
export interface WindowWorker {
  /**
   * The pixels that `processWindow` gives here, computed in a worker thread; windows are computed one after the other.
   * @throws SwathError what it throws; Cancelled at once when the signal says so.
   */
  process(work: ProductWork, window: PixelWindow, signal: AbortSignal): Promise<ChunkPixels>;
  /** Products whose only lane is in that thread. Closing it is nothing: the thread is the worker's. */
  readonly executor: Executor;
  close(): Promise<void>;
}

const hasLeft = () => new SwathError('Cancelled', 'The caller has gone.');

interface Hired {
  readonly crew: Crew;
  readonly sources: Sources;
  windows: number;
  busy: number;
  /** Whether nobody knows what it still does. */
  isSpent: boolean;
}

/**
 * A thread that is started by the first window and kept for those after it, since starting takes 0.2 s of processor. It does
 * not keep the process alive while it has nothing to do; one that failed, or has served long, is replaced.
 * @param locate where hrefs lead; asked on this thread, so that policy, connections and credentials stay here.
 * @param hireCrew starts the thread.
 */
export function windowWorker(locate: Locate, hireCrew: typeof hire = hire): WindowWorker {
  let hired: Hired | undefined;

  function take(): Hired {
    if (hired !== undefined) return hired;
    const sources = sourcesOf(locate);
    hired = { crew: hireCrew(sources), sources, windows: 0, busy: 0, isSpent: false };
    return hired;
  }

  async function dismiss(one: Hired): Promise<void> {
    if (hired === one) hired = undefined;
    await one.crew.end();
    await one.sources.close();
  }

  function begin(): Hired {
    const one = take();
    one.windows++;
    one.busy++;
    one.crew.keepsProcess('yes');
    return one;
  }

  async function end(one: Hired): Promise<void> {
    one.busy--;
    if (one.busy > 0) return;
    if (one.isSpent || one.windows >= WINDOWS_PER_THREAD) await dismiss(one);
    else one.crew.keepsProcess('no');
  }

  return {
    async process(work, window, signal) {
      if (signal.aborted) throw hasLeft();
      const one = begin();
      let left: (() => void) | undefined;
      const gone = new Promise<never>((_, reject) => {
        left = () => reject(hasLeft());
        signal.addEventListener('abort', left, { once: true });
      });
      try {
        return await Promise.race([one.crew.window(work, window, signal), gone]);
      } catch (error) {
        one.isSpent ||= signal.aborted || isSwathError(error, 'Bug');
        throw error;
      } finally {
        if (left !== undefined) signal.removeEventListener('abort', left);
        await end(one);
      }
    },
    executor: {
      async open(job, { place, signal }) {
        const files = await locatedFiles(job, locate);
        const one = begin();
        const lane = one.crew.open(job, nthPlace(place, 0), files, signal);
        let closing: Promise<void> | undefined;
        return [
          {
            ...lane,
            async make(unit) {
              try {
                return await lane.make(unit);
              } catch (error) {
                one.isSpent ||= isSwathError(error, 'Bug');
                throw error;
              }
            },
            close() {
              closing ??= lane.close().finally(() => end(one));
              return closing;
            },
          },
        ];
      },
      close: async () => {},
    },
    async close() {
      if (hired !== undefined) await dismiss(hired);
    },
  };
}
