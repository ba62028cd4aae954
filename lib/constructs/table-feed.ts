import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, FilterCriteria, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { HandlerContract } from '../handler-contract.ts';
import type { HandlerFunction } from './handler-function.ts';

/**
 * Tries of a batch after the first, within seconds; Lambda's own default is for ever, which would hold up the shard for
 * as long as the stream keeps one bad record: 24 h. Cutting a batch in two counts as none of them.
 */
const RETRIES = 3;

/** By then the sweep, every 5 min, has found what a record tells of, and has tried it. The least is 1 min. */
const MAX_AGE_MIN = 15;

export interface TableFeedProps {
  readonly handler: HandlerFunction;
  readonly contract: HandlerContract & {
    /** Pattern of the records it wants. */
    readonly filter: Readonly<Record<string, unknown>>;
    readonly batchSize: number;
    /** Seconds that records are gathered for a batch. */
    readonly windowS: number;
  };
  readonly tableStreamArn: string;
  /** Is told which records were given up: their place in the stream, not what is in them. */
  readonly failures: IQueue;
}

/**
 * Calls a handler with changes of the table, one batch of a shard after the other. What it reports as failed is tried
 * again from there, cut in two, and given up in the end, so that the others flow. It is a fast path only: a stream keeps a
 * change for 24 h, and whoever relies on it alone loses what he missed.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
export class TableFeed extends Construct {
  constructor(scope: Construct, id: string, props: TableFeedProps) {
    super(scope, id);
    const { handler, contract, tableStreamArn, failures } = props;
    handler.role.addToPolicy(
      new PolicyStatement({
        sid: 'ReadChanges',
        actions: [
          'dynamodb:DescribeStream',
          'dynamodb:GetRecords',
          'dynamodb:GetShardIterator',
          'dynamodb:ListStreams',
        ],
        resources: [tableStreamArn],
      }),
    );
    handler.role.addToPolicy(
      new PolicyStatement({
        sid: 'TellFailures',
        actions: ['sqs:SendMessage'],
        resources: [failures.queueArn],
      }),
    );
    const mapping = new EventSourceMapping(this, 'Mapping', {
      target: handler.function,
      eventSourceArn: tableStreamArn,
      // From now on, also after it was made anew: what was before, the sweep has found.
      startingPosition: StartingPosition.LATEST,
      filters: [FilterCriteria.filter({ ...contract.filter })],
      batchSize: contract.batchSize,
      maxBatchingWindow: Duration.seconds(contract.windowS),
      bisectBatchOnError: true,
      retryAttempts: RETRIES,
      maxRecordAge: Duration.minutes(MAX_AGE_MIN),
      reportBatchItemFailures: true,
      // SqsDlq would also allow reading the queue's attributes.
      onFailure: { bind: () => ({ destination: failures.queueArn }) },
    });
    // Lambda looks at once whether the role may read the stream.
    mapping.node.addDependency(handler.role);
  }
}
