import { testSpec, testWorld } from '@swath/requests/testing/index';
import { describe, expect, it } from 'vitest';
import { fakeApi } from '../../../test/support/fake-api.ts';
import { makeApp } from './app.ts';
import { planView, problem, requestResults, requestStatistics, requestView } from './schemas/index.ts';
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

  it('takes zones, and answers statistics by zone and date as JSON and CSV, page by page', async () => {
    const { machine, app, post } = world();
    const ring = [
      [10.5, 48.5],
      [10.6, 48.5],
      [10.6, 48.51],
      [10.5, 48.5],
    ];
    const features = ['a', '=1,2'].map((name) => ({
      type: 'Feature',
      properties: { name },
      geometry: { type: 'Polygon', coordinates: [ring] },
    }));
    const zones = { type: 'FeatureCollection', features };
    const made = await post('/requests', { ...testSpec(), zones, zoneId: 'name' });
    const { id, spec } = requestView.parse(await made.json());
    expect(spec.zones).toMatchObject({ features: 2 });
    await machine.drain();
    const at = `http://localhost/requests/${id}/statistics`;
    const all = requestStatistics.parse(await (await app.request(at)).json());
    expect(all.rows.map(({ product, zone, count, mean, p50 }) => [product, zone, count, mean, p50])).toEqual(
      ['2024-06-01', '2024-06-11'].flatMap((day) => [
        [day, 'whole', 4, 0.4, 0.4],
        [day, 'a', 0, null, null],
        [day, '=1,2', 4, 0.5, 0.4],
      ]),
    );
    const paged: unknown[] = [];
    for (let url: string | undefined = `${at}?limit=1&zone=a`; url !== undefined; ) {
      const page = requestStatistics.parse(await (await app.request(url)).json());
      expect(page.rows).toHaveLength(1);
      paged.push(...page.rows);
      url = page.links[0]?.href;
    }
    expect(paged).toEqual(all.rows.filter(({ zone }) => zone === 'a'));
    const csv = await app.request(`${at}?limit=3`, { headers: { Accept: 'text/csv' } });
    expect(csv.headers.get('content-type')).toMatch(/^text\/csv/);
    expect(csv.headers.get('link')).toContain('cursor=3');
    const lines = (await csv.text()).split('\n');
    expect(lines[0]).toBe(
      'product,start,end,zone,band,pixels,count,validPercent,min,max,mean,std,p2,p5,p25,p50,p75,p95,p98',
    );
    expect(lines[3]).toContain(',"=1,2",');
    const results = requestResults.parse(await (await app.request(`/requests/${id}/results`)).json());
    expect(results.products[0]?.assets.zonesCsv).toMatchObject({
      type: 'text/csv',
      title: 'Statistics by zone, CSV',
    });
    expect((await app.request(`${at}?cursor=x`)).status).toBe(400);
  });

  it('keeps projects apart', async () => {
    const { machine, post } = world();
    const { id } = requestView.parse(await (await post('/requests', testSpec())).json());
    const { deps } = fakeApi({ requests: requestUseCases(machine.deps) });
    const other = makeApp({ ...deps, identify: async () => ({ project: 'other', roles: ['admin'] }) });
    for (const path of [
      `/requests/${id}`,
      `/requests/${id}/events`,
      `/requests/${id}/results`,
      `/requests/${id}/statistics`,
    ]) {
      expect((await other.request(path)).status).toBe(404);
    }
    expect((await other.request(`/requests/${id}/cancel`, { method: 'POST' })).status).toBe(404);
    expect(await (await other.request('/requests')).json()).toMatchObject({ requests: [] });
  });
});
