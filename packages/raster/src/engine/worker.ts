import { parentPort } from 'node:worker_threads';
import { SwathError } from '@swath/core';
import type { ByteSource } from '../image.ts';
import { laneReading, openerOver } from '../open-located.ts';
import { processWindow } from '../process/process-window.ts';
import { type Lane, openLane } from './lane.ts';
import {
  type Call,
  type FromWorker,
  type LaneValue,
  type LocatedFiles,
  type Request,
  receivedError,
  type SentLocation,
  sentError,
  type ToWorker,
} from './messages.ts';

const port = parentPort;
if (port === null) throw new SwathError('Bug', 'this module runs in a worker thread');
const send = (message: FromWorker, transfer: readonly ArrayBuffer[] = []) =>
  port.postMessage(message, transfer);

/** Calls that wait for the owner's answer. */
const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: unknown) => void }>();
let calls = 0;

type Question = Call extends infer Each ? (Each extends Call ? Omit<Each, 'kind' | 'call'> : never) : never;

function call(question: Question, signal?: AbortSignal): Promise<unknown> {
  const id = calls++;
  return new Promise((resolve, reject) => {
    const stop = () => {
      waiting.delete(id);
      send({ kind: 'cancel', call: id });
      reject(new SwathError('Cancelled', 'Reading was cancelled.'));
    };
    if (signal?.aborted) return stop();
    signal?.addEventListener('abort', stop, { once: true });
    const ended = () => {
      waiting.delete(id);
      signal?.removeEventListener('abort', stop);
    };
    waiting.set(id, {
      resolve: (value) => {
        ended();
        resolve(value);
      },
      reject: (error) => {
        ended();
        reject(error);
      },
    });
    send({ kind: 'call', call: id, ...question });
  });
}

/** Bytes that the owner fetches: connections, credentials and limits are in one place. */
function remoteSource(href: string, name: string): ByteSource {
  return {
    name,
    remote: true,
    read: async (offset, length, signal) =>
      (await call({ ask: 'read', href, offset, length }, signal)) as Uint8Array,
    size: async (signal) => (await call({ ask: 'size', href }, signal)) as number,
    close: async () => {},
  };
}

/** Of the job opened last: what it reads is known without asking an owner who is at work himself. */
let files: LocatedFiles = new Map();

const opener = openerOver(async (href, signal) => {
  const path = files.get(href);
  if (path !== undefined) return { kind: 'file', path };
  const location = (await call({ ask: 'locate', href }, signal)) as SentLocation;
  if (location.kind === 'file') return location;
  return { kind: 'source', source: remoteSource(href, location.name) };
}, laneReading);

interface OpenLane {
  readonly lane: Lane;
  readonly stop: AbortController;
}

const lanes = new Map<number, OpenLane>();
/** Windows that are computed for themselves, by the lane that they are asked under. */
const windows = new Map<number, AbortController>();
/** The end of the last request of each lane. */
const turns = new Map<number, Promise<void>>();

function laneOf(id: number): Lane {
  const found = lanes.get(id);
  if (found === undefined) throw new SwathError('Bug', `lane ${id} is not open`);
  return found.lane;
}

async function answer(request: Request): Promise<LaneValue> {
  switch (request.kind) {
    case 'open': {
      files = request.files;
      const stop = new AbortController();
      const lane = openLane(request.job, request.place, opener, stop.signal);
      lanes.set(request.lane, { lane, stop });
      return undefined;
    }
    case 'make':
      return await laneOf(request.lane).make(request.unit);
    case 'statistics':
      return await laneOf(request.lane).statistics();
    case 'finish':
      await laneOf(request.lane).finish();
      return undefined;
    case 'place overviews':
      await laneOf(request.lane).placeOverviews(request.starts);
      return undefined;
    case 'digest':
      return await laneOf(request.lane).digest();
    case 'window': {
      const stop = new AbortController();
      windows.set(request.lane, stop);
      try {
        return await processWindow(request.work, request.window, opener, stop.signal);
      } finally {
        windows.delete(request.lane);
        turns.delete(request.lane);
      }
    }
    case 'close':
      await laneOf(request.lane).close();
      lanes.delete(request.lane);
      turns.delete(request.lane);
      return undefined;
  }
}

/** Buffers of a unit's averages, and what was kept or counted of zones, move rather than being copied. */
function buffersOf(value: LaneValue): ArrayBuffer[] {
  if (value === undefined || typeof value === 'string') return [];
  if ('planes' in value)
    return value.planes.flatMap(({ buffer }) => (buffer instanceof ArrayBuffer ? [buffer] : []));
  if ('zones' in value) {
    const { units = [], tables = new Map<number, Uint32Array<ArrayBuffer>>() } = value.zones ?? {};
    return [...units.map(({ values }) => values.buffer), ...[...tables.values()].map(({ buffer }) => buffer)];
  }
  return value.apex?.map(({ buffer }) => buffer) ?? [];
}

async function serve(message: Request): Promise<void> {
  const { request } = message;
  try {
    const value = await answer(message);
    send({ kind: 'done', request, value }, buffersOf(value));
  } catch (error) {
    send({ kind: 'failed', request, error: sentError(error) });
  }
}

port.on('message', (message: ToWorker) => {
  switch (message.kind) {
    case 'returned':
      return waiting.get(message.call)?.resolve(message.value);
    case 'threw':
      return waiting.get(message.call)?.reject(receivedError(message.error));
    case 'stop':
      windows.get(message.lane)?.abort();
      return lanes.get(message.lane)?.stop.abort();
    case 'end':
      return process.exit();
    default: {
      const before = turns.get(message.lane) ?? Promise.resolve();
      turns.set(
        message.lane,
        before.then(() => serve(message)),
      );
    }
  }
});
