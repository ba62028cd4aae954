import { SwathError } from '@swath/core';
import { maxGetBytes } from './limits.ts';
import { stopIfAborted } from './object-rules.ts';

/** Bytes or a stream of them, as chunks. */
export async function* chunksOf(
  body: Uint8Array | AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  stopIfAborted(signal);
  if (body instanceof Uint8Array) {
    yield body;
    return;
  }
  for await (const chunk of body) {
    stopIfAborted(signal);
    yield chunk;
  }
}

/** The whole stream in one array. @throws LimitExceeded over 1 GiB. */
export async function collectBytes(
  body: Uint8Array | AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of chunksOf(body, signal)) {
    sizeBytes += chunk.length;
    checkGetSize(sizeBytes);
    // A copy: producers may reuse their buffer for the next chunk.
    chunks.push(chunk.slice());
  }
  const bytes = new Uint8Array(sizeBytes);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

/** @throws LimitExceeded when an object is too large to be held whole. */
export function checkGetSize(sizeBytes: number): void {
  if (sizeBytes > maxGetBytes) {
    throw new SwathError(
      'LimitExceeded',
      `The object has ${sizeBytes} bytes or more; at most ${maxGetBytes} at once.`,
      {
        fix: 'Read it by range.',
      },
    );
  }
}
