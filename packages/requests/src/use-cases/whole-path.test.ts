import { describe, expect, it } from 'vitest';
import { testSpec, testWorld } from '../testing/index.ts';
import { createRequest } from './create-request.ts';
import { getRequest, listEvents } from './read-requests.ts';

const project = 'p1';

describe('a request', () => {
  it('goes from accepted to succeeded, with its results', async () => {
    const world = testWorld();
    const { request, created } = await createRequest(world.deps, { project, body: testSpec() });
    expect(created).toBe(true);
    expect(request.state).toBe('accepted');
    await world.drain();
    const done = await getRequest(world.deps, project, request.id);
    const events = await listEvents(world.deps, project, request.id);
    expect(events.filter((event) => event.kind === 'transition').map((event) => event.to)).toEqual([
      'accepted',
      'ordering',
      'acquiring',
      'processing',
      'publishing',
      'succeeded',
    ]);
    expect(done.failure).toBeNull();
    expect(done.results.map((product) => product.label)).toEqual(['2024-06-01', '2024-06-11']);
    expect(done.progress.chunksDone).toBe(done.progress.chunksTotal);
  });
});
