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

/** Of this thread; null when there can be none. */
let machine: Machine | null | undefined;
let failure: { readonly message: string; readonly code: string } | undefined;

function threadMachine(): Machine | null {
  if (machine !== undefined) return machine;
  machine = machineOf(createInflate()) ?? null;
  if (machine !== null) {
    machine.handle.onerror = (message, _errno, code) => {
      failure = { message, code };
    };
  }
  return machine;
}

const nothing = new Uint8Array(1);

/**
 * Decodes a zlib stream (RFC 1950) to exactly the bytes of `into`, which may be kernel memory; on failure it holds anything.
 * `inflateSync` would allocate its output anew each time: megabytes whose pages are cleared, touched, copied from and given
 * back, and the collector, who is told of each, marks all else in the meantime on a core that others need.
 * @throws SwathError Corrupt when the stream is broken, or decodes to fewer or more bytes.
 */
export function inflateInto(input: Uint8Array, into: Uint8Array): void {
  const inner = threadMachine();
  if (inner === null) {
    const bytes = decodeDeflate(input, into.length);
    if (bytes.length < into.length) throw short(bytes.length, into.length);
    into.set(bytes);
    return;
  }
  const { handle, state } = inner;
  const run = (from: number, length: number, output: Uint8Array): void => {
    handle.writeSync(constants.Z_FINISH, input, from, length, output, 0, output.length);
    if (failure === undefined) return;
    const { message, code } = failure;
    failure = undefined;
    throw streamFailure('deflate', into.length, Object.assign(new Error(message), { code }));
  };
  handle.reset();
  run(0, input.length, into);
  const left = state[0]!;
  if (left > 0) throw short(into.length - left, into.length);
  // With its room used up, zlib says neither that the stream has ended nor that it goes on: one byte more tells.
  const rest = state[1]!;
  run(input.length - rest, rest, nothing);
  if (state[0] === 0) {
    throw streamFailure('deflate', into.length, Object.assign(new Error(), { code: 'ERR_BUFFER_TOO_LARGE' }));
  }
}

function short(got: number, wanted: number): SwathError {
  return new SwathError('Corrupt', `the block decodes to ${got} bytes, it must be ${wanted}`);
}
