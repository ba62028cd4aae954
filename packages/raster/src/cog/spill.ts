import { closeSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SwathError } from '@swath/core';
import { SPILL_FILE_BYTES, SPILL_FILES_OPEN } from './limits.ts';

/** Where one compressed tile waits until its place in the file is known. */
export interface SpilledTile {
  readonly level: number;
  /** Row-major index in its level. */
  readonly tile: number;
  readonly offset: number;
  readonly length: number;
}

/**
 * Compressed tiles in files of a folder of their own, in the order they were made. Written synchronously: a worker thread
 * has nothing else to do meanwhile, and the bytes go from kernel memory to the file without a copy.
 *
 * There are many files rather than one so that each can go as soon as its last tile is in the result: fresh pages of the
 * page cache cost up to ten times what those cost that a deleted file has just given back.
 */
export interface Spill {
  /** @returns where the bytes start: offsets are unique in the spill, and no tile lies in two files. */
  append(bytes: Uint8Array, kind: SpillKind): number;
  close(): void;
}

/** Overviews come first in the result, and so have files of their own. */
export type SpillKind = 'full' | 'overview';

const fileOf = (offset: number): number => Math.floor(offset / SPILL_FILE_BYTES);
const fileStart = (file: number): number => file * SPILL_FILE_BYTES;

/** @param path of the folder, which must not exist. */
export function createSpill(path: string): Spill {
  mkdirSync(path);
  const kinds = { full: appender(path, 0), overview: appender(path, 1) };
  return {
    append: (bytes, kind) => kinds[kind].append(bytes),
    close() {
      kinds.full.close();
      kinds.overview.close();
    },
  };
}

/** Appends to every second file from the first on. */
function appender(path: string, first: 0 | 1) {
  let file: number = first;
  let used = 0;
  let fd: number | undefined;
  const close = (): void => {
    if (fd !== undefined) closeSync(fd);
    fd = undefined;
  };
  return {
    append(bytes: Uint8Array): number {
      if (used > 0 && used + bytes.length > SPILL_FILE_BYTES) {
        close();
        file += 2;
        used = 0;
      }
      fd ??= openSync(join(path, `${file}`), 'wx');
      const start = used;
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(fd, bytes, done, bytes.length - done, start + done);
      }
      used += bytes.length;
      return fileStart(file) + start;
    },
    close,
  };
}

/** Reads spilled tiles back. */
export interface SpillReader {
  /** Says that the tile at this offset will be read. */
  expect(offset: number): void;
  /** Reads the bytes of the tile at `offset`, from the `from`th on. */
  read(into: Uint8Array, offset: number, from: number): void;
  /** A tile that was expected is read: the file goes with its last one. */
  done(offset: number): void;
  /** Resolves when files that went are gone. */
  close(): Promise<void>;
}

export function openSpill(path: string): SpillReader {
  const expected = new Map<number, number>();
  const open = new Map<number, number>();
  const going: Promise<void>[] = [];
  const pathOf = (file: number): string => join(path, `${file}`);
  const closeFile = (file: number): void => {
    const fd = open.get(file);
    if (fd !== undefined) closeSync(fd);
    open.delete(file);
  };
  const fdOf = (file: number): number => {
    const known = open.get(file);
    if (known !== undefined) return known;
    const [oldest] = open.keys();
    if (oldest !== undefined && open.size >= SPILL_FILES_OPEN) closeFile(oldest);
    const fd = openSync(pathOf(file), 'r');
    open.set(file, fd);
    return fd;
  };
  return {
    expect(offset) {
      expected.set(fileOf(offset), (expected.get(fileOf(offset)) ?? 0) + 1);
    },
    read(into, offset, from) {
      const file = fileOf(offset);
      const fd = fdOf(file);
      const at = offset - fileStart(file) + from;
      for (let done = 0; done < into.length; ) {
        const got = readSync(fd, into, done, into.length - done, at + done);
        if (got === 0) {
          throw new SwathError(
            'Bug',
            `spilled tiles: ${done} of ${into.length} bytes at ${at} of ${pathOf(file)}`,
          );
        }
        done += got;
      }
    },
    done(offset) {
      const file = fileOf(offset);
      const left = (expected.get(file) ?? 0) - 1;
      expected.set(file, left);
      if (left > 0) return;
      closeFile(file);
      const gone = rm(pathOf(file));
      gone.catch(() => {}); // Met by close.
      going.push(gone);
    },
    async close() {
      for (const file of [...open.keys()]) closeFile(file);
      await Promise.all(going);
    },
  };
}

/** Deletes what is left of a spill, whether there was one or not. */
export async function removeSpill(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
}

/** A new file for writing at the end of what was written. */
export async function openOutput(path: string): Promise<FileHandle> {
  return await open(path, 'wx');
}

/** A write may take less than it was given. */
export async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
