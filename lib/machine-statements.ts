import { analyticsTables } from '@swath/analytics/tables/index';
import type { tableDefinition } from '@swath/aws/table-definition';
import type { JobDefinitionName } from '@swath/ports';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { WorkQueue } from './constructs/work-queue.ts';
import type { Events } from './stacks/events-stack.ts';
import type { Processing } from './stacks/processing-stack.ts';
import type { Storage } from './stacks/storage-stack.ts';
import { readObjects, useKey, writeObjects } from './statements.ts';
import { uploadStatements } from './upload-statements.ts';
import type { QueueName } from './work-queues.ts';

/** Where files of the analysts' tables lie. */
export const tablePrefixes: readonly string[] = analyticsTables.map(({ prefix }) => prefix);

type IndexName = (typeof tableDefinition.indexes)[number]['indexName'];

/** What one handler of the request machine does. */
export interface MachineUse {
  /** What it does with rows. @default everything: reads, and writes in transactions */
  readonly rows?: keyof typeof rowActions;
  /** It changes requests, and so may end them: sends to `toldOfEnds`, and tells the bus. */
  readonly changes?: true;
  /** Queues it sends to besides. */
  readonly sends?: readonly QueueName[];
  /** Prefixes of the work bucket. */
  readonly readsWork?: readonly ('manifests/' | 'staging/')[];
  readonly writesWork?: readonly ('manifests/' | 'manifests/tables/' | 'manifests/zones/')[];
  /** Looks whether results are there, or reads them. */
  readonly readsResults?: true;
  /** Adds files to the tables, and reads what is there. */
  readonly writesTables?: true;
  /** Stages whose jobs it submits. */
  readonly submits?: readonly JobDefinitionName[];
  /** Looks jobs up, and cancels those nobody waits for. */
  readonly followsJobs?: true;
  /** Uploads: has links to their parts signed and joins them; checks what came; ends those that did not. */
  readonly uploads?: 'takes' | 'checks' | 'sweeps';
  /** Indexes of the table it queries. */
  readonly indexes?: readonly IndexName[];
}

/** Another attempt, or those who waited; and the recorder. */
const toldOfEnds = ['order', 'record'] as const satisfies readonly QueueName[];

/** Who does what: the calls of packages/requests/src/use-cases and of the outbox effects each can cause. */
export const machineUses = {
  order: {
    changes: true,
    sends: ['dispatch'],
    readsWork: ['manifests/'],
    writesWork: ['manifests/'],
    readsResults: true,
    submits: ['acquire'],
    // Uploaded imagery is searched here.
    indexes: ['project'],
  },
  acquire: { changes: true, sends: ['dispatch'], readsWork: ['staging/'] },
  dispatch: {
    changes: true,
    readsWork: ['manifests/', 'staging/'],
    writesWork: ['manifests/'],
    submits: ['process', 'publish'],
  },
  publish: { changes: true, readsWork: ['staging/'], readsResults: true },
  record: {
    rows: 'confirms',
    readsWork: ['manifests/', 'staging/'],
    readsResults: true,
    writesTables: true,
  },
  uploads: { rows: 'byKey', uploads: 'checks' },
  track: {
    changes: true,
    sends: ['imagery', 'publish'],
    readsWork: ['manifests/', 'staging/'],
    writesWork: ['manifests/'],
    submits: ['publish'],
    followsJobs: true,
  },
  reconcile: {
    changes: true,
    sends: ['imagery', 'dispatch', 'publish', 'uploads'],
    readsWork: ['manifests/', 'staging/'],
    writesWork: ['manifests/'],
    submits: ['acquire', 'process', 'publish'],
    followsJobs: true,
    uploads: 'sweeps',
    indexes: ['due'],
  },
  // Any effect of any writer, and what follows from cancelling and waking.
  relay: {
    changes: true,
    sends: ['imagery', 'dispatch', 'publish'],
    readsResults: true,
    submits: ['acquire', 'process', 'publish'],
    followsJobs: true,
  },
  api: {
    changes: true,
    sends: ['uploads'],
    uploads: 'takes',
    readsWork: ['manifests/', 'staging/'],
    // Zones of requests, which jobs read there, and tables of openEO's jobs.
    writesWork: ['manifests/zones/', 'manifests/tables/'],
    readsResults: true,
    followsJobs: true,
    indexes: ['project'],
  },
} as const satisfies Readonly<Record<string, MachineUse>>;
export type MachineHandler = keyof typeof machineUses;

export interface MachineResources {
  readonly storage: Storage;
  readonly events: Events;
  readonly processing: Processing;
  readonly queues: Readonly<Record<QueueName, WorkQueue>>;
}

/** Reading, and what TransactWriteItems is made of. */
const rowActions = {
  everything: [
    'dynamodb:GetItem',
    'dynamodb:Query',
    'dynamodb:PutItem',
    'dynamodb:UpdateItem',
    'dynamodb:DeleteItem',
    'dynamodb:ConditionCheckItem',
  ],
  /** Removes what waited for the confirmation, and counts the request's usage once. */
  confirms: [
    'dynamodb:GetItem',
    'dynamodb:Query',
    'dynamodb:PutItem',
    'dynamodb:UpdateItem',
    'dynamodb:DeleteItem',
  ],
  /** Goes by keys alone: the upload it is told of, its collection and its Item. */
  byKey: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
} as const;

/** What a handler's role is allowed, and nothing else. */
export function machineStatements(use: MachineUse, resources: MachineResources): PolicyStatement[] {
  const { storage } = resources;
  const { work, results, analytics } = storage.buckets;
  return [
    new PolicyStatement({
      sid: 'Rows',
      actions: [...rowActions[use.rows ?? 'everything']],
      resources: [storage.table.tableArn],
    }),
    ...(use.indexes ?? []).map(
      (index) =>
        new PolicyStatement({
          sid: `Index${index}`,
          actions: ['dynamodb:Query'],
          resources: [`${storage.table.tableArn}/index/${index}`],
        }),
    ),
    ...changesStatements(use, resources),
    ...(use.readsWork === undefined ? [] : readObjects('Work', work, use.readsWork)),
    ...(use.writesWork === undefined ? [] : [writeObjects('Work', work, use.writesWork)]),
    ...(use.readsResults === undefined ? [] : readObjects('Results', results, ['results/'])),
    ...(use.writesTables === undefined
      ? []
      : [
          ...readObjects('Tables', analytics, tablePrefixes),
          writeObjects('Tables', analytics, tablePrefixes),
        ]),
    ...(use.uploads === undefined ? [] : uploadStatements(use.uploads, storage)),
    ...jobsStatements(use, resources),
    ...useKey(storage.key),
  ];
}

function changesStatements({ changes, sends = [] }: MachineUse, { events, queues }: MachineResources) {
  if (changes === undefined) return [];
  return [
    new PolicyStatement({ sid: 'Tell', actions: ['events:PutEvents'], resources: [events.bus.eventBusArn] }),
    new PolicyStatement({
      sid: 'Send',
      actions: ['sqs:SendMessage'],
      resources: [...toldOfEnds, ...sends].map((name) => queues[name].queue.queueArn),
    }),
  ];
}

function jobsStatements({ submits = [], followsJobs }: MachineUse, { processing }: MachineResources) {
  const statements: PolicyStatement[] = [];
  const places = submits.map((name) => processing.jobs[name]);
  if (places.length > 0) {
    statements.push(
      new PolicyStatement({
        sid: 'SubmitJobs',
        actions: ['batch:SubmitJob'],
        resources: [
          ...new Set(places.flatMap((place) => [place.definition.jobDefinitionArn, place.queue.jobQueueArn])),
        ],
      }),
    );
  }
  if (places.length > 0 || followsJobs) {
    // A submission looks its name up first. Batch knows no resource for these two.
    const actions = followsJobs ? ['batch:ListJobs', 'batch:DescribeJobs'] : ['batch:ListJobs'];
    statements.push(new PolicyStatement({ sid: 'LookUpJobs', actions, resources: ['*'] }));
  }
  if (followsJobs) {
    // Ids of jobs are made when they are submitted; the machine cancels only what carries one of its names.
    const jobs = processing.jobQueue.stack.formatArn({
      service: 'batch',
      resource: 'job',
      resourceName: '*',
    });
    statements.push(
      new PolicyStatement({ sid: 'CancelJobs', actions: ['batch:TerminateJob'], resources: [jobs] }),
    );
  }
  return statements;
}
