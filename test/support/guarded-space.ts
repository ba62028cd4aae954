import { createKernelSpace, type KernelSpace } from '@swath/raster/kernels/space';

const GUARD = 0xa5;
const GUARD_BYTES = 96;

/** A kernel space whose buffers lie between bytes that no kernel may change. */
export interface GuardedSpace extends KernelSpace {
  /** Address of a copy of the bytes, 16-byte aligned. */
  put(bytes: Uint8Array): number;
  /** Copy of so many bytes from an address on. */
  copy(at: number, length: number): Uint8Array<ArrayBuffer>;
  /** The buffers whose guards were written over, by address; then forgets them all and frees the memory. */
  finish(): number[];
}

export function createGuardedSpace(): GuardedSpace {
  const space = createKernelSpace();
  const start = space.mark();
  let taken: { readonly at: number; readonly length: number }[] = [];
  const guards = ({ at, length }: { at: number; length: number }) => [
    space.bytes(at - GUARD_BYTES, GUARD_BYTES),
    space.bytes(at + length, GUARD_BYTES),
  ];
  const take = (length: number): number => {
    const at = space.take(length + 2 * GUARD_BYTES) + GUARD_BYTES;
    taken.push({ at, length });
    for (const guard of guards({ at, length })) guard.fill(GUARD);
    space.bytes(at, length).fill(GUARD);
    return at;
  };
  return {
    ...space,
    take,
    put(bytes) {
      const at = take(bytes.length);
      space.bytes(at, bytes.length).set(bytes);
      return at;
    },
    copy: (at, length) => space.bytes(at, length).slice(),
    finish() {
      const broken = taken.filter(
        (buffer) => !guards(buffer).every((guard) => guard.every((b) => b === GUARD)),
      );
      taken = [];
      space.release(start);
      return broken.map(({ at }) => at);
    },
  };
}

export function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** Rows of `rowBytes`, dense, laid `apart` bytes apart with guard bytes between; the last row ends the buffer. */
export function spreadRows(dense: Uint8Array, rowBytes: number, apart: number): Uint8Array<ArrayBuffer> {
  const rows = rowBytes === 0 ? 0 : dense.length / rowBytes;
  const spread = new Uint8Array(rows === 0 ? 0 : (rows - 1) * apart + rowBytes).fill(GUARD);
  for (let row = 0; row < rows; row++) {
    spread.set(dense.subarray(row * rowBytes, (row + 1) * rowBytes), row * apart);
  }
  return spread;
}

/** Undoes {@link spreadRows}. @throws Error when a byte between the rows was changed. */
export function gatherRows(spread: Uint8Array, rows: number, rowBytes: number, apart: number) {
  const dense = new Uint8Array(rows * rowBytes);
  for (let row = 0; row < rows; row++) {
    dense.set(spread.subarray(row * apart, row * apart + rowBytes), row * rowBytes);
    if (row + 1 === rows) break;
    const gap = spread.subarray(row * apart + rowBytes, (row + 1) * apart);
    if (!gap.every((byte) => byte === GUARD)) throw new Error(`bytes after row ${row} were changed`);
  }
  return dense;
}
