import { SwathError, silentLogger } from '@swath/core';
import type { Jobs, Objects, Queue, QueueMessage, Table } from '@swath/ports';
import {
  fixedClock,
  memoryBus,
  memoryJobs,
  memoryObjects,
  memoryQueue,
  memoryTable,
  seededRandom,
} from '@swath/ports/memory/index';
import type { Scene } from '@swath/stac';
import type { PlanDeps, RequestDeps, RequestMessage } from '../deps.ts';
import { SWEEP_PERIOD_MS } from '../limits.ts';
import { testAcquired, testScene } from '../testing.ts';
import { dispatch } from '../use-cases/dispatch.ts';
import { imageryAvailable } from '../use-cases/imagery-available.ts';
import { order } from '../use-cases/order.ts';
import { publish } from '../use-cases/publish.ts';
import { reconcile } from '../use-cases/reconcile.ts';
import { recordEnded } from '../use-cases/record-ended.ts';
import { track } from '../use-cases/track.ts';
import { type Behaviour, type Run, testRunner } from './job-runner.ts';
import { testProvider } from './provider.ts';

/** 2026-01-01, so that no test depends on today. */
export const testStartMs = Date.UTC(2026, 0, 1);

/** Sizes of files for which a child of `testSpec` makes one of its four chunks, two, or all. */
export const fileBytesFor = { oneChunk: 1e12, twoChunks: 5e10, allChunks: 1_000_000 } as const;

/** Two dates over the area of `testSpec`. */
export const testScenes = (): readonly Scene[] => [
  testScene('S2_20240601', '2024-06-01T10:30:00Z'),
  testScene('S2_20240611', '2024-06-11T10:30:00Z'),
];

export type RecordHandler = (deps: RequestDeps, message: RequestMessage) => Promise<void>;

export interface TestWorldOptions {
  readonly seed?: number;
  readonly scenes?: readonly Scene[];
  readonly behave?: (run: Run) => Behaviour | undefined;
  /** Of every file: decides how many chunks a child makes. @default `fileBytesFor.oneChunk` */
  readonly fileBytes?: number;
  /** What takes messages about ended requests. @default they are confirmed: keeping records is other packages' work */
  readonly record?: RecordHandler;
  /** Put between the machine and its ports: faults. */
  readonly wrap?: {
    readonly table?: (table: Table) => Table;
    readonly work?: (objects: Objects) => Objects;
    readonly jobs?: (jobs: Jobs) => Jobs;
    readonly queue?: (queue: Queue) => Queue;
  };
}

export const handlers = {
  order,
  imagery: imageryAvailable,
  dispatch,
  publish,
  record: (deps: RequestDeps, message: RequestMessage) => recordEnded(deps, message, []),
} as const satisfies Readonly<
  Record<keyof RequestDeps['queues'], (deps: RequestDeps, message: RequestMessage) => Promise<void>>
>;

export const queueNames = ['order', 'imagery', 'dispatch', 'publish', 'record'] as const;

export interface DrainOptions {
  /** Messages of this queue stay where they are. */
  readonly except?: (typeof queueNames)[number];
  /** `lost`: job events are dropped. @default they are delivered */
  readonly events?: 'lost';
}

/** The whole request machine on memory adapters, with jobs that leave reports but compute nothing. */
export function testWorld(options: TestWorldOptions = {}) {
  const { fileBytes = fileBytesFor.oneChunk } = options;
  const clock = fixedClock(testStartMs);
  const random = seededRandom(options.seed ?? 1, clock);
  const table = memoryTable();
  const work = memoryObjects();
  const results = memoryObjects();
  const bus = memoryBus();
  const jobs = memoryJobs({
    clock,
    start: 'manual',
    run: testRunner({
      work,
      results,
      fileBytes,
      ...(options.behave === undefined ? {} : { behave: options.behave }),
    }),
  });
  const memoryQueues = {
    order: memoryQueue({ clock }),
    imagery: memoryQueue({ clock }),
    dispatch: memoryQueue({ clock }),
    publish: memoryQueue({ clock }),
    record: memoryQueue({ clock }),
  };
  const provider = testProvider(options.scenes ?? testScenes());
  const { wrap = {} } = options;
  const wrapQueue = wrap.queue ?? ((queue: Queue) => queue);
  const deps: PlanDeps = {
    table: wrap.table?.(table) ?? table,
    work: wrap.work?.(work) ?? work,
    results,
    queues: {
      order: wrapQueue(memoryQueues.order),
      imagery: wrapQueue(memoryQueues.imagery),
      dispatch: wrapQueue(memoryQueues.dispatch),
      publish: wrapQueue(memoryQueues.publish),
      record: wrapQueue(memoryQueues.record),
    },
    jobs: wrap.jobs?.(jobs) ?? jobs,
    bus,
    clock,
    random,
    providers: new Map([[provider.id, provider]]),
    defaultProvider: provider.id,
    readItems: async () => {
      throw new SwathError('NotFound', 'The test world has no files.');
    },
    acquireFacts: async (_spec, scenes) => testAcquired(scenes),
    log: silentLogger,
  };

  async function deliver(
    name: (typeof queueNames)[number],
    message: QueueMessage | undefined,
  ): Promise<void> {
    if (message === undefined) throw new SwathError('Bug', `There is no message on ${name}.`);
    const handle = name === 'record' && options.record ? options.record : handlers[name];
    await handle(deps, JSON.parse(message.body));
    await memoryQueues[name].ack(message.receipt);
  }

  let eventsSeen = 0;
  /** One job run, or one round of events and messages. @returns false when there was nothing to do. */
  async function step(options: DrainOptions = {}): Promise<boolean> {
    let busy = await jobs.runNext();
    for (; eventsSeen < jobs.events.length; eventsSeen++) {
      const event = jobs.events[eventsSeen];
      if (event !== undefined && options.events !== 'lost') await track(deps, event);
      busy = true;
    }
    for (const name of queueNames) {
      if (name === options.except) continue;
      for (const message of await memoryQueues[name].receive({ max: 10, visibilityS: 60 })) {
        busy = true;
        await deliver(name, message);
      }
    }
    return busy;
  }

  /** Until nothing is left to do at this moment. */
  async function drain(options: DrainOptions = {}): Promise<void> {
    while (await step(options));
  }

  /** Time goes by in periods of the sweep, each followed by everything that is then to be done. */
  async function sweep(rounds: number): Promise<void> {
    for (let round = 0; round < rounds; round++) {
      clock.advance(SWEEP_PERIOD_MS);
      await reconcile(deps);
      await drain();
    }
  }

  return {
    deps,
    clock,
    table,
    work,
    results,
    bus,
    jobs,
    queues: memoryQueues,
    provider,
    deliver,
    step,
    drain,
    sweep,
  };
}

export type TestWorld = ReturnType<typeof testWorld>;
