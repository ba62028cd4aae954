import { createRequest, getRequest } from '@swath/requests';
import { testSpec, testWorld } from '@swath/requests/testing/index';
import { describe, expect, it } from 'vitest';
import { makeHandler } from './handler.ts';

const event = (detail: Readonly<Record<string, unknown>>) => ({
  version: '0',
  source: 'aws.batch',
  'detail-type': 'Batch Job State Change',
  detail: { jobId: 'job-1', jobName: 'other-stack-nightly', status: 'SUCCEEDED', ...detail },
});

describe('a state change of a Batch job', () => {
  it('of others is ignored', async () => {
    const handler = makeHandler(testWorld().deps);
    for (const jobName of [
      'other-stack-nightly',
      '0199a1b2-0000-7000-8000-00000000000a-1-process',
      'x-1-process',
    ]) {
      expect(await handler(event({ jobName }))).toEqual({ tracked: 'ignored' });
    }
  });

  it('of a child of an array job is ignored', async () => {
    const handler = makeHandler(testWorld().deps);
    expect(await handler(event({ arrayProperties: { index: 3 } }))).toEqual({ tracked: 'ignored' });
  });

  it.each([null, {}, [], 'text', { source: 'aws.batch' }, event({ status: 'DONE' }), event({ jobId: 7 })])(
    'that is none is refused: %j',
    async (wrong) => {
      await expect(makeHandler(testWorld().deps)(wrong)).rejects.toMatchObject({ code: 'InvalidInput' });
    },
  );

  it('is not believed: the job is asked', async () => {
    const world = testWorld();
    const { request } = await createRequest(world.deps, { project: 'p1', body: testSpec() });
    const [message] = await world.queues.order.receive({ max: 1, visibilityS: 60 });
    await world.deliver('order', message);
    const jobName = `${request.id}-1-acquire`;
    for (const status of ['SUCCEEDED', 'FAILED']) {
      await makeHandler(world.deps)(event({ jobId: 'forged', jobName, status }));
      expect((await getRequest(world.deps, 'p1', request.id)).state).toBe('acquiring');
    }
    await world.drain();
    expect((await getRequest(world.deps, 'p1', request.id)).state).toBe('succeeded');
    expect(await makeHandler(world.deps)(event({ jobName, status: 'FAILED' }))).toEqual({ tracked: 'late' });
  });
});
