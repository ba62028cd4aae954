import { CfnOutput, Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { contract as reconcileContract } from '../../lambdas/reconcile/contract.ts';
import { contract as relayContract } from '../../lambdas/relay/contract.ts';
import { contract as trackContract } from '../../lambdas/track/contract.ts';
import { DeadLetterQueue } from '../constructs/dead-letter-queue.ts';
import { HandlerFunction, type HandlerFunctionProps } from '../constructs/handler-function.ts';
import { TableFeed } from '../constructs/table-feed.ts';
import { WorkQueue } from '../constructs/work-queue.ts';
import type { HandlerContract } from '../handler-contract.ts';
import { type MachineEnvironment, machineEnvironment, variablesOf } from '../machine-environment.ts';
import {
  type MachineHandler,
  type MachineResources,
  machineStatements,
  machineUses,
} from '../machine-statements.ts';
import { keyProps, StageStack, type StageStackProps } from '../stage-stack.ts';
import { installedFor, type QueueName, workQueues } from '../work-queues.ts';
import type { Events } from './events-stack.ts';
import type { Processing } from './processing-stack.ts';
import type { Storage } from './storage-stack.ts';

/** The request machine, for stacks that call it. */
export interface Ordering {
  readonly queues: Readonly<Record<QueueName, WorkQueue>>;
  /** The variables of `requestEnvironment`, which every Lambda of the machine and the API have. */
  readonly variables: MachineEnvironment;
  /** What a role needs to do what `machineUses` says of the handler. */
  readonly statementsOf: (handler: MachineHandler) => PolicyStatement[];
  /** Every Lambda of the machine, by name. */
  readonly handlers: ReadonlyMap<string, HandlerFunction>;
  /** What EventBridge could not hand to `track` and `reconcile`, or what they failed at. */
  readonly deadEvents: DeadLetterQueue;
  /** Where in the table's stream `relay` could not go on. */
  readonly deadChanges: DeadLetterQueue;
}

export interface OrderingStackProps extends StageStackProps {
  readonly storage: Storage;
  readonly events: Events;
  readonly processing: Processing;
}

/** An event is tried again this often before it is set aside; the next sweep finds out what it would have said. */
const EVENT_RETRIES = 4;

export class OrderingStack extends StageStack implements Ordering {
  readonly queues: Readonly<Record<QueueName, WorkQueue>>;
  readonly variables: MachineEnvironment;
  readonly handlers: ReadonlyMap<string, HandlerFunction>;
  readonly deadEvents: DeadLetterQueue;
  readonly deadChanges: DeadLetterQueue;
  readonly #resources: MachineResources;

  constructor(scope: Construct, props: OrderingStackProps) {
    super(scope, 'ordering', 'queues and the request machine', props);
    const { storage, events, processing } = props;
    const told = { alarmTopic: events.operatorTopic, ...keyProps(storage.key) };
    const entries = workQueues.map(({ contract }): [QueueName, WorkQueue] => [
      contract.queue,
      new WorkQueue(this, `${contract.queue}-queue`, { title: contract.queue, contract, ...told }),
    ]);
    this.queues = Object.fromEntries(entries) as Record<QueueName, WorkQueue>;
    this.#resources = { storage, events, processing, queues: this.queues };
    this.variables = machineEnvironment({ ...this.#resources, config: this.config });
    this.deadEvents = new DeadLetterQueue(this, 'DeadEvents', {
      title: 'events for track and reconcile',
      ...told,
    });
    this.deadChanges = new DeadLetterQueue(this, 'DeadChanges', {
      title: "the table's stream",
      section: 'stream-failures',
      ...told,
    });

    const handlers = new Map<string, HandlerFunction>();
    for (const { contract, description, maxConcurrency } of workQueues) {
      const installed = installedFor[contract.queue] ?? [];
      const handler = this.#handler(contract, description, { installed });
      this.queues[contract.queue].feed(handler, { batchSize: contract.batchSize, maxConcurrency });
      handlers.set(contract.name, handler);
    }
    handlers.set('track', this.#track(processing));
    handlers.set('reconcile', this.#reconcile());
    handlers.set('relay', this.#relay(storage));
    this.handlers = handlers;
    new CfnOutput(this, 'ReconcileName', {
      value: this.handlers.get('reconcile')?.function.functionName ?? '',
      description: 'The sweep. Next: aws lambda invoke --function-name <this> /dev/stdout',
    });
  }

  statementsOf(handler: MachineHandler): PolicyStatement[] {
    return machineStatements(machineUses[handler], this.#resources);
  }

  #handler<C extends HandlerContract & { readonly name: MachineHandler }>(
    contract: C,
    description: string,
    extra: Partial<Pick<HandlerFunctionProps<C>, 'installed' | 'deadLetterQueue'>>,
  ): HandlerFunction {
    return new HandlerFunction<HandlerContract>(this, contract.name, {
      contract,
      environment: variablesOf(contract, { ...this.#resources, config: this.config }),
      statements: this.statementsOf(contract.name),
      logRetention: this.logRetention,
      removalPolicy: this.logRemoval,
      architecture: this.architecture,
      description,
      ...keyProps(this.#resources.storage.key),
      ...extra,
    });
  }

  /** State changes of jobs in our queues. Children of array jobs have an index, and are left out here already. */
  #track({ jobQueue, sharedFilesQueue }: Processing): HandlerFunction {
    const handler = this.#handler(trackContract, 'Applies what Batch says of jobs', {
      deadLetterQueue: this.deadEvents.queue,
    });
    const queues = [jobQueue, ...(sharedFilesQueue === undefined ? [] : [sharedFilesQueue])];
    const { source, 'detail-type': detailType, detail } = trackContract.rule;
    new Rule(this, 'JobChanges', {
      description: 'State changes of jobs, without the children of array jobs',
      eventPattern: {
        source: [...source],
        detailType: [...detailType],
        detail: {
          status: [...detail.status],
          jobQueue: queues.map((queue) => queue.jobQueueArn),
          arrayProperties: { index: [{ exists: false }] },
        },
      },
      targets: [this.#target(handler)],
    });
    return handler;
  }

  #reconcile(): HandlerFunction {
    const handler = this.#handler(reconcileContract, 'Finds what got lost and ends what is overdue', {
      deadLetterQueue: this.deadEvents.queue,
    });
    new Rule(this, 'Sweep', {
      description: 'The sweep of requests',
      schedule: Schedule.rate(Duration.seconds(reconcileContract.periodS)),
      targets: [this.#target(handler)],
    });
    return handler;
  }

  /** What is new in the outbox, for when its writer is gone before he performed it. */
  #relay({ tableStreamArn }: Storage): HandlerFunction {
    const handler = this.#handler(relayContract, 'Performs what writers left in the outbox', {});
    new TableFeed(this, 'Changes', {
      handler,
      contract: relayContract,
      tableStreamArn,
      failures: this.deadChanges.queue,
    });
    return handler;
  }

  #target(handler: HandlerFunction): LambdaFunction {
    return new LambdaFunction(handler.function, {
      deadLetterQueue: this.deadEvents.queue,
      retryAttempts: EVENT_RETRIES,
      maxEventAge: Duration.hours(1),
    });
  }
}
