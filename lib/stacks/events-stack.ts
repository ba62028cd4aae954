import { eventSource } from '@swath/aws/event-source';
import { CfnOutput, Duration } from 'aws-cdk-lib';
import { EventBus, EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
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
    // A topic with a policy of its own has lost the default one, which let services of the account publish.
    letPublish(this.operatorTopic, 'cloudwatch.amazonaws.com');
    letPublish(this.operatorTopic, 'budgets.amazonaws.com');
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
    this.#tellRequesters();
    new CfnOutput(this, 'BusName', { value: this.bus.eventBusName, description: 'Events of requests' });
    new CfnOutput(this, 'OperatorTopic', {
      value: this.operatorTopic.topicArn,
      description:
        'Alarms. Next: aws sns subscribe --protocol email --topic-arn <this> --notification-endpoint <you>',
    });
  }

  /** One line for each request that has ended, for people; programs read the bus. */
  #tellRequesters(): void {
    const field = (name: string) => EventField.fromPath(`$.detail.${name}`);
    new Rule(this, 'Ended', {
      description: 'Requests that have ended',
      eventBus: this.bus,
      eventPattern: {
        source: [eventSource],
        detailType: ['Request State Change'],
        detail: { to: ['succeeded', 'partial', 'failed', 'expired', 'cancelled'] },
      },
      targets: [
        new SnsTopic(this.requesterTopic, {
          message: RuleTargetInput.fromText(
            `Request ${field('requestId')} of project ${field('project')}: ${field('to')}.`,
          ),
          deadLetterQueue: this.undelivered.queue,
        }),
      ],
    });
  }
}

function letPublish(topic: Topic, service: string): void {
  topic.addToResourcePolicy(
    new PolicyStatement({
      sid: service.replace(/\..*/, ''),
      principals: [new ServicePrincipal(service)],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': topic.stack.account } },
    }),
  );
}
