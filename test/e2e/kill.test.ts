import { afterAll, describe, expect, it } from 'vitest';
import { type Started, startScript, temporaryFolder } from '../support/start.ts';

const data = temporaryFolder('kill');
afterAll(() => data.remove());

/** Milliseconds after its first request at which the whole system is killed, one life after the other. */
const livesMs = [400, 900, 1500, 2200, 700];
const indices = ['NDVI', 'NDWI', 'EVI', 'NDMI', 'NBR'];

async function up(): Promise<{ started: Started; url: string }> {
  const started = startScript('packages/cli/src/main.ts', ['up', '--port', '0', '--data', data.path], {});
  const [, url] = await started.saw(/Swath is up: (http:\S+)/);
  return { started, url: url ?? '' };
}

async function submit(url: string, name: string, index: string): Promise<string> {
  const answer = await fetch(`${url}/requests`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': name },
    body: JSON.stringify({
      name,
      aoi: [10.4, 48.79, 10.44, 48.82],
      collections: ['sample-s2-l2a'],
      pipeline: { index },
    }),
  });
  expect(answer.status).toBe(201);
  return String(Reflect.get(Object(await answer.json()), 'id'));
}

async function stateOf(url: string, id: string): Promise<string> {
  return String(Reflect.get(Object(await (await fetch(`${url}/requests/${id}`)).json()), 'state'));
}

describe('kill -9 of the whole system', { timeout: 150_000 }, () => {
  it('at any moment loses nothing: every accepted request ends after the next start', async () => {
    const ids: string[] = [];
    for (const [life, aliveMs] of livesMs.entries()) {
      const { started, url } = await up();
      ids.push(await submit(url, `life-${life}`, indices[life] ?? 'NDVI'));
      await new Promise((resolve) => setTimeout(resolve, aliveMs));
      started.process.kill('SIGKILL');
      await started.finished;
    }
    const { started, url } = await up();
    await expect
      .poll(async () => Promise.all(ids.map((id) => stateOf(url, id))), { timeout: 90_000, interval: 500 })
      .toEqual(ids.map(() => 'succeeded'));
    started.process.kill('SIGTERM');
    await started.finished;
  });
});
