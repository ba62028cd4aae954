import { createHash, randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SwathError } from '@swath/core';
import type { ObjectInfo } from '@swath/ports';
import { fileSha256 } from '@swath/raster/cog/digest';
import type { ResultStore } from '../publish/result-store.ts';

/**
 * Results as plain files a person can find: `<folder>/<key>`. Keys are the product's own (label and file name), so
 * that what is no plain relative path is a bug. A file is there in full or not at all. None is flushed to the disk: a run that a
 * power cut ended is run again.
 */
export function folderStore(folder: string): ResultStore {
  const pathOf = (key: string): string => {
    const parts = key.split('/');
    if (parts.some((part) => !/^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(part))) {
      throw new SwathError('Bug', `"${key}" is no plain path`);
    }
    return join(folder, ...parts);
  };
  const infoOf = async (key: string, contentType: string): Promise<ObjectInfo | undefined> => {
    const path = pathOf(key);
    const found = await stat(path).catch(absent);
    if (found === undefined) return undefined;
    const sha256 = await fileSha256(path);
    return { key, sizeBytes: found.size, sha256, etag: `"${sha256}"`, contentType };
  };
  return {
    head: (key) => infoOf(key, 'application/octet-stream'),
    get: async (key) => {
      const bytes = await readFile(pathOf(key)).catch(absent);
      if (bytes === undefined) throw new SwathError('NotFound', `There is no ${key}.`);
      return bytes;
    },
    putFile: async (key, { path: made, contentType, sha256, sizeBytes }) => {
      const path = pathOf(key);
      await mkdir(dirname(path), { recursive: true });
      await linkNew(made, path, key);
      return { key, sizeBytes, sha256, etag: `"${sha256}"`, contentType };
    },
    put: async (key, body, options = {}) => {
      const path = pathOf(key);
      await mkdir(dirname(path), { recursive: true });
      const aside = `${path}.${randomUUID()}.part`;
      try {
        const { sha256, sizeBytes } = await writeAside(aside, body, options.signal);
        if (options.sha256 !== undefined && options.sha256 !== sha256) {
          throw new SwathError('Corrupt', `${key} has sha256 ${sha256}, not ${options.sha256}.`);
        }
        if (options.ifAbsent) await linkNew(aside, path, key);
        else await rename(aside, path);
        const contentType = options.contentType ?? 'application/octet-stream';
        return { key, sizeBytes, sha256, etag: `"${sha256}"`, contentType };
      } finally {
        await rm(aside, { force: true });
      }
    },
  };
}

async function writeAside(
  path: string,
  body: Uint8Array | AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<{ readonly sha256: string; readonly sizeBytes: number }> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const file = await open(path, 'wx');
  try {
    for await (const part of body instanceof Uint8Array ? [body] : body) {
      signal?.throwIfAborted();
      hash.update(part);
      sizeBytes += part.length;
      await file.writeFile(part);
    }
  } finally {
    await file.close();
  }
  return { sha256: hash.digest('hex'), sizeBytes };
}

/** A hard link fails when the name exists: the file system's if-absent. */
async function linkNew(from: string, to: string, key: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
    throw new SwathError('Conflict', `${key} exists already.`, { cause: error });
  }
}

/** What there is not is undefined. */
export function absent(error: unknown): undefined {
  if (!hasCode(error, 'ENOENT')) throw error;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
