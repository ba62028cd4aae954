import type { FileHandle } from 'node:fs/promises';
import { SwathError } from '@swath/core';
import type { Layout } from './layout.ts';
import { COPY_BUFFER_BYTES } from './limits.ts';

/**
 * Moves the tiles of full resolution that make room, or take it, clears what lies between, ends the file, and writes the
 * header. What is missing then is the overviews.
 */
export async function arrange(
  file: FileHandle,
  { header, places: { move, gap, end } }: Layout,
): Promise<void> {
  if (move !== null) {
    const buffer = new Uint8Array(Math.min(move.length, COPY_BUFFER_BYTES));
    for (let done = 0; done < move.length; ) {
      const part = buffer.subarray(0, Math.min(buffer.length, move.length - done));
      await readAll(file, part, move.from + done);
      await writeAll(file, part, move.to + done);
      done += part.length;
    }
  }
  for (let at = gap.from; at < gap.to; ) {
    const zeros = new Uint8Array(Math.min(COPY_BUFFER_BYTES, gap.to - at));
    await writeAll(file, zeros, at);
    at += zeros.length;
  }
  await file.truncate(end);
  await writeAll(file, header, 0);
}

/** A write may take less than it was given. */
async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

async function readAll(file: FileHandle, into: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < into.length; ) {
    const { bytesRead } = await file.read(into, done, into.length - done, position + done);
    if (bytesRead === 0) throw new SwathError('Bug', `the unfinished file ends at byte ${position + done}`);
    done += bytesRead;
  }
}
