import { SCRATCH_KEPT, SPARE_STEP_BYTES } from '../limits.ts';

/** Memory of this thread for what is decoded and copied on at once; of about the size that was last asked for. */
const kept: ArrayBuffer[] = [];

/** So many bytes, holding anything; to be given back. */
export function takeScratch(length: number): Uint8Array<ArrayBuffer> {
  const at = kept.findIndex(({ byteLength }) => byteLength >= length && byteLength <= 8 * length);
  const [known] = at < 0 ? [] : kept.splice(at, 1);
  const bytes = known ?? new ArrayBuffer(Math.ceil(length / SPARE_STEP_BYTES) * SPARE_STEP_BYTES);
  return new Uint8Array(bytes, 0, length);
}

/** Of {@link takeScratch}. Nothing of it is looked at afterwards. */
export function returnScratch({ buffer }: Uint8Array<ArrayBuffer>): void {
  if (kept.length >= SCRATCH_KEPT) kept.shift();
  kept.push(buffer);
}
