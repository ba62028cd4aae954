import { closeSync, mkdirSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { SwathError } from '@swath/core';
import { SPILL_FILE_BYTES } from './limits.ts';

/** One compressed tile that waits until its place in the file is known. */
export interface SpilledTile {
  /** 1 is the first overview. */
  readonly level: number;
  /** Row-major index in its level. */
  readonly tile: number;
  readonly length: number;
}

/** Where each tile of the overviews starts in the file: of the first overview first, row-major. */
export type OverviewStarts = readonly Float64Array[];

/**
 * Compressed tiles of overviews in files of a folder of their own, in the order they were made, until their places are known.
 * Written and read synchronously: a worker thread has nothing else to do meanwhile, and the bytes go from kernel memory to
 * the file without a copy.
 *
 * There are many files rather than one so that each can go once its tiles are in the result: fresh pages of the page cache
 * cost up to ten times what those cost that a deleted file has just given back.
 */
export interface Spill {
  append(level: number, tile: number, bytes: Uint8Array): SpilledTile;
  /** Moves every tile into the file at `path`, which exists. Gives way between files. */
  place(path: string, starts: OverviewStarts, signal?: AbortSignal): Promise<void>;
  close(): void;
}

interface KeptTile extends SpilledTile {
  readonly file: number;
  readonly at: number;
}

/** @param path of the folder, which must not exist; deleting it is the caller's, with {@link removeSpill}. */
export function createSpill(path: string): Spill {
  mkdirSync(path);
  const pathOf = (file: number): string => join(path, `${file}`);
  const kept: KeptTile[] = [];
  let file = 0;
  let used = 0;
  let fd: number | undefined;
  const close = (): void => {
    if (fd !== undefined) closeSync(fd);
    fd = undefined;
  };

  /** Reads a tile into the start of a buffer. */
  function readTile(from: number, { file: number, at, length }: KeptTile, into: Uint8Array): Uint8Array {
    for (let done = 0; done < length; ) {
      const got = readSync(from, into, done, length - done, at + done);
      if (got === 0) {
        throw new SwathError('Bug', `spilled tiles: ${done} of ${length} bytes in ${pathOf(number)}`);
      }
      done += got;
    }
    return into.subarray(0, length);
  }

  return {
    append(level, tile, bytes) {
      if (used > 0 && used + bytes.length > SPILL_FILE_BYTES) {
        close();
        file++;
        used = 0;
      }
      fd ??= openSync(pathOf(file), 'wx');
      writeAllSync(fd, bytes, used);
      kept.push({ level, tile, length: bytes.length, file, at: used });
      used += bytes.length;
      return { level, tile, length: bytes.length };
    },
    async place(output, starts, signal) {
      close();
      const longest = kept.reduce((most, { length }) => Math.max(most, length), 0);
      // Shared memory: V8 counts any other, and would mark its heap for it.
      const buffer = new Uint8Array(new SharedArrayBuffer(longest));
      const to = openSync(output, 'r+');
      try {
        for (const [number, tiles] of Map.groupBy(kept, (tile) => tile.file)) {
          await setImmediate();
          signal?.throwIfAborted();
          const from = openSync(pathOf(number), 'r');
          try {
            for (const tile of tiles) {
              writeAllSync(to, readTile(from, tile, buffer), starts[tile.level - 1]![tile.tile]!);
            }
          } finally {
            closeSync(from);
          }
          rmSync(pathOf(number));
        }
      } finally {
        closeSync(to);
      }
    },
    close,
  };
}

/** Deletes what is left of a spill, whether there was one or not. */
export async function removeSpill(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
}

/** A write may take less than it was given. */
export function writeAllSync(fd: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(fd, bytes, done, bytes.length - done, position + done);
  }
}
