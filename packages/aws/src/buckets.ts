import { S3Client } from '@aws-sdk/client-s3';
import type { Objects } from '@swath/ports';
import { s3Objects } from './objects.ts';

/** Buckets by name over one S3 client, for callers that know nothing of the SDK. */
export interface S3Buckets {
  bucket(name: string): Objects;
  /** Ends idle connections. */
  close(): void;
}

/** Region, credentials and endpoint come from the environment (`AWS_REGION`, the container's role, `AWS_ENDPOINT_URL_S3`). */
export function s3Buckets(): S3Buckets {
  const client = new S3Client({});
  return {
    bucket: (name) => s3Objects({ client, bucket: name }),
    close: () => client.destroy(),
  };
}
