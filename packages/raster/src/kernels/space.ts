import { SwathError } from '@swath/core';
import type { Kernels } from './kernels.ts';
import { SPACE_MAX_BYTES, SPACE_SLACK_BYTES, SPACE_STEP_BYTES } from './limits.ts';
import { kernelsBase64 } from './module.ts';

const PAGE_BYTES = 65_536;
const ALIGNMENT = 64;

/**
 * WebAssembly memory for one piece of work at a time, and the kernels over it. Memory is taken like a stack: `mark`,
 * `take` what is needed, `release` the mark. A view made by `bytes` and its kin is dead after the next `take`, because
 * memory may have moved; make views late and let them go.
 */
export interface KernelSpace {
  readonly memory: WebAssembly.Memory;
  readonly kernels: Kernels;
  /** Address of so many bytes, 64-byte aligned, not cleared, followed by 64 bytes nobody uses. @throws SwathError LimitExceeded. */
  take(bytes: number): number;
  /** Whether there is room to take so many bytes. */
  fits(bytes: number): boolean;
  mark(): number;
  release(mark: number): void;
  bytes(at: number, length: number): Uint8Array<ArrayBuffer>;
  singles(at: number, count: number): Float32Array<ArrayBuffer>;
  doubles(at: number, count: number): Float64Array<ArrayBuffer>;
  words(at: number, count: number): Uint32Array<ArrayBuffer>;
}

let compiled: WebAssembly.Module | undefined;

export function createKernelSpace(): KernelSpace {
  compiled ??= new WebAssembly.Module(Buffer.from(kernelsBase64, 'base64'));
  const memory = new WebAssembly.Memory({ initial: 16, maximum: SPACE_MAX_BYTES / PAGE_BYTES });
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  const kernels = exports as unknown as Kernels;
  const aligned = (at: number): number => Math.ceil(at / ALIGNMENT) * ALIGNMENT;
  let top = aligned(kernels.heapBase());
  return {
    memory,
    kernels,
    take(bytes) {
      const at = top;
      const end = aligned(at + bytes + SPACE_SLACK_BYTES);
      if (end > SPACE_MAX_BYTES) {
        throw new SwathError(
          'LimitExceeded',
          `The work needs ${end} bytes of kernel memory; the limit is ${SPACE_MAX_BYTES}.`,
          { fix: 'Ask for fewer bands or dates at once.' },
        );
      }
      const { byteLength } = memory.buffer;
      if (end > byteLength) {
        // Few times and by much: V8 counts old and new, and marks its heap for 64 MB. Pages nobody writes to cost nothing.
        const wanted = Math.min(SPACE_MAX_BYTES, Math.max(end, SPACE_STEP_BYTES, 3 * byteLength));
        memory.grow(Math.ceil((wanted - byteLength) / PAGE_BYTES));
      }
      top = end;
      return at;
    },
    fits: (bytes) => aligned(top + bytes + SPACE_SLACK_BYTES) <= SPACE_MAX_BYTES,
    mark: () => top,
    release(mark) {
      top = mark;
    },
    bytes: (at, length) => new Uint8Array(memory.buffer, at, length),
    singles: (at, count) => new Float32Array(memory.buffer, at, count),
    doubles: (at, count) => new Float64Array(memory.buffer, at, count),
    words: (at, count) => new Uint32Array(memory.buffer, at, count),
  };
}
