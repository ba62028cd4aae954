import { type BigIntStats, close, fstat, open, read, readSync } from 'node:fs';
import { promisify } from 'node:util';
import { SwathError } from '@swath/core';
import type { ByteSource } from '../image.ts';
import { SPARE_MAX_BYTES, SPARE_STEP_BYTES, SPARES_KEPT } from '../limits.ts';
import { clampRange } from './memory.ts';

const openFd = promisify(open);
const closeFd = promisify(close);
const statFd = (fd: number): Promise<BigIntStats> =>
  new Promise((resolve, reject) => {
    fstat(fd, { bigint: true }, (error, stats) => (error === null ? resolve(stats) : reject(error)));
  });

/** What tells one version of a file from another without reading it. */
const versionOf = (stats: BigIntStats): string => `${stats.dev}:${stats.ino}:${stats.size}:${stats.mtimeNs}`;

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** Buffers of this thread that wait for the next read: fresh memory costs more than reading into it. */
const spares: ArrayBuffer[] = [];

function buffer(length: number): Uint8Array<ArrayBuffer> {
  if (length < SPARE_STEP_BYTES) return new Uint8Array(length);
  const at = spares.findIndex(({ byteLength }) => byteLength >= length && byteLength <= 4 * length);
  const [spare] = at < 0 ? [] : spares.splice(at, 1);
  const bytes = spare ?? new ArrayBuffer(Math.ceil(length / SPARE_STEP_BYTES) * SPARE_STEP_BYTES);
  return new Uint8Array(bytes, 0, length);
}

/** `blocking`: the thread waits; for threads that have nothing else to do. A hand-over to libuv's pool costs 0.1 ms a read. */
export type FileReading = 'asynchronous' | 'blocking';

/** Reads at a position. @returns how many bytes came, 0 at the end. */
type ReadAt = (bytes: Uint8Array, done: number, position: number) => Promise<number> | number;

function readerOf(fd: number, path: string, reading: FileReading): ReadAt {
  const failure = (cause: unknown) => new SwathError('Unavailable', `${path} cannot be read`, { cause });
  if (reading === 'blocking') {
    return (bytes, done, position) => {
      try {
        return readSync(fd, bytes, done, bytes.length - done, position);
      } catch (cause) {
        throw failure(cause);
      }
    };
  }
  return (bytes, done, position) =>
    new Promise((resolve, reject) => {
      read(fd, bytes, done, bytes.length - done, position, (error, count) =>
        error === null ? resolve(count) : reject(failure(error)),
      );
    });
}

/**
 * A regular file read by position. The version (inode, size, modification time) is taken at opening;
 * a file that ends early afterwards is Corrupt.
 * @throws SwathError NotFound when it does not exist, is not a regular file or may not be read.
 */
export async function fileSource(
  path: string,
  reading: FileReading = 'asynchronous',
): Promise<ByteSource & { readonly version: string }> {
  const fd = await openFd(path, 'r').catch((cause: unknown) => {
    const code = codeOf(cause);
    const why =
      code === 'ENOENT' || code === 'ENOTDIR'
        ? 'does not exist'
        : code === 'EACCES' || code === 'EPERM'
          ? 'may not be read'
          : `cannot be opened (${code})`;
    const tag = code === 'EMFILE' || code === 'ENFILE' || code === 'EIO' ? 'Unavailable' : 'NotFound';
    throw new SwathError(tag, `${path} ${why}`, { cause });
  });
  let isOpen = true;
  const stats = await statFd(fd);
  if (!stats.isFile()) {
    await closeFd(fd);
    throw new SwathError('NotFound', `${path} is not a regular file`);
  }
  const sizeBytes = Number(stats.size);
  const readAt = readerOf(fd, path, reading);
  return {
    name: path,
    version: versionOf(stats),
    async read(offset, length, signal) {
      if (!isOpen) throw new SwathError('Bug', `${path} was read after it was closed`);
      const { start, end } = clampRange(offset, length, sizeBytes);
      const bytes = buffer(end - start);
      let done = 0;
      while (done < bytes.length) {
        signal?.throwIfAborted();
        const got = await readAt(bytes, done, start + done);
        if (got === 0) {
          throw new SwathError(
            'Corrupt',
            `${path} ended at byte ${start + done} while being read; it had ${sizeBytes} bytes when opened`,
          );
        }
        done += got;
      }
      return bytes;
    },
    recycle({ buffer: bytes }) {
      if (!(bytes instanceof ArrayBuffer) || bytes.byteLength < SPARE_STEP_BYTES) return;
      if (bytes.byteLength > SPARE_MAX_BYTES || spares.includes(bytes)) return;
      if (spares.length >= SPARES_KEPT) spares.shift();
      spares.push(bytes);
    },
    async size() {
      return sizeBytes;
    },
    async close() {
      if (!isOpen) return;
      isOpen = false;
      await closeFd(fd);
    },
  };
}
