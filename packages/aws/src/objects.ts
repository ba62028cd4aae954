import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { SwathError, sha256Hex } from '@swath/core';
import {
  checkGetSize,
  checkObjectKey,
  checkRange,
  checkSha256,
  chunksOf,
  contentDisposition,
  linkLifeS,
  listLimit,
  noSuchObject,
  type ObjectInfo,
  type Objects,
  objectExists,
  type PutOptions,
  pastTheEnd,
  type Random,
  stopIfAborted,
  wrongChecksum,
} from '@swath/ports';
import { cryptoRandom } from '@swath/ports/memory/random';
import { awsError, calling, failureOf } from './errors.ts';
import { conflictTries, copyPartBytes, headsAtOnce, maxCopyBytes } from './limits.ts';
import { type Upload, uploadCopy, uploadStream, type Written } from './multipart.ts';
import { copySource, headObject, metadataOf, putIdOf } from './object-facts.ts';
import { retentionTagging } from './retention.ts';
import { untilDone } from './retry.ts';
import { both, startOf, withSpoolFile } from './spool.ts';

export interface S3ObjectsOptions {
  readonly client: S3Client;
  readonly bucket: string;
  /** Reads from buckets whose owner lets the reader pay. @default false */
  readonly requesterPays?: boolean;
  /** @default the machine's */
  readonly random?: Random;
  /** Objects above this are copied in parts. @default S3's own limits; tests set less. */
  readonly copyLimits?: { readonly maxCopyBytes: number; readonly copyPartBytes: number };
}

/**
 * A bucket of S3. The sha256 of the whole content is kept as metadata, since S3's own checksum of an object uploaded in
 * parts is one of its parts' checksums. The role needs s3:ListBucket: without it S3 says 403 for absent keys.
 */
export function s3Objects(options: S3ObjectsOptions): Objects {
  const { client, bucket: Bucket } = options;
  const random = options.random ?? cryptoRandom();
  const limits = options.copyLimits ?? { maxCopyBytes, copyPartBytes };
  const payer = options.requesterPays ? { RequestPayer: 'requester' as const } : {};
  const head = (key: string) => headObject(client, { Bucket, Key: key, ...payer });

  const read = async (key: string, range: string | undefined, signal: AbortSignal | undefined) => {
    const command = new GetObjectCommand({ Bucket, Key: key, ...payer, ...(range ? { Range: range } : {}) });
    const answer = await client.send(command, signal === undefined ? {} : { abortSignal: signal });
    checkGetSize(answer.ContentLength ?? 0);
    if (answer.Body === undefined) throw new SwathError('Unavailable', 'S3 answers without a body.');
    return answer.Body.transformToByteArray();
  };

  /**
   * Runs a write of `upload`. A refusal because the object exists may be the echo of our own write whose answer was
   * lost: the id in its metadata tells.
   */
  const settle = async (
    upload: Upload,
    sha256: string,
    write: () => Promise<Written>,
  ): Promise<ObjectInfo> => {
    const info = await untilDone(conflictTries, random, async () => {
      try {
        const { etag, sizeBytes } = await write();
        if (etag === undefined) throw new SwathError('Unavailable', 'S3 gives no etag for what it stored.');
        return { key: upload.key, sizeBytes, sha256, etag, contentType: upload.contentType };
      } catch (error) {
        const { name, status } = failureOf(error);
        if (status === 409) return 'again';
        if (status !== 412 && name !== 'NoSuchUpload') throw error;
        const found = await head(upload.key);
        if (found !== undefined && putIdOf(found.metadata) === putIdOf(upload.metadata)) return found.info;
        if (found !== undefined && upload.ifAbsent && status === 412) throw objectExists(upload.key);
        throw new SwathError('Unavailable', 'An object changed while it was written.', { cause: error });
      }
    });
    if (info === undefined) {
      throw new SwathError('Unavailable', 'Other writes to the same key keep getting in the way.');
    }
    return info;
  };

  const target = (key: string, sha256: string, put: PutOptions): Upload => ({
    client,
    bucket: Bucket,
    key,
    contentType: put.contentType ?? 'application/octet-stream',
    metadata: metadataOf(sha256, random.id()),
    ifAbsent: put.ifAbsent ?? false,
    tagging: retentionTagging(put.keepDays),
  });

  const putBytes = (key: string, bytes: Uint8Array, put: PutOptions): Promise<ObjectInfo> => {
    const sha256 = sha256Hex(bytes);
    if (put.sha256 !== undefined && put.sha256 !== sha256) throw wrongChecksum(put.sha256, sha256);
    const upload = target(key, sha256, put);
    return settle(upload, sha256, async () => {
      const command = new PutObjectCommand({
        Bucket,
        Key: key,
        Body: bytes,
        ContentType: upload.contentType,
        Metadata: { ...upload.metadata },
        ChecksumSHA256: Buffer.from(sha256, 'hex').toString('base64'),
        ...(upload.tagging === undefined ? {} : { Tagging: upload.tagging }),
        ...(upload.ifAbsent ? { IfNoneMatch: '*' } : {}),
      });
      const { ETag } = await client.send(
        command,
        put.signal === undefined ? {} : { abortSignal: put.signal },
      );
      return { etag: ETag, sizeBytes: bytes.length };
    });
  };

  const putStream = async (
    key: string,
    chunks: AsyncIterable<Uint8Array>,
    put: PutOptions,
  ): Promise<ObjectInfo> => {
    const send = (sha256: string, from: () => AsyncIterable<Uint8Array>) => {
      const upload = target(key, sha256, put);
      return settle(upload, sha256, () => uploadStream(upload, from(), sha256, put.signal));
    };
    if (put.sha256 === undefined) return withSpoolFile(chunks, (file) => send(file.sha256, file.chunks));
    let begun = false;
    return send(put.sha256, () => {
      // A stream is there once: what S3 wants repeated, the caller has to repeat.
      if (begun) throw new SwathError('Unavailable', 'S3 wants the upload begun anew.');
      begun = true;
      return chunks;
    });
  };

  return {
    async get(key, { signal } = {}) {
      checkObjectKey(key);
      stopIfAborted(signal);
      return objectCall(key, () => read(key, undefined, signal));
    },
    async getRange(key, offset, length, { signal } = {}) {
      checkObjectKey(key);
      checkRange(offset, length);
      stopIfAborted(signal);
      const bytes = await objectCall(key, async () => {
        try {
          return await read(key, `bytes=${offset}-${offset + length - 1}`, signal);
        } catch (error) {
          if (failureOf(error).status === 416) throw pastTheEnd(offset, undefined);
          throw error;
        }
      });
      if (bytes.length > length) throw new SwathError('Corrupt', 'S3 answers more than the range.');
      return bytes;
    },
    async head(key) {
      checkObjectKey(key);
      return (await calling('S3', () => head(key)))?.info;
    },
    async put(key, body, put = {}) {
      checkObjectKey(key);
      checkSha256(put.sha256);
      stopIfAborted(put.signal);
      if (body instanceof Uint8Array) return objectCall(key, async () => putBytes(key, body, put));
      const source = watched(chunksOf(body, put.signal));
      const { bytes, rest } = await startOf(source.chunks);
      return objectCall(
        key,
        async () => (rest === undefined ? putBytes(key, bytes, put) : putStream(key, both(bytes, rest), put)),
        source.threw,
      );
    },
    async list(prefix, { limit, after } = {}) {
      const command = new ListObjectsV2Command({
        Bucket,
        Prefix: prefix,
        MaxKeys: listLimit(limit),
        // XML cannot carry every character a key may have.
        EncodingType: 'url',
        ...(after === undefined ? {} : { StartAfter: after }),
        ...payer,
      });
      const { Contents, IsTruncated } = await calling('S3', () => client.send(command));
      const keys = (Contents ?? []).map(({ Key }) => decodeURIComponent((Key ?? '').replaceAll('+', '%20')));
      const objects: ObjectInfo[] = [];
      for (let first = 0; first < keys.length; first += headsAtOnce) {
        const found = await calling('S3', () =>
          Promise.all(keys.slice(first, first + headsAtOnce).map(head)),
        );
        // Deleted since it was listed.
        for (const one of found) if (one !== undefined) objects.push(one.info);
      }
      const last = keys.at(-1);
      return IsTruncated && last !== undefined ? { objects, next: last } : { objects };
    },
    async delete(key) {
      checkObjectKey(key);
      await calling('S3', () => client.send(new DeleteObjectCommand({ Bucket, Key: key })));
    },
    async copy(from, to, { ifAbsent } = {}) {
      checkObjectKey(from);
      checkObjectKey(to);
      return objectCall(from, async () => {
        const source = await head(from);
        if (source === undefined) throw noSuchObject(from);
        const { info } = source;
        const upload = target(to, info.sha256, {
          contentType: info.contentType,
          ifAbsent: ifAbsent ?? false,
        });
        const CopySource = copySource(Bucket, from);
        return settle(upload, info.sha256, async () => {
          if (info.sizeBytes > limits.maxCopyBytes) {
            const parts = { copySource: CopySource, etag: info.etag, sizeBytes: info.sizeBytes };
            return uploadCopy(upload, parts, limits.copyPartBytes);
          }
          const command = new CopyObjectCommand({
            Bucket,
            Key: to,
            CopySource,
            // Replaced meanwhile, its checksum would be another.
            CopySourceIfMatch: info.etag,
            MetadataDirective: 'REPLACE',
            ContentType: upload.contentType,
            Metadata: { ...upload.metadata },
            ...(upload.ifAbsent ? { IfNoneMatch: '*' } : {}),
            ...payer,
          });
          const { CopyObjectResult } = await client.send(command);
          return { etag: CopyObjectResult?.ETag, sizeBytes: info.sizeBytes };
        });
      });
    },
    async link(key, { expiresInS, downloadName } = {}) {
      checkObjectKey(key);
      const expiresIn = linkLifeS(expiresInS);
      const command = new GetObjectCommand({
        Bucket,
        Key: key,
        ...payer,
        ...(downloadName === undefined
          ? {}
          : { ResponseContentDisposition: contentDisposition(downloadName) }),
      });
      return calling('S3', () => getSignedUrl(client, command, { expiresIn }));
    },
  };
}

/** A stream that remembers what it threw itself. */
function watched(source: AsyncIterable<Uint8Array>) {
  let thrown: { readonly error: unknown } | undefined;
  async function* chunks(): AsyncGenerator<Uint8Array> {
    try {
      yield* source;
    } catch (error) {
      thrown = { error };
      throw error;
    }
  }
  return { chunks: chunks(), threw: (error: unknown) => thrown !== undefined && thrown.error === error };
}

/** Errors of the caller's own stream pass through untouched; those of S3 come out tagged. */
async function objectCall<T>(
  key: string,
  call: () => Promise<T>,
  isCallers: (error: unknown) => boolean = () => false,
): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (isCallers(error)) throw error;
    const { name, status } = failureOf(error);
    if (name === 'NoSuchKey' || (status === 404 && name !== 'NoSuchBucket')) throw noSuchObject(key);
    if (name === 'BadDigest' || name === 'XAmzContentChecksumMismatch') {
      throw new SwathError('Corrupt', 'The content changed on its way to S3; nothing was stored.', {
        cause: error,
      });
    }
    throw awsError('S3', error);
  }
}
