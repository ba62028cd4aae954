import { SPARE_BLOCKS_KEPT } from '../limits.ts';

/**
 * Memory of decoded blocks that nobody needs any more: fresh memory costs more than decoding into it. Shared, because V8 counts
 * any other, and would mark its heap for it.
 */
const spares: SharedArrayBuffer[] = [];

/** Buffers that may come back. */
const lent = new WeakSet<SharedArrayBuffer>();

/** So many bytes with a buffer of their own, holding anything. */
export function spareBlock(length: number): Uint8Array<SharedArrayBuffer> {
  const at = spares.findIndex(({ byteLength }) => byteLength === length);
  const [spare] = at < 0 ? [] : spares.splice(at, 1);
  const buffer = spare ?? new SharedArrayBuffer(length);
  lent.add(buffer);
  return new Uint8Array(buffer);
}

/** Takes bytes of {@link spareBlock} back, of which the caller keeps nothing; any others are left alone. */
export function returnBlock({ buffer }: Uint8Array): void {
  if (!(buffer instanceof SharedArrayBuffer) || !lent.delete(buffer)) return;
  if (spares.length >= SPARE_BLOCKS_KEPT) spares.shift();
  spares.push(buffer);
}
