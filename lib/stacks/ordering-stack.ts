import { CfnOutput } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { HandlerFunction } from '../constructs/handler-function.ts';
import { WorkQueue } from '../constructs/work-queue.ts';
import { type MachineEnvironment, machineEnvironment } from '../machine-environment.ts';
import { keyProps, StageStack, type StageStackProps } from '../stage-stack.ts';
import { type QueueName, workQueues } from '../work-queues.ts';
import type { Events } from './events-stack.ts';
import type { Processing } from './processing-stack.ts';
import type { Storage } from './storage-stack.ts';

/** The request machine, for stacks that call it. */
export interface Ordering {
  readonly queues: Readonly<Record<QueueName, WorkQueue>>;
  /** The variables of `requestEnvironment`, which every Lambda of the machine and the API have. */
  readonly variables: MachineEnvironment;
  /** What accepting, reading, cancelling and retrying requests needs. */
  readonly apiStatements: () => PolicyStatement[];
}

export interface OrderingStackProps extends StageStackProps {
  readonly storage: Storage;
  readonly events: Events;
  readonly processing: Processing;
}

export class OrderingStack extends StageStack implements Ordering {
  readonly queues: Readonly<Record<QueueName, WorkQueue>>;
  readonly variables: MachineEnvironment;

  constructor(scope: Construct, props: OrderingStackProps) {
    super(scope, 'ordering', 'queues and the request machine', props);
    const { storage, events } = props;
    this.queues = Object.fromEntries(
      workQueues.map(({ contract }) => [
        contract.queue,
        new WorkQueue(this, `${contract.queue}-queue`, {
          title: contract.queue,
          contract,
          alarmTopic: events.operatorTopic,
          ...keyProps(storage.key),
        }),
      ]),
    ) as Record<QueueName, WorkQueue>;
    this.variables = machineEnvironment({ ...props, queues: this.queues, config: this.config });
    for (const { contract, description, maxConcurrency } of workQueues) {
      const handler = new HandlerFunction(this, contract.name, {
        contract,
        environment: this.variables,
        statements: [],
        logRetention: this.logRetention,
        removalPolicy: this.logRemoval,
        architecture: this.architecture,
        description,
      });
      this.queues[contract.queue].feed(handler, { batchSize: contract.batchSize, maxConcurrency });
    }
    new CfnOutput(this, 'OrderQueueUrl', { value: this.queues.order.queue.queueUrl });
  }

  apiStatements(): PolicyStatement[] {
    return [];
  }
}
