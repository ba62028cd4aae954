import { closeSync, mkdirSync, openSync, read, readSync, writeSync } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SwathError } from '@swath/core';
import { READ_IN_PLACE_BYTES, SPILL_FILE_BYTES, SPILL_FILES_OPEN } from './limits.ts';

/** Where one compressed tile waits until its place in the file is known. */
export interface SpilledTile {
  readonly level: number;
  /** Row-major index in its level. */
  readonly tile: number;
  readonly offset: number;
  readonly length: number;
}

/**
 * Compressed tiles of overviews in files of a folder of their own, in the order they were made. Written synchronously: a
 * worker thread has nothing else to do meanwhile, and the bytes go from kernel memory to the file without a copy.
 *
 * There are many files rather than one so that each can go as soon as its last tile is in the result: fresh pages of the
 * page cache cost up to ten times what those cost that a deleted file has just given back.
 */
export interface Spill {
  /** @returns where the bytes start: offsets are unique in the spill, and no tile lies in two files. */
  append(bytes: Uint8Array): number;
  close(): void;
}

const fileOf = (offset: number): number => Math.floor(offset / SPILL_FILE_BYTES);
const fileStart = (file: number): number => file * SPILL_FILE_BYTES;

/** @param path of the folder, which must not exist. */
export function createSpill(path: string): Spill {
  mkdirSync(path);
  let file = 0;
  let used = 0;
  let fd: number | undefined;
  const close = (): void => {
    if (fd !== undefined) closeSync(fd);
    fd = undefined;
  };
  return {
    append(bytes) {
      if (used > 0 && used + bytes.length > SPILL_FILE_BYTES) {
        close();
        file++;
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

const readAside = promisify(read);

/** Reads spilled tiles back. */
export interface SpillReader {
  /** Says that the tile at this offset will be read. */
  expect(offset: number): void;
  /**
   * Reads the bytes of the tile at `offset`, from the `from`th on: few at once, many on another thread, until the promise
   * resolves.
   */
  read(into: Uint8Array, offset: number, from: number): Promise<void> | void;
  /** A tile that was expected is read, or being read: the file goes with its last one. */
  done(offset: number): void;
  /** Resolves when files that went are gone. Nothing may be being read. */
  close(): Promise<void>;
}

interface OpenFile {
  readonly fd: number;
  /** Reads under way. */
  reads: number;
  isDone: boolean;
}

export function openSpill(path: string): SpillReader {
  const expected = new Map<number, number>();
  const open = new Map<number, OpenFile>();
  const going: Promise<void>[] = [];
  const pathOf = (file: number): string => join(path, `${file}`);
  const closeFile = (file: number): void => {
    const known = open.get(file);
    if (known !== undefined) closeSync(known.fd);
    open.delete(file);
  };
  const remove = (file: number): void => {
    closeFile(file);
    const gone = rm(pathOf(file));
    gone.catch(() => {}); // Met by close.
    going.push(gone);
  };
  const openFile = (file: number): OpenFile => {
    const known = open.get(file);
    if (known !== undefined) return known;
    if (open.size >= SPILL_FILES_OPEN) {
      const idle = [...open].find(([, { reads }]) => reads === 0);
      if (idle !== undefined) closeFile(idle[0]);
    }
    const opened = { fd: openSync(pathOf(file), 'r'), reads: 0, isDone: false };
    open.set(file, opened);
    return opened;
  };
  const cutShort = (file: number, into: Uint8Array, done: number): SwathError =>
    new SwathError('Bug', `spilled tiles: ${done} of ${into.length} bytes in ${pathOf(file)}`);

  async function readMany(file: number, into: Uint8Array, at: number): Promise<void> {
    const from = openFile(file);
    from.reads++;
    try {
      for (let done = 0; done < into.length; ) {
        const { bytesRead } = await readAside(from.fd, into, done, into.length - done, at + done);
        if (bytesRead === 0) throw cutShort(file, into, done);
        done += bytesRead;
      }
    } finally {
      from.reads--;
      if (from.isDone && from.reads === 0) remove(file);
    }
  }

  return {
    expect(offset) {
      expected.set(fileOf(offset), (expected.get(fileOf(offset)) ?? 0) + 1);
    },
    read(into, offset, from) {
      const file = fileOf(offset);
      const at = offset - fileStart(file) + from;
      if (into.length > READ_IN_PLACE_BYTES) return readMany(file, into, at);
      const { fd } = openFile(file);
      for (let done = 0; done < into.length; ) {
        const got = readSync(fd, into, done, into.length - done, at + done);
        if (got === 0) throw cutShort(file, into, done);
        done += got;
      }
    },
    done(offset) {
      const file = fileOf(offset);
      const left = (expected.get(file) ?? 0) - 1;
      expected.set(file, left);
      if (left > 0) return;
      const known = open.get(file);
      if (known === undefined || known.reads === 0) remove(file);
      else known.isDone = true;
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

/** A new file. */
export async function openOutput(path: string): Promise<FileHandle> {
  return await open(path, 'wx+');
}

/** A write may take less than it was given. */
export async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
