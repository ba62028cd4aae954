import { expect, it } from 'vitest';
import * as z from 'zod';
import type { Call } from './callers.ts';
import type { HttpAnswer } from './gateway.ts';
import type { Machine } from './machine.ts';
import type { RecordedCall } from './recorder.ts';
import { requestView } from './views.ts';

export interface RelayWorld {
  readonly machine: Machine;
  readonly call: (method: 'POST', path: string, how: Call) => Promise<HttpAnswer>;
  readonly until: (id: string, states: readonly string[]) => Promise<unknown>;
  readonly caller: readonly string[];
  /** A request nobody has asked for yet. */
  readonly order: object;
}

const sent = z.looseObject({ QueueUrl: z.string(), MessageBody: z.string() });

/** Messages about a request that were sent to a queue. */
function sendsOf(calls: readonly RecordedCall[], queue: string, id: string): readonly unknown[] {
  return calls
    .filter(({ service, header }) => service === 'sqs' && header('x-amz-target') === 'AmazonSQS.SendMessage')
    .map(({ body }) => sent.parse(body))
    .filter(({ QueueUrl, MessageBody }) => QueueUrl.includes(queue) && MessageBody.includes(id))
    .map(({ MessageBody }): unknown => JSON.parse(MessageBody));
}

export function relaySuite(running: () => RelayWorld): void {
  it('perform what writers could not, once, when the stream tells of it', async () => {
    const { machine, call, until, caller, order } = running();
    const api = machine.recorders.get('api') ?? expect.fail('no recorder of the API');
    const relay = machine.recorders.get('relay') ?? expect.fail('no recorder of the relay');
    const everySend = (id: string) =>
      [...machine.recorders].flatMap(([name, { calls }]) =>
        sendsOf(calls, 'orderqueue', id).map((message) => ({ name, message })),
      );
    await machine.stream.pump();
    const posted = await api.refusing('sqs', () => call('POST', '/requests', { body: order, as: caller }));
    expect(posted.status, posted.body).toBe(201);
    const { id } = requestView.parse(JSON.parse(posted.body));
    expect(everySend(id)).toEqual([]);
    const jobs = machine.jobs.length;
    const reads = relay.calls.length;

    // Two rows: the message, which is still there, and the news, which the API has told.
    expect(await machine.stream.pump()).toEqual({ taken: 2, failed: 0 });
    expect(everySend(id)).toEqual([{ name: 'relay', message: { v: 1, requestId: id, attempt: 1 } }]);
    expect(relay.calls.length).toBeGreaterThan(reads);

    const orders = machine.recorders.get('order') ?? expect.fail('no recorder of orders');
    const before = relay.calls.length;
    // Its bundle takes the message and writes down what it may not do; the stream is looked at last.
    await orders.refusing('batch', () => orders.refusing('events', () => machine.turn()));
    const done = relay.calls.slice(before).filter(({ status }) => status === 200);
    expect(done.filter(({ path }) => path === '/v1/submitjob')).toHaveLength(1);
    expect(done.filter(({ service }) => service === 'events').length).toBeGreaterThan(0);

    await until(id, ['succeeded']);
    expect(everySend(id)).toHaveLength(1);
    expect(machine.jobs.slice(jobs).map(({ name }) => name)).toEqual(
      ['acquire', 'process', 'publish'].map((stage) => `${id}-1-${stage}`),
    );
  });

  it('are told of the outbox alone: most changes of the table bill nothing', () => {
    const { through, filtered } = running().machine.stream.passed();
    expect(through).toBeGreaterThan(20);
    expect(filtered).toBeGreaterThan(2 * through);
  });
}
