import { createHash } from 'node:crypto';
import { parseChecksum } from '@swath/stac';

/** A check of bytes as they stream by. */
export interface RunningCheck {
  update(bytes: Uint8Array): void;
  /** What is wrong; undefined when the bytes are as stated. */
  mismatch(): string | undefined;
}

/**
 * Checks against a STAC `file:checksum` (multihash, hex).
 * @returns undefined without a checksum, or when its algorithm is not one we can compute: the origin stays unverified.
 */
export function checksumCheck(stated: string | undefined): RunningCheck | undefined {
  const checksum = stated === undefined ? undefined : parseChecksum(stated);
  if (checksum === undefined) return undefined;
  const hash = createHash(checksum.algorithm);
  return {
    update: (bytes) => {
      hash.update(bytes);
    },
    mismatch: () => {
      const computed = hash.digest('hex');
      if (computed === checksum.digest) return undefined;
      return `${checksum.algorithm} is ${computed}, the Item says ${checksum.digest}`;
    },
  };
}
