import { beforeEach, describe, expect, it } from 'vitest';
import { type Behaviour, type Run, type TestWorld, testSpec, testWorld } from '../testing/index.ts';
import { cancelRequest } from './cancel-request.ts';
import { createRequest } from './create-request.ts';
import { order } from './order.ts';
import { getRequest } from './read-requests.ts';

const dayMs = 86_400_000;

describe('two equal requests', () => {
  let world: TestWorld;
  let behave: (run: Run) => Behaviour | undefined;
  beforeEach(() => {
    behave = () => undefined;
    world = testWorld({ behave: (run) => behave(run) });
  });
  const create = async (project: string, overrides = {}) =>
    (await createRequest(world.deps, { project, body: testSpec(overrides) })).request.id;
  const bothOrdered = async () => {
    const leader = await create('p1');
    const follower = await create('p2', { name: 'the same pixels under another name', retentionDays: 90 });
    for (const requestId of [leader, follower]) await order(world.deps, { v: 1, requestId, attempt: 1 });
    return { leader, follower };
  };
  const processRuns = () => world.jobs.events.filter((event) => /-acquire$/.test(event.jobName));
  const budget = (project: string) =>
    world.table.rows().find((row) => row.pk === `BUD#${project}` && row.sk === 'HEAD');

  it('make one set of results: the second waits and shares, also across projects', async () => {
    const { leader, follower } = await bothOrdered();
    expect(await getRequest(world.deps, 'p2', follower)).toMatchObject({
      state: 'waiting',
      waitingReason: 'shared',
    });
    await world.drain();
    const one = await getRequest(world.deps, 'p1', leader);
    const two = await getRequest(world.deps, 'p2', follower);
    expect(one).toMatchObject({ state: 'succeeded', reused: false });
    expect(two).toMatchObject({ state: 'succeeded', reused: true, contentKey: one.contentKey });
    expect(two.results).toEqual(one.results);
    expect(new Set(processRuns().map((event) => event.jobName)).size).toBe(1);
  });

  it('charge only the one that did the work, and hold nothing afterwards', async () => {
    await bothOrdered();
    await world.drain();
    expect(budget('p1')).toMatchObject({ heldUnits: 0, spentUnits: 1 });
    expect(budget('p2')).toMatchObject({ heldUnits: 0, spentUnits: 0 });
  });

  it('leave the work to the second when the first is cancelled', async () => {
    const { leader, follower } = await bothOrdered();
    await cancelRequest(world.deps, 'p1', leader);
    await world.drain();
    expect((await getRequest(world.deps, 'p1', leader)).state).toBe('cancelled');
    expect(await getRequest(world.deps, 'p2', follower)).toMatchObject({ state: 'succeeded', reused: false });
  });

  it('leave the work to the second when the first fails', async () => {
    const { leader, follower } = await bothOrdered();
    behave = (run) =>
      run.requestId === leader ? { kind: 'fail', reason: 'ASSET_CORRUPT', exitCode: 20 } : undefined;
    await world.drain();
    expect((await getRequest(world.deps, 'p1', leader)).failure).toMatchObject({ reason: 'ASSET_CORRUPT' });
    expect((await getRequest(world.deps, 'p2', follower)).state).toBe('succeeded');
  });

  it('find each other without the wake-up, by the sweep', async () => {
    const { follower } = await bothOrdered();
    const lost = world.table.rows().filter((row) => row.sk.startsWith('F#'));
    expect(lost).toHaveLength(1);
    await world.table.transact(lost.map(({ pk, sk }) => ({ delete: { pk, sk } })));
    await world.drain();
    expect((await getRequest(world.deps, 'p2', follower)).state).toBe('waiting');
    await world.sweep(3);
    expect((await getRequest(world.deps, 'p2', follower)).state).toBe('succeeded');
  });

  it('do not share when the pixels differ', async () => {
    await create('p1');
    await create('p1', { composite: 'max' });
    await world.drain();
    expect(new Set(processRuns().map((event) => event.jobName)).size).toBe(2);
  });

  it('answer the second at once when the results are there, until storage is about to delete them', async () => {
    await create('p1', { retentionDays: 30 });
    await world.drain();
    world.clock.advance(28 * dayMs);
    const soon = await create('p1');
    await world.drain();
    expect(await getRequest(world.deps, 'p1', soon)).toMatchObject({ state: 'succeeded', reused: true });
    world.clock.advance(2 * dayMs);
    const late = await create('p1');
    await world.drain();
    expect(await getRequest(world.deps, 'p1', late)).toMatchObject({ state: 'succeeded', reused: false });
  });

  it('make results anew when the objects are gone, whatever the rows say', async () => {
    await create('p1');
    await world.drain();
    for (const key of world.results.keys()) await world.results.delete(key);
    const again = await create('p1');
    await world.drain();
    const view = await getRequest(world.deps, 'p1', again);
    expect(view).toMatchObject({ state: 'succeeded', reused: false });
    expect(world.results.keys().length).toBeGreaterThan(0);
  });

  it('do not share results that lack a scene', async () => {
    behave = (run) => (run.stage === 'acquire' ? { kind: 'lose-scenes', sceneIndexes: [0] } : undefined);
    const first = await create('p1');
    await world.drain();
    const lacking = await getRequest(world.deps, 'p1', first);
    expect(lacking.state).toBe('succeeded');
    expect(lacking.warnings.join()).toContain('S2_20240601 is left out, ASSET_MISSING');
    behave = () => undefined;
    const second = await create('p1');
    await world.drain();
    const whole = await getRequest(world.deps, 'p1', second);
    expect(whole).toMatchObject({ state: 'succeeded', reused: false, contentKey: lacking.contentKey });
    expect(whole.results.length).toBeGreaterThan(lacking.results.length);
  });
});
