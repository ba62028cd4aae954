import { sha256Hex } from '@swath/core';
import { collectBytes } from '../collect.ts';
import {
  checkObjectKey,
  checkRange,
  checkSha256,
  linkLifeS,
  listLimit,
  noSuchObject,
  objectExists,
  pastTheEnd,
  stopIfAborted,
  wrongChecksum,
} from '../object-rules.ts';
import type { ObjectInfo, Objects } from '../objects.ts';
import type { Clock } from '../others.ts';
import { compareUtf8 } from '../utf8.ts';

interface Stored {
  readonly info: ObjectInfo;
  readonly bytes: Uint8Array;
}

export interface MemoryObjects extends Objects {
  /** Every key, sorted by UTF-8 bytes, for assertions. */
  keys(): readonly string[];
}

export interface MemoryObjectsOptions {
  /** Stands in links. @default 'memory' */
  readonly bucket?: string;
  /** Links tell when they end. @default time stands still at 0 */
  readonly clock?: Clock;
}

export function memoryObjects(options: MemoryObjectsOptions = {}): MemoryObjects {
  const stored = new Map<string, Stored>();
  let versions = 0;

  const find = (key: string): Stored => {
    checkObjectKey(key);
    const object = stored.get(key);
    if (object === undefined) throw noSuchObject(key);
    return object;
  };
  const store = (key: string, bytes: Uint8Array, sha256: string, contentType: string): ObjectInfo => {
    const info = { key, sizeBytes: bytes.length, sha256, etag: `"${++versions}"`, contentType };
    stored.set(key, { info, bytes });
    return info;
  };
  const keys = () => [...stored.keys()].sort(compareUtf8);

  return {
    keys,
    async get(key, { signal } = {}) {
      stopIfAborted(signal);
      return find(key).bytes.slice();
    },
    async getRange(key, offset, length, { signal } = {}) {
      stopIfAborted(signal);
      checkRange(offset, length);
      const { bytes } = find(key);
      if (offset >= bytes.length) throw pastTheEnd(offset, bytes.length);
      return bytes.slice(offset, offset + length);
    },
    async head(key) {
      checkObjectKey(key);
      return stored.get(key)?.info;
    },
    async put(key, body, put = {}) {
      checkObjectKey(key);
      checkSha256(put.sha256);
      const bytes = await collectBytes(body, put.signal);
      const sha256 = sha256Hex(bytes);
      if (put.sha256 !== undefined && put.sha256 !== sha256) throw wrongChecksum(put.sha256, sha256);
      if (put.ifAbsent && stored.has(key)) throw objectExists(key);
      return store(key, bytes, sha256, put.contentType ?? 'application/octet-stream');
    },
    async list(prefix, { limit, after } = {}) {
      const most = listLimit(limit);
      const matching = keys().filter(
        (key) => key.startsWith(prefix) && (after === undefined || compareUtf8(key, after) > 0),
      );
      const objects = matching.slice(0, most).map((key) => find(key).info);
      const last = objects.at(-1);
      return matching.length > most && last !== undefined ? { objects, next: last.key } : { objects };
    },
    async delete(key) {
      checkObjectKey(key);
      stored.delete(key);
    },
    async copy(from, to, { ifAbsent } = {}) {
      checkObjectKey(to);
      const source = find(from);
      if (ifAbsent && stored.has(to)) throw objectExists(to);
      return store(to, source.bytes, source.info.sha256, source.info.contentType);
    },
    async link(key, { expiresInS, downloadName } = {}) {
      checkObjectKey(key);
      const endsS = Math.floor((options.clock?.now() ?? 0) / 1000) + linkLifeS(expiresInS);
      const url = new URL(`memory://${options.bucket ?? 'memory'}/${encodeURIComponent(key)}`);
      url.searchParams.set('expires', String(endsS));
      if (downloadName !== undefined) url.searchParams.set('download', downloadName);
      return url.href;
    },
  };
}
