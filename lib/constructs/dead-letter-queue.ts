import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type RunbookSection, runbookSection } from '../runbook.ts';

export interface DeadLetterQueueProps {
  /** Word for the alarm, such as `order`. */
  readonly title: string;
  readonly alarmTopic: ITopic;
  /** Where the runbook says what to do. @default 'dead-letters' */
  readonly section?: RunbookSection;
  /** @default SQS's own key */
  readonly encryptionKey?: IKey;
}

/** Keeps what nobody could handle for 14 days, SQS's longest, and says so at the first message. */
export class DeadLetterQueue extends Construct {
  readonly queue: Queue;
  readonly alarm: Alarm;

  constructor(scope: Construct, id: string, props: DeadLetterQueueProps) {
    super(scope, id);
    const { encryptionKey, section = 'dead-letters' } = props;
    this.queue = new Queue(this, 'Queue', {
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      ...(encryptionKey === undefined
        ? { encryption: QueueEncryption.SQS_MANAGED }
        : { encryption: QueueEncryption.KMS, encryptionMasterKey: encryptionKey }),
    });
    this.alarm = new Alarm(this, 'Alarm', {
      alarmDescription: `Messages of ${props.title} were set aside. ${runbookSection(section)}`,
      metric: this.queue.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(5),
        statistic: 'Maximum',
      }),
      threshold: 0,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    this.alarm.addAlarmAction(new SnsAction(props.alarmTopic));
  }
}
