import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { HandlerContract } from '../handler-contract.ts';
import { runbookSection } from '../runbook.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import type { HandlerFunction } from './handler-function.ts';

/** SQS advises at least six times the handler's time-out: a slow call is not delivered twice while it runs. */
const VISIBILITY_FACTOR = 6;

/** Deliveries before a message is set aside: with 30 min of visibility, two and a half hours of a broken handler. */
const MAX_RECEIVES = 5;

/** Messages outlive a long weekend of trouble; the reconciler sends lost ones again anyway. */
const RETENTION_DAYS = 4;

/** The oldest message waits this long when something is wrong: the reconciler takes 15 min for the longest silence. */
const AGE_ALARM_MIN = 15;

export interface WorkQueueProps {
  /** Word for alarms, such as `order`. */
  readonly title: string;
  /** Contract of the Lambda that will take its messages: decides the visibility. */
  readonly contract: Pick<HandlerContract, 'timeoutS'>;
  /** Who is told by alarms. */
  readonly alarmTopic: ITopic;
  /** @default SQS's own key */
  readonly encryptionKey?: IKey;
}

/** A queue that cannot be had without dead-letter queue, TLS, enough visibility, alarms and partial batch responses. */
export class WorkQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetter: DeadLetterQueue;
  readonly ageAlarm: Alarm;

  constructor(scope: Construct, id: string, props: WorkQueueProps) {
    super(scope, id);
    const { title, encryptionKey, alarmTopic } = props;
    this.deadLetter = new DeadLetterQueue(this, 'DeadLetter', {
      title,
      alarmTopic,
      ...(encryptionKey === undefined ? {} : { encryptionKey }),
    });
    this.queue = new Queue(this, 'Queue', {
      enforceSSL: true,
      visibilityTimeout: Duration.seconds(VISIBILITY_FACTOR * props.contract.timeoutS),
      retentionPeriod: Duration.days(RETENTION_DAYS),
      receiveMessageWaitTime: Duration.seconds(20),
      deadLetterQueue: { queue: this.deadLetter.queue, maxReceiveCount: MAX_RECEIVES },
      ...(encryptionKey === undefined
        ? { encryption: QueueEncryption.SQS_MANAGED }
        : { encryption: QueueEncryption.KMS, encryptionMasterKey: encryptionKey }),
    });
    this.ageAlarm = new Alarm(this, 'Age', {
      alarmDescription: `Messages of the ${title} queue wait for more than ${AGE_ALARM_MIN} min. ${runbookSection('queue-age')}`,
      metric: this.queue.metricApproximateAgeOfOldestMessage({
        period: Duration.minutes(5),
        statistic: 'Maximum',
      }),
      threshold: AGE_ALARM_MIN * 60,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    this.ageAlarm.addAlarmAction(new SnsAction(alarmTopic));
  }

  /** Calls the handler with its messages; what it reports as failed is delivered again. */
  feed(handler: HandlerFunction, options: { readonly batchSize: number; readonly maxConcurrency: number }) {
    handler.role.addToPolicy(
      new PolicyStatement({
        sid: 'TakeMessages',
        actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
        resources: [this.queue.queueArn],
      }),
    );
    const mapping = new EventSourceMapping(this, 'Feed', {
      target: handler.function,
      eventSourceArn: this.queue.queueArn,
      batchSize: options.batchSize,
      maxConcurrency: options.maxConcurrency,
      reportBatchItemFailures: true,
    });
    // Lambda looks at once whether the role may take messages.
    mapping.node.addDependency(handler.role);
  }
}
