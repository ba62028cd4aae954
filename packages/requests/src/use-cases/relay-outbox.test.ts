import { SwathError } from '@swath/core';
import type { Jobs, Queue, Row } from '@swath/ports';
import { describe, expect, it } from 'vitest';
import { RELAY_PATIENCE_MS } from '../limits.ts';
import { type TestWorld, type TestWorldOptions, testSpec, testWorld } from '../testing/index.ts';
import { createRequest } from './create-request.ts';
import { getRequest } from './read-requests.ts';
import { type RelayDeps, relayOutbox } from './relay-outbox.ts';

const project = 'p1';

const outboxOf = (world: TestWorld): readonly Row[] =>
  world.table.rows().filter((row) => row.pk.startsWith('OBX#'));

/** Time goes by while it waits. */
const relaying = (world: TestWorld, during: () => Promise<unknown> = async () => {}): RelayDeps => ({
  ...world.deps,
  async wait(ms) {
    world.clock.advance(ms);
    await during();
  },
});

/** A world whose order queue is away until it is said to be back, and a request whose writer found it so. */
async function leftByItsWriter(more: TestWorldOptions['wrap'] = {}) {
  let down = true;
  const sent: string[] = [];
  const queue = (inner: Queue): Queue => ({
    ...inner,
    send: async (body, options) => {
      if (down) throw new SwathError('Unavailable', 'queue is down');
      sent.push(body);
      return inner.send(body, options);
    },
  });
  const world = testWorld({ wrap: { queue, ...more } });
  const { request } = await createRequest(world.deps, { project, body: testSpec() });
  return { world, id: request.id, sent, back: () => (down = false), keys: outboxOf(world) };
}

describe('the relay', () => {
  it('performs what a writer left, once, however often it is told', async () => {
    const { world, id, sent, back, keys } = await leftByItsWriter();
    back();
    expect(keys).toHaveLength(1);
    expect(await relayOutbox(relaying(world), [...keys, ...keys])).toEqual(['done', 'gone']);
    expect(await relayOutbox(relaying(world), keys)).toEqual(['gone']);
    expect(sent.map((body) => JSON.parse(body))).toEqual([{ v: 1, requestId: id, attempt: 1 }]);
    expect(outboxOf(world)).toEqual([]);
    await world.drain();
    expect((await getRequest(world.deps, project, id)).state).toBe('succeeded');
  });

  it('gives a writer his time, and has nothing to do when he used it', async () => {
    const { world, sent, keys } = await leftByItsWriter();
    const waited: number[] = [];
    const deps = relaying(world, async () => {
      waited.push(world.clock.now());
      await world.table.transact(keys.map(({ pk, sk }) => ({ delete: { pk, sk } })));
    });
    world.clock.advance(RELAY_PATIENCE_MS - 2_000);
    const before = world.clock.now();
    expect(await relayOutbox(deps, keys)).toEqual(['gone']);
    expect(waited).toEqual([before + 2_000]);
    expect(sent).toEqual([]);
  });

  it('waits for no row that is old, and for none longer than its patience when clocks differ', async () => {
    const old = await leftByItsWriter();
    old.back();
    old.world.clock.advance(RELAY_PATIENCE_MS);
    const before = old.world.clock.now();
    expect(await relayOutbox(relaying(old.world), old.keys)).toEqual(['done']);
    expect(old.world.clock.now()).toBe(before);

    const ahead = await leftByItsWriter();
    ahead.back();
    const [row] = ahead.keys;
    const createdAt = new Date(before + 3_600_000).toISOString();
    await ahead.world.table.transact([
      { update: { pk: row?.pk ?? '', sk: row?.sk ?? '' }, set: { createdAt } },
    ]);
    const start = ahead.world.clock.now();
    expect(await relayOutbox(relaying(ahead.world), ahead.keys)).toEqual(['done']);
    expect(ahead.world.clock.now() - start).toBe(RELAY_PATIENCE_MS);
  });

  it('tries once: what fails backs off for the sweep, and no repeat tries it again before', async () => {
    const { world, id, sent, back, keys } = await leftByItsWriter();
    expect(await relayOutbox(relaying(world), keys)).toEqual(['postponed']);
    back();
    expect(await relayOutbox(relaying(world), keys)).toEqual(['left']);
    expect(sent).toEqual([]);
    await world.sweep(1);
    expect((await getRequest(world.deps, project, id)).state).toBe('succeeded');
  });

  it('leaves what waits for its confirmation to the sweep', async () => {
    const world = testWorld({ record: async () => {} });
    await createRequest(world.deps, { project, body: testSpec() });
    await world.drain();
    const keys = outboxOf(world);
    expect(keys.map((row) => row['effect'])).toMatchObject([{ kind: 'record' }]);
    expect(await relayOutbox(relaying(world), keys)).toEqual(['left']);
    expect(await world.queues.record.depth()).toMatchObject({ visible: 0 });
  });

  it('submits a job that its writer did not', async () => {
    let refusals = 1;
    const jobs = (inner: Jobs): Jobs => ({
      ...inner,
      submit: async (job) => {
        if (refusals-- > 0) throw new SwathError('Throttled', 'too many');
        return inner.submit(job);
      },
    });
    const world = testWorld({ wrap: { jobs } });
    const { request } = await createRequest(world.deps, { project, body: testSpec() });
    const [message] = await world.queues.order.receive({ max: 1, visibilityS: 60 });
    await world.deliver('order', message);
    const keys = outboxOf(world);
    expect(keys.map(({ sk }) => sk)).toEqual([`${request.id}-1-acquire`]);
    expect(await relayOutbox(relaying(world), keys)).toEqual(['done']);
    await world.drain();
    expect((await getRequest(world.deps, project, request.id)).state).toBe('succeeded');
  });

  it('fails at a row that is none, and does the others', async () => {
    const { world, back, keys } = await leftByItsWriter();
    back();
    const broken = { pk: 'OBX#0', sk: 'broken' };
    await world.table.transact([{ put: { ...broken, effect: 'dance' } }]);
    expect(await relayOutbox(relaying(world), [broken, ...keys])).toEqual(['failed', 'done']);
    expect(outboxOf(world).map(({ sk }) => sk)).toEqual(['broken']);
  });

  it('fails at a table that does not answer', async () => {
    const { world, keys } = await leftByItsWriter();
    const table = { ...world.deps.table, get: () => Promise.reject(new SwathError('Unavailable', 'away')) };
    expect(await relayOutbox({ ...relaying(world), table }, keys)).toEqual(['failed']);
    expect(outboxOf(world)).toHaveLength(1);
  });
});
