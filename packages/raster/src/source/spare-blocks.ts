import { SPARE_BLOCKS_KEPT } from '../limits.ts';

/** Memory of decoded blocks that nobody needs any more: fresh memory costs more than decoding into it. */
const spares: ArrayBuffer[] = [];

/** Buffers that may come back. */
const lent = new WeakSet<ArrayBufferLike>();

/** So many bytes with a buffer of their own, holding anything. */
export function spareBlock(length: number): Uint8Array<ArrayBuffer> {
  const at = spares.findIndex(({ byteLength }) => byteLength === length);
  const [spare] = at < 0 ? [] : spares.splice(at, 1);
  const buffer = spare ?? new ArrayBuffer(length);
  lent.add(buffer);
  return new Uint8Array(buffer);
}

/** Takes bytes of {@link spareBlock} back, of which the caller keeps nothing; any others are left alone. */
export function returnBlock({ buffer }: Uint8Array): void {
  if (!(buffer instanceof ArrayBuffer) || !lent.delete(buffer)) return;
  if (spares.length >= SPARE_BLOCKS_KEPT) spares.shift();
  spares.push(buffer);
}
