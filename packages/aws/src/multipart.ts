import { createHash } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { SwathError } from '@swath/core';
import { wrongChecksum } from '@swath/ports';
import { copyPartBytes, maxParts, partBytes, partsAtOnce } from './limits.ts';

export interface Upload {
  readonly client: S3Client;
  readonly bucket: string;
  readonly key: string;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly ifAbsent: boolean;
  /** As of `retentionTagging`. */
  readonly tagging: string | undefined;
}

/** What a finished write says of itself. */
export interface Written {
  readonly etag: string | undefined;
  readonly sizeBytes: number;
}

interface Part {
  readonly PartNumber: number;
  readonly ETag: string | undefined;
  readonly ChecksumSHA256?: string | undefined;
}

/**
 * Uploads a stream in parts, each with a checksum S3 verifies, a few at once. Nothing is visible before the last step;
 * any failure aborts the upload, so that no invisible parts go on costing money.
 * @param sha256 of the whole content; when it turns out otherwise, Corrupt.
 */
export async function uploadStream(
  upload: Upload,
  chunks: AsyncIterable<Uint8Array>,
  sha256: string,
  signal: AbortSignal | undefined,
): Promise<Written> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  return multipart(upload, async (target) => {
    const running = new Set<Promise<void>>();
    const parts: Part[] = [];
    try {
      for await (const body of fullParts(chunks)) {
        hash.update(body);
        sizeBytes += body.length;
        const number = parts.length + running.size + 1;
        if (number > maxParts) {
          throw new SwathError(
            'LimitExceeded',
            `The stream has more than ${maxParts} parts of ${partBytes} bytes.`,
          );
        }
        const run = uploadPart(upload.client, { ...target, PartNumber: number }, body, signal).then(
          (part) => {
            parts.push(part);
            running.delete(run);
          },
        );
        // Looked at below; without this, a part that fails while the source is slow would end the process.
        run.catch(() => undefined);
        running.add(run);
        if (running.size >= partsAtOnce) await Promise.race(running);
      }
      await Promise.all(running);
    } catch (error) {
      // The parts under way end before the upload is aborted: a part that arrives later would stay.
      await Promise.allSettled(running);
      throw error;
    }
    const actual = hash.digest('hex');
    if (actual !== sha256) throw wrongChecksum(sha256, actual);
    return { parts, sizeBytes };
  });
}

/** Copies an object in parts inside S3, for objects above what CopyObject takes. */
export async function uploadCopy(
  upload: Upload,
  source: { readonly copySource: string; readonly etag: string; readonly sizeBytes: number },
  stepBytes = copyPartBytes,
): Promise<Written> {
  return multipart(upload, async (target) => {
    const parts: Part[] = [];
    for (let first = 0; first < source.sizeBytes; first += stepBytes) {
      const last = Math.min(first + stepBytes, source.sizeBytes) - 1;
      const PartNumber = parts.length + 1;
      const { CopyPartResult } = await upload.client.send(
        new UploadPartCopyCommand({
          ...target,
          PartNumber,
          CopySource: source.copySource,
          CopySourceIfMatch: source.etag,
          CopySourceRange: `bytes=${first}-${last}`,
        }),
      );
      parts.push({ PartNumber, ETag: CopyPartResult?.ETag, ChecksumSHA256: CopyPartResult?.ChecksumSHA256 });
    }
    return { parts, sizeBytes: source.sizeBytes };
  });
}

async function multipart(
  upload: Upload,
  send: (target: {
    Bucket: string;
    Key: string;
    UploadId: string;
  }) => Promise<{ parts: Part[]; sizeBytes: number }>,
): Promise<Written> {
  const { client, bucket: Bucket, key: Key } = upload;
  const { UploadId } = await client.send(
    new CreateMultipartUploadCommand({
      Bucket,
      Key,
      ContentType: upload.contentType,
      Metadata: { ...upload.metadata },
      ChecksumAlgorithm: 'SHA256',
      ...(upload.tagging === undefined ? {} : { Tagging: upload.tagging }),
    }),
  );
  if (UploadId === undefined) throw new SwathError('Unavailable', 'S3 gives no id for the upload.');
  const target = { Bucket, Key, UploadId };
  try {
    const { parts, sizeBytes } = await send(target);
    parts.sort((a, b) => a.PartNumber - b.PartNumber);
    const { ETag } = await client.send(
      new CompleteMultipartUploadCommand({
        ...target,
        MultipartUpload: { Parts: parts },
        ...(upload.ifAbsent ? { IfNoneMatch: '*' } : {}),
      }),
    );
    return { etag: ETag, sizeBytes };
  } catch (error) {
    // What an abort misses, the bucket's lifecycle rule for incomplete uploads removes: the first error counts.
    await client.send(new AbortMultipartUploadCommand(target)).catch(() => undefined);
    throw error;
  }
}

async function uploadPart(
  client: S3Client,
  target: { Bucket: string; Key: string; UploadId: string; PartNumber: number },
  body: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<Part> {
  const ChecksumSHA256 = createHash('sha256').update(body).digest('base64');
  const command = new UploadPartCommand({ ...target, Body: body, ChecksumSHA256 });
  const { ETag } = await client.send(command, signal === undefined ? {} : { abortSignal: signal });
  return { PartNumber: target.PartNumber, ETag, ChecksumSHA256 };
}

/** The stream cut anew: every part but the last has `partBytes` bytes, in memory of its own. */
async function* fullParts(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let part = new Uint8Array(partBytes);
  let filled = 0;
  for await (const chunk of chunks) {
    for (let taken = 0; taken < chunk.length; ) {
      const piece = chunk.subarray(taken, taken + partBytes - filled);
      part.set(piece, filled);
      filled += piece.length;
      taken += piece.length;
      if (filled === partBytes) {
        yield part;
        part = new Uint8Array(partBytes);
        filled = 0;
      }
    }
  }
  if (filled > 0) yield part.subarray(0, filled);
}
