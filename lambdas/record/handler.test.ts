import { memoryObjects } from '@swath/ports/memory/index';
import { createRequest } from '@swath/requests';
import { testSpec, testWorld } from '@swath/requests/testing/index';
import type { SQSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { makeHandler as makeCompact } from '../compact/handler.ts';
import { contract } from './contract.ts';
import { makeHandler } from './handler.ts';

const event = (...bodies: readonly string[]) =>
  ({ Records: bodies.map((body, i) => ({ messageId: `m${i}`, body })) }) as SQSEvent;

/** A request that has ended, of which nobody has taken note. */
async function endedRequest() {
  const told: string[] = [];
  const world = testWorld({
    record: async (_deps, message) => {
      told.push(JSON.stringify(message));
    },
  });
  await createRequest(world.deps, { project: 'p1', body: testSpec() });
  await world.drain();
  return { world, message: told[0] ?? '' };
}

describe('the recorder of ended requests', () => {
  it('writes their rows and confirms, once for any number of messages', async () => {
    const { world, message } = await endedRequest();
    expect(world.table.rows().filter((row) => row.pk.startsWith('OBX#'))).toHaveLength(1);
    const analytics = memoryObjects();
    const handler = makeHandler({ ...world.deps, analytics });
    expect(await handler(event(message, message))).toEqual({ batchItemFailures: [] });
    expect((await analytics.list('')).objects).toHaveLength(5);
    expect(world.table.rows().filter((row) => row.pk.startsWith('OBX#'))).toEqual([]);
  });

  it('reports what it could not record, and nothing is confirmed', async () => {
    const { world, message } = await endedRequest();
    const analytics = memoryObjects();
    const broken = { ...analytics, put: () => Promise.reject(new Error('no')) };
    const handler = makeHandler({ ...world.deps, analytics: broken });
    expect(await handler(event('{}', message))).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm0' }, { itemIdentifier: 'm1' }],
    });
    expect(world.table.rows().filter((row) => row.pk.startsWith('OBX#'))).toHaveLength(1);
  });

  it('takes a message about a request that is not there for done', async () => {
    const { world, message } = await endedRequest();
    const other = message.replace(
      /"requestId":"[^"]+"/,
      `"requestId":"${'0'.repeat(8)}-0000-7000-8000-${'0'.repeat(12)}"`,
    );
    const handler = makeHandler({ ...world.deps, analytics: memoryObjects() });
    expect(await handler(event(other))).toEqual({ batchItemFailures: [] });
  });

  it('names a missing bucket', () => {
    const parsed = contract.environment.safeParse({});
    expect(parsed.error?.issues.map(({ path }) => path[0])).toEqual(
      expect.arrayContaining(['SWATH_ANALYTICS_BUCKET', 'SWATH_RECORD_QUEUE_URL']),
    );
  });
});

describe('the compaction on its schedule', () => {
  it('merges what the recorder left, a day later', async () => {
    const { world, message } = await endedRequest();
    const analytics = memoryObjects();
    const handler = makeHandler({ ...world.deps, analytics });
    await handler(event(message));
    await createRequest(world.deps, { project: 'p2', body: testSpec({ composite: 'max' }) });
    world.clock.advance(1);
    await world.drain();
    const messages = world.table
      .rows()
      .filter((row) => row.pk.startsWith('OBX#'))
      .map((row) => JSON.stringify({ v: 1, requestId: row['requestId'], attempt: row['attempt'] }));
    await handler(event(...messages));
    world.clock.advance(86_400_000);
    const compact = makeCompact({ analytics, clock: world.clock, log: world.deps.log });
    expect(await compact({})).toEqual({ folders: 5, made: 5, merged: 10, removed: 0, failed: 0 });
  });
});
