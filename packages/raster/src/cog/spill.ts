import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { SwathError } from '@swath/core';

/** Where one compressed tile waits until its place in the file is known. */
export interface SpilledTile {
  readonly level: number;
  /** Row-major index in its level. */
  readonly tile: number;
  readonly offset: number;
  readonly length: number;
}

/**
 * Compressed tiles in a file of their own, in the order they were made. Written synchronously: a worker thread has
 * nothing else to do meanwhile, and the bytes go from kernel memory to the file without a copy.
 */
export interface Spill {
  readonly path: string;
  /** @returns where the bytes start. */
  append(bytes: Uint8Array): number;
  close(): void;
}

export function createSpill(path: string): Spill {
  const file = openSync(path, 'wx');
  let end = 0;
  let isOpen = true;
  return {
    path,
    append(bytes) {
      const start = end;
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(file, bytes, done, bytes.length - done, start + done);
      }
      end += bytes.length;
      return start;
    },
    close() {
      if (isOpen) closeSync(file);
      isOpen = false;
    },
  };
}

/** Reads spilled tiles back. */
export interface SpillReader {
  readonly path: string;
  read(into: Uint8Array, offset: number): void;
  close(): void;
}

export function openSpill(path: string): SpillReader {
  const file = openSync(path, 'r');
  return {
    path,
    read(into, offset) {
      for (let done = 0; done < into.length; ) {
        const got = readSync(file, into, done, into.length - done, offset + done);
        if (got === 0) {
          throw new SwathError(
            'Bug',
            `spilled tiles: ${done} of ${into.length} bytes at ${offset} of ${path}`,
          );
        }
        done += got;
      }
    },
    close: () => closeSync(file),
  };
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
