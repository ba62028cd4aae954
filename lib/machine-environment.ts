import type { CostSettings } from '../lambdas/record/contract.ts';
import type { RequestEnvironmentVariables } from '../lambdas/support/environment.ts';
import type { SwathConfig } from './config.ts';
import type { WorkQueue } from './constructs/work-queue.ts';
import type { HandlerContract } from './handler-contract.ts';
import type { Events } from './stacks/events-stack.ts';
import type { Processing } from './stacks/processing-stack.ts';
import type { Storage } from './stacks/storage-stack.ts';
import { type QueueName, workQueues } from './work-queues.ts';

/** Every variable of `requestEnvironment`; none is left to its default. */
export type MachineEnvironment = { readonly [Name in keyof RequestEnvironmentVariables]-?: string };

type QueueVariables = {
  readonly [Name in QueueName as `SWATH_${Uppercase<Name>}_${'QUEUE' | 'DEAD_LETTER'}_URL`]: string;
};

export interface MachineParts {
  readonly config: SwathConfig;
  readonly storage: Storage;
  readonly events: Events;
  readonly processing: Processing;
  readonly queues: Readonly<Record<QueueName, WorkQueue>>;
}

/** What a handler may have besides, if its contract names it. */
const besides = ({ storage, config }: MachineParts) => ({
  SWATH_RAW_BUCKET: storage.buckets.raw.bucketName,
  SWATH_ANALYTICS_BUCKET: storage.buckets.analytics.bucketName,
  SWATH_PRICES: JSON.stringify(costSettingsOf(config)),
});

/** The variables a contract names, out of everything there is. What is not there, the handler's construct misses. */
export function variablesOf(contract: HandlerContract, parts: MachineParts): Record<string, string> {
  const all = Object.entries({ ...machineEnvironment(parts), ...besides(parts) });
  return Object.fromEntries(all.filter(([name]) => name in contract.environment.shape));
}

/** A queue the handlers know and the list does not, or the other way round, is an error of types here. */
export function machineEnvironment(parts: MachineParts): MachineEnvironment {
  const { config, storage, events, processing } = parts;
  const { jobs } = processing;
  return {
    ...queueVariables(parts.queues),
    SWATH_TABLE: storage.table.tableName,
    SWATH_WORK_BUCKET: storage.buckets.work.bucketName,
    SWATH_RESULTS_BUCKET: storage.buckets.results.bucketName,
    SWATH_ACQUIRE_JOB_QUEUE: jobs.acquire.queue.jobQueueArn,
    SWATH_PROCESS_JOB_QUEUE: jobs.process.queue.jobQueueArn,
    SWATH_PUBLISH_JOB_QUEUE: jobs.publish.queue.jobQueueArn,
    SWATH_ACQUIRE_JOB: jobs.acquire.definition.jobDefinitionArn,
    SWATH_PROCESS_JOB: jobs.process.definition.jobDefinitionArn,
    SWATH_PUBLISH_JOB: jobs.publish.definition.jobDefinitionArn,
    SWATH_BUS: events.bus.eventBusName,
    SWATH_STAC_APIS: JSON.stringify(config.catalogues),
    SWATH_DEFAULT_PROVIDER: config.defaultProvider,
  };
}

/** What the price of a request depends on. Addresses: where tasks have public ones. */
function costSettingsOf({ prices, compute, network, retention }: SwathConfig): CostSettings {
  const { architecture, acquire, process, publish, diskGiB } = compute;
  const open = network.vpc === undefined ? network.mode === 'public' : network.vpc.assignPublicIp;
  return {
    ...prices,
    architecture,
    tasks: { acquire, process, publish },
    diskGiB,
    addresses: open ? 1 : 0,
    workDays: retention.workDays,
  };
}

function queueVariables(queues: Readonly<Record<QueueName, WorkQueue>>): QueueVariables {
  const variables = workQueues.flatMap(({ contract: { queue } }) => [
    [`SWATH_${queue.toUpperCase()}_QUEUE_URL`, queues[queue].queue.queueUrl],
    [`SWATH_${queue.toUpperCase()}_DEAD_LETTER_URL`, queues[queue].deadLetter.queue.queueUrl],
  ]);
  return Object.fromEntries(variables) as QueueVariables;
}
