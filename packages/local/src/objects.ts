import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { isSwathError, SwathError } from '@swath/core';
import {
  checkGetSize,
  checkObjectKey,
  checkRange,
  checkSha256,
  linkLifeS,
  listLimit,
  noSuchObject,
  type ObjectInfo,
  type Objects,
  objectExists,
  pastTheEnd,
  stopIfAborted,
  wrongChecksum,
} from '@swath/ports';
import { readTries, sweepGraceMs } from './limits.ts';
import type { LocalLinks } from './links.ts';
import { objectFiles } from './object-files.ts';
import { prefixEnd } from './prefix.ts';
import { type Database, openDatabase, type SqlRow, textOf, wholeOf } from './sqlite.ts';

const migrations = [
  `CREATE TABLE objects (
     bucket TEXT NOT NULL, key TEXT NOT NULL,
     size_bytes INTEGER NOT NULL, sha256 TEXT NOT NULL, content_type TEXT NOT NULL,
     file TEXT NOT NULL,
     PRIMARY KEY (bucket, key)
   ) STRICT;
   CREATE INDEX objects_file ON objects (file);`,
];

type Files = ReturnType<typeof objectFiles>;

export interface LocalObjectStore {
  /** Buckets come into being with their first object. */
  bucket(name: string): Objects;
  /** Deletes content files no row names: left by crashes, at least an hour old. @returns files deleted. */
  sweep(nowMs: number): Promise<number>;
  close(): void;
}

/**
 * Objects of all buckets: rows in `<folder>/objects.sqlite`, contents in `<folder>/content`. The row is written after its
 * file has reached the disk, in one transaction, so a reader sees the whole object or none, and a crash at any point
 * leaves at most a file without a row.
 */
export function localObjectStore(options: {
  readonly folder: string;
  /** Without it `link` throws Unsupported. */
  readonly links?: LocalLinks;
}): LocalObjectStore {
  const file = join(options.folder, 'objects.sqlite');
  const content = join(options.folder, 'content');
  const database = openDatabase({ file, migrations, synchronous: 'full' });
  mkdirSync(content, { recursive: true });
  const files = objectFiles(content);
  return {
    bucket: (name) => bucketOver(database, files, name, options.links),
    sweep: (nowMs) => sweep(database, files, nowMs),
    close: () => database.close(),
  };
}

function bucketOver(
  database: Database,
  files: Files,
  bucket: string,
  links: LocalLinks | undefined,
): Objects {
  const row = (key: string): SqlRow | undefined => {
    checkObjectKey(key);
    return database.get('SELECT * FROM objects WHERE bucket = ? AND key = ?', bucket, key);
  };
  const found = (key: string): SqlRow => {
    const stored = row(key);
    if (stored === undefined) throw noSuchObject(key);
    return stored;
  };

  /** Reads the content the row names; when it has just been replaced, that of the row that took its place. */
  const readContent = async (
    key: string,
    read: (info: ObjectInfo, file: string) => Promise<Uint8Array | undefined>,
  ): Promise<Uint8Array> => {
    for (let tries = 0; tries < readTries; tries++) {
      const stored = found(key);
      const bytes = await read(infoOf(stored), textOf(stored, 'file'));
      if (bytes !== undefined) return bytes;
    }
    throw damaged(key);
  };

  /** Makes the row name the file. @returns the file of the row before, when no row names it any more. */
  const point = (info: ObjectInfo, file: string, ifAbsent: boolean | undefined): string | undefined => {
    const before = row(info.key);
    if (ifAbsent && before !== undefined) throw objectExists(info.key);
    database.run(
      `INSERT OR REPLACE INTO objects (bucket, key, size_bytes, sha256, content_type, file)
       VALUES (?, ?, ?, ?, ?, ?)`,
      bucket,
      info.key,
      info.sizeBytes,
      info.sha256,
      info.contentType,
      file,
    );
    return before === undefined ? undefined : unnamed(database, textOf(before, 'file'));
  };

  return {
    async get(key, { signal } = {}) {
      stopIfAborted(signal);
      return readContent(key, async (info, file) => {
        checkGetSize(info.sizeBytes);
        const bytes = await files.read(file, signal);
        if (bytes !== undefined && bytes.length !== info.sizeBytes) throw damaged(key);
        return bytes;
      });
    },
    async getRange(key, offset, length, { signal } = {}) {
      stopIfAborted(signal);
      checkRange(offset, length);
      return readContent(key, (info, file) => {
        if (offset >= info.sizeBytes) throw pastTheEnd(offset, info.sizeBytes);
        const wanted = Math.min(length, info.sizeBytes - offset);
        checkGetSize(wanted);
        return files.readRange(file, offset, wanted);
      });
    },
    async head(key) {
      const stored = row(key);
      return stored === undefined ? undefined : infoOf(stored);
    },
    async put(key, body, { contentType, ifAbsent, sha256, signal } = {}) {
      checkSha256(sha256);
      // An early answer; the one that counts is given under the lock.
      if (row(key) !== undefined && ifAbsent) throw objectExists(key);
      const stored = await files.write(body, signal);
      const info = infoFrom(key, stored, contentType ?? 'application/octet-stream');
      try {
        if (sha256 !== undefined && sha256 !== stored.sha256) throw wrongChecksum(sha256, stored.sha256);
        await files.discard(database.write(() => point(info, stored.file, ifAbsent)));
      } catch (error) {
        // After an I/O error nobody knows whether the row is there: the sweep looks later.
        if (!isSwathError(error, 'Unavailable')) await files.discard(stored.file);
        throw error;
      }
      return info;
    },
    async list(prefix, { limit, after } = {}) {
      const most = listLimit(limit);
      const rows = database.all(
        `SELECT * FROM objects WHERE bucket = ? AND key >= ? AND key > ? AND (? IS NULL OR key < ?)
         ORDER BY key LIMIT ?`,
        bucket,
        prefix,
        after ?? '',
        prefixEnd(prefix) ?? null,
        prefixEnd(prefix) ?? null,
        most + 1,
      );
      const objects = rows.slice(0, most).map(infoOf);
      const last = objects.at(-1);
      return rows.length > most && last !== undefined ? { objects, next: last.key } : { objects };
    },
    async delete(key) {
      checkObjectKey(key);
      const released = database.write(() => {
        const before = row(key);
        if (before === undefined) return undefined;
        database.run('DELETE FROM objects WHERE bucket = ? AND key = ?', bucket, key);
        return unnamed(database, textOf(before, 'file'));
      });
      await files.discard(released);
    },
    async copy(from, to, { ifAbsent } = {}) {
      checkObjectKey(to);
      const [info, released] = database.write(() => {
        const source = found(from);
        const copied = { ...infoOf(source), key: to };
        // Two rows name one file: contents never change, so no bytes move.
        return [copied, point(copied, textOf(source, 'file'), ifAbsent)] as const;
      });
      await files.discard(released);
      return info;
    },
    async link(key, { expiresInS, downloadName } = {}) {
      checkObjectKey(key);
      linkLifeS(expiresInS);
      if (links === undefined) throw new SwathError('Unsupported', 'Objects are not served here.');
      return links.make({ bucket, key, ...(downloadName === undefined ? {} : { downloadName }) }, expiresInS);
    },
  };
}

async function sweep(database: Database, files: Files, nowMs: number): Promise<number> {
  let removed = 0;
  for await (const file of files.olderThan(nowMs - sweepGraceMs)) {
    if (unnamed(database, file) === undefined) continue;
    await files.remove(file);
    removed++;
  }
  return removed;
}

/** The file again when no row names it. It never will again: rows only take files of other rows or new ones. */
function unnamed(database: Database, file: string): string | undefined {
  return database.get('SELECT 1 FROM objects WHERE file = ?', file) === undefined ? file : undefined;
}

function damaged(key: string): SwathError {
  return new SwathError('Corrupt', `The content of "${key}" in the data folder is missing or damaged.`);
}

function infoOf(row: SqlRow): ObjectInfo {
  const stored = { sizeBytes: wholeOf(row, 'size_bytes'), sha256: textOf(row, 'sha256') };
  return infoFrom(textOf(row, 'key'), stored, textOf(row, 'content_type'));
}

function infoFrom(
  key: string,
  { sizeBytes, sha256 }: { readonly sizeBytes: number; readonly sha256: string },
  contentType: string,
): ObjectInfo {
  return { key, sizeBytes, sha256, etag: `"${sha256}"`, contentType };
}
