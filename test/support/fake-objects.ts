import { createHash } from 'node:crypto';
import { SwathError } from '@swath/core';
import type { ObjectInfo, Objects } from '@swath/ports';

/** The part of `Objects` that reading needs; writing is the tests' own. */
export function fakeObjects(): Objects & { set(key: string, body: Uint8Array, contentType: string): void } {
  const rows = new Map<string, { info: ObjectInfo; body: Uint8Array }>();
  const find = (key: string) => {
    const row = rows.get(key);
    if (row === undefined) throw new SwathError('NotFound', `no object ${key}`);
    return row;
  };
  const notHere = async (): Promise<never> => {
    throw new SwathError('Unsupported', 'The fake only reads.');
  };
  return {
    set(key, body, contentType) {
      const sha256 = createHash('sha256').update(body).digest('hex');
      rows.set(key, {
        body,
        info: { key, sizeBytes: body.byteLength, sha256, etag: sha256.slice(0, 16), contentType },
      });
    },
    get: async (key) => find(key).body,
    getRange: async (key, offset, length) => find(key).body.subarray(offset, offset + length),
    head: async (key) => rows.get(key)?.info,
    link: async (key) => `https://bucket.example/${key}?signature=secret`,
    put: notHere,
    list: notHere,
    delete: notHere,
    copy: notHere,
  };
}
