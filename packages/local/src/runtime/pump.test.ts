import { silentLogger } from '@swath/core';
import { fixedClock, memoryQueue } from '@swath/ports/memory/index';
import type { SQSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { noticedQueue, type SqsHandler, startPump } from './pump.ts';

/** Runs a pump over a queue with these bodies until `enough` says so. */
async function pumped(bodies: readonly string[], handler: SqsHandler, enough: () => boolean) {
  const queue = memoryQueue({ clock: fixedClock(0) });
  for (const body of bodies) await queue.send(body);
  const pump = startPump({ name: 'order', queue, handler, log: silentLogger });
  await expect.poll(enough).toBe(true);
  await pump.stop();
  return await queue.depth();
}

describe('a pump', () => {
  it('hands over SQS events and acknowledges what was not reported', async () => {
    const seen: string[] = [];
    const handler = async (event: SQSEvent) => {
      seen.push(...event.Records.map(({ body }) => body));
      const bad = event.Records.filter(({ body }) => body === 'bad');
      return { batchItemFailures: bad.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    };
    const depth = await pumped(['a', 'bad', 'b'], handler, () => seen.length >= 3);
    expect(seen.sort()).toEqual(['a', 'b', 'bad']);
    expect(depth).toEqual({ visible: 0, inFlight: 1, dead: 0 });
  });

  it('keeps the whole batch when the handler throws', async () => {
    let calls = 0;
    const handler = async () => {
      calls++;
      throw new Error('broken');
    };
    const depth = await pumped(['a', 'b'], handler, () => calls > 0);
    expect(depth.inFlight).toBe(2);
  });

  it('is woken by a send of the same process', async () => {
    const queue = memoryQueue({ clock: fixedClock(0) });
    const seen: string[] = [];
    const pump = startPump({
      name: 'order',
      queue,
      log: silentLogger,
      handler: async (event) => {
        seen.push(...event.Records.map(({ body }) => body));
        return { batchItemFailures: [] };
      },
    });
    const noticed = noticedQueue(queue, () => pump.wake());
    await noticed.send('x');
    await expect.poll(() => seen).toEqual(['x']);
    await pump.stop();
  });
});
