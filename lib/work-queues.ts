import { contract as acquire } from '../lambdas/acquire/contract.ts';
import { contract as dispatch } from '../lambdas/dispatch/contract.ts';
import { contract as order } from '../lambdas/order/contract.ts';
import { contract as publish } from '../lambdas/publish/contract.ts';
import { contract as record } from '../lambdas/record/contract.ts';
import { contract as uploads } from '../lambdas/uploads/contract.ts';
import type { RuntimePackage } from './bundling/options.ts';

/**
 * The queues of the request machine and who takes from them. A queue more is a line here: the stack makes it with its
 * dead-letter queue and alarms, calls the handler, and tells every Lambda of the machine its addresses as
 * `SWATH_<QUEUE>_QUEUE_URL` and `SWATH_<QUEUE>_DEAD_LETTER_URL`.
 *
 * `maxConcurrency`: calls at once. It bounds how hard catalogues and Batch are pressed after an outage.
 */
export const workQueues = [
  { contract: order, description: 'Finds and pins the scenes of accepted requests', maxConcurrency: 5 },
  { contract: acquire, description: 'Decides with which scenes a request goes on', maxConcurrency: 5 },
  { contract: dispatch, description: 'Plans chunks and submits the process job', maxConcurrency: 5 },
  { contract: publish, description: 'Ends requests whose results are there', maxConcurrency: 5 },
  { contract: record, description: 'Writes the rows of ended requests', maxConcurrency: 2 },
  { contract: uploads, description: 'Checks files that people brought', maxConcurrency: 5 },
] as const;

/** As `RequestDeps` names it; `uploads` is beside the machine. */
export type QueueName = (typeof workQueues)[number]['contract']['queue'];

/** Native modules beside the bundles of some: blocks that are JPEG are decoded by sharp. */
export const installedFor: Readonly<Partial<Record<QueueName, readonly RuntimePackage[]>>> = {
  uploads: ['sharp'],
};
