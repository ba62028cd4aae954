import { setTimeout as wait } from 'node:timers/promises';
import { SwathError } from '@swath/core';
import type { RowKey } from '@swath/ports';
import { type RelayDeps, relayOutbox } from '@swath/requests';
import { outboxPrefix } from '@swath/requests/store/keys';
import type { DynamoDBBatchResponse } from 'aws-lambda';
import * as z from 'zod';
import { lazily } from '../support/from-env.ts';

const batch = z.looseObject({
  Records: z.array(
    z.looseObject({ dynamodb: z.looseObject({ SequenceNumber: z.string().regex(/^\d{1,40}$/) }) }),
  ),
});

/** A record of the table's stream, reduced to what is read: what the contract's filter lets through. */
const insert = z.looseObject({
  eventName: z.literal('INSERT'),
  dynamodb: z.looseObject({
    Keys: z.looseObject({
      pk: z.looseObject({ S: z.string().startsWith(outboxPrefix) }),
      sk: z.looseObject({ S: z.string().min(1) }),
    }),
  }),
});

type StreamRecord = z.output<typeof batch>['Records'][number];

/**
 * New rows of the outbox, from the table's stream. Records that nobody can read are reported with those that failed, and
 * delivered again until the mapping sets them aside. Lambda goes on from the first it is told of: what comes after it is
 * delivered again, too, and found done.
 */
export const makeHandler =
  (deps: RelayDeps) =>
  async (event: unknown): Promise<DynamoDBBatchResponse> => {
    const parsed = batch.safeParse(event);
    if (!parsed.success) {
      deps.log.error('Stream:Parse:Refused', {
        issues: parsed.error.issues.map((issue) => issue.path.join('.')),
      });
      throw new SwathError('InvalidInput', 'These are no records of a table stream.');
    }
    const records = parsed.data.Records.map((record) => ({ number: numberOf(record), key: keyOf(record) }));
    const readable = records.flatMap(({ number, key }) => (key === undefined ? [] : [{ number, key }]));
    const unreadable = records.flatMap(({ number, key }) => (key === undefined ? [number] : []));
    for (const sequenceNumber of unreadable) deps.log.error('Record:Parse:Refused', { sequenceNumber });

    const relayed = await relayOutbox(
      deps,
      readable.map(({ key }) => key),
    );
    const failed = new Set([
      ...unreadable,
      ...readable.flatMap(({ number }, i) => (relayed[i] === 'failed' ? [number] : [])),
    ]);
    deps.log.info('Relay:Run:Done', { records: records.length, ...countsOf(relayed), failed: failed.size });
    return {
      batchItemFailures: records
        .filter(({ number }) => failed.has(number))
        .map(({ number }) => ({ itemIdentifier: number })),
    };
  };

const numberOf = (record: StreamRecord): string => record.dynamodb.SequenceNumber;

function keyOf(record: StreamRecord): RowKey | undefined {
  const keys = insert.safeParse(record).data?.dynamodb.Keys;
  return keys === undefined ? undefined : { pk: keys.pk.S, sk: keys.sk.S };
}

function countsOf(relayed: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const one of relayed) counts[one] = (counts[one] ?? 0) + 1;
  return counts;
}

export const handler = lazily((deps) => makeHandler({ ...deps, wait: async (ms) => void (await wait(ms)) }));
