import { beforeEach, describe, expect, it } from 'vitest';
import { type TestWorld, testSpec, testWorld } from '../testing/index.ts';
import { cancelRequest } from './cancel-request.ts';
import { createRequest } from './create-request.ts';
import { getRequest, listEvents } from './read-requests.ts';
import { retryRequest } from './retry-request.ts';
import { track } from './track.ts';

const project = 'p1';

describe('cancelling', () => {
  let world: TestWorld;
  let id: string;
  beforeEach(async () => {
    world = testWorld();
    id = (await createRequest(world.deps, { project, body: testSpec() })).request.id;
  });
  const now = () => getRequest(world.deps, project, id);
  const cancel = () => cancelRequest(world.deps, project, id);
  /** Delivers the order message only: the acquire job is submitted and has not run. */
  const toAcquiring = async () => {
    const [message] = await world.queues.order.receive({ max: 1, visibilityS: 60 });
    await world.deliver('order', message);
    expect((await now()).state).toBe('acquiring');
  };

  it('ends at once what has not begun, and the message that is under way does nothing', async () => {
    expect((await cancel()).state).toBe('cancelled');
    await world.drain();
    expect(await now()).toMatchObject({ state: 'cancelled', failure: null, deadlineAt: null });
    expect(world.jobs.events).toEqual([]);
  });

  it('stops the job that waits to run', async () => {
    await toAcquiring();
    expect((await cancel()).state).toBe('cancelled');
    const job = await world.jobs.findByName(`${id}-1-acquire`);
    expect(job).toMatchObject({ status: 'FAILED' });
    await world.drain();
    expect((await now()).state).toBe('cancelled');
  });

  it('stands against a result that comes later', async () => {
    await toAcquiring();
    await world.jobs.runNext();
    await cancel();
    await world.drain();
    expect((await now()).state).toBe('cancelled');
  });

  it('is the same when repeated, and refused after another end', async () => {
    await cancel();
    expect((await cancel()).state).toBe('cancelled');
    const other = (await createRequest(world.deps, { project, body: testSpec() })).request.id;
    await world.drain();
    await expect(cancelRequest(world.deps, project, other)).rejects.toMatchObject({ code: 'Conflict' });
  });

  it('gives the budget back', async () => {
    await cancel();
    const budget = world.table.rows().find((row) => row.pk === `BUD#${project}` && row.sk === 'HEAD');
    expect(budget).toMatchObject({ heldUnits: 0, spentUnits: 0 });
  });

  it('is for the owner only', async () => {
    await expect(cancelRequest(world.deps, 'p2', id)).rejects.toMatchObject({ code: 'NotFound' });
    expect((await now()).state).toBe('accepted');
  });

  it('leaves a late event of the old attempt a stale note, once, and nothing else', async () => {
    await toAcquiring();
    await cancel();
    await retryRequest(world.deps, project, id);
    const event = { jobId: 'job-1', jobName: `${id}-1-acquire`, status: 'FAILED' } as const;
    for (let repeats = 0; repeats < 3; repeats++) expect(await track(world.deps, event)).toBe('stale');
    const stale = (await listEvents(world.deps, project, id)).filter((one) => one.kind === 'stale');
    expect(stale).toMatchObject([{ attempt: 1, from: null, to: null }]);
    await world.drain();
    expect(await now()).toMatchObject({ state: 'succeeded', attempt: 2 });
  });
});

describe('a job nobody waits for', () => {
  it('is stopped when it turns up after its request was cancelled', async () => {
    const world = testWorld();
    const { request } = await createRequest(world.deps, { project, body: testSpec() });
    await cancelRequest(world.deps, project, request.id);
    const jobName = `${request.id}-1-acquire`;
    const job = { definition: 'acquire', size: 1, environment: {}, attempts: 1, timeoutS: 60 } as const;
    const jobId = await world.jobs.submit({ ...job, name: jobName });
    expect(await track(world.deps, { jobId, jobName, status: 'RUNNING' })).toBe('late');
    expect(await world.jobs.findByName(jobName)).toMatchObject({ status: 'FAILED' });
    expect((await getRequest(world.deps, project, request.id)).state).toBe('cancelled');
  });
});
