import { createHash } from 'node:crypto';

/** A check of bytes as they stream by. */
export interface RunningCheck {
  update(bytes: Uint8Array): void;
  /** Undefined when the bytes are as stated. */
  mismatch(): string | undefined;
}

/** Multihash prefixes (multicodec table: code, then digest length) that node:crypto can compute. */
const ALGORITHMS: readonly (readonly [prefix: string, algorithm: string, digestBytes: number])[] = [
  ['1220', 'sha256', 32],
  ['1114', 'sha1', 20],
  ['1340', 'sha512', 64],
  ['1620', 'sha3-256', 32],
  ['d50110', 'md5', 16],
];

/**
 * Checks against a STAC `file:checksum` (multihash, hex).
 * @returns undefined when the algorithm is not one we can compute: the origin stays unverified.
 */
export function multihashCheck(multihash: string): RunningCheck | undefined {
  const stated = multihash.toLowerCase();
  const found = ALGORITHMS.find(
    ([prefix, , bytes]) => stated.startsWith(prefix) && stated.length === prefix.length + 2 * bytes,
  );
  if (found === undefined) return undefined;
  const [prefix, algorithm] = found;
  const hash = createHash(algorithm);
  return {
    update: (bytes) => {
      hash.update(bytes);
    },
    mismatch: () => {
      const computed = prefix + hash.digest('hex');
      return computed === stated ? undefined : `${algorithm} is ${computed}, the Item says ${stated}`;
    },
  };
}
