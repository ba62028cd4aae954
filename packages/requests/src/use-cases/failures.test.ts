import { beforeEach, describe, expect, it } from 'vitest';
import type { Reason } from '../reasons.ts';
import {
  type Behaviour,
  fileBytesFor,
  type Run,
  type TestWorld,
  testSpec,
  testWorld,
} from '../testing/index.ts';
import { createRequest } from './create-request.ts';
import { getRequest, listEvents } from './read-requests.ts';
import { retryRequest } from './retry-request.ts';

const project = 'p1';

describe('jobs that fail', () => {
  let world: TestWorld;
  let id: string;
  let behave: (run: Run) => Behaviour | undefined;
  let runs: Run[];
  beforeEach(async () => {
    runs = [];
    behave = () => undefined;
    world = testWorld({
      behave: (run) => {
        runs.push(run);
        return behave(run);
      },
    });
    id = (await createRequest(world.deps, { project, body: testSpec() })).request.id;
  });
  const now = () => getRequest(world.deps, project, id);
  const chunksOf = (attempt: number) =>
    runs.filter((run) => run.stage === 'process' && run.attempt === attempt).map((run) => run.chunk);

  it.each<[Run['stage'], Behaviour, Reason, number]>([
    ['acquire', { kind: 'fail', reason: 'ASSET_CORRUPT', exitCode: 20 }, 'ASSET_CORRUPT', 1],
    ['acquire', { kind: 'lose-scenes', sceneIndexes: [0, 1] }, 'ASSET_MISSING', 1],
    ['acquire', { kind: 'die', end: { exitCode: 1 } }, 'INTERNAL_ERROR', 1],
    ['acquire', { kind: 'die', end: { exitCode: 0 } }, 'RESULT_MISSING', 2],
    ['process', { kind: 'die', end: { exitCode: 137 } }, 'OUT_OF_MEMORY', 2],
    ['process', { kind: 'die', end: { exitCode: 143 } }, 'SPOT_INTERRUPTED', 3],
    [
      'process',
      { kind: 'die', end: { statusReason: 'Job attempt duration exceeded timeout' } },
      'TIMED_OUT',
      2,
    ],
    ['process', { kind: 'fail', reason: 'INVALID_INPUT', exitCode: 10 }, 'INVALID_INPUT', 1],
    ['publish', { kind: 'die', end: { exitCode: 0 } }, 'RESULT_MISSING', 2],
    ['publish', { kind: 'fail', reason: 'RESULT_CONFLICT', exitCode: 1 }, 'RESULT_CONFLICT', 1],
  ])('in %s, always, with %j: %s after %i attempts', async (stage, how, reason, attempts) => {
    behave = (run) => (run.stage === stage ? how : undefined);
    await world.sweep(4);
    expect(await now()).toMatchObject({
      state: 'failed',
      attempt: attempts,
      failure: { reason },
      deadlineAt: null,
    });
    expect(world.table.rows().find((row) => row.pk === `BUD#${project}` && row.sk === 'HEAD')).toMatchObject({
      heldUnits: 0,
      spentUnits: 0,
    });
  });

  it.each(['acquire', 'process', 'publish'] as const)(
    'in %s, but left all their work: that counts',
    async (stage) => {
      behave = (run) => (run.stage === stage ? { kind: 'work-then-die', end: { exitCode: 1 } } : undefined);
      await world.drain();
      expect(await now()).toMatchObject({ state: 'succeeded', attempt: 1 });
    },
  );

  it('for a passing reason are tried again with the same scenes, and only for the chunks that are missing', async () => {
    behave = (run) =>
      run.stage === 'process' && run.attempt === 1 && run.chunk === 2
        ? { kind: 'die', end: { exitCode: 143 } }
        : undefined;
    await world.drain();
    const done = await now();
    expect(done).toMatchObject({ state: 'succeeded', attempt: 2 });
    expect(chunksOf(2)).toEqual([2]);
    expect(runs.filter((run) => run.stage === 'acquire')).toHaveLength(1);
    expect(world.provider.searches()).toBe(1);
    expect(done.progress.chunksDone).toBe(done.progress.chunksTotal);
  });

  it('for good leave a partial result that names what is missing; a retry makes only that', async () => {
    behave = (run) =>
      run.stage === 'process' && run.chunk === 1 && run.attempt === 1
        ? { kind: 'fail', reason: 'ASSET_CORRUPT', exitCode: 20 }
        : undefined;
    await world.drain();
    const partial = await now();
    expect(partial).toMatchObject({
      state: 'partial',
      failure: null,
      progress: { chunksDone: 3, chunksTotal: 4 },
    });
    expect(partial.warnings.join()).toContain(
      '1 of 4 chunks are missing in the results, most for ASSET_CORRUPT',
    );
    expect(partial.results.flatMap((product) => product.failedChunks)).toEqual([1]);

    await retryRequest(world.deps, project, id);
    await world.drain();
    const whole = await now();
    expect(whole).toMatchObject({ state: 'succeeded', attempt: 2 });
    expect(chunksOf(2)).toEqual([1]);
    expect(whole.results.flatMap((product) => product.failedChunks)).toEqual([]);
    // The incomplete product was published under a key of its own, and stays as it was.
    expect(whole.results[0]?.assets.cog).not.toBe(partial.results[0]?.assets.cog);
  });

  it('start from the beginning after a partial result when storage has let go of the work', async () => {
    behave = (run) =>
      run.stage === 'process' && run.chunk === 1 && run.attempt === 1
        ? { kind: 'fail', reason: 'ASSET_CORRUPT', exitCode: 20 }
        : undefined;
    await world.drain();
    for (const key of world.work.keys()) await world.work.delete(key);
    await retryRequest(world.deps, project, id);
    await world.drain();
    expect((await now()).state).toBe('succeeded');
    expect(chunksOf(2)).toEqual([0, 1, 2, 3]);
  });

  it('start from the beginning when the user retries a failed request', async () => {
    behave = (run) =>
      run.attempt === 1 ? { kind: 'fail', reason: 'ASSET_CORRUPT', exitCode: 20 } : undefined;
    await world.drain();
    expect((await now()).state).toBe('failed');
    const retried = await retryRequest(world.deps, project, id);
    expect(retried).toMatchObject({ state: 'accepted', attempt: 2, failure: null });
    await world.drain();
    expect((await now()).state).toBe('succeeded');
    expect(world.provider.searches()).toBe(2);
  });

  it('cannot be retried when they succeeded', async () => {
    await world.drain();
    await expect(retryRequest(world.deps, project, id)).rejects.toMatchObject({ code: 'Conflict' });
    await expect(retryRequest(world.deps, 'p2', id)).rejects.toMatchObject({ code: 'NotFound' });
  });

  it('pause before another attempt when the provider is the trouble', async () => {
    behave = (run) =>
      run.attempt === 1 && run.stage === 'acquire'
        ? { kind: 'fail', reason: 'RATE_LIMITED', exitCode: 20 }
        : undefined;
    await world.drain();
    expect(await now()).toMatchObject({ state: 'accepted', attempt: 2 });
    await world.sweep(2);
    expect((await now()).state).toBe('succeeded');
  });

  it('tell their story in the events', async () => {
    behave = (run) =>
      run.attempt === 1 && run.stage === 'process' ? { kind: 'die', end: { exitCode: 137 } } : undefined;
    await world.drain();
    const events = await listEvents(world.deps, project, id);
    expect(events.map((event) => event.sequence)).toEqual(events.map((_, i) => i + 1));
    expect(events.find((event) => event.to === 'accepted' && event.attempt === 2)?.message).toContain(
      'OUT_OF_MEMORY',
    );
  });
});

describe('children that make several chunks', () => {
  let runs: Run[];
  let behave: (run: Run) => Behaviour | undefined;
  beforeEach(() => {
    runs = [];
  });
  async function worldOf(fileBytes: number) {
    const world = testWorld({
      fileBytes,
      behave: (run) => {
        if (run.stage === 'process') runs.push(run);
        return run.stage === 'process' ? behave(run) : undefined;
      },
    });
    const { request } = await createRequest(world.deps, { project, body: testSpec() });
    return { world, now: () => getRequest(world.deps, project, request.id) };
  }
  const madeIn = (attempt: number) => runs.filter((run) => run.attempt === attempt).map(({ chunk }) => chunk);
  const sizes = (world: TestWorld) =>
    [...new Set(world.jobs.events.map(({ jobId }) => jobId))].map(async (id) => {
      const [job] = await world.deps.jobs.describe([id]);
      return job?.size;
    });

  it.each([
    ['one each', fileBytesFor.oneChunk, 4],
    ['two each', fileBytesFor.twoChunks, 2],
    ['all', fileBytesFor.allChunks, 1],
  ])('%s', async (_, fileBytes, children) => {
    behave = () => undefined;
    const { world, now } = await worldOf(fileBytes);
    await world.drain();
    expect((await now()).state).toBe('succeeded');
    expect(await Promise.all(sizes(world))).toEqual([1, children, 1]);
    expect(runs.map(({ chunk }) => chunk).sort()).toEqual([0, 1, 2, 3]);
  });

  it('go on where the last try of them was interrupted', async () => {
    behave = ({ chunk, childAttempt }) =>
      chunk === 2 && childAttempt === 1 ? { kind: 'die', end: { exitCode: 143 } } : undefined;
    const { world, now } = await worldOf(fileBytesFor.allChunks);
    await world.drain();
    expect(await now()).toMatchObject({ state: 'succeeded', attempt: 1 });
    expect(runs.map(({ chunk, childAttempt }) => [chunk, childAttempt])).toEqual([
      [0, 1],
      [1, 1],
      [2, 1],
      [2, 2],
      [3, 2],
    ]);
  });

  it.each([
    ['that is bad', { kind: 'fail', reason: 'ASSET_CORRUPT', exitCode: 20 }, 1, 'ASSET_CORRUPT'],
    ['that needs too much memory', { kind: 'die', end: { exitCode: 137 } }, 2, 'OUT_OF_MEMORY'],
    ['that ends the process by a bug', { kind: 'die', end: { exitCode: 139 } }, 2, 'INTERNAL_ERROR'],
  ] as const)('lose a chunk %s, and no other', async (_, how, attempts, reason) => {
    behave = ({ chunk }) => (chunk === 1 ? how : undefined);
    const { world, now } = await worldOf(fileBytesFor.allChunks);
    await world.drain();
    const partial = await now();
    expect(partial).toMatchObject({ state: 'partial', attempt: attempts });
    expect(partial.results.flatMap(({ failedChunks }) => failedChunks)).toEqual([1]);
    expect(partial.warnings.join()).toContain(`most for ${reason}`);
    // Another attempt gives each chunk that is left a child of its own.
    if (attempts === 2) expect(madeIn(2).sort()).toEqual([1, 2, 3]);
  });
});
