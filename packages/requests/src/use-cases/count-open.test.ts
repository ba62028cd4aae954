import { describe, expect, it } from 'vitest';
import { COUNT_PAGES, DUE_SHARDS, SWEEP_ROWS } from '../limits.ts';
import { testSpec, testWorld } from '../testing/index.ts';
import { countOpen } from './count-open.ts';
import { createRequest } from './create-request.ts';

const create = (world: ReturnType<typeof testWorld>, name: string) =>
  createRequest(world.deps, { project: 'p1', body: { ...testSpec(), name } });

describe('counting open requests', () => {
  it('tells how many there are in each state, and how old the oldest is', async () => {
    const world = testWorld();
    await create(world, 'first');
    const [message] = await world.queues.order.receive({ max: 1, visibilityS: 60 });
    await world.deliver('order', message);
    world.clock.advance(90_000);
    await create(world, 'second');
    await create(world, 'third');
    expect(await countOpen(world.deps)).toEqual({
      byState: new Map([
        ['accepted', 2],
        ['acquiring', 1],
      ]),
      oldestS: 90,
      more: false,
    });
  });

  it('finds nothing when all have ended', async () => {
    const world = testWorld();
    await create(world, 'only');
    await world.drain();
    expect(await countOpen(world.deps)).toEqual({ byState: new Map(), oldestS: 0, more: false });
  });

  it('stops at its limit, and says so', async () => {
    let queries = 0;
    const table = {
      ...testWorld().deps.table,
      query: async () => {
        queries++;
        const row = { pk: 'x', sk: 'HEAD', createdAt: '2026-01-01T00:00:00.000Z' };
        return { rows: Array.from({ length: SWEEP_ROWS }, () => row), cursor: 'more' };
      },
    };
    const counted = await countOpen({ table, clock: { now: () => Date.parse('2026-01-01T01:00:00Z') } });
    expect(counted).toMatchObject({ oldestS: 3600, more: true });
    expect(queries).toBe(COUNT_PAGES * DUE_SHARDS * 7);
  });
});
