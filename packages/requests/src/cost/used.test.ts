import { describe, expect, it } from 'vitest';
import { type RequestRecord, readRecord } from '../record.ts';
import { readHead } from '../store/read.ts';
import { testSpec, testWorld } from '../testing/index.ts';
import { createRequest } from '../use-cases/create-request.ts';
import { retryRequest } from '../use-cases/retry-request.ts';
import { usedOf } from './used.ts';

type World = ReturnType<typeof testWorld>;

async function ask(world: World, project = 'p'): Promise<string> {
  const { request } = await createRequest(world.deps, { project, body: testSpec() });
  await world.drain();
  return request.id;
}

async function recordOf(world: World, id: string): Promise<RequestRecord> {
  const head = await readHead(world.table, id);
  const record = head === undefined ? undefined : await readRecord(world.deps, head);
  return record ?? expect.fail('the request has not ended');
}

describe('what an attempt used', () => {
  it('is what its jobs say, each container a minute at least', async () => {
    const world = testWorld();
    const record = await recordOf(world, await ask(world));
    const [attempt] = record.attempts;
    if (attempt === undefined) throw new Error('no attempt');
    // Reports of acquire, publish and each chunk: 1.5 s, 0.5 s of CPU. The files of the test are large: a child a chunk.
    expect(attempt.chunksProcessed).toBe(4);
    expect(attempt.cpuSeconds).toBe(0.5 * 6);
    expect(attempt.readBytes).toBe(6000);
    expect(attempt.tasks).toEqual({
      acquire: { count: 1, seconds: 60 },
      process: { count: 4, seconds: 240 },
      publish: { count: 1, seconds: 60 },
    });
    expect(attempt.chunkBytes).toBeGreaterThan(0);
    expect(usedOf(record, attempt)).toMatchObject({
      attempts: { withJobs: 1, withoutJobs: 0 },
      products: record.request.results.length,
      outputBytes: record.request.results.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      retentionDays: record.retentionDays,
    });
  });

  it('is no container and no byte where the results were there', async () => {
    const world = testWorld();
    await ask(world);
    const record = await recordOf(world, await ask(world, 'other'));
    const [attempt] = record.attempts;
    if (attempt === undefined) throw new Error('no attempt');
    expect(record.request).toMatchObject({ state: 'succeeded', reused: true });
    expect(attempt.cpuSeconds).toBeNull();
    expect(usedOf(record, attempt)).toMatchObject({
      attempts: { withJobs: 0, withoutJobs: 1 },
      tasks: { process: { count: 0, seconds: 0 } },
      outputBytes: 0,
      chunkBytes: 0,
      products: 0,
    });
  });

  it('is the work of the attempt that did it, and the output of the one that published', async () => {
    let broken = true;
    const world = testWorld({
      behave: ({ stage }) =>
        stage === 'publish' && broken ? { kind: 'fail', reason: 'INTERNAL_ERROR', exitCode: 1 } : undefined,
    });
    const id = await ask(world);
    await world.sweep(3);
    broken = false;
    await retryRequest(world.deps, 'p', id);
    await world.drain();
    const record = await recordOf(world, id);
    expect(record.request.state).toBe('succeeded');
    const uses = record.attempts.map((attempt) => usedOf(record, attempt));
    expect(uses[0]).toMatchObject({ chunks: 4, outputBytes: 0, products: 0, attempts: { withJobs: 1 } });
    expect(uses.at(-1)).toMatchObject({ products: 2, tasks: { publish: { count: 1, seconds: 60 } } });
    expect(uses.at(-1)?.outputBytes).toBeGreaterThan(0);
  });

  it('is read from reports of a version that did not say, as far as they go', async () => {
    const world = testWorld();
    const id = await ask(world);
    for (const { key } of (await world.deps.work.list(`staging/${id}/`)).objects) {
      if (!key.endsWith('.json')) continue;
      const { used: _, ...old } = JSON.parse(new TextDecoder().decode(await world.deps.work.get(key)));
      await world.deps.work.put(key, new TextEncoder().encode(JSON.stringify(old)));
    }
    const [attempt] = (await recordOf(world, id)).attempts;
    expect(attempt).toMatchObject({
      cpuSeconds: null,
      readBytes: null,
      computeSeconds: 4,
      chunksProcessed: 4,
    });
    expect(attempt?.tasks.process).toEqual({ count: 4, seconds: 240 });
  });
});
