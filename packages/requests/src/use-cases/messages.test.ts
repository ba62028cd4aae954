import type { JobEvent } from '@swath/ports';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RequestMessage } from '../deps.ts';
import { canMove, isFinal } from '../states.ts';
import { handlers, queueNames, type TestWorld, testSpec, testWorld } from '../testing/index.ts';
import type { RequestEventView } from '../view.ts';
import { createRequest } from './create-request.ts';
import { getRequest, listEvents } from './read-requests.ts';
import { track } from './track.ts';

const project = 'p1';

type Delivery =
  | { readonly queue: (typeof queueNames)[number]; readonly message: RequestMessage }
  | { readonly event: JobEvent };

/** Everything that was ever sent, each of which may be delivered at any time and any number of times. */
async function collect(world: TestWorld, bag: Delivery[]): Promise<void> {
  for (const queue of queueNames) {
    for (const { body, receipt } of await world.queues[queue].receive({ max: 10, visibilityS: 60 })) {
      bag.push({ queue, message: JSON.parse(body) });
      await world.queues[queue].ack(receipt);
    }
  }
  const known = bag.filter((one) => 'event' in one).length;
  bag.push(...world.jobs.events.slice(known).map((event) => ({ event })));
}

async function deliver(world: TestWorld, delivery: Delivery | undefined): Promise<void> {
  if (delivery === undefined) return;
  if ('event' in delivery) await track(world.deps, delivery.event);
  else await handlers[delivery.queue](world.deps, delivery.message);
}

function expectPath(events: readonly RequestEventView[]): void {
  const moves = events.filter((event) => event.kind === 'transition');
  expect(moves[0]).toMatchObject({ from: null, to: 'accepted' });
  for (const [i, { from, to }] of moves.slice(1).entries()) {
    expect(from).toBe(moves[i]?.to);
    expect(from !== null && to !== null && canMove(from, to), `${from} -> ${to}`).toBe(true);
  }
}

describe('messages and events in any order, any number of times', () => {
  it('lead to one end along the table, which no repeat changes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { minLength: 30, maxLength: 60 }), async (choices) => {
        const world = testWorld();
        const { request } = await createRequest(world.deps, { project, body: testSpec() });
        const bag: Delivery[] = [];
        for (const choice of choices) {
          await collect(world, bag);
          // One in four runs a job instead; otherwise anything sent so far, however old.
          if (choice % 4 === 0) await world.jobs.runNext();
          else await deliver(world, bag[Math.floor(choice / 4) % Math.max(bag.length, 1)]);
        }
        await world.drain();
        await world.sweep(4);
        const done = await getRequest(world.deps, project, request.id);
        expect(done).toMatchObject({ state: 'succeeded', attempt: 1 });
        const events = await listEvents(world.deps, project, request.id);
        expectPath(events);

        await collect(world, bag);
        for (const delivery of [...bag, ...bag.toReversed()]) await deliver(world, delivery);
        expect(await getRequest(world.deps, project, request.id)).toEqual(done);
        expect(await listEvents(world.deps, project, request.id)).toEqual(events);
        expect(isFinal(done.state)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('are no trouble for handlers that run at the same time', async () => {
    const world = testWorld();
    const { request } = await createRequest(world.deps, { project, body: testSpec() });
    const bag: Delivery[] = [];
    for (let round = 0; round < 20; round++) {
      await collect(world, bag);
      await Promise.all([...bag, ...bag].map((delivery) => deliver(world, delivery)));
      await world.jobs.runNext();
    }
    expect((await getRequest(world.deps, project, request.id)).state).toBe('succeeded');
    expectPath(await listEvents(world.deps, project, request.id));
    expect(world.jobs.events.filter((event) => event.status === 'SUCCEEDED')).toHaveLength(3);
  });
});
