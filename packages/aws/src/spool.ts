import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { partBytes } from './limits.ts';

/** A stream whose end has been seen: in memory when it is short, else in a temporary file. */
export type Spooled =
  | { readonly kind: 'memory'; readonly bytes: Uint8Array }
  | { readonly kind: 'file'; readonly sha256: string; chunks(): AsyncIterable<Uint8Array> };

/** The first bytes of a stream and the rest of it; `rest` is undefined when the stream has ended within `partBytes`. */
export async function startOf(
  chunks: AsyncGenerator<Uint8Array>,
): Promise<{ readonly bytes: Uint8Array; readonly rest: AsyncGenerator<Uint8Array> | undefined }> {
  const held: Uint8Array[] = [];
  let heldBytes = 0;
  while (heldBytes <= partBytes) {
    const next = await chunks.next();
    if (next.done) return { bytes: joined(held, heldBytes), rest: undefined };
    // A copy: producers may use their buffer again.
    held.push(next.value.slice());
    heldBytes += next.value.length;
  }
  return { bytes: joined(held, heldBytes), rest: chunks };
}

export async function* both(first: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  yield* rest;
}

/**
 * Writes a stream to a temporary file to learn its checksum before S3 is told: metadata cannot be added to a finished
 * upload. Callers who know the checksum spare themselves this.
 */
export async function withSpoolFile<T>(
  chunks: AsyncIterable<Uint8Array>,
  use: (file: { readonly sha256: string; chunks(): AsyncIterable<Uint8Array> }) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'swath-put-'));
  try {
    const file = join(folder, 'content');
    const hash = createHash('sha256');
    const handle = await open(file, 'wx', 0o600);
    try {
      for await (const chunk of chunks) {
        hash.update(chunk);
        await handle.writeFile(chunk);
      }
    } finally {
      await handle.close();
    }
    return await use({
      sha256: hash.digest('hex'),
      chunks: () => createReadStream(file, { highWaterMark: 1_048_576 }),
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

function joined(parts: readonly Uint8Array[], sizeBytes: number): Uint8Array {
  const bytes = new Uint8Array(sizeBytes);
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}
