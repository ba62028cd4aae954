import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { isAbsolute } from 'node:path';
import { Worker } from 'node:worker_threads';
import { SwathError } from '@swath/core';
import type { PixelWindow } from '@swath/geo';
import { removeSpill } from '../cog/spill.ts';
import type { UnitReport } from '../cog/unit-maker.ts';
import type { ByteSource } from '../image.ts';
import { MAX_CACHED_IMAGES } from '../limits.ts';
import { type Locate, laneReading, openerOver } from '../open-located.ts';
import type { ChunkPixels, ProductWork } from '../process/work.ts';
import { type BufferedSource, bufferedSource } from '../source/buffered.ts';
import { type Executor, nthPlace } from './executor.ts';
import { type Lane, type LaneJob, type LanePlace, type LaneStatistics, openLane } from './lane.ts';
import { LANES_MAX, LANES_PER_THREAD_REMOTE, UNITS_AHEAD, YOUNG_GENERATION_MIB } from './limits.ts';
import {
  type Call,
  type FromWorker,
  type LaneValue,
  type LocatedFiles,
  receivedError,
  type SentLocation,
  sentError,
  type Task,
  type ToWorker,
} from './messages.ts';

export interface WorkerOptions {
  /** Where hrefs lead; asked on this thread, so that policy, connections and credentials stay here. */
  readonly locate: Locate;
  /** Lanes that compute at the same time, this thread's included. @default one per core, at most 32 */
  readonly lanes?: number;
}

/**
 * Lanes on this thread and in worker threads beside it. The threads start when they are first needed, or when they are
 * warmed, and live until the executor is closed. Work for one lane starts none.
 */
export function workerExecutor({ locate, lanes }: WorkerOptions): Executor & { warm(): void } {
  const most = Math.max(1, Math.min(LANES_MAX, lanes ?? availableParallelism()));
  const crew: Crew[] = [];
  const sources = sourcesOf(locate);
  const open = openerOver(locate, laneReading);
  const staff = (count: number): readonly Crew[] => {
    while (crew.length < count) crew.push(hire(sources));
    return crew.slice(0, count);
  };
  return {
    warm() {
      staff(most - 1);
    },
    async open(job, { place, units, signal }) {
      const perThread = readsRemote(job) ? LANES_PER_THREAD_REMOTE : 1;
      const hands = staff(Math.min(most, units) - 1);
      const count = Math.min(units, (hands.length + 1) * perThread);
      const files = hands.length === 0 ? noFiles : await locatedFiles(job, locate);
      const opening = Array.from({ length: count }, async (_, i) => {
        const own = nthPlace(place, i);
        const hand = hands[(i % (hands.length + 1)) - 1];
        return hand === undefined ? openLane(job, own, open, signal) : hand.open(job, own, files, signal);
      });
      return await allOrNone(opening);
    },
    async close() {
      await Promise.all(crew.map((hand) => hand.end()));
      await sources.close();
    },
  };
}

/** All lanes; when one cannot be opened, the others are closed again and what they spill to is deleted. */
async function allOrNone(opening: readonly Promise<Lane>[]): Promise<readonly Lane[]> {
  const ends = await Promise.allSettled(opening);
  const lanes = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed === undefined) return lanes;
  await Promise.all(
    lanes.map(async (lane) => {
      await lane.close();
      await removeSpill(lane.spillPath);
    }),
  );
  throw failed.reason;
}

const isFile = (href: string): boolean => isAbsolute(href) || href.startsWith('file:');

/** Whether some band comes over the network: while one lane of a worker waits, another computes. */
function readsRemote({ source }: LaneJob): boolean {
  if (source.kind === 'parts') return false;
  return source.work.steps.some(({ scenes }) =>
    scenes.some(({ bands }) => Object.values(bands).some(({ href }) => !isFile(href))),
  );
}

const noFiles: LocatedFiles = new Map();

/** Local files that a job reads. One that the policy refuses is left out: who opens it is told why. */
export async function locatedFiles({ source }: LaneJob, locate: Locate): Promise<LocatedFiles> {
  const hrefs =
    source.kind === 'parts'
      ? source.parts.map(({ path }) => path)
      : source.work.steps.flatMap(({ scenes }) =>
          scenes.flatMap(({ bands, mask }) =>
            [...Object.values(bands), ...(mask === undefined ? [] : [mask])].map(({ href }) => href),
          ),
        );
  const found = await Promise.all(
    [...new Set(hrefs)].filter(isFile).map(async (href) => {
      const location = await locate(href).catch(() => undefined);
      return location?.kind === 'file' ? [[href, location.path] as const] : [];
    }),
  );
  return new Map(found.flat());
}

export interface Sources {
  /** @param located what the worker that calls has located before. */
  answer(
    call: Call,
    located: Set<string>,
    signal: AbortSignal,
  ): Promise<{ readonly value: unknown; readonly transfer: readonly ArrayBuffer[] }>;
  close(): Promise<void>;
}

/** Sources that workers read through this thread, and whose headers they share. */
export function sourcesOf(locate: Locate): Sources {
  const opened = new Map<string, BufferedSource>();
  const keep = (href: string, source: ByteSource): BufferedSource => {
    const buffered = bufferedSource(source);
    opened.delete(href);
    opened.set(href, buffered);
    const [oldest = href] = opened.keys();
    if (opened.size > MAX_CACHED_IMAGES) opened.delete(oldest);
    return buffered;
  };
  const sourceOf = async (href: string): Promise<BufferedSource> => {
    const known = opened.get(href);
    if (known !== undefined) return known;
    const location = await locate(href);
    if (location.kind === 'source') return opened.get(href) ?? keep(href, location.source);
    throw new SwathError('Bug', 'a worker reads a file through its owner');
  };
  return {
    async answer(call, located, signal) {
      const { href } = call;
      switch (call.ask) {
        case 'locate': {
          const location = await locate(href);
          if (location.kind === 'file') return { value: location satisfies SentLocation, transfer: [] };
          const { source } = location;
          // Who asks again has dropped what it had, because the object has changed or to make room for others.
          if (!opened.has(href) || located.has(href)) keep(href, source);
          located.add(href);
          return { value: { kind: 'remote', name: source.name } satisfies SentLocation, transfer: [] };
        }
        case 'size':
          return { value: await (await sourceOf(href)).size(), transfer: [] };
        case 'read': {
          const bytes = await (await sourceOf(href)).read(call.offset, call.length, signal);
          // Headers are shared by everyone who reads the source: what is sent away is a copy, of a Buffer, too.
          const own = new Uint8Array(bytes);
          return { value: own, transfer: [own.buffer] };
        }
      }
    },
    async close() {
      await Promise.all([...opened.values()].map((source) => source.close()));
    },
  };
}

/** One worker thread. */
export interface Crew {
  /** Pixels of a window, computed there. @throws SwathError what computing throws; Bug when the thread has ended. */
  window(work: ProductWork, window: PixelWindow, signal: AbortSignal | undefined): Promise<ChunkPixels>;
  /** Whether a thread that does nothing keeps the process. @default it does */
  keepsProcess(does: 'yes' | 'no'): void;
  open(job: LaneJob, place: LanePlace, files: LocatedFiles, signal: AbortSignal | undefined): Lane;
  /** A thread that is at work is stopped; another ends by itself, and can keep what it has compiled. */
  end(): Promise<void>;
}

let lanesOpened = 0;
let requests = 0;

interface Waiting {
  readonly resolve: (value: LaneValue) => void;
  readonly reject: (error: unknown) => void;
}

/** The module a thread starts with: beside this one, as a source or in a bundle. */
const workerModule = new URL(
  import.meta.url.endsWith('.ts') ? './start-worker.ts' : './start-worker.mjs',
  import.meta.url,
);

export function hire(sources: Sources): Crew {
  const worker = new Worker(workerModule, {
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MIB },
  });
  const waiting = new Map<number, Waiting>();
  const located = new Set<string>();
  /** What the worker waits for. */
  const calls = new Map<number, AbortController>();
  let gone: SwathError | undefined;
  const send = (message: ToWorker, transfer: readonly ArrayBuffer[] = []) =>
    worker.postMessage(message, transfer);
  const fail = (error: SwathError) => {
    gone ??= error;
    for (const { reject } of waiting.values()) reject(gone);
    waiting.clear();
  };
  worker.on('error', (cause) => {
    fail(new SwathError('Bug', `a worker thread failed: ${cause.message}`, { cause }));
  });
  worker.on('exit', (code) => fail(new SwathError('Bug', `a worker thread ended with code ${code}`)));
  worker.on('message', (message: FromWorker) => {
    if (message.kind === 'cancel') {
      calls.get(message.call)?.abort();
      return;
    }
    if (message.kind === 'call') {
      const { call } = message;
      const stop = new AbortController();
      calls.set(call, stop);
      sources
        .answer(message, located, stop.signal)
        .then(
          ({ value, transfer }) => send({ kind: 'returned', call, value }, transfer),
          (error: unknown) => send({ kind: 'threw', call, error: sentError(error) }),
        )
        .finally(() => calls.delete(call));
      return;
    }
    const asked = waiting.get(message.request);
    waiting.delete(message.request);
    if (message.kind === 'done') asked?.resolve(message.value);
    else asked?.reject(receivedError(message.error));
  });

  function ask(lane: number, task: Task): Promise<LaneValue> {
    return new Promise((resolve, reject) => {
      if (gone !== undefined) return reject(gone);
      const request = requests++;
      waiting.set(request, { resolve, reject });
      send({ request, lane, ...task });
    });
  }

  return {
    async window(work, window, signal) {
      const lane = lanesOpened++;
      const stop = () => send({ kind: 'stop', lane });
      signal?.addEventListener('abort', stop, { once: true });
      try {
        return (await ask(lane, { kind: 'window', work, window })) as ChunkPixels;
      } finally {
        signal?.removeEventListener('abort', stop);
      }
    },
    keepsProcess: (does) => (does === 'yes' ? worker.ref() : worker.unref()),
    open(job, place, files, signal) {
      const lane = lanesOpened++;
      const stop = () => send({ kind: 'stop', lane });
      // Not waited for: a thread that is still starting does not keep the others from their work.
      const opened = ask(lane, { kind: 'open', job, place, files });
      opened.catch(() => {}); // Met by the first unit.
      signal?.addEventListener('abort', stop, { once: true });
      let isOpen = true;
      return {
        spillPath: place.spillPath,
        ahead: UNITS_AHEAD,
        async make(unit) {
          await opened;
          return (await ask(lane, { kind: 'make', unit })) as UnitReport;
        },
        statistics: async () => (await ask(lane, { kind: 'statistics' })) as LaneStatistics,
        async finish() {
          await ask(lane, { kind: 'finish' });
        },
        async placeOverviews(starts) {
          await ask(lane, { kind: 'place overviews', starts });
        },
        digest: async () => (await ask(lane, { kind: 'digest' })) as string,
        async close() {
          if (!isOpen) return;
          isOpen = false;
          signal?.removeEventListener('abort', stop);
          const isThere = await opened.then(
            () => true,
            () => false,
          );
          if (isThere && gone === undefined) await ask(lane, { kind: 'close' });
        },
      };
    },
    async end() {
      for (const stop of calls.values()) stop.abort();
      if (gone !== undefined) return;
      if (waiting.size > 0) {
        await worker.terminate();
        return;
      }
      // Whoever closes has more to do afterwards.
      worker.ref();
      const ended = once(worker, 'exit');
      send({ kind: 'end' });
      await ended;
    },
  };
}
