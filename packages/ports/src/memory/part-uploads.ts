import { isSwathError, SwathError } from '@swath/core';
import { chunksOf } from '../collect.ts';
import { maxUploadParts } from '../limits.ts';
import { checkObjectKey, linkLifeS } from '../object-rules.ts';
import type { Objects } from '../objects.ts';
import type { Random } from '../others.ts';
import { checkPart, noSuchUpload, partsToJoin } from '../part-rules.ts';
import type { PartUploads, UploadedPart } from '../part-uploads.ts';

/** Where one part is to be put. */
export interface PartAddress {
  readonly uploadId: string;
  readonly part: number;
  /** Of the body, exactly. */
  readonly sizeBytes: number;
}

export interface ReceivingPartUploads extends PartUploads {
  /**
   * Takes the body of a part, for whoever serves the links.
   * @returns its ETag. @throws NotFound when the upload has ended; InvalidInput when the body has another size: nothing is kept.
   */
  receive(address: PartAddress, body: AsyncIterable<Uint8Array>): Promise<string>;
}

export interface PartUploadsOptions {
  /** The bucket of the finished objects. */
  readonly objects: Objects;
  /** Where parts wait: another bucket, so that no listing of the first shows them. */
  readonly parts: Objects;
  readonly random: Random;
  readonly link: (address: PartAddress, expiresInS: number) => string;
}

/** Bytes of a part that are passed on at a time when parts are joined. */
const pieceBytes = 4_194_304;

const markKey = (uploadId: string) => `${uploadId}/upload`;
const partPrefix = (uploadId: string) => `${uploadId}/part/`;
const partKey = (uploadId: string, part: number) => `${partPrefix(uploadId)}${String(part).padStart(5, '0')}`;

/**
 * Uploads in parts over any two buckets: what is an object in one is, until then, a mark and its parts in the other.
 * The mark decides whether an upload is open; it goes first when one ends.
 */
export function partUploadsOver({ objects, parts, random, link }: PartUploadsOptions): ReceivingPartUploads {
  const open = async (uploadId: string, key?: string): Promise<string> => {
    const mark = await parts.head(markKey(uploadId));
    if (mark === undefined) throw noSuchUpload();
    const text = new TextDecoder().decode(await read(parts, markKey(uploadId)));
    if (key !== undefined && text !== key) throw noSuchUpload();
    return mark.contentType;
  };
  const arrived = async (uploadId: string): Promise<readonly UploadedPart[]> => {
    const found: UploadedPart[] = [];
    let after: string | undefined;
    do {
      const page = await parts.list(partPrefix(uploadId), after === undefined ? {} : { after });
      for (const { key, etag, sizeBytes } of page.objects) {
        found.push({ part: Number(key.slice(-5)), etag, sizeBytes });
      }
      after = page.next;
    } while (after !== undefined && found.length <= maxUploadParts);
    return found;
  };
  const forget = async (uploadId: string): Promise<void> => {
    await parts.delete(markKey(uploadId));
    for (const { part } of await arrived(uploadId)) await parts.delete(partKey(uploadId, part));
  };

  return {
    async begin(key, { contentType } = {}) {
      checkObjectKey(key);
      const uploadId = random.id();
      const mark = new TextEncoder().encode(key);
      await parts.put(markKey(uploadId), mark, { contentType: contentType ?? 'application/octet-stream' });
      return uploadId;
    },
    async partLink(key, uploadId, part, { expiresInS } = {}) {
      checkObjectKey(key);
      checkPart(part);
      return link({ uploadId, ...part }, linkLifeS(expiresInS));
    },
    async parts(key, uploadId) {
      await open(uploadId, key);
      return await arrived(uploadId);
    },
    async complete(key, uploadId, named) {
      const contentType = await open(uploadId, key);
      const joined = partsToJoin(await arrived(uploadId), named);
      await objects.put(key, bytesOf(parts, uploadId, joined), { contentType });
      await forget(uploadId);
    },
    async abort(key, uploadId) {
      try {
        await open(uploadId, key);
      } catch (error) {
        if (isSwathError(error, 'NotFound')) return;
        throw error;
      }
      await forget(uploadId);
    },
    async receive(address, body) {
      checkPart(address);
      await open(address.uploadId);
      const stored = await parts.put(partKey(address.uploadId, address.part), exactly(address, body));
      return stored.etag;
    },
  };
}

/** Fails, so that nothing is stored, as soon as the body is seen to be longer, and at its end when it is shorter. */
async function* exactly(
  { sizeBytes }: PartAddress,
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let seen = 0;
  const wrong = (what: string) =>
    new SwathError('InvalidInput', `The part has ${what} than the ${sizeBytes} bytes its link is for.`);
  for await (const chunk of chunksOf(body, undefined)) {
    seen += chunk.byteLength;
    if (seen > sizeBytes) throw wrong('more');
    yield chunk;
  }
  if (seen < sizeBytes) throw wrong('fewer');
}

async function* bytesOf(
  parts: Objects,
  uploadId: string,
  joined: readonly UploadedPart[],
): AsyncGenerator<Uint8Array> {
  for (const { part, sizeBytes } of joined) {
    for (let offset = 0; offset < sizeBytes; offset += pieceBytes) {
      yield await read(parts, partKey(uploadId, part), offset, Math.min(pieceBytes, sizeBytes - offset));
    }
  }
}

/** A part that goes while it is read belonged to an upload that ended meanwhile. */
async function read(parts: Objects, key: string, offset = 0, length = pieceBytes): Promise<Uint8Array> {
  try {
    return await parts.getRange(key, offset, length);
  } catch (error) {
    if (isSwathError(error, 'NotFound')) throw noSuchUpload();
    throw error;
  }
}
