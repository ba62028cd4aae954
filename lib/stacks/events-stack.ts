import { eventSource } from '@swath/aws/event-source';
import { CfnOutput, Duration } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { DeadLetterQueue } from '../constructs/dead-letter-queue.ts';
import { keyProps, StageStack, type StageStackProps } from '../stage-stack.ts';

/** Who is told what. */
export interface Events {
  readonly bus: EventBus;
  /** Alarms. */
  readonly operatorTopic: Topic;
  /** Ends of requests, for people and programs that ordered them. */
  readonly requesterTopic: Topic;
  /** What a rule of the bus could not deliver. */
  readonly undelivered: DeadLetterQueue;
}

export interface EventsStackProps extends StageStackProps {
  readonly key: Key | undefined;
}

export class EventsStack extends StageStack implements Events {
  readonly bus: EventBus;
  readonly operatorTopic: Topic;
  readonly requesterTopic: Topic;
  readonly undelivered: DeadLetterQueue;

  constructor(scope: Construct, props: EventsStackProps) {
    super(scope, 'events', 'bus and topics', props);
    const { config } = this;
    const key = props.key === undefined ? {} : { masterKey: props.key };
    this.operatorTopic = new Topic(this, 'Operator', { enforceSSL: true, ...key });
    this.requesterTopic = new Topic(this, 'Requester', { enforceSSL: true, ...key });
    if (config.operatorEmail !== undefined) {
      this.operatorTopic.addSubscription(new EmailSubscription(config.operatorEmail));
    }
    this.undelivered = new DeadLetterQueue(this, 'Undelivered', {
      title: 'events',
      alarmTopic: this.operatorTopic,
      ...keyProps(props.key),
    });
    this.bus = new EventBus(this, 'Bus', { description: 'Events of Swath' });
    this.bus.archive('Archive', {
      eventPattern: { source: [eventSource] },
      retention: Duration.days(config.retention.eventArchiveDays),
    });
    new CfnOutput(this, 'BusName', { value: this.bus.eventBusName, description: 'Events of requests' });
    new CfnOutput(this, 'OperatorTopic', {
      value: this.operatorTopic.topicArn,
      description:
        'Alarms. Next: aws sns subscribe --protocol email --topic-arn <this> --notification-endpoint <you>',
    });
  }
}
