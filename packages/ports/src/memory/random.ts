import { randomBytes } from 'node:crypto';
import { v7 } from 'uuid';
import type { Clock, Random } from '../others.ts';

/** The machine's own randomness; ids of one process sort in the order they were made, also within a millisecond. */
export function cryptoRandom(): Random {
  return {
    id: () => v7(),
    secret: () => randomBytes(32).toString('base64url'),
    // 48 bits: more than any jitter can use, exact in a double.
    fraction: () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48,
  };
}

/** The same seed and the same clock readings give the same ids and fractions. For tests and simulation only. */
export function seededRandom(seed: number, clock: Clock): Random {
  const next = splitmix32(seed);
  let sequence = 0;
  return {
    id: () => {
      const random = Uint8Array.from({ length: 16 }, () => next() >>> 24);
      return v7({ msecs: clock.now(), seq: sequence++, random });
    },
    secret: () => Buffer.from(Uint8Array.from({ length: 32 }, () => next() >>> 24)).toString('base64url'),
    fraction: () => next() / 2 ** 32,
  };
}

/** SplitMix32: 32-bit finaliser of MurmurHash3 over a Weyl sequence; every seed has the full period of 2^32. */
function splitmix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state ^ (state >>> 16);
    z = Math.imul(z, 0x85ebca6b);
    z ^= z >>> 13;
    z = Math.imul(z, 0xc2b2ae35);
    return (z ^ (z >>> 16)) >>> 0;
  };
}
