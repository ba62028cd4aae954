import { SwathError } from '@swath/core';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { faultyTable } from '../testing/faults.ts';
import { type TestWorld, testSpec, testWorld } from '../testing/index.ts';
import { createRequest } from './create-request.ts';
import { getRequest } from './read-requests.ts';

const project = 'p1';
const heads = (world: TestWorld) =>
  world.table.rows().filter((row) => row.sk === 'HEAD' && row.pk.startsWith('REQ#'));
const held = (world: TestWorld) =>
  world.table.rows().find((row) => row.pk === `BUD#${project}` && row.sk === 'HEAD')?.['heldUnits'];

describe('creating a request', () => {
  let world: TestWorld;
  beforeEach(() => {
    world = testWorld();
  });
  const create = (body: unknown, idempotencyKey?: string, by = project) =>
    createRequest(world.deps, {
      project: by,
      body,
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    });

  it('stores head, event, attempt, budget hold and outbox together, and sends the message', async () => {
    const { request } = await create(testSpec({ name: 'fields', labels: { crop: 'maize' } }));
    expect(request).toMatchObject({
      state: 'accepted',
      attempt: 1,
      name: 'fields',
      labels: { crop: 'maize' },
      results: [],
      failure: null,
    });
    expect(held(world)).toBe(1);
    expect(await world.queues.order.depth()).toMatchObject({ visible: 1 });
    // Performed at once: nothing is left in the outbox.
    expect(world.table.rows().filter((row) => row.pk.startsWith('OBX#'))).toEqual([]);
  });

  it('stores nothing when the request is refused', async () => {
    const bodies = [{}, testSpec({ provider: 'nobody' }), testSpec({ collections: ['no-such'] }), null, 'x'];
    for (const body of bodies) {
      await expect(create(body)).rejects.toMatchObject({ code: 'InvalidInput' });
    }
    expect(world.table.rows()).toEqual([]);
  });

  it('names the band that a collection does not have', async () => {
    const body = testSpec({ pipeline: { expression: 'thermal' } });
    await expect(create(body)).rejects.toMatchObject({ code: 'InvalidInput', pointer: '/pipeline' });
  });

  it('accepts when the provider does not answer: its silence is no reason to refuse', async () => {
    world.provider.fail(new SwathError('Unavailable', 'down'));
    expect((await create(testSpec())).request.state).toBe('accepted');
  });

  it('answers the same request for the same key and body, however it is spelled', async () => {
    const first = await create({ ...testSpec(), maxCloudCoverPercent: 20 }, 'k1');
    const text = JSON.stringify({ maxCloudCoverPercent: 20, ...testSpec() }).replace(':20', ':2.0e1');
    const again = await create(JSON.parse(text), 'k1');
    expect(again).toMatchObject({ created: false, request: { id: first.request.id } });
    expect(heads(world)).toHaveLength(1);
    expect(held(world)).toBe(1);
  });

  it('treats bodies as the same whatever the order of their keys', async () => {
    const entries = Object.entries(testSpec());
    const { request } = await create(testSpec(), 'k');
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(entries, { minLength: entries.length }), async (shuffled) => {
        expect((await create(Object.fromEntries(shuffled), 'k')).request.id).toBe(request.id);
      }),
      { numRuns: 20 },
    );
  });

  it('refuses the same key with another body, and keeps the first', async () => {
    const { request } = await create(testSpec(), 'k1');
    await expect(create(testSpec({ composite: 'max' }), 'k1')).rejects.toMatchObject({ code: 'Conflict' });
    expect(heads(world).map((row) => row['id'])).toEqual([request.id]);
  });

  it('keeps the keys of projects apart', async () => {
    const one = await create(testSpec(), 'k1', 'p1');
    const two = await create(testSpec({ composite: 'max' }), 'k1', 'p2');
    expect(one.request.id).not.toBe(two.request.id);
  });

  it('lets one of two calls at once win, and gives the other its answer', async () => {
    const answers = await Promise.all([
      create(testSpec(), 'k1'),
      create(testSpec(), 'k1'),
      create(testSpec(), 'k1'),
    ]);
    expect(answers.filter((answer) => answer.created)).toHaveLength(1);
    expect(new Set(answers.map((answer) => answer.request.id)).size).toBe(1);
    expect(heads(world)).toHaveLength(1);
  });

  it('honours a key until it expires, and not after, whenever the store deletes the row', async () => {
    const first = await create(testSpec(), 'k1');
    world.clock.advance(47 * 3_600_000);
    expect((await create(testSpec(), 'k1')).request.id).toBe(first.request.id);
    world.clock.advance(3_600_001);
    const later = await create(testSpec(), 'k1');
    expect(later.created).toBe(true);
    expect(later.request.id).not.toBe(first.request.id);
  });

  it.each(['', 'a'.repeat(129), 'a b', '../x', 'é', 'a\n', 'a#b'])('refuses the key %j', async (key) => {
    await expect(create(testSpec(), key)).rejects.toMatchObject({ code: 'InvalidInput' });
    expect(world.table.rows()).toEqual([]);
  });

  it('keeps a drawn area of many vertices in pieces beside the head', async () => {
    const ring = Array.from({ length: 4000 }, (_, i) => {
      const angle = (2 * Math.PI * i) / 4000;
      return [10.7 + 0.1 * Math.cos(angle), 48.5 + 0.1 * Math.sin(angle)];
    });
    const aoi = { type: 'Polygon', coordinates: [[...ring, ring[0]]] };
    const { request } = await create(testSpec({ aoi, name: '𝒩'.repeat(50) }));
    expect(world.table.rows().filter((row) => row.sk.startsWith('SPEC#')).length).toBeGreaterThan(1);
    expect((await getRequest(world.deps, project, request.id)).spec.aoi).toEqual(aoi);
  });
});

describe('creating a request when the table fails', () => {
  it('takes a write of unknown outcome for its own when it happened', async () => {
    const world = testWorld({ wrap: { table: faultyTable(['after']) } });
    const { request, created } = await createRequest(world.deps, {
      project,
      body: testSpec(),
      idempotencyKey: 'k',
    });
    expect(created).toBe(true);
    expect(heads(world).map((row) => row['id'])).toEqual([request.id]);
    expect(held(world)).toBe(1);
  });

  it('tries again when it did not happen', async () => {
    const world = testWorld({ wrap: { table: faultyTable(['before']) } });
    expect((await createRequest(world.deps, { project, body: testSpec() })).created).toBe(true);
    expect(heads(world)).toHaveLength(1);
  });

  it('says so when the table stays away; the same call later makes one request', async () => {
    const world = testWorld({ wrap: { table: faultyTable(['before', 'before', 'before']) } });
    const input = { project, body: testSpec(), idempotencyKey: 'k' };
    await expect(createRequest(world.deps, input)).rejects.toMatchObject({ code: 'Unavailable' });
    expect(heads(world)).toHaveLength(0);
    await createRequest(world.deps, input);
    await createRequest(world.deps, input);
    expect(heads(world)).toHaveLength(1);
  });
});
