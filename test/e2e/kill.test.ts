import { afterAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type Started, startScript, temporaryFolder } from '../support/start.ts';

const data = temporaryFolder('kill');
afterAll(() => data.remove());

/**
 * Until everything has ended after the last start. A step whose message was not sent when its writer died is found by the
 * sweep after 70 s: its outbox row is due after 60 s, the sweep runs every 10 s. The rest is computing, on however busy a
 * machine. What is lost stays lost however long one waits.
 */
const REPAIR_MS = 300_000;
/** Six starts, and both waits. */
const TEST_MS = 2 * REPAIR_MS + 120_000;

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
  return z.looseObject({ id: z.string() }).parse(await answer.json()).id;
}

async function viewOf(
  url: string,
  id: string,
): Promise<{ state: string; reused: boolean; results: unknown[] }> {
  return z
    .looseObject({ state: z.string(), reused: z.boolean(), results: z.array(z.unknown()) })
    .parse(await (await fetch(`${url}/requests/${id}`)).json());
}

async function stateOf(url: string, id: string): Promise<string> {
  return (await viewOf(url, id)).state;
}

describe('kill -9 of the whole system', { timeout: TEST_MS }, () => {
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
      .poll(async () => Promise.all(ids.map((id) => stateOf(url, id))), { timeout: REPAIR_MS, interval: 500 })
      .toEqual(ids.map(() => 'succeeded'));

    // Two equal requests at once: one makes the results, the other shares them.
    const twins = await Promise.all(['twin-a', 'twin-b'].map((name) => submit(url, name, 'SAVI')));
    await expect
      .poll(async () => Promise.all(twins.map((id) => stateOf(url, id))), {
        timeout: REPAIR_MS,
        interval: 200,
      })
      .toEqual(['succeeded', 'succeeded']);
    const views = await Promise.all(twins.map((id) => viewOf(url, id)));
    expect(views.map(({ reused }) => reused).sort()).toEqual([false, true]);
    expect(views[0]?.results).toEqual(views[1]?.results);

    started.process.kill('SIGTERM');
    await started.finished;
  });
});
