import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { TableFiles } from '@swath/analytics';
import { SwathError } from '@swath/core';

/** Keys are made by Swath, of segments that escape everything but these; never `.` or `..`. */
const safeKey = /^[A-Za-z0-9_=%-][A-Za-z0-9_=%.~-]*(?:\/[A-Za-z0-9_=%-][A-Za-z0-9_=%.~-]*)*$/;

/**
 * The analysts' tables as plain files below a folder: keys are paths, so that DuckDB, pandas and everything else that
 * reads Parquet can open the folder. A file appears whole: it is written under another name, then linked.
 */
export function tableFolder(folder: string): TableFiles {
  const pathOf = (key: string): string => {
    if (!safeKey.test(key)) throw new SwathError('Bug', `not the key of a table file: ${key}`);
    return join(folder, ...key.split('/'));
  };
  return {
    async get(key) {
      const bytes = await orMissing(readFile(pathOf(key)));
      if (bytes === undefined) throw new SwathError('NotFound', `There is no file ${key}.`);
      return new Uint8Array(bytes);
    },
    async put(key, body) {
      const path = pathOf(key);
      const unfinished = join(folder, `unfinished-${randomUUID()}`);
      await mkdir(dirname(path), { recursive: true });
      try {
        const handle = await open(unfinished, 'wx');
        try {
          await handle.writeFile(body);
          await handle.sync();
        } finally {
          await handle.close();
        }
        await link(unfinished, path);
      } catch (error) {
        if (codeOf(error) !== 'EEXIST') throw error;
        throw new SwathError('Conflict', `The file ${key} exists.`, { cause: error });
      } finally {
        await rm(unfinished, { force: true });
      }
    },
    async list(prefix) {
      const start = prefix.slice(0, prefix.lastIndexOf('/') + 1);
      const top = join(folder, ...start.split('/'));
      const entries = await orMissing(readdir(top, { recursive: true, withFileTypes: true }));
      const files = (entries ?? []).filter((entry) => entry.isFile());
      const objects: { key: string; sizeBytes: number }[] = [];
      for (const entry of files) {
        const path = join(entry.parentPath, entry.name);
        const key = relative(folder, path).split(sep).join('/');
        const found = key.startsWith(prefix) ? await orMissing(stat(path)) : undefined;
        if (found !== undefined) objects.push({ key, sizeBytes: found.size });
      }
      return { objects: objects.sort((a, b) => (a.key < b.key ? -1 : 1)) };
    },
    delete: (key) => rm(pathOf(key), { force: true }),
  };
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

async function orMissing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
