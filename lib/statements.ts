import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';

/*
 * What roles are allowed, written out: the CDK's grants allow `s3:GetObject*` and the like, and the whole bucket.
 * A prefix here is a prefix in packages/requests/src/names.ts or packages/products.
 */

const below = (bucket: Bucket, prefixes: readonly string[]) =>
  prefixes.map((prefix) => bucket.arnForObjects(`${prefix}*`));

/** Reads objects; with `listBucket`, because S3 says 403 instead of 404 for what is not there to those who may not list. */
export function readObjects(sid: string, bucket: Bucket, prefixes: readonly string[]): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: `Read${sid}`,
      actions: ['s3:GetObject'],
      resources: below(bucket, prefixes),
    }),
    new PolicyStatement({ sid: `List${sid}`, actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }),
  ];
}

/** Writes objects, in parts too, and clears up parts of what failed. Nobody deletes: lifecycle rules do. */
export function writeObjects(sid: string, bucket: Bucket, prefixes: readonly string[]): PolicyStatement {
  return new PolicyStatement({
    sid: `Write${sid}`,
    actions: ['s3:PutObject', 's3:AbortMultipartUpload'],
    resources: below(bucket, prefixes),
  });
}

/** The customer's key, for whatever is encrypted with it. */
export function useKey(key: IKey | undefined): PolicyStatement[] {
  if (key === undefined) return [];
  return [
    new PolicyStatement({
      sid: 'UseKey',
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [key.keyArn],
    }),
  ];
}
