import { createReadStream } from 'node:fs';
import { isSwathError, SwathError } from '@swath/core';
import type { ObjectInfo } from '@swath/ports';
import { COPY_PART_BYTES } from '../limits.ts';
import type { ResultStore } from './result-store.ts';

/** What becomes of one object under `results/`. */
export interface FinalObject {
  readonly key: string;
  readonly contentType: string;
  /** Lower-case hex sha256 of the whole body. */
  readonly sha256: string;
  /** Days it is kept at least. */
  readonly keepDays: number;
  readonly body: { readonly path: string; readonly sizeBytes: number } | { readonly bytes: Uint8Array };
}

/** Repeats after a Conflict whose winner vanished between the two calls (retention, an aborted upload). */
const TRIES = 3;

/**
 * Creates an object that will never change. One that is there already with the same bytes is success: an earlier
 * attempt, or another request for the same pixels, was faster.
 *
 * @throws SwathError Conflict when other bytes are there.
 */
export async function putFinal(
  results: ResultStore,
  object: FinalObject,
  signal?: AbortSignal,
): Promise<ObjectInfo> {
  for (let tries = 1; ; tries++) {
    try {
      return await putNew(results, object, signal);
    } catch (error) {
      if (!isSwathError(error, 'Conflict')) throw error;
      const there = await results.head(object.key);
      if (there?.sha256 === object.sha256) return there;
      if (there !== undefined || tries >= TRIES) {
        throw new SwathError('Conflict', `${object.key} exists with other content.`, { cause: error });
      }
    }
  }
}

async function putNew(
  results: ResultStore,
  object: FinalObject,
  signal: AbortSignal | undefined,
): Promise<ObjectInfo> {
  const { key, contentType, sha256, keepDays, body } = object;
  if ('path' in body && results.putFile !== undefined) {
    return await results.putFile(key, { ...body, contentType, sha256 });
  }
  return await results.put(key, bodyOf(object), {
    contentType,
    sha256,
    keepDays,
    ifAbsent: true,
    ...(signal === undefined ? {} : { signal }),
  });
}

function bodyOf({ body }: FinalObject): Uint8Array | AsyncIterable<Uint8Array> {
  return 'bytes' in body ? body.bytes : createReadStream(body.path, { highWaterMark: COPY_PART_BYTES });
}
