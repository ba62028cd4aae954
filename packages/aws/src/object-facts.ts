import { HeadObjectCommand, type HeadObjectCommandInput, type S3Client } from '@aws-sdk/client-s3';
import { SwathError } from '@swath/core';
import type { ObjectInfo } from '@swath/ports';
import { failureOf } from './errors.ts';

/** Names below x-amz-meta-. */
const sha256Name = 'swath-sha256';
const putIdName = 'swath-put';

/** Metadata of an object: the checksum of its content, and which put wrote it. */
export function metadataOf(sha256: string, putId: string): Readonly<Record<string, string>> {
  return { [sha256Name]: sha256, [putIdName]: putId };
}

export function putIdOf(metadata: Readonly<Record<string, string>>): string | undefined {
  return metadata[putIdName];
}

/** @returns undefined when there is no such object. Other errors are the SDK's. */
export async function headObject(
  client: S3Client,
  input: HeadObjectCommandInput,
): Promise<{ readonly info: ObjectInfo; readonly metadata: Readonly<Record<string, string>> } | undefined> {
  try {
    const answer = await client.send(new HeadObjectCommand({ ...input, ChecksumMode: 'ENABLED' }));
    const metadata = answer.Metadata ?? {};
    const sha256 = metadata[sha256Name] ?? hexOf(answer.ChecksumSHA256);
    if (sha256 === undefined) {
      throw new SwathError('Unsupported', 'The object carries no sha256: it was not put by Swath.', {
        fix: 'Put it through Swath.',
      });
    }
    const info = {
      key: input.Key ?? '',
      sizeBytes: answer.ContentLength ?? 0,
      sha256,
      etag: answer.ETag ?? '',
      contentType: answer.ContentType ?? 'application/octet-stream',
    };
    return { info, metadata };
  } catch (error) {
    const { name, status } = failureOf(error);
    if (status === 404 && name !== 'NoSuchBucket') return undefined;
    throw error;
  }
}

/** `x-amz-copy-source`: the key percent-encoded, slashes kept. */
export function copySource(bucket: string, key: string): string {
  return `${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
}

/** S3's checksum of the whole content; that of an object uploaded in parts (`...-4`) is another thing. */
function hexOf(base64: string | undefined): string | undefined {
  return base64 === undefined || base64.includes('-')
    ? undefined
    : Buffer.from(base64, 'base64').toString('hex');
}
