import { retentionClassDays, retentionTag } from '@swath/aws/retention';
import { Duration } from 'aws-cdk-lib';
import { type LifecycleRule, StorageClass } from 'aws-cdk-lib/aws-s3';
import { PICTURES_PREFIX } from '../lambdas/image/contract.ts';
import type { SwathConfig } from './config.ts';
import { QUARANTINE_PREFIX } from './upload-statements.ts';

/** Parts of uploads that were never completed: a crash leaves them, invisible and billed. */
const abandonedUploads: LifecycleRule = {
  id: 'abandoned-uploads',
  abortIncompleteMultipartUploadAfter: Duration.days(2),
};

/** Versions that were replaced or deleted by mistake can be had back for a week. */
const OLD_VERSION_DAYS = 7;

const oldVersions: LifecycleRule = {
  id: 'old-versions',
  noncurrentVersionExpiration: Duration.days(OLD_VERSION_DAYS),
  expiredObjectDeleteMarker: true,
};

type Retention = SwathConfig['retention'];

/** What becomes of objects with time, by class of bucket. */
export const lifecycleOf = {
  /** Copies of providers' files can be had again, so they get colder, then go. What people uploaded stays until they delete it. */
  raw: ({ rawColderAfterDays, rawPurgeAfterDays }: Retention): LifecycleRule[] => [
    abandonedUploads,
    oldVersions,
    {
      id: 'colder-then-gone',
      prefix: 'scenes/',
      transitions: [
        {
          storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL,
          transitionAfter: Duration.days(rawColderAfterDays),
        },
      ],
      expiration: Duration.days(rawPurgeAfterDays),
    },
  ],
  /** Manifests, plans, staging: nobody needs them when the request has long ended. */
  work: ({ workDays }: Retention): LifecycleRule[] => [
    abandonedUploads,
    // A file is checked within the hour; what is left here after two days, nobody completed or everybody forgot.
    { id: 'quarantine', prefix: QUARANTINE_PREFIX, expiration: Duration.days(2) },
    { id: 'expire', expiration: Duration.days(workDays) },
  ],
  results: ({ resultsDays }: Retention): LifecycleRule[] => [
    abandonedUploads,
    oldVersions,
    ...retentionClassDays.map((days) => ({
      id: `retention-${days}`,
      tagFilters: { [retentionTag]: String(days) },
      expiration: Duration.days(days),
    })),
    // Pictures too large for an answer: their links live for minutes, and they are made again when they are gone.
    { id: 'pictures', prefix: PICTURES_PREFIX, expiration: Duration.days(1) },
    ...(resultsDays === null ? [] : [{ id: 'retention-default', expiration: Duration.days(resultsDays) }]),
  ],
  /** Rows of tables, and answers of queries, which expire. */
  analytics: ({ logsDays }: Retention): LifecycleRule[] => [
    abandonedUploads,
    { id: 'query-results', prefix: 'athena/', expiration: Duration.days(logsDays) },
  ],
  evidence: (): LifecycleRule[] => [abandonedUploads],
  /** Files of the site: the repository has them. */
  site: (): LifecycleRule[] => [abandonedUploads],
  logs: ({ logsDays }: Retention): LifecycleRule[] => [
    abandonedUploads,
    { id: 'expire', expiration: Duration.days(logsDays) },
  ],
} as const;
