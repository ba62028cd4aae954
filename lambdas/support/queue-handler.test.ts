import { createRequest, getRequest } from '@swath/requests';
import { testSpec, testWorld } from '@swath/requests/testing/index';
import type { SQSRecord } from 'aws-lambda';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeHandler as makeOrder } from '../order/handler.ts';
import { queueHandler } from './queue-handler.ts';

const project = 'p1';
const id = '0199a1b2-0000-7000-8000-00000000000a';
const good = JSON.stringify({ v: 1, requestId: id, attempt: 1 });

function record(messageId: string, body: string): SQSRecord {
  return {
    messageId,
    receiptHandle: messageId,
    body,
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '0',
      SenderId: 's',
      ApproximateFirstReceiveTimestamp: '0',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn',
    awsRegion: 'eu-west-1',
  };
}

const poison = [
  '',
  '{',
  'null',
  '[]',
  '{"v":2,"requestId":"0199a1b2-0000-7000-8000-00000000000a","attempt":1}',
  '{"v":1,"requestId":"../x","attempt":1}',
  `{"v":1,"requestId":"${id}","attempt":"1"}`,
  `{"v":1,"requestId":"${id}","attempt":0}`,
  JSON.stringify({ Type: 'Notification', Message: good }),
  Buffer.from(good).toString('base64'),
];

describe('a batch of records', () => {
  const { deps } = testWorld();

  it('reports exactly the record that nobody can read, at every position', async () => {
    const handled: string[] = [];
    const handler = queueHandler(
      'test',
      async (_deps, message) => void handled.push(message.requestId),
    )(deps);
    for (const [n, body] of poison.entries()) {
      for (let position = 0; position < 10; position++) {
        handled.length = 0;
        const records = Array.from({ length: 10 }, (_, i) => record(`m${i}`, i === position ? body : good));
        const answer = await handler({ Records: records });
        expect(answer, `poison ${n} at ${position}`).toEqual({
          batchItemFailures: [{ itemIdentifier: `m${position}` }],
        });
        expect(handled).toHaveLength(9);
      }
    }
  });

  it('reports what fails and does the rest: reported and done are all that was received', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 10 }), async (fails) => {
        const done = new Set<number>();
        const handler = queueHandler('test', async (_deps, message) => {
          if (fails[message.attempt - 1]) throw new Error('broken');
          done.add(message.attempt - 1);
        })(deps);
        const records = fails.map((_, i) =>
          record(`m${i}`, JSON.stringify({ v: 1, requestId: id, attempt: i + 1 })),
        );
        const { batchItemFailures } = await handler({ Records: records });
        expect(batchItemFailures.map((one) => one.itemIdentifier)).toEqual(
          fails.flatMap((failed, i) => (failed ? [`m${i}`] : [])),
        );
        expect(done.size + batchItemFailures.length).toBe(fails.length);
      }),
    );
  });

  it('with the same message ten times has one effect', async () => {
    const world = testWorld();
    const { request } = await createRequest(world.deps, { project, body: testSpec() });
    const body = JSON.stringify({ v: 1, requestId: request.id, attempt: 1 });
    const answer = await makeOrder(world.deps)({
      Records: Array.from({ length: 10 }, (_, i) => record(`m${i}`, body)),
    });
    expect(answer).toEqual({ batchItemFailures: [] });
    expect((await getRequest(world.deps, project, request.id)).state).toBe('acquiring');
    expect(await world.jobs.findByName(`${request.id}-1-acquire`)).toBeDefined();
    await world.drain();
    expect((await getRequest(world.deps, project, request.id)).state).toBe('succeeded');
  });
});
