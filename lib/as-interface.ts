import type { IVpc, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';

/*
 * Classes of the CDK that implement an interface, and are none to a compiler with `exactOptionalPropertyTypes`, under
 * which the CDK is not built: their optional members say `T | undefined`, the interface's say `T`. To be deleted when
 * `npx tsc` passes without.
 */

export const asVpc = (vpc: Vpc): IVpc => vpc as IVpc;
export const asBucket = (bucket: Bucket): IBucket => bucket as IBucket;
