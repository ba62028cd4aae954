import type { RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CorsRule,
  type LifecycleRule,
  type ObjectLockRetention,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { asBucket } from '../as-interface.ts';

export interface PrivateBucketProps {
  /** Retained buckets outlive the stack; others are emptied and deleted with it. */
  readonly removal: { readonly policy: RemovalPolicy; readonly empties: boolean };
  readonly lifecycleRules: readonly LifecycleRule[];
  /** Where its access log goes. @default none: it is the log bucket */
  readonly accessLogs?: { readonly bucket: Bucket; readonly prefix: string };
  /** Keeps replaced and deleted versions. @default false */
  readonly versioned?: boolean;
  /** Days nobody may delete without the right to bypass governance. @default none */
  readonly lock?: ObjectLockRetention;
  /** What pages of other origins may do with a link. @default nothing */
  readonly cors?: readonly CorsRule[];
  /** @default S3's own keys */
  readonly encryptionKey?: IKey;
}

/** A bucket that is private whatever else is said: no public access, TLS only, owner enforced, encrypted. */
export class PrivateBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: PrivateBucketProps) {
    super(scope, id);
    const { encryptionKey, accessLogs, lock } = props;
    this.bucket = new Bucket(this, 'Bucket', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: props.versioned ?? false,
      removalPolicy: props.removal.policy,
      autoDeleteObjects: props.removal.empties,
      lifecycleRules: [...props.lifecycleRules],
      ...(props.cors === undefined ? {} : { cors: [...props.cors] }),
      ...(encryptionKey === undefined
        ? { encryption: BucketEncryption.S3_MANAGED }
        : { encryption: BucketEncryption.KMS, encryptionKey, bucketKeyEnabled: true }),
      ...(accessLogs === undefined
        ? {}
        : { serverAccessLogsBucket: asBucket(accessLogs.bucket), serverAccessLogsPrefix: accessLogs.prefix }),
      ...(lock === undefined ? {} : { objectLockEnabled: true, objectLockDefaultRetention: lock }),
    });
  }
}
