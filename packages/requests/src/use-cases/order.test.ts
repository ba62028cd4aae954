import { SwathError } from '@swath/core';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { PROVIDER_WAIT_MAX_MS, RETRY_AFTER_MAX_MS } from '../limits.ts';
import { type TestWorld, testScene, testScenes, testSpec, testWorld } from '../testing/index.ts';
import { createRequest } from './create-request.ts';
import { order, waitMs } from './order.ts';
import { getRequest, listEvents } from './read-requests.ts';

const project = 'p1';

describe('ordering', () => {
  let world: TestWorld;
  let id: string;
  beforeEach(async () => {
    world = testWorld();
    id = (await createRequest(world.deps, { project, body: testSpec() })).request.id;
  });
  const now = () => getRequest(world.deps, project, id);

  it('fails with a fix when there is no imagery', async () => {
    world.provider.answer([]);
    await world.drain();
    expect(await now()).toMatchObject({
      state: 'failed',
      failure: {
        reason: 'NO_IMAGERY',
        fault: 'user',
        retryable: false,
        fix: expect.stringContaining('Widen'),
      },
      deadlineAt: null,
    });
  });

  it('fails rather than to cut a search that finds too much', async () => {
    world.provider.answer(testScenes(), { truncated: true });
    await world.drain();
    expect((await now()).failure).toMatchObject({ reason: 'LIMIT_EXCEEDED', fault: 'user' });
  });

  it('leaves out scenes without a needed band, and says so', async () => {
    const bare = testScene('bare', '2024-06-05T10:00:00Z', { assets: [] });
    world.provider.answer([...testScenes(), bare], { skipped: [{ id: 'broken', reason: 'no geometry' }] });
    await world.drain();
    const done = await now();
    expect(done).toMatchObject({ state: 'succeeded', progress: { scenes: 2 } });
    expect(done.warnings).toEqual([
      expect.stringMatching(/broken.*no geometry/),
      expect.stringContaining('bare'),
    ]);
  });

  it('fails when no scene has the band: then the request is wrong', async () => {
    world.provider.answer([testScene('bare', '2024-06-05T10:00:00Z', { assets: [] })]);
    await world.drain();
    expect((await now()).failure).toMatchObject({ reason: 'INVALID_INPUT', fault: 'user' });
  });

  it.each([
    ['Throttled', 'rate-limit'],
    ['Unavailable', 'provider'],
  ] as const)(
    'waits when the provider is %s, keeps its deadline, and goes on by itself',
    async (code, reason) => {
      const before = await now();
      world.provider.fail(new SwathError(code, 'busy', { retryAfterMs: 60_000 }));
      await world.drain();
      expect(await now()).toMatchObject({ state: 'waiting', waitingReason: reason, failure: null });
      await world.sweep(3);
      expect((await now()).state).toBe('waiting');
      expect((await now()).deadlineAt).toBe(before.deadlineAt);
      world.provider.answer(testScenes());
      await world.sweep(8);
      expect(await now()).toMatchObject({ state: 'succeeded', waitingReason: null });
    },
  );

  it('expires when the provider never comes back, at its deadline', async () => {
    const { deadlineAt } = await now();
    world.provider.fail(new SwathError('Unavailable', 'down'));
    await world.sweep(24 * 12 + 1);
    const done = await now();
    expect(done).toMatchObject({ state: 'expired', failure: { reason: 'DEADLINE_EXCEEDED' } });
    expect(Date.parse(done.updatedAt) - Date.parse(deadlineAt ?? '')).toBeLessThanOrEqual(5 * 60_000);
    // 30 s doubling to 30 min: about 50 searches a day, not one a sweep.
    expect(world.provider.searches()).toBeLessThan(80);
  });

  it('ends at once on an error of the provider that does not pass', async () => {
    world.provider.fail(new SwathError('Corrupt', 'The catalogue answered with HTML.'));
    await world.drain();
    expect((await now()).failure).toMatchObject({ reason: 'ASSET_CORRUPT', fault: 'provider' });
  });

  it('is decided by the first search: a repeat that finds something else changes nothing', async () => {
    await order(world.deps, { v: 1, requestId: id, attempt: 1 });
    world.provider.answer([testScene('other', '2024-06-20T10:00:00Z')]);
    await order(world.deps, { v: 1, requestId: id, attempt: 1 });
    await world.drain();
    expect((await now()).results.map((product) => product.label)).toEqual(['2024-06-01', '2024-06-11']);
  });

  it('ignores messages of other attempts and of requests that are not there', async () => {
    await order(world.deps, { v: 1, requestId: id, attempt: 2 });
    await order(world.deps, { v: 1, requestId: 'nobody', attempt: 1 });
    expect((await now()).state).toBe('accepted');
    expect(await listEvents(world.deps, project, id)).toHaveLength(1);
  });
});

describe('the time to wait', () => {
  it('doubles to a ceiling, is never less than asked for, and does not believe absurd answers', () => {
    expect(waitMs(1, undefined, 0)).toBe(15_000);
    expect(waitMs(2, undefined, 0.999999)).toBeCloseTo(60_000, -2);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.option(fc.integer({ min: -1, max: 1e9 }), { nil: undefined }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (waits, asked, fraction) => {
          const ms = waitMs(waits, asked, fraction);
          expect(ms).toBeGreaterThanOrEqual(Math.min(Math.max(asked ?? 0, 0), RETRY_AFTER_MAX_MS));
          expect(ms).toBeLessThanOrEqual(PROVIDER_WAIT_MAX_MS);
        },
      ),
    );
  });
});
