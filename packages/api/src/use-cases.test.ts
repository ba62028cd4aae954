import { testSpec, testWorld } from '@swath/requests/testing/index';
import { describe, expect, it } from 'vitest';
import { fakeApi } from '../../../test/support/fake-api.ts';
import { makeApp } from './app.ts';
import { planView, problem, requestResults, requestView } from './schemas/index.ts';
import { requestUseCases } from './use-cases.ts';

/** The API over the real request machine, in memory. */
function world() {
  const machine = testWorld();
  const { deps } = fakeApi({
    requests: requestUseCases(machine.deps),
    results: machine.deps.results,
    providers: machine.deps.providers,
    defaultProvider: machine.deps.defaultProvider,
  });
  const app = makeApp(deps);
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    app.request(path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'Content-Type': 'application/json', ...headers },
    });
  return { machine, app, post };
}

describe('the API over the real use cases', () => {
  it('takes a request from POST to its results', async () => {
    const { machine, app, post } = world();
    const plan = planView.parse(await (await post('/requests/plan', testSpec())).json());
    expect(plan.plan.products.length).toBeGreaterThan(0);
    const accepted = await post('/requests', testSpec(), { 'Idempotency-Key': 'k1' });
    expect(accepted.status).toBe(201);
    const { id } = requestView.parse(await accepted.json());
    const again = await post('/requests', testSpec(), { 'Idempotency-Key': 'k1' });
    expect([again.status, requestView.parse(await again.json()).id]).toEqual([200, id]);
    await machine.drain();
    const stream = await app.request(`/requests/${id}/events`, { headers: { Accept: 'text/event-stream' } });
    expect(await stream.text()).toContain('event: done');
    const results = requestResults.parse(await (await app.request(`/requests/${id}/results`)).json());
    expect(results.products.map((p) => p.label)).toEqual(['2024-06-01', '2024-06-11']);
    const page = await app.request(`/requests/${id}`, { headers: { Accept: 'text/html' } });
    expect(await page.text()).toContain('2024-06-11');
    const tooLate = await post(`/requests/${id}/cancel`, {});
    expect(problem.parse(await tooLate.json())).toMatchObject({ status: 409, code: 'Conflict' });
  });

  it('answers what is wrong with the field and the fix, before anything is stored', async () => {
    const { app, post } = world();
    const bowtie = {
      type: 'Polygon',
      coordinates: [
        [
          [0, 0],
          [1, 1],
          [1, 0],
          [0, 1],
          [0, 0],
        ],
      ],
    };
    for (const [change, pointer] of [
      [{ aoi: bowtie }, /^\/aoi/],
      [{ datetime: '2024-02-30' }, /^\/datetime/],
      [{ pipeline: { index: 'NVDI' } }, /^\/pipeline\/index/],
      [{ pipeline: { expression: 'fetch(1)' } }, /^\/pipeline\/expression/],
      [{ grid: { crs: 'EPSG:999999' } }, /^\/grid\/crs/],
      [{ collections: ['landsat-99'] }, /^\/collections/],
      [{ colour: 'red' }, /^\/colour/],
    ] as const) {
      const response = await post('/requests', { ...testSpec(), ...change });
      const body = problem.parse(await response.json());
      expect([response.status, body.code], JSON.stringify(change)).toEqual([400, 'InvalidInput']);
      expect(body.pointer).toMatch(pointer);
      expect(body.fix).toMatch(/./);
    }
    expect(await (await app.request('/requests')).json()).toMatchObject({ requests: [] });
  });

  it('keeps projects apart', async () => {
    const { machine, post } = world();
    const { id } = requestView.parse(await (await post('/requests', testSpec())).json());
    const { deps } = fakeApi({ requests: requestUseCases(machine.deps) });
    const other = makeApp({ ...deps, identify: async () => ({ project: 'other', roles: ['admin'] }) });
    for (const path of [`/requests/${id}`, `/requests/${id}/events`, `/requests/${id}/results`]) {
      expect((await other.request(path)).status).toBe(404);
    }
    expect((await other.request(`/requests/${id}/cancel`, { method: 'POST' })).status).toBe(404);
    expect(await (await other.request('/requests')).json()).toMatchObject({ requests: [] });
  });
});
