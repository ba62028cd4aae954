import { SwathError } from '@swath/core';
import type { Queue } from '@swath/ports';
import { createRequest, getRequest } from '@swath/requests';
import { testSpec, testWorld } from '@swath/requests/testing/index';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeHandler } from './handler.ts';

const record = (number: number, pk: string, sk: string) => ({
  eventID: `e${number}`,
  eventName: 'INSERT',
  eventVersion: '1.1',
  eventSource: 'aws:dynamodb',
  awsRegion: 'eu-west-1',
  dynamodb: {
    ApproximateCreationDateTime: 1_767_225_600,
    Keys: { pk: { S: pk }, sk: { S: sk } },
    SequenceNumber: String(111 + number),
    SizeBytes: 90,
    StreamViewType: 'KEYS_ONLY',
  },
  eventSourceARN: 'arn:aws:dynamodb:eu-west-1:123456789012:table/t/stream/2026-01-01T00:00:00.000',
});
const sequenceOf = (number: number) => ({ itemIdentifier: String(111 + number) });

/** A world with `count` requests whose writers could not send their messages. */
async function leftByWriters(count: number) {
  let down = true;
  const queue = (inner: Queue): Queue => ({
    ...inner,
    send: async (body, options) => {
      if (down) throw new SwathError('Unavailable', 'queue is down');
      return inner.send(body, options);
    },
  });
  const world = testWorld({ wrap: { queue } });
  const ids: string[] = [];
  for (let i = 0; i < count; i++) {
    const { request } = await createRequest(world.deps, {
      project: `p${i}`,
      body: testSpec({ name: `n${i}` }),
    });
    ids.push(request.id);
  }
  down = false;
  const rows = ids.map((id) =>
    world.table.rows().find(({ pk, sk }) => /^OBX#/.test(pk) && sk.startsWith(id)),
  );
  const records = rows.map((row, i) => record(i, row?.pk ?? '', row?.sk ?? ''));
  const handler = makeHandler({ ...world.deps, wait: async (ms) => world.clock.advance(ms) });
  return { world, ids, records, handler };
}

const good = record(0, 'OBX#0', 'x');
const poison: readonly object[] = [
  { ...good, eventName: 'REMOVE' },
  { ...good, dynamodb: { SequenceNumber: '111' } },
  { ...good, dynamodb: { ...good.dynamodb, Keys: { pk: { S: 'REQ#1' }, sk: { S: 'HEAD' } } } },
  { ...good, dynamodb: { ...good.dynamodb, Keys: { pk: { S: 'OBX#1' }, sk: { N: '1' } } } },
  { ...good, dynamodb: { ...good.dynamodb, Keys: { pk: { S: 'OBX#1' }, sk: { S: '' } } } },
];

describe('a batch of a table stream', () => {
  it('has the outbox performed', async () => {
    const { world, ids, records, handler } = await leftByWriters(2);
    expect(await handler({ Records: records })).toEqual({ batchItemFailures: [] });
    await world.drain();
    for (const [i, id] of ids.entries()) {
      expect((await getRequest(world.deps, `p${i}`, id)).state).toBe('succeeded');
    }
  });

  it.each(poison)('reports a record that nobody can read, and does the others: %j', async (wrong) => {
    const { world, records, handler } = await leftByWriters(2);
    const [first, second] = records;
    const bad = { ...wrong, dynamodb: { ...Object(Reflect.get(wrong, 'dynamodb')), SequenceNumber: '117' } };
    expect(await handler({ Records: [first, bad, second] })).toEqual({ batchItemFailures: [sequenceOf(6)] });
    expect(await world.queues.order.depth()).toMatchObject({ visible: 2 });
  });

  it.each([
    null,
    {},
    'text',
    { Records: [{}] },
    { Records: [{ dynamodb: { SequenceNumber: '' } }] },
    { Records: [good, { dynamodb: { Keys: good.dynamodb.Keys } }] },
  ])('without numbers to report fails as a whole: %j', async (wrong) => {
    const { handler } = await leftByWriters(0);
    await expect(handler(wrong)).rejects.toMatchObject({ code: 'InvalidInput' });
  });

  it('reports exactly the rows that could not be read', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 6 }), async (broken) => {
        const { world, records, handler } = await leftByWriters(broken.length);
        for (const [i, one] of records.entries()) {
          const { pk, sk } = one.dynamodb.Keys;
          if (broken[i]) await world.table.transact([{ put: { pk: pk.S, sk: sk.S, effect: 'dance' } }]);
        }
        expect(await handler({ Records: records })).toEqual({
          batchItemFailures: broken.flatMap((one, i) => (one ? [sequenceOf(i)] : [])),
        });
        expect(world.table.rows().filter(({ pk }) => pk.startsWith('OBX#'))).toHaveLength(
          broken.filter(Boolean).length,
        );
      }),
      { numRuns: 30 },
    );
  });
});
