import { SwathError } from '@swath/core';
import type { Answer } from './body.ts';

/** Which version of an object the answers so far belong to. */
export interface Identity {
  sizeBytes(): number | undefined;
  /** Request headers that make the server refuse another version. */
  condition(): Readonly<Record<string, string>>;
  /** @throws SwathError Corrupt when the answer belongs to another version. */
  check(answer: Answer, sizeBytes: number | undefined): void;
}

/** Unknown until the first answer; every later one is compared with it. */
export function newIdentity(name: string): Identity {
  let size: number | undefined;
  const validators = new Map<string, string>();
  return {
    sizeBytes: () => size,
    condition() {
      const etag = validators.get('etag');
      // Weak tags cannot be sent in If-Match (RFC 9110, 13.1.1); they are compared in the answer.
      return etag?.startsWith('"') ? { 'if-match': etag } : {};
    },
    check(answer, sizeBytes) {
      for (const key of ['etag', 'last-modified']) {
        const value = answer.header(key);
        const known = validators.get(key);
        if (known !== undefined && value !== undefined && value !== known && !outranked(key)) {
          throw new SwathError('Corrupt', `${name} changed while it was read (its ${key} is another)`);
        }
        if (known === undefined && value !== undefined) validators.set(key, value);
      }
      if (size !== undefined && sizeBytes !== undefined && sizeBytes !== size) {
        throw new SwathError(
          'Corrupt',
          `${name} changed while it was read: ${size} bytes before, ${sizeBytes} now`,
        );
      }
      size ??= sizeBytes;
    },
  };

  /** Replicas of one object may differ in the date; where there is an ETag, it alone decides. */
  function outranked(key: string): boolean {
    return key === 'last-modified' && validators.has('etag');
  }
}
