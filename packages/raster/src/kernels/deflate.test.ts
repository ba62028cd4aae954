import { deflateSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { predictedTile, seeded, type TileKind } from './deflate.fixture.ts';
import { createKernelSpace } from './space.ts';

const GUARD = 0xa5;
const GUARD_BYTES = 64;
const space = createKernelSpace();

interface Encoded {
  readonly stream: Uint8Array;
  readonly bound: number;
}

/** Encodes with exactly the capacity that the bound asks for, among guard bytes that must stay. */
function encode(bytes: Uint8Array): Encoded {
  const { kernels } = space;
  const mark = space.mark();
  try {
    const bound = kernels.deflateBound(bytes.length);
    const at = space.take(bytes.length);
    const outer = space.take(bound + 2 * GUARD_BYTES);
    // What stands before and after the input must not matter: it repeats the first and the last byte.
    space.bytes(at - 16, 16).fill(bytes[0] ?? 0);
    space.bytes(at, bytes.length).set(bytes);
    space.bytes(at + bytes.length, GUARD_BYTES).fill(bytes.at(-1) ?? 0);
    space.bytes(outer, bound + 2 * GUARD_BYTES).fill(GUARD);
    const to = outer + GUARD_BYTES;
    const size = kernels.deflate(at, bytes.length, to, bound);
    const guards = [...space.bytes(outer, GUARD_BYTES), ...space.bytes(to + bound, GUARD_BYTES)];
    expect(guards.every((byte) => byte === GUARD)).toBe(true);
    expect(Buffer.compare(space.bytes(at, bytes.length), bytes)).toBe(0);
    return { stream: space.bytes(to, size).slice(), bound };
  } finally {
    space.release(mark);
  }
}

/** Most bytes of a stream whose blocks are all stored. */
const stored = (length: number): number => length + 32 + Math.ceil(length / 5000);

/** RFC 1950, section 8.2, byte by byte. */
function adler32(bytes: Uint8Array): number {
  let s1 = 1;
  let s2 = 0;
  for (const byte of bytes) {
    s1 = (s1 + byte) % 65_521;
    s2 = (s2 + s1) % 65_521;
  }
  return s2 * 65_536 + s1;
}

function expectRoundTrip(bytes: Uint8Array): Encoded {
  const encoded = encode(bytes);
  expect(encoded.stream.length).toBeGreaterThan(0);
  expect(encoded.stream.length).toBeLessThanOrEqual(encoded.bound);
  // zlib checks the checksum itself; that it is the last word shows that nothing stands behind it.
  expect(Buffer.from(encoded.stream).readUInt32BE(encoded.stream.length - 4)).toBe(adler32(bytes));
  expect(Buffer.compare(inflateSync(encoded.stream), bytes)).toBe(0);
  return encoded;
}

const patterns: Readonly<Record<string, (random: () => number) => (index: number) => number>> = {
  zeros: () => () => 0,
  'one value': () => () => 255,
  alternating: () => (index) => index & 1,
  ramp: () => (index) => index & 255,
  random: (random) => () => random() * 256,
  'rare values': (random) => () => (random() < 0.1 ? random() * 3 : 0),
  skewed: (random) => () => random() ** 20 * 256,
};

describe('deflate', () => {
  it.each(Object.keys(patterns))('makes streams that zlib reads, of every short length: %s', (name) => {
    for (let length = 0; length < 200; length++) {
      const next = patterns[name]!(seeded(length));
      expectRoundTrip(Uint8Array.from({ length }, (_, index) => next(index)));
    }
  });

  it.each(Object.keys(patterns))('makes streams that zlib reads, of lengths about its blocks: %s', (name) => {
    for (const length of [65_535, 65_536, 262_143, 262_144, 262_145, 600_003]) {
      const next = patterns[name]!(seeded(length));
      expectRoundTrip(Uint8Array.from({ length }, (_, index) => next(index)));
    }
  });

  it('makes streams that zlib reads, of any mixture of runs and noise', () => {
    const piece = fc.record({
      kind: fc.constantFrom('run', 'noise', 'steps', 'pairs'),
      length: fc.oneof(
        fc.integer({ min: 0, max: 70 }),
        fc.constantFrom(257, 258, 259, 260, 261, 262, 515, 516, 517, 40_000),
      ),
      value: fc.integer({ min: 0, max: 255 }),
    });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const random = seeded(pieces.length);
        const bytes = pieces.flatMap(({ kind, length, value }) =>
          Array.from({ length }, (_, index) =>
            kind === 'run'
              ? value
              : kind === 'noise'
                ? random() * 256
                : kind === 'steps'
                  ? value + Math.floor(index / 5)
                  : value + (index & 2),
          ),
        );
        expectRoundTrip(Uint8Array.from(bytes));
      }),
      { numRuns: 60 },
    );
  });

  it('makes streams that zlib reads where the tree would be deeper than codes may be', () => {
    // Counts as Fibonacci numbers make the deepest tree there is: 24 symbols, 23 bits.
    const values: number[] = [];
    for (let symbol = 0, count = 1, next = 1; symbol < 24; symbol++) {
      for (let i = 0; i < count; i++) values.push(symbol);
      [count, next] = [next, count + next];
    }
    const random = seeded(7);
    for (let i = values.length - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1));
      [values[i], values[j]] = [values[j]!, values[i]!];
    }
    expectRoundTrip(Uint8Array.from(values));
  });

  it('never takes more than the length and a few bytes a block', () => {
    for (const length of [0, 1, 1000, 131_072, 1_000_000]) {
      const random = seeded(length);
      const { stream } = expectRoundTrip(Uint8Array.from({ length }, () => random() * 256));
      expect(stream.length).toBeGreaterThan(length);
      expect(stream.length).toBeLessThanOrEqual(stored(length));
    }
  });

  it.each([32, 37, 64])(
    'is not fooled by bytes of which every %ith group of eight is unlike the rest',
    (stride) => {
      // What is counted of a large block is every 37th byte and the seven after it.
      const length = 600_000;
      const random = seeded(stride);
      const bytes = Uint8Array.from({ length }, (_, index) =>
        index % stride < 8 ? 7 * (index & 1) : 100 + random() * 156,
      );
      expect(expectRoundTrip(bytes).stream.length).toBeLessThanOrEqual(stored(length));
    },
  );

  it('takes next to nothing more for counting large blocks by samples', () => {
    const random = seeded(5);
    const bytes = Uint8Array.from(
      { length: 262_144 },
      () => (random() + random() + random() + random()) * 64,
    );
    const counts = new Float64Array(256);
    for (const byte of bytes) counts[byte] = counts[byte]! + 1;
    const bits = counts.reduce((sum, n) => (n === 0 ? sum : sum - n * Math.log2(n / bytes.length)), 0);
    expect(expectRoundTrip(bytes).stream.length).toBeLessThan(1.01 * (bits / 8));
  });

  it('writes nothing when there is less room than the bound', () => {
    const mark = space.mark();
    const at = space.take(1000);
    const bound = space.kernels.deflateBound(1000);
    const to = space.take(bound);
    space.bytes(at, 1000).fill(0);
    space.bytes(to, bound).fill(GUARD);
    expect(space.kernels.deflate(at, 1000, to, bound - 1)).toBe(0);
    expect(space.bytes(to, bound).every((byte) => byte === GUARD)).toBe(true);
    space.release(mark);
  });

  it('makes a whole run of one byte into as little as zlib does', () => {
    const bytes = new Uint8Array(1_048_576);
    expect(expectRoundTrip(bytes).stream.length).toBeLessThan(1.2 * deflateSync(bytes).length);
  });

  it('gives the same stream whatever was encoded before', () => {
    const tile = predictedTile('uint16', 3);
    const first = encode(tile).stream;
    encode(predictedTile('float32', 4));
    encode(new Uint8Array(5000).fill(9));
    expect(Buffer.compare(encode(tile).stream, first)).toBe(0);
  });

  const kinds: readonly TileKind[] = ['uint16', 'int16', 'float32'];
  it.each(kinds)('is about as small as zlib on predicted %s tiles', (kind) => {
    for (const seed of [1, 2, 3]) {
      const tile = predictedTile(kind, seed);
      const { stream } = expectRoundTrip(tile);
      expect(stream.length).toBeLessThan(1.08 * deflateSync(tile, { level: 6 }).length);
    }
  });
});
