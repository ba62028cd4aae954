import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { SwathError } from '@swath/core';
import type { Built } from '../engine/build.ts';
import type { Layout } from './layout.ts';
import { COPY_BUFFER_BYTES } from './limits.ts';
import { createRing } from './ring.ts';
import { openSpill, writeAll } from './spill.ts';

/** Moves the tiles of full resolution that make room, or take it, clears what lies between, and ends the file. */
export async function arrange(file: FileHandle, { places: { move, gap, end } }: Layout): Promise<void> {
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
}

/**
 * Writes header and overviews before the tiles of full resolution, which are in their places, and hashes the whole file.
 * Reading and hashing go on while buffers before are being written.
 * @returns the SHA-256, in hexadecimal
 */
export async function assemble(
  file: FileHandle,
  { header, front, places }: Layout,
  { overviews, spillPaths }: Built,
  {
    signal,
    onOverviews,
  }: {
    readonly signal?: AbortSignal | undefined;
    readonly onOverviews?: ((path: string) => Promise<void>) | undefined;
  },
  path: string,
): Promise<string> {
  const hash = createHash('sha256');
  const spills = spillPaths.map(openSpill);
  for (const { spills: owner, offsets } of overviews) {
    for (const [tile, start] of offsets.entries()) spills[owner[tile]!]!.expect(start);
  }
  // One after the other: two writes to one file would wait for each other, and burn a core meanwhile.
  let writing = Promise.resolve();
  const ring = createRing(async (bytes, at) => {
    signal?.throwIfAborted();
    hash.update(bytes);
    if (at >= front) return;
    const mine = writing.then(() => writeAll(file, bytes, at));
    writing = mine.catch(() => {}); // Met by the ring.
    await mine;
  });
  let early: Promise<void> | undefined;
  try {
    await ring.append(header.length, (into, from) => {
      into.set(header.subarray(from, from + into.length));
    });
    for (const { spills: owner, offsets, lengths } of overviews.toReversed()) {
      for (let tile = 0; tile < lengths.length; tile++) {
        const spill = spills[owner[tile]!]!;
        const start = offsets[tile]!;
        await ring.append(lengths[tile]!, (into, from) => spill.read(into, start, from));
        spill.done(start);
      }
    }
    await ring.drain();
    if (overviews.length > 0) early = onOverviews?.(path);
    early?.catch(() => {}); // Met at the end.
    await ring.append(places.end - front, (into, from) => readAll(file, into, front + from));
    await ring.drain();
    await early;
  } finally {
    await ring.settle();
    await early?.catch(() => {});
    await Promise.all(spills.map((spill) => spill.close()));
  }
  return hash.digest('hex');
}

async function readAll(file: FileHandle, into: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < into.length; ) {
    const { bytesRead } = await file.read(into, done, into.length - done, position + done);
    if (bytesRead === 0) throw new SwathError('Bug', `the unfinished file ends at byte ${position + done}`);
    done += bytesRead;
  }
}
