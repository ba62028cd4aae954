import { SwathError } from '@swath/core';
import type { Jobs, Queue } from '@swath/ports';
import { describe, expect, it } from 'vitest';
import { ATTEMPT_DEADLINE_MS, SWEEP_PERIOD_MS } from '../limits.ts';
import { type TestWorld, testSpec, testWorld } from '../testing/index.ts';
import { cancelRequest } from './cancel-request.ts';
import { createRequest } from './create-request.ts';
import { getRequest } from './read-requests.ts';
import { reconcile } from './reconcile.ts';

const project = 'p1';
const minuteMs = 60_000;

async function create(world: TestWorld): Promise<string> {
  return (await createRequest(world.deps, { project, body: testSpec() })).request.id;
}
const stateOf = async (world: TestWorld, id: string) => (await getRequest(world.deps, project, id)).state;

describe('the sweep', () => {
  it('performs what its writer could not, without doing it twice', async () => {
    let down = true;
    const queue = (inner: Queue): Queue => ({
      ...inner,
      send: async (body, options) => {
        if (down) throw new SwathError('Unavailable', 'queue is down');
        return inner.send(body, options);
      },
    });
    const world = testWorld({ wrap: { queue } });
    const id = await create(world);
    expect(world.table.rows().filter((row) => row.pk.startsWith('OBX#'))).toHaveLength(1);
    world.clock.advance(SWEEP_PERIOD_MS);
    await reconcile(world.deps);
    down = false;
    await world.sweep(2);
    expect(await stateOf(world, id)).toBe('succeeded');
    expect(world.table.rows().filter((row) => row.pk.startsWith('OBX#'))).toEqual([]);
  });

  it('has nothing to do once everything has ended: the due index is empty when idle', async () => {
    const world = testWorld();
    await create(world);
    await world.drain();
    expect(world.table.rows().filter((row) => row.duePk !== undefined)).toEqual([]);
    world.clock.advance(ATTEMPT_DEADLINE_MS * 2);
    expect(await reconcile(world.deps)).toEqual({ outbox: 0, requests: 0, deadlines: 0, failed: 0 });
  });

  it.each(['order', 'imagery', 'dispatch', 'publish'] as const)(
    'asks again when a message to %s is lost',
    async (lost) => {
      const world = testWorld();
      const id = await create(world);
      let lostOnes = 0;
      for (
        let round = 0;
        round < 20 && !['succeeded', 'failed'].includes(await stateOf(world, id));
        round++
      ) {
        for (const message of await world.queues[lost].receive({ max: 10, visibilityS: 60 })) {
          if (lostOnes++ === 0) await world.queues[lost].ack(message.receipt);
          else await world.deliver(lost, message);
        }
        await world.drain({ except: lost });
        world.clock.advance(SWEEP_PERIOD_MS);
        await reconcile(world.deps);
      }
      expect(lostOnes).toBeGreaterThan(1);
      expect(await stateOf(world, id)).toBe('succeeded');
    },
  );

  it('finds the truth within 15 minutes of each job when every event is lost', async () => {
    const world = testWorld();
    const id = await create(world);
    const started = world.clock.now();
    while (!['succeeded', 'failed'].includes(await stateOf(world, id))) {
      await world.drain({ events: 'lost' });
      world.clock.advance(SWEEP_PERIOD_MS);
      await reconcile(world.deps);
      await world.drain({ events: 'lost' });
    }
    expect(await stateOf(world, id)).toBe('succeeded');
    expect(world.clock.now() - started).toBeLessThanOrEqual(3 * 15 * minuteMs);
  });

  it('submits a job again that the executor does not know', async () => {
    let lost = 1;
    const jobs = (inner: Jobs): Jobs => ({
      ...inner,
      submit: async (job) => (lost-- > 0 ? 'job-that-never-was' : inner.submit(job)),
    });
    const world = testWorld({ wrap: { jobs } });
    const id = await create(world);
    await world.drain();
    expect(await stateOf(world, id)).toBe('acquiring');
    await world.sweep(3);
    expect(await stateOf(world, id)).toBe('succeeded');
  });

  it('says that a request waits for capacity, and takes that back when its job starts', async () => {
    const world = testWorld();
    const id = await create(world);
    const [message] = await world.queues.order.receive({ max: 1, visibilityS: 60 });
    await world.deliver('order', message);
    for (let minutes = 0; minutes < 30; minutes += 5) {
      world.clock.advance(SWEEP_PERIOD_MS);
      await reconcile(world.deps);
    }
    expect(await getRequest(world.deps, project, id)).toMatchObject({
      state: 'waiting',
      waitingReason: 'capacity',
    });
    await world.drain();
    expect(await stateOf(world, id)).toBe('succeeded');
  });

  it('ends what is past its deadline, whatever the executor says, and lets the budget go', async () => {
    const jobs = (inner: Jobs): Jobs => ({
      ...inner,
      submit: () => Promise.reject(new SwathError('Unavailable', 'x')),
    });
    const world = testWorld({ wrap: { jobs } });
    const id = await create(world);
    await world.drain();
    await world.sweep(24 * 12 - 1);
    expect(await stateOf(world, id)).toBe('acquiring');
    await world.sweep(2);
    expect(await getRequest(world.deps, project, id)).toMatchObject({
      state: 'failed',
      failure: { reason: 'DEADLINE_EXCEEDED', fault: 'swath', retryable: true },
    });
    const budget = world.table.rows().find((row) => row.pk === `BUD#${project}` && row.sk === 'HEAD');
    expect(budget).toMatchObject({ heldUnits: 0 });
  });

  it('finishes a cancellation that was interrupted', async () => {
    let down = true;
    const jobs = (inner: Jobs): Jobs => ({
      ...inner,
      cancel: async (jobId, reason) => {
        if (down) throw new SwathError('Unavailable', 'executor is down');
        return inner.cancel(jobId, reason);
      },
    });
    const world = testWorld({ wrap: { jobs } });
    const id = await create(world);
    const [message] = await world.queues.order.receive({ max: 1, visibilityS: 60 });
    await world.deliver('order', message);
    expect((await cancelRequest(world.deps, project, id)).state).toBe('cancelling');
    await world.sweep(1);
    expect(await stateOf(world, id)).toBe('cancelling');
    down = false;
    await world.sweep(2);
    expect(await stateOf(world, id)).toBe('cancelled');
  });

  it('lets one row fail alone', async () => {
    const world = testWorld();
    const broken = await create(world);
    const head = world.table.rows().find((row) => row.pk === `REQ#${broken}` && row.sk === 'HEAD');
    await world.table.transact([
      { update: { pk: `REQ#${broken}`, sk: 'HEAD' }, set: { attempt: 'one', dueAt: head?.dueAt ?? '' } },
    ]);
    for (const message of await world.queues.order.receive({ max: 10, visibilityS: 60 })) {
      await world.queues.order.ack(message.receipt);
    }
    const healthy = (await createRequest(world.deps, { project: 'p2', body: testSpec() })).request.id;
    for (const message of await world.queues.order.receive({ max: 10, visibilityS: 60 })) {
      await world.queues.order.ack(message.receipt);
    }
    world.clock.advance(SWEEP_PERIOD_MS);
    expect(await reconcile(world.deps)).toMatchObject({ failed: 1, requests: 1 });
    await world.drain();
    expect((await getRequest(world.deps, 'p2', healthy)).state).toBe('succeeded');
  });

  it('works off a backlog larger than a page', async () => {
    const world = testWorld();
    const composites = ['none', 'first', 'max', 'min', 'mean', 'median'] as const;
    for (let n = 0; n < 300; n++) {
      await createRequest(world.deps, {
        project,
        body: testSpec({ composite: composites[n % 6] ?? 'none' }),
      });
    }
    for (let round = 0; round < 40; round++) {
      for (const message of await world.queues.order.receive({ max: 10, visibilityS: 60 })) {
        await world.queues.order.ack(message.receipt);
      }
    }
    world.clock.advance(SWEEP_PERIOD_MS);
    expect(await reconcile(world.deps)).toMatchObject({ requests: 300, failed: 0 });
  });

  it('may run several times at once', async () => {
    const world = testWorld();
    const id = await create(world);
    for (let round = 0; round < 4; round++) {
      world.clock.advance(SWEEP_PERIOD_MS);
      await Promise.all([reconcile(world.deps), reconcile(world.deps), reconcile(world.deps)]);
    }
    await world.drain();
    expect(await stateOf(world, id)).toBe('succeeded');
  });
});
