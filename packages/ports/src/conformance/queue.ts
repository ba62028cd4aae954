import { expect } from 'vitest';
import { maxMessageBytes } from '../limits.ts';
import type { Queue, QueueMessage } from '../queue.ts';
import { codeOf, errorOf, type SuiteOptions, suite } from './support.ts';

export interface QueueFixture {
  /** A new, empty queue that sets messages aside after three deliveries. */
  makeQueue(): Promise<Queue>;
  /** Lets time pass: by telling the clock, or by waiting where the clock is another's. */
  advance(ms: number): Promise<void>;
  readonly close?: () => Promise<void>;
}

/** What every Queue promises: at least once, unordered, never lost. */
export function queueConformance(
  name: string,
  makeFixture: () => Promise<QueueFixture>,
  options: SuiteOptions = {},
): void {
  suite(`Queue: ${name}`, makeFixture, options, ({ test }) => {
    const hour = { max: 10, visibilityS: 3_600 } as const;

    test('delivers what was sent and forgets what was acknowledged', async ({ makeQueue }) => {
      const queue = await makeQueue();
      const body = JSON.stringify({ v: 1, text: 'Zürich 🛰 <&>\n' });
      const id = await queue.send(body);
      const [message, ...rest] = await drain(queue);
      expect(rest).toEqual([]);
      expect(message).toEqual({ id, body, receipt: expect.any(String), receiveCount: 1 });
      await queue.ack(message?.receipt ?? '');
      expect(await queue.depth()).toEqual({ visible: 0, inFlight: 0, dead: 0 });
      await queue.ack(message?.receipt ?? '');
    });

    test('is empty without complaint', async ({ makeQueue }) => {
      const queue = await makeQueue();
      expect(await queue.receive(hour)).toEqual([]);
    });

    test('delivers each of many messages once while they are hidden', async ({ makeQueue }) => {
      const queue = await makeQueue();
      const sent = await Promise.all(Array.from({ length: 23 }, (_, i) => queue.send(String(i))));
      const got = await drain(queue);
      expect(got.map((message) => message.id).sort()).toEqual([...sent].sort());
      expect(await queue.depth()).toEqual({ visible: 0, inFlight: 23, dead: 0 });
    });

    test('gives at most as many as were asked for', async ({ makeQueue }) => {
      const queue = await makeQueue();
      for (let i = 0; i < 5; i++) await queue.send(String(i));
      expect((await queue.receive({ max: 2, visibilityS: 3_600 })).length).toBeLessThanOrEqual(2);
    });

    test('never gives one message to two of ten racers', async ({ makeQueue }) => {
      const queue = await makeQueue();
      for (let i = 0; i < 10; i++) await queue.send(String(i));
      const batches = await Promise.all(
        Array.from({ length: 10 }, () => queue.receive({ max: 3, visibilityS: 3_600 })),
      );
      const ids = batches.flat().map((message) => message.id);
      expect(new Set(ids).size).toBe(ids.length);
    });

    test('delivers again after the visibility has run out, with another receipt', async (fixture) => {
      const queue = await fixture.makeQueue();
      await queue.send('x');
      const first = await one(queue, 1);
      expect(await queue.receive(hour)).toEqual([]);
      await fixture.advance(1_100);
      const second = await one(queue, 3_600);
      expect(second).toMatchObject({ id: first.id, body: 'x', receiveCount: 2 });
      expect(second.receipt).not.toBe(first.receipt);
    });

    test('ignores the receipt of an old delivery', async (fixture) => {
      const queue = await fixture.makeQueue();
      await queue.send('x');
      const first = await one(queue, 1);
      await fixture.advance(1_100);
      const second = await one(queue, 3_600);
      await queue.ack(first.receipt);
      expect((await queue.depth()).inFlight).toBe(1);
      await queue.ack(second.receipt);
      expect((await queue.depth()).inFlight).toBe(0);
    });

    test('still takes the acknowledgement of a delivery that ran out but was not repeated', async (fixture) => {
      const queue = await fixture.makeQueue();
      await queue.send('x');
      const first = await one(queue, 1);
      await fixture.advance(1_100);
      await queue.ack(first.receipt);
      expect(await queue.receive(hour)).toEqual([]);
    });

    test('extends a delivery', async (fixture) => {
      const queue = await fixture.makeQueue();
      await queue.send('x');
      const first = await one(queue, 1);
      await queue.extend(first.receipt, 3_600);
      await fixture.advance(1_100);
      expect(await queue.receive(hour)).toEqual([]);
    });

    test('makes a message visible at once when its visibility is set to 0', async ({ makeQueue }) => {
      const queue = await makeQueue();
      await queue.send('x');
      const first = await one(queue, 3_600);
      await queue.extend(first.receipt, 0);
      expect((await one(queue, 3_600)).receiveCount).toBe(2);
    });

    test('says Conflict to who extends what is acknowledged', async ({ makeQueue }) => {
      const queue = await makeQueue();
      await queue.send('x');
      const first = await one(queue, 3_600);
      await queue.ack(first.receipt);
      expect(await codeOf(queue.extend(first.receipt, 10))).toBe('Conflict');
    });

    test('sets a message aside after three deliveries', async ({ makeQueue }) => {
      const queue = await makeQueue();
      await queue.send('poison');
      for (let delivery = 1; delivery <= 3; delivery++) {
        const message = await one(queue, 3_600);
        expect(message.receiveCount).toBe(delivery);
        await queue.extend(message.receipt, 0);
      }
      expect(await queue.receive(hour)).toEqual([]);
      expect(await queue.depth()).toEqual({ visible: 0, inFlight: 0, dead: 1 });
    });

    test('holds a delayed message back', async (fixture) => {
      const queue = await fixture.makeQueue();
      await queue.send('later', { delayS: 1 });
      expect(await queue.receive(hour)).toEqual([]);
      expect(await queue.depth()).toEqual({ visible: 0, inFlight: 1, dead: 0 });
      await fixture.advance(1_100);
      expect((await one(queue, 3_600)).body).toBe('later');
    });

    test('takes 256 KiB and refuses one byte more', async ({ makeQueue }) => {
      const queue = await makeQueue();
      const most = 'x'.repeat(maxMessageBytes);
      await queue.send(most);
      expect((await one(queue, 3_600)).body).toBe(most);
      const error = await errorOf(queue.send(`${most}x`));
      expect([error.code, typeof error.fix]).toEqual(['LimitExceeded', 'string']);
      expect(await codeOf(queue.send(`${most.slice(0, -1)}é`))).toBe('LimitExceeded');
    });

    test('refuses what no queue can carry', async ({ makeQueue }) => {
      const queue = await makeQueue();
      for (const body of ['', 'a\u0000b', '\ud800', '\uffff']) {
        expect(await codeOf(queue.send(body))).toBe('InvalidInput');
      }
      expect(await codeOf(queue.send('x', { delayS: 901 }))).toBe('InvalidInput');
      expect(await codeOf(queue.receive({ max: 11, visibilityS: 1 }))).toBe('InvalidInput');
      expect(await codeOf(queue.receive({ max: 1, visibilityS: -1 }))).toBe('InvalidInput');
    });
  });
}

async function one(queue: Queue, visibilityS: number): Promise<QueueMessage> {
  const [message] = await queue.receive({ max: 1, visibilityS });
  if (message === undefined) throw new Error('nothing was delivered');
  return message;
}

/** Everything visible; ends at the first empty answer. */
async function drain(queue: Queue): Promise<QueueMessage[]> {
  const got: QueueMessage[] = [];
  for (;;) {
    const batch = await queue.receive({ max: 10, visibilityS: 3_600 });
    if (batch.length === 0) return got;
    expect(batch.length).toBeLessThanOrEqual(10);
    got.push(...batch);
  }
}
