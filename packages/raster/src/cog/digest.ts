import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { DIGEST_PART_BYTES } from './limits.ts';

/** Lower-case hexadecimal SHA-256 of a file. The next part is read, on another thread, while one is hashed. */
export async function fileSha256(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  // Shared memory: V8 counts any other, and would mark its heap for it.
  const buffers = [0, 1].map(() => new Uint8Array(new SharedArrayBuffer(DIGEST_PART_BYTES)));
  const file = await open(path);
  const part = async (number: number): Promise<Uint8Array> => {
    const buffer = buffers[number % 2]!;
    let filled = 0;
    while (filled < buffer.length) {
      const { bytesRead } = await file.read(buffer, filled, buffer.length - filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  };
  try {
    let bytes = await part(0);
    for (let number = 1; bytes.length > 0; number++) {
      signal?.throwIfAborted();
      const next = part(number);
      hash.update(bytes);
      bytes = await next;
    }
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}
