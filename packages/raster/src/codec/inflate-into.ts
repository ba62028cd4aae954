import { constants, createInflate } from 'node:zlib';
import { SwathError } from '@swath/core';
import { decodeDeflate, streamFailure } from './inflate.ts';

/**
 * What Node's own zlib streams work with. It is not documented, but as old as they are, and npm's own unpacking (minizlib)
 * lives on it: Node's tests run against it. Whatever lacks a part of it, {@link machineOf} does not take for one.
 */
interface Machine {
  readonly handle: {
    onerror: (message: string, errno: number, code: string) => void;
    reset(): void;
    close(): void;
    writeSync(
      flush: number,
      input: Uint8Array,
      inputAt: number,
      inputLength: number,
      output: Uint8Array,
      outputAt: number,
      outputLength: number,
    ): void;
  };
  /** Room and input that the last call left. */
  readonly state: Uint32Array;
}

const isFunction = (value: unknown): boolean => typeof value === 'function';

function isHandle(value: unknown): value is Machine['handle'] {
  if (typeof value !== 'object' || value === null) return false;
  return (['onerror', 'reset', 'close', 'writeSync'] as const).every(
    (name) => name in value && isFunction(Reflect.get(value, name)),
  );
}

/** The inner parts of a zlib stream; undefined when this Node has others. */
export function machineOf(stream: object): Machine | undefined {
  const handle: unknown = Reflect.get(stream, '_handle');
  const state: unknown = Reflect.get(stream, '_writeState');
  if (!isHandle(handle) || !(state instanceof Uint32Array) || state.length !== 2) return undefined;
  return { handle, state };
}

/** One zlib stream at a time, decoded piece by piece into memory that is there. */
export interface Inflater {
  /** Begins with another stream. */
  reset(): void;
  /**
   * Decodes as much of `input` as there is room for.
   * @param isLast the stream has nothing after `input`.
   * @throws SwathError Corrupt when the stream is broken, or not at its end although there is room.
   */
  run(
    input: Uint8Array,
    into: Uint8Array,
    isLast: boolean,
  ): { readonly room: number; readonly unread: number };
  close(): void;
}

/** @returns undefined when this Node has no machine to be used like this. */
export function createInflater(): Inflater | undefined {
  const inner = machineOf(createInflate());
  if (inner === undefined) return undefined;
  const { handle, state } = inner;
  let failure: { readonly message: string; readonly code: string } | undefined;
  handle.onerror = (message, _errno, code) => {
    failure = { message, code };
  };
  return {
    reset: () => handle.reset(),
    run(input, into, isLast) {
      const flush = isLast ? constants.Z_FINISH : constants.Z_NO_FLUSH;
      handle.writeSync(flush, input, 0, input.length, into, 0, into.length);
      if (failure === undefined) return { room: state[0]!, unread: state[1]! };
      const { message, code } = failure;
      failure = undefined;
      throw streamFailure('deflate', into.length, Object.assign(new Error(message), { code }));
    },
    close: () => handle.close(),
  };
}

/** Of this thread; null when there can be none. */
let inflater: Inflater | null | undefined;

const nothing = new Uint8Array(1);

/**
 * Decodes a zlib stream (RFC 1950) to exactly the bytes of `into`, which may be kernel memory; on failure it holds anything.
 * `inflateSync` would allocate its output anew each time: megabytes whose pages are cleared, touched, copied from and given
 * back, and the collector, who is told of each, marks all else in the meantime on a core that others need.
 * @throws SwathError Corrupt when the stream is broken, or decodes to fewer or more bytes.
 */
export function inflateInto(input: Uint8Array, into: Uint8Array): void {
  inflater ??= createInflater() ?? null;
  if (inflater === null) {
    const bytes = decodeDeflate(input, into.length);
    if (bytes.length < into.length) throw tooShort(bytes.length, into.length);
    into.set(bytes);
    return;
  }
  inflater.reset();
  const { room, unread } = inflater.run(input, into, true);
  if (room > 0) throw tooShort(into.length - room, into.length);
  // With its room used up, zlib says neither that the stream has ended nor that it goes on: one byte more tells.
  if (inflater.run(input.subarray(input.length - unread), nothing, true).room === 0)
    throw tooLong(into.length);
}

export function tooLong(wanted: number): SwathError {
  return streamFailure('deflate', wanted, Object.assign(new Error(), { code: 'ERR_BUFFER_TOO_LARGE' }));
}

export function tooShort(got: number, wanted: number): SwathError {
  return new SwathError('Corrupt', `the block decodes to ${got} bytes, it must be ${wanted}`);
}
