export { type S3Buckets, s3Buckets } from './buckets.ts';
export * from './bus.ts';
export * from './errors.ts';
export * from './jobs.ts';
export * from './objects.ts';
export * from './queue.ts';
export * from './secrets.ts';
export * from './table.ts';
export * from './table-definition.ts';
