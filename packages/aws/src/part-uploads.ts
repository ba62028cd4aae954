import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListPartsCommand,
  S3Client,
  type S3ClientConfig,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { SwathError } from '@swath/core';
import {
  checkObjectKey,
  checkPart,
  linkLifeS,
  maxUploadParts,
  noSuchUpload,
  type PartUploads,
  partsToJoin,
  type UploadedPart,
} from '@swath/ports';
import { awsError, failureOf } from './errors.ts';

/**
 * A client whose links carry no checksum: the SDK would sign the CRC32 of the empty body it signs without, and S3 would
 * refuse every other. https://github.com/aws/aws-sdk-js-v3/issues/6810
 */
export function partUploadClient(config: S3ClientConfig = {}): S3Client {
  return new S3Client({ ...config, requestChecksumCalculation: 'WHEN_REQUIRED' });
}

/**
 * Multipart uploads of one bucket by presigned links. The length of a part is signed: S3 refuses a body of another. The
 * objects made so carry no sha256, so that `Objects.head` does not know them: read them by range, and put what is to be kept.
 *
 * @param client of `partUploadClient`.
 */
export function s3PartUploads({
  client,
  bucket: Bucket,
}: {
  readonly client: S3Client;
  readonly bucket: string;
}): PartUploads {
  const arrived = async (Key: string, UploadId: string): Promise<readonly UploadedPart[]> => {
    const found: UploadedPart[] = [];
    let PartNumberMarker: string | undefined;
    do {
      const command = new ListPartsCommand({
        Bucket,
        Key,
        UploadId,
        ...(PartNumberMarker === undefined ? {} : { PartNumberMarker }),
      });
      const answer = await client.send(command);
      for (const { PartNumber, ETag, Size } of answer.Parts ?? []) {
        if (PartNumber === undefined || ETag === undefined || Size === undefined) {
          throw new SwathError('Unavailable', 'S3 lists a part without number, ETag or size.');
        }
        found.push({ part: PartNumber, etag: ETag, sizeBytes: Size });
      }
      PartNumberMarker = answer.IsTruncated === true ? answer.NextPartNumberMarker : undefined;
    } while (PartNumberMarker !== undefined && found.length <= maxUploadParts);
    return found;
  };

  return {
    async begin(Key, { contentType } = {}) {
      checkObjectKey(Key);
      const { UploadId } = await uploadCall(() =>
        client.send(
          new CreateMultipartUploadCommand({
            Bucket,
            Key,
            ContentType: contentType ?? 'application/octet-stream',
          }),
        ),
      );
      if (UploadId === undefined) throw new SwathError('Unavailable', 'S3 gives no id for the upload.');
      return UploadId;
    },
    async partLink(Key, UploadId, part, { expiresInS } = {}) {
      checkObjectKey(Key);
      checkPart(part);
      const expiresIn = linkLifeS(expiresInS);
      const command = new UploadPartCommand({
        Bucket,
        Key,
        UploadId,
        PartNumber: part.part,
        ContentLength: part.sizeBytes,
      });
      return await uploadCall(() =>
        getSignedUrl(client, command, { expiresIn, signableHeaders: new Set(['content-length', 'host']) }),
      );
    },
    parts: (key, uploadId) => uploadCall(() => arrived(key, uploadId)),
    complete: (Key, UploadId, named) =>
      uploadCall(async () => {
        // Looked at first: S3's own refusals do not say which part is wrong.
        const joined = partsToJoin(await arrived(Key, UploadId), named);
        const Parts = joined.map(({ part, etag }) => ({ PartNumber: part, ETag: etag }));
        const command = new CompleteMultipartUploadCommand({
          Bucket,
          Key,
          UploadId,
          MultipartUpload: { Parts },
        });
        await client.send(command);
      }),
    async abort(Key, UploadId) {
      try {
        await uploadCall(() => client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })));
      } catch (error) {
        if (!(error instanceof SwathError && error.code === 'NotFound')) throw error;
      }
    },
  };
}

async function uploadCall<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const { name } = failureOf(error);
    if (name === 'NoSuchUpload') throw noSuchUpload();
    if (name === 'InvalidPart' || name === 'InvalidPartOrder' || name === 'EntityTooSmall') {
      throw new SwathError('InvalidInput', 'S3 does not take these parts for an object.', { cause: error });
    }
    throw awsError('S3', error);
  }
}
