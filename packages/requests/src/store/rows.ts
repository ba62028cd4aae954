import { SwathError } from '@swath/core';
import type { Row } from '@swath/ports';
import * as z from 'zod';
import { isReason, type Reason } from '../reasons.ts';
import { requestStates } from '../states.ts';

/**
 * The rows as the machine reads them. Loose and with defaults for what came later: code of the version before and
 * after can work on the same request (roll-back included).
 */

const state = z.enum(requestStates as readonly [(typeof requestStates)[number]]);
const instant = z.string();
const reason = z.string().transform((text): Reason => (isReason(text) ? text : 'INTERNAL_ERROR'));

const head = z.looseObject({
  pk: z.string(),
  sk: z.string(),
  id: z.string(),
  project: z.string(),
  /** Who asked; null where nobody signs in. */
  requestedBy: z.string().nullable().default(null),
  name: z.string().nullable(),
  labels: z.record(z.string(), z.string()),
  state,
  waitingReason: z.enum(['provider', 'capacity', 'rate-limit', 'approval', 'shared']).nullable(),
  /** State that `waiting` goes back to. */
  resumeState: z.enum(['ordering', 'acquiring', 'processing', 'publishing']).nullable(),
  attempt: z.int().min(1),
  /** Number of the newest event; every write of the row that matters raises it: the row's version. */
  sequence: z.int().min(1),
  /** Attempts the machine added since the user last asked. */
  automatic: z.int().min(0),
  /** Waits in a row without progress: the exponent of the back-off. */
  waits: z.int().min(0),
  createdAt: instant,
  updatedAt: instant,
  deadlineAt: instant.nullable(),
  /** Canonical JSON; null when it lies in `specPieces` rows beside the head. */
  spec: z.string().nullable(),
  specPieces: z.int().min(0),
  scenes: z.int().nullable(),
  products: z.int().nullable(),
  chunksDone: z.int(),
  chunksTotal: z.int().nullable(),
  failure: z.object({ reason, message: z.string() }).nullable(),
  contentKey: z.string().nullable(),
  /** This request holds the content key: others wait for it. */
  leads: z.boolean(),
  /** Where the results are; differs from the content key when something is missing in them. */
  resultKey: z.string().nullable(),
  reused: z.boolean(),
  warnings: z.array(z.string()),
  retentionDays: z.int().min(1),
  /** Budget held until the end, and the attempt the hold was made for. */
  heldUnits: z.int().min(0),
  heldAttempt: z.int().min(1),
  duePk: z.string().exactOptional(),
  dueAt: z.string().exactOptional(),
  projectPk: z.string(),
  projectSk: z.string(),
});
export type Head = Readonly<z.output<typeof head>>;

const attempt = z.looseObject({
  pk: z.string(),
  sk: z.string(),
  requestId: z.string(),
  attempt: z.int().min(1),
  startedAt: instant,
  endedAt: instant.nullable(),
  outcome: z.string().nullable(),
  deadlineAt: instant,
  /** Objects of the work bucket that this attempt made or inherited. */
  scenesKey: z.string().nullable(),
  acquiredKey: z.string().nullable(),
  planKey: z.string().nullable(),
  contentKey: z.string().nullable(),
  /** Identity of the results if no chunk is missing: the content key, or one of its own when scenes are missing. */
  resultBase: z.string().nullable(),
  /** First attempt that worked on the same plan: chunks done since then count. */
  since: z.int().min(1),
  products: z.int().nullable(),
  chunksTotal: z.int().nullable(),
  /** Children of the process job; null until the chunks are planned, 0 when none was left to do. */
  children: z.int().nullable(),
  /** Chunks that the results lack; 0 until processing is over. */
  missing: z.int().min(0),
  jobAcquire: z.string().exactOptional(),
  jobProcess: z.string().exactOptional(),
  jobPublish: z.string().exactOptional(),
});
export type Attempt = Readonly<z.output<typeof attempt>>;

const event = z.looseObject({
  sequence: z.int(),
  time: instant,
  attempt: z.int(),
  kind: z.string(),
  from: state.nullable(),
  to: state.nullable(),
  message: z.string(),
  /** The write that made it: tells a writer whether a transaction of unknown outcome was its own. */
  writeId: z.string(),
});
export type Event = Readonly<z.output<typeof event>>;

const contentHead = z.looseObject({
  state: z.enum(['running', 'done']),
  leader: z.string(),
  settledAt: instant.nullable(),
  /** Results may be shared until then: storage deletes them later. */
  availableUntil: instant.nullable(),
});
export type ContentHead = Readonly<z.output<typeof contentHead>>;

const idempotency = z.looseObject({ requestId: z.string(), bodyHash: z.string(), expiresAt: z.int() });
export type Idempotency = Readonly<z.output<typeof idempotency>>;

const queueName = z.enum(['order', 'imagery', 'dispatch', 'publish']);
export type QueueName = z.output<typeof queueName>;

/** A side effect, told as data. */
const effect = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('send'), queue: queueName, delayS: z.int().min(0).default(0) }),
  z.object({ kind: z.literal('submit'), stage: z.enum(['acquire', 'process', 'publish']) }),
  /** Stops whatever jobs the attempt has, then ends `cancelling`. */
  z.object({ kind: z.literal('cancel') }),
  /** Looks again at the requests that follow this content key. */
  z.object({ kind: z.literal('wake'), contentKey: z.string() }),
  /** Lists the published Items under their project. */
  z.object({ kind: z.literal('list-items'), resultKey: z.string() }),
  /** Tells those who keep records that the request has ended, again and again until they confirm. */
  z.object({ kind: z.literal('record'), sequence: z.int() }),
  z.object({
    kind: z.literal('tell'),
    sequence: z.int(),
    time: instant,
    from: state.nullable(),
    to: state,
  }),
]);
export type Effect = Readonly<z.output<typeof effect>>;

const outbox = z.looseObject({
  pk: z.string(),
  sk: z.string(),
  requestId: z.string(),
  project: z.string(),
  attempt: z.int().min(1),
  effect,
  /** Times it was postponed: by the relay or the sweep. */
  tries: z.int().min(0),
  createdAt: instant.exactOptional(),
});
export type OutboxRow = Readonly<z.output<typeof outbox>>;

const parser =
  <T>(kind: string, schema: z.ZodType<T>) =>
  (row: Row): T => {
    const parsed = schema.safeParse(row);
    if (parsed.success) return parsed.data;
    throw new SwathError(
      'Corrupt',
      `Row ${row.pk} ${row.sk} is no ${kind}: ${z.prettifyError(parsed.error)}`,
    );
  };

export const parseHead = parser('request', head);
export const parseAttempt = parser('attempt', attempt);
export const parseEvent = parser('event', event);
export const parseContentHead = parser('content key', contentHead);
export const parseIdempotency = parser('idempotency key', idempotency);
export const parseOutbox = parser('outbox row', outbox);
