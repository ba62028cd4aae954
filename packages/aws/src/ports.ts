import { BatchClient } from '@aws-sdk/client-batch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Bus, JobDefinitionName, Jobs, Objects, PartUploads, Queue, Table } from '@swath/ports';
import { eventBridgeBus } from './bus.ts';
import { batchJobs } from './jobs.ts';
import { s3Objects } from './objects.ts';
import { partUploadClient, s3PartUploads } from './part-uploads.ts';
import { sqsQueue } from './queue.ts';
import { dynamoTable } from './table.ts';

/** What the stacks made, by name. Region, credentials and endpoints are the SDK's: the environment's. */
export interface AwsNames<Q extends string> {
  readonly tableName: string;
  readonly workBucket: string;
  readonly resultsBucket: string;
  readonly queues: Readonly<Record<Q, { readonly url: string; readonly deadLetterUrl: string }>>;
  /** One for all definitions, or one for each. */
  readonly jobQueue: string | Readonly<Record<JobDefinitionName, string>>;
  readonly jobDefinitions: Readonly<Record<JobDefinitionName, string>>;
  readonly busName: string;
}

export interface AwsPorts<Q extends string> {
  readonly table: Table;
  readonly work: Objects;
  readonly results: Objects;
  readonly queues: Readonly<Record<Q, Queue>>;
  readonly jobs: Jobs;
  readonly bus: Bus;
}

/** Every port over one client per service, so that connections are shared. Makes no call. */
export function awsPorts<Q extends string>(names: AwsNames<Q>): AwsPorts<Q> {
  const s3 = new S3Client({});
  const sqs = new SQSClient({});
  const queueOf = (name: Q) => {
    const { url, deadLetterUrl } = names.queues[name];
    return sqsQueue({ client: sqs, queueUrl: url, deadLetterQueueUrl: deadLetterUrl });
  };
  const queueNames = Object.keys(names.queues) as Q[];
  return {
    table: dynamoTable({ tableName: names.tableName, client: new DynamoDBClient({}) }),
    work: s3Objects({ client: s3, bucket: names.workBucket }),
    results: s3Objects({ client: s3, bucket: names.resultsBucket }),
    queues: Object.fromEntries(queueNames.map((name) => [name, queueOf(name)])) as Record<Q, Queue>,
    jobs: batchJobs({
      client: new BatchClient({}),
      jobQueue: names.jobQueue,
      definitions: names.jobDefinitions,
    }),
    bus: eventBridgeBus({ client: new EventBridgeClient({}), busName: names.busName }),
  };
}

/** The table and the results alone, for handlers that only look. Makes no call. */
export function awsResultPorts(
  names: Pick<AwsNames<never>, 'tableName' | 'resultsBucket'>,
): Pick<AwsPorts<never>, 'table' | 'results'> {
  return {
    table: dynamoTable({ tableName: names.tableName, client: new DynamoDBClient({}) }),
    results: s3Objects({ client: new S3Client({}), bucket: names.resultsBucket }),
  };
}

/** What uploads need besides: parts into the work bucket, the raw bucket, and their queue. Makes no call. */
export function awsUploadPorts(names: {
  readonly workBucket: string;
  readonly rawBucket: string;
  readonly queue: { readonly url: string; readonly deadLetterUrl: string };
}): { readonly partUploads: PartUploads; readonly kept: Objects; readonly queue: Queue } {
  const { url, deadLetterUrl } = names.queue;
  return {
    partUploads: s3PartUploads({ client: partUploadClient(), bucket: names.workBucket }),
    kept: s3Objects({ client: new S3Client({}), bucket: names.rawBucket }),
    queue: sqsQueue({ client: new SQSClient({}), queueUrl: url, deadLetterQueueUrl: deadLetterUrl }),
  };
}
