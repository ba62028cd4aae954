import { ArnFormat, type Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { tablePrefixes } from './machine-statements.ts';
import type { Storage } from './stacks/storage-stack.ts';
import { useKey } from './statements.ts';

export interface ReaderPlaces {
  readonly storage: Storage;
  readonly workGroupName: string;
  readonly databaseName: string;
  /** Where Athena writes what queries answer. */
  readonly answersPrefix: string;
}

/**
 * What people and tools (Power BI, Grafana, `swath sql --athena`) are allowed who read the tables: queries in our
 * workgroup, definitions of our database, files of our tables, answers of queries. No other bucket, no imagery, no
 * deleting; no live table, since its connector is a function that they may not invoke.
 */
export function readerStatements(stack: Stack, places: ReaderPlaces): readonly PolicyStatement[] {
  const { storage, workGroupName, databaseName, answersPrefix } = places;
  const { analytics } = storage.buckets;
  const athena = (resource: string, resourceName: string) =>
    stack.formatArn({ service: 'athena', resource, resourceName });
  const glue = (resource: string, resourceName?: string) =>
    stack.formatArn({
      service: 'glue',
      resource,
      ...(resourceName === undefined ? { arnFormat: ArnFormat.NO_RESOURCE_NAME } : { resourceName }),
    });
  const below = (prefixes: readonly string[]) =>
    prefixes.map((prefix) => analytics.arnForObjects(`${prefix}*`));
  return [
    new PolicyStatement({
      sid: 'Query',
      actions: [
        'athena:StartQueryExecution',
        'athena:StopQueryExecution',
        'athena:GetQueryExecution',
        'athena:BatchGetQueryExecution',
        'athena:ListQueryExecutions',
        'athena:GetQueryResults',
        'athena:GetQueryResultsStream',
        'athena:GetWorkGroup',
        'athena:GetNamedQuery',
        'athena:BatchGetNamedQuery',
        'athena:ListNamedQueries',
      ],
      resources: [athena('workgroup', workGroupName)],
    }),
    new PolicyStatement({
      sid: 'LookAround',
      actions: [
        'athena:GetDataCatalog',
        'athena:GetDatabase',
        'athena:ListDatabases',
        'athena:GetTableMetadata',
        'athena:ListTableMetadata',
      ],
      resources: [athena('datacatalog', 'AwsDataCatalog')],
    }),
    new PolicyStatement({
      sid: 'Definitions',
      actions: [
        'glue:GetDatabase',
        'glue:GetDatabases',
        'glue:GetTable',
        'glue:GetTables',
        'glue:GetPartition',
        'glue:GetPartitions',
        'glue:BatchGetPartition',
      ],
      resources: [glue('catalog'), glue('database', databaseName), glue('table', `${databaseName}/*`)],
    }),
    new PolicyStatement({ sid: 'Tables', actions: ['s3:GetObject'], resources: below(tablePrefixes) }),
    new PolicyStatement({
      sid: 'Answers',
      actions: ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
      resources: below([answersPrefix]),
    }),
    new PolicyStatement({
      sid: 'List',
      actions: ['s3:ListBucket'],
      resources: [analytics.bucketArn],
      conditions: {
        StringLike: { 's3:prefix': [...tablePrefixes, answersPrefix].map((prefix) => `${prefix}*`) },
      },
    }),
    new PolicyStatement({
      sid: 'Bucket',
      actions: ['s3:GetBucketLocation', 's3:ListBucketMultipartUploads'],
      resources: [analytics.bucketArn],
    }),
    ...useKey(storage.key),
  ];
}
