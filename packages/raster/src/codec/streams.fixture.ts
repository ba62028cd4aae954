import { constants, deflateRawSync, deflateSync } from 'node:zlib';
import fc from 'fast-check';

/** Numerical Recipes' generator: 0 to 2^32 - 1, the same for the same seed. */
export function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state;
  };
}

/** Residuals of 16-bit imagery: about normal, so that deflate finds a match of a few bytes after about every literal. */
export function residuals(bytes: number, spread: number, seed: number): Uint8Array<ArrayBuffer> {
  const next = numbers(seed);
  const words = Int16Array.from({ length: bytes >> 1 }, () => {
    const sum = (next() >>> 16) + (next() >>> 16) + (next() >>> 16) + (next() >>> 16);
    return Math.round(((sum - 131_072) / 65_536) * spread);
  });
  return new Uint8Array(words.buffer);
}

const content = fc.oneof(
  fc.uint8Array({ maxLength: 3000, size: 'max' }),
  // Few numbers, repeats of every distance, long runs.
  fc
    .array(fc.integer({ min: 0, max: 3 }), { maxLength: 3000, size: 'max' })
    .map((list) => Uint8Array.from(list)),
  fc
    .tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 300 }), fc.uint8Array())
    .map(([piece, times, more]) =>
      Buffer.concat([...Array.from({ length: times }, () => piece), more, piece, more]),
    ),
  fc
    .tuple(fc.integer({ min: 0, max: 20_000 }), fc.constantFrom(2, 30, 400, 9000), fc.nat())
    .map(([half, spread, seed]) => residuals(2 * half, spread, seed)),
);

const settings = fc.record({
  level: fc.integer({ min: 0, max: 9 }),
  strategy: fc.constantFrom(
    constants.Z_DEFAULT_STRATEGY,
    constants.Z_FILTERED,
    constants.Z_HUFFMAN_ONLY,
    constants.Z_RLE,
    constants.Z_FIXED,
  ),
  windowBits: fc.integer({ min: 9, max: 15 }),
  memLevel: fc.integer({ min: 1, max: 9 }),
});

export interface Made {
  readonly bytes: Uint8Array;
  readonly stream: Uint8Array;
}

/** Streams of one encoder run, and such as an encoder that was flushed in between, or changed its mind, leaves. */
export const madeStreams: fc.Arbitrary<Made> = fc.oneof(
  fc.tuple(content, settings).map(([bytes, options]) => ({ bytes, stream: deflateSync(bytes, options) })),
  fc
    .array(fc.tuple(content, settings, fc.constantFrom(constants.Z_SYNC_FLUSH, constants.Z_FULL_FLUSH)), {
      maxLength: 4,
    })
    .map((parts) => {
      const bytes = Buffer.concat(parts.map(([part]) => part));
      const whole = deflateSync(bytes);
      const raw = parts.map(([part, options, finishFlush]) =>
        deflateRawSync(part, { ...options, finishFlush }),
      );
      const stream = Buffer.concat([
        whole.subarray(0, 2),
        ...raw,
        deflateRawSync(new Uint8Array()),
        whole.subarray(-4),
      ]);
      return { bytes, stream };
    }),
);

/** Fields of so many bits, least significant first: `[value, count]`; those of codes come most significant first: `[word, count, 'code']`. */
export type Field = readonly [value: number, count: number, kind?: 'code'];

/** A zlib stream of the fields, with the checksum of `bytes`. */
export function zlibOf(fields: readonly Field[], bytes: Uint8Array): Uint8Array {
  const out: number[] = [];
  let [held, holds] = [0, 0];
  const put = (bit: number): void => {
    held |= bit << holds;
    holds++;
    if (holds < 8) return;
    out.push(held);
    [held, holds] = [0, 0];
  };
  for (const [value, count, kind] of fields) {
    for (let i = 0; i < count; i++) put((value >> (kind === 'code' ? count - 1 - i : i)) & 1);
  }
  while (holds > 0) put(0);
  return Buffer.concat([Uint8Array.of(0x78, 0x9c), Uint8Array.from(out), deflateSync(bytes).subarray(-4)]);
}
