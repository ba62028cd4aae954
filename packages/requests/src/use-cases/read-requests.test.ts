import { parseDatetime } from '@swath/geo';
import { beforeEach, describe, expect, it } from 'vitest';
import { type TestWorld, testSpec, testWorld } from '../testing/index.ts';
import { createRequest } from './create-request.ts';
import { planPreview } from './plan-preview.ts';
import { getRequest, listEvents, listRequests, mayReadResults } from './read-requests.ts';

const project = 'p1';
const dayMs = 86_400_000;

describe('reading requests', () => {
  let world: TestWorld;
  beforeEach(() => {
    world = testWorld();
  });
  const create = async (overrides = {}, by = project) =>
    (await createRequest(world.deps, { project: by, body: testSpec(overrides) })).request.id;
  const all = async (query: Parameters<typeof listRequests>[2]) => {
    const pages: string[][] = [];
    let cursor: string | undefined;
    do {
      const page = await listRequests(world.deps, project, {
        ...query,
        ...(cursor === undefined ? {} : { cursor }),
      });
      pages.push(page.requests.map((request) => request.id));
      cursor = page.cursor;
    } while (cursor !== undefined && pages.length < 100);
    return pages;
  };

  it('does not tell projects of one another', async () => {
    const id = await create();
    for (const other of ['p2', '', 'P1', 'p1#']) {
      await expect(getRequest(world.deps, other, id)).rejects.toMatchObject({ code: 'NotFound' });
      await expect(listEvents(world.deps, other, id)).rejects.toMatchObject({ code: 'NotFound' });
      expect(await listRequests(world.deps, other, { limit: 10 })).toEqual({ requests: [] });
    }
    await expect(getRequest(world.deps, project, '')).rejects.toMatchObject({ code: 'NotFound' });
    await expect(getRequest(world.deps, project, 'x'.repeat(5000))).rejects.toMatchObject({
      code: 'NotFound',
    });
  });

  it('lists newest first, page by page, across months, each request once', async () => {
    const made: string[] = [];
    for (let n = 0; n < 9; n++) {
      made.unshift(await create({ name: `n${n}` }));
      world.clock.advance(13 * dayMs);
    }
    await create({}, 'p2');
    for (const limit of [1, 2, 4, 9, 100]) {
      const pages = await all({ limit });
      expect(pages.flat(), `limit ${limit}`).toEqual(made);
      expect(Math.max(...pages.map((page) => page.length))).toBeLessThanOrEqual(limit);
    }
  });

  it('filters by name, labels and when they were made, over pages', async () => {
    const made: string[] = [];
    for (let n = 0; n < 6; n++) {
      const labels = { field: n % 2 === 0 ? 'north' : 'south', crop: 'rye' };
      made.push(await create({ name: `Field ${n}`, labels }));
      world.clock.advance(20 * dayMs);
    }
    const nameless = await create();
    const [first = '', second = '', third = '', fourth = '', fifth = ''] = made;
    const found = async (query: object) => (await all({ limit: 2, ...query })).flat();
    expect(await found({ name: 'FIELD 3' })).toEqual([fourth]);
    expect(await found({ name: 'field' })).not.toContain(nameless);
    expect(await found({ labels: [['field', 'north']] })).toEqual([fifth, third, first]);
    const both = [
      ['field', 'south'],
      ['crop', 'rye'],
    ];
    expect(await found({ labels: both, name: '1' })).toEqual([second]);
    expect(await found({ labels: [['toString', 'x']] })).toEqual([]);
    // Made on 2026-01-01, 01-21, 02-10, 03-02, 03-22 and 04-11, at midnight.
    const created = (text: string) => found({ created: parseDatetime(text) });
    expect(await created('2026-02-10')).toEqual([third]);
    expect(await created('2026-01-21/2026-03-02')).toEqual([fourth, third, second]);
    expect(await created('../2026-01-31')).toEqual([second, first]);
    expect(await created('2026-04-01/..')).toEqual([nameless, made[5]]);
    expect(await created('2027-01-01/..')).toEqual([]);
  });

  it('filters by state', async () => {
    const done = await create();
    await world.drain();
    const open = await create({ composite: 'max' });
    expect((await all({ limit: 10, state: 'succeeded' })).flat()).toEqual([done]);
    expect((await all({ limit: 1, state: 'accepted' })).flat()).toEqual([open]);
    expect((await all({ limit: 10, state: 'failed' })).flat()).toEqual([]);
  });

  it.each(['', 'x', '{}', Buffer.from('{"month":"2026-01"}').toString('base64url')])(
    'refuses the cursor %j',
    async (cursor) => {
      await create();
      await expect(listRequests(world.deps, project, { limit: 1, cursor })).rejects.toMatchObject({
        code: 'InvalidInput',
        pointer: '/cursor',
      });
    },
  );

  it('lets a project read the results its requests ended with, and no others', async () => {
    await create();
    const other = await create({ composite: 'max' }, 'p2');
    await world.drain();
    const key = (await getRequest(world.deps, 'p2', other)).contentKey ?? '';
    expect(await mayReadResults(world.deps, 'p2', key)).toBe(true);
    expect(await mayReadResults(world.deps, 'p1', key)).toBe(false);
    await create({ composite: 'max' });
    await world.drain();
    expect(await mayReadResults(world.deps, 'p1', key)).toBe(true);
  });

  it('counts chunks while they are processed', async () => {
    const id = await create();
    const counts = new Set<number>();
    for (let steps = 0; steps < 60; steps++) {
      await world.step();
      const { state, progress } = await getRequest(world.deps, project, id);
      if (state === 'processing') counts.add(progress.chunksDone);
    }
    expect([...counts]).toEqual([0, 1, 2, 3]);
  });
});

describe('a preview', () => {
  it('says what a request would do, and that the results are there once they are', async () => {
    const world = testWorld();
    const before = await planPreview(world.deps, project, testSpec());
    expect(before).toMatchObject({ available: false, plan: { products: [{}, {}] } });
    expect(before.scenes.map((scene) => scene.id)).toEqual(['S2_20240601', 'S2_20240611']);
    expect(before.plan).not.toHaveProperty('scenes');
    expect(world.table.rows()).toEqual([]);
    const { request } = await createRequest(world.deps, { project, body: testSpec() });
    await world.drain();
    const after = await planPreview(world.deps, project, testSpec());
    expect(after).toMatchObject({ available: true, contentKey: before.contentKey });
    expect((await getRequest(world.deps, project, request.id)).contentKey).toBe(before.contentKey);
  });

  it('of nothing says so', async () => {
    const world = testWorld();
    world.provider.answer([]);
    await expect(planPreview(world.deps, project, testSpec())).rejects.toMatchObject({ code: 'NotFound' });
  });
});
