import * as z from 'zod';
import { link } from './common.ts';
import { linkedProduct, productResult, statisticsRow } from './product.ts';
import { requestSpec } from './spec.ts';

/** Schemas of requests, their events and results, as they travel over HTTP. */

export const requestStates = [
  'accepted',
  'ordering',
  'acquiring',
  'processing',
  'publishing',
  'waiting',
  'cancelling',
  'succeeded',
  'partial',
  'failed',
  'cancelled',
  'expired',
] as const;

export const requestState = z.enum(requestStates).meta({ id: 'RequestState' });

/** States that never change again. */
export const finalStates: ReadonlySet<string> = new Set([
  'succeeded',
  'partial',
  'failed',
  'cancelled',
  'expired',
]);

export const progress = z
  .object({
    scenes: z.int().nullable(),
    products: z.int().nullable(),
    chunksDone: z.int(),
    chunksTotal: z.int().nullable(),
  })
  .meta({ id: 'Progress' });

export const failure = z
  .object({
    reason: z.string().describe('One of a closed list, such as NO_VALID_PIXELS.'),
    message: z.string(),
    fault: z.enum(['user', 'provider', 'swath']),
    retryable: z.boolean(),
    fix: z.string(),
  })
  .meta({ id: 'Failure' });

const waitingReason = z.enum(['provider', 'capacity', 'rate-limit', 'approval', 'shared']);

export const requestView = z
  .object({
    id: z.string(),
    project: z.string(),
    name: z.string().nullable(),
    labels: z.record(z.string(), z.string()),
    state: requestState,
    waitingReason: waitingReason.nullable(),
    attempt: z.int(),
    createdAt: z.string().describe('ISO 8601.'),
    updatedAt: z.string(),
    deadlineAt: z
      .string()
      .nullable()
      .describe('No state outlives this instant by more than five minutes; null once final.'),
    spec: requestSpec,
    progress,
    failure: failure.nullable(),
    results: z.array(productResult).describe('Present in `succeeded` and `partial`.'),
    reused: z.boolean().describe('True when the results were there already.'),
    contentKey: z.string().nullable(),
    warnings: z.array(z.string()),
  })
  .meta({ id: 'Request' });

export const requestList = z
  .object({ requests: z.array(requestView), links: z.array(link) })
  .meta({ id: 'RequestList' });

export const requestEvent = z
  .object({
    sequence: z.int(),
    time: z.string(),
    attempt: z.int(),
    kind: z.string().describe('`transition`, `stale` or `note`.'),
    from: requestState.nullable(),
    to: requestState.nullable(),
    message: z.string(),
  })
  .meta({ id: 'RequestEvent' });

export const eventList = z
  .object({ events: z.array(requestEvent), links: z.array(link) })
  .meta({ id: 'RequestEventList' });

/** `data` of the `progress` events of the stream: the part of a request that moves. */
export const requestProgress = z
  .object({
    id: z.string(),
    state: requestState,
    waitingReason: waitingReason.nullable(),
    attempt: z.int(),
    updatedAt: z.string(),
    progress,
    failure: failure.nullable(),
  })
  .meta({ id: 'RequestProgress' });

export const requestResults = z
  .object({
    requestId: z.string(),
    state: requestState,
    contentKey: z.string().nullable(),
    reused: z.boolean(),
    products: z.array(linkedProduct),
    warnings: z.array(z.string()),
    links: z.array(link),
  })
  .meta({ id: 'RequestResults' });

export const requestStatistics = z
  .object({
    requestId: z.string(),
    state: requestState,
    rows: z.array(statisticsRow),
    links: z.array(link),
  })
  .meta({ id: 'RequestStatistics' });
