import { createHash } from 'node:crypto';
import { isSwathError } from '@swath/core';
import type { Objects } from '@swath/ports';
import type { ByteSource } from '@swath/raster';
import { READ_BYTES } from '../limits.ts';
import { Refused } from './refused.ts';

/** A quarantined file of known size. Its store may know no checksum, so that it is not asked for one. */
export interface Quarantined {
  readonly objects: Objects;
  readonly key: string;
  readonly sizeBytes: number;
}

/** For the reader. @param name what messages call it. */
export function sourceOf({ objects, key, sizeBytes }: Quarantined, name: string): ByteSource {
  return {
    name,
    remote: true,
    read: async (offset, length, signal) => {
      const wanted = Math.min(length, sizeBytes - offset);
      if (wanted <= 0) return new Uint8Array(0);
      return await objects.getRange(key, offset, wanted, signal === undefined ? {} : { signal });
    },
    size: async () => sizeBytes,
    close: async () => {},
  };
}

/** The whole file, in pieces, with the next being fetched while one is worked on. @param checkTime called between pieces. */
export async function* bytesOf(
  { objects, key, sizeBytes }: Quarantined,
  checkTime: () => void,
): AsyncGenerator<Uint8Array> {
  const fetchAt = (offset: number) =>
    offset < sizeBytes
      ? objects.getRange(key, offset, Math.min(READ_BYTES, sizeBytes - offset))
      : Promise.resolve(new Uint8Array(0));
  let next = fetchAt(0);
  for (let offset = 0; offset < sizeBytes; ) {
    const piece = await next;
    offset += piece.byteLength;
    if (piece.byteLength === 0) throw tooShort(offset, sizeBytes);
    next = fetchAt(offset);
    // Awaited in the next turn; without this, one that fails while the caller is busy would end the process.
    next.catch(() => undefined);
    checkTime();
    yield piece;
  }
}

const tooShort = (found: number, sizeBytes: number) =>
  new Refused('SIZE_MISMATCH', `The file has ${found} bytes, not the ${sizeBytes} announced.`);

/**
 * sha256 of the file, lower-case hex.
 * @throws Refused when it is shorter or longer than was said, or has another checksum.
 */
export async function hashOf(
  file: Quarantined,
  announced: string | undefined,
  checkTime: () => void,
): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const piece of bytesOf(file, checkTime)) hash.update(piece);
  } catch (error) {
    if (isSwathError(error, 'LimitExceeded')) throw tooShort(0, file.sizeBytes);
    throw error;
  }
  if (await goesOn(file)) {
    throw new Refused('SIZE_MISMATCH', `The file has more than the ${file.sizeBytes} bytes announced.`);
  }
  const sha256 = hash.digest('hex');
  if (announced !== undefined && announced !== sha256) {
    throw new Refused('CHECKSUM_MISMATCH', `The file has sha256 ${sha256}, not the ${announced} announced.`);
  }
  return sha256;
}

async function goesOn({ objects, key, sizeBytes }: Quarantined): Promise<boolean> {
  try {
    return (await objects.getRange(key, sizeBytes, 1)).byteLength > 0;
  } catch (error) {
    if (isSwathError(error, 'LimitExceeded')) return false;
    throw error;
  }
}
