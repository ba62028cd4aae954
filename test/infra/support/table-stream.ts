import * as z from 'zod';
import { region } from './account.ts';
import { matchesPattern } from './event-pattern.ts';
import type { LambdaProcess } from './lambda-process.ts';
import type { RecordedCall } from './recorder.ts';

const text = z.looseObject({ S: z.string() });
const keys = z.looseObject({ pk: text, sk: text });
const transaction = z.looseObject({
  TransactItems: z.array(
    z.looseObject({
      Put: z.looseObject({ Item: keys }).exactOptional(),
      Update: z.looseObject({ Key: keys }).exactOptional(),
      Delete: z.looseObject({ Key: keys }).exactOptional(),
    }),
  ),
});
const answerShape = z.strictObject({
  batchItemFailures: z.array(z.strictObject({ itemIdentifier: z.string() })),
});

interface Change {
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly dynamodb: {
    readonly Keys: { readonly pk: { readonly S: string }; readonly sk: { readonly S: string } };
    readonly SequenceNumber: string;
  };
}

/** A mapping as its template has it. */
export interface StreamMapping {
  readonly streamArn: string;
  readonly batchSize: number;
  /** Of its filter: a record has to match one. */
  readonly patterns: readonly unknown[];
  readonly lambda: LambdaProcess;
}

export interface StreamFeed {
  /** Brings the function all that is new, in batches. @returns how many the filter let through, and how many failed. */
  pump(): Promise<{ readonly taken: number; readonly failed: number }>;
  /** Of every change so far, those that the filter let through or not. */
  readonly passed: () => { readonly through: number; readonly filtered: number };
}

/**
 * The table's stream of keys, made from the transactions that were heard: the servers that play DynamoDB keep none that
 * Lambda could be played over. The order is that of the answers.
 */
export function tableChanges() {
  const there = new Set<string>();
  const changes: Change[] = [];

  const add = (eventName: Change['eventName'], { pk, sk }: z.output<typeof keys>) => {
    const SequenceNumber = String(100_000 + changes.length);
    changes.push({ eventName, dynamodb: { Keys: { pk: { S: pk.S }, sk: { S: sk.S } }, SequenceNumber } });
  };
  const write = (key: z.output<typeof keys>) => {
    const id = `${key.pk.S}\n${key.sk.S}`;
    add(there.has(id) ? 'MODIFY' : 'INSERT', key);
    there.add(id);
  };
  return {
    /** The tables' adapter writes in transactions only. */
    hear(call: RecordedCall): void {
      if (call.service !== 'dynamodb' || call.status !== 200) return;
      if (call.header('x-amz-target')?.split('.').at(-1) !== 'TransactWriteItems') return;
      for (const { Put, Update, Delete } of transaction.parse(call.body).TransactItems) {
        if (Put !== undefined) write(Put.Item);
        if (Update !== undefined) write(Update.Key);
        if (Delete !== undefined && there.delete(`${Delete.Key.pk.S}\n${Delete.Key.sk.S}`))
          add('REMOVE', Delete.Key);
      }
    },
    feed({ streamArn, batchSize, patterns, lambda }: StreamMapping): StreamFeed {
      let at = 0;
      let through = 0;
      return {
        passed: () => ({ through, filtered: at - through }),
        async pump() {
          const wanted = changes
            .slice(at)
            .filter((change) => patterns.some((pattern) => matchesPattern(pattern, change)));
          at = changes.length;
          through += wanted.length;
          let failed = 0;
          for (let from = 0; from < wanted.length; from += batchSize) {
            const records = wanted.slice(from, from + batchSize).map((change) => recordOf(streamArn, change));
            const answer = answerShape.parse(await lambda.invoke({ Records: records }));
            failed += answer.batchItemFailures.length;
          }
          return { taken: wanted.length, failed };
        },
      };
    },
  };
}

const recordOf = (streamArn: string, change: Change) => ({
  eventID: change.dynamodb.SequenceNumber,
  eventName: change.eventName,
  eventVersion: '1.1',
  eventSource: 'aws:dynamodb',
  awsRegion: region,
  dynamodb: { ...change.dynamodb, SizeBytes: 90, StreamViewType: 'KEYS_ONLY' },
  eventSourceARN: streamArn,
});
