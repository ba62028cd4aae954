import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, opendir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SwathError } from '@swath/core';
import { chunksOf } from '@swath/ports';
import { onDisk } from './disk-errors.ts';

/** A content file: `ab/ab12...` below the folder. Its name says nothing about any key. */
export interface StoredFile {
  readonly file: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

const fileName = /^[0-9a-f]{2}\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Files of random names, written once and never changed. A file counts only when a row names it, so it needs no rename:
 * until the row is committed it is garbage.
 */
export function objectFiles(folder: string) {
  const path = (file: string): string => {
    // Rows come from a database file somebody may have edited.
    if (!fileName.test(file)) throw new RangeError(`not the name of a content file: ${file}`);
    return join(folder, file);
  };
  return {
    /** Writes, hashes and waits for the disk. Leaves nothing behind when the body fails. */
    async write(body: Uint8Array | AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<StoredFile> {
      const id = randomUUID();
      const file = `${id.slice(0, 2)}/${id}`;
      const shard = join(folder, id.slice(0, 2));
      const handle = await onDisk(async () => {
        await mkdir(shard, { recursive: true });
        return open(path(file), 'wx', 0o600);
      });
      try {
        const hash = createHash('sha256');
        let sizeBytes = 0;
        for await (const chunk of chunksOf(body, signal)) {
          hash.update(chunk);
          await onDisk(() => writeAll(handle, chunk));
          sizeBytes += chunk.length;
        }
        await onDisk(() => handle.sync());
        await onDisk(() => syncFolder(shard));
        return { file, sizeBytes, sha256: hash.digest('hex') };
      } catch (error) {
        await rm(path(file), { force: true });
        throw error;
      } finally {
        await handle.close();
      }
    },
    /** @returns undefined when the file is gone. */
    read: (file: string, signal?: AbortSignal): Promise<Uint8Array | undefined> =>
      orGone(async () => new Uint8Array(await readFile(path(file), { signal }))),
    readRange: (file: string, offset: number, length: number): Promise<Uint8Array | undefined> =>
      orGone(async () => {
        const handle = await open(path(file), 'r');
        try {
          return await readFully(handle, offset, length);
        } finally {
          await handle.close();
        }
      }),
    remove: (file: string): Promise<void> => onDisk(() => rm(path(file), { force: true })),
    /** Removes what no row names any more. The object is what its row says either way, so a failure is left to the sweep. */
    async discard(file: string | undefined): Promise<void> {
      if (file !== undefined) await rm(path(file), { force: true }).catch(() => undefined);
    },
    /** Names of files last written before `beforeMs` (Unix milliseconds). */
    async *olderThan(beforeMs: number): AsyncGenerator<string> {
      for await (const shard of await opendir(folder)) {
        if (!shard.isDirectory()) continue;
        for await (const entry of await opendir(join(folder, shard.name))) {
          const file = `${shard.name}/${entry.name}`;
          if (!fileName.test(file)) continue;
          const found = await orGone(() => stat(path(file)));
          if (found !== undefined && found.mtimeMs < beforeMs) yield file;
        }
      }
    },
  };
}

async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let offset = 0; offset < chunk.length; ) {
    offset += (await handle.write(chunk, offset)).bytesWritten;
  }
}

async function readFully(handle: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, offset + filled);
    if (bytesRead === 0)
      throw new SwathError('Corrupt', `A content file ends ${length - filled} bytes early.`);
    filled += bytesRead;
  }
  return bytes;
}

/** A new name lasts only when its folder has reached the disk too. Windows does that by itself and opens no folders. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function orGone<T>(read: () => Promise<T>): Promise<T | undefined> {
  return onDisk(async () => {
    try {
      return await read();
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
  });
}
