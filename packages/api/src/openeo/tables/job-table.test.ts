import { memoryObjects } from '@swath/ports/memory/index';
import { testWorld } from '@swath/requests/testing/index';
import { describe, expect, it } from 'vitest';
import { fakeApi } from '../../../../../test/support/fake-api.ts';
import { makeApp } from '../../app.ts';
import { requestUseCases } from '../../use-cases.ts';
import { openeoService } from '../service.ts';
import { keepTable } from './job-table.ts';

type Json = Readonly<Record<string, unknown>>;
const call = (process_id: string, args: Json, more: Json = {}) => ({ process_id, arguments: args, ...more });
const from = (from_node: string) => ({ from_node });
const square = (west: number) => ({
  type: 'Polygon',
  coordinates: [
    [
      [west, 48.505],
      [west + 0.02, 48.505],
      [west + 0.02, 48.515],
      [west, 48.515],
      [west, 48.505],
    ],
  ],
});
const zonal = (format: string, reducer = 'mean') => ({
  process_graph: {
    l: call('load_collection', {
      id: 'test-s2',
      spatial_extent: null,
      temporal_extent: ['2024-06-01', '2024-07-01'],
      bands: ['red', 'nir'],
    }),
    n: call('ndvi', { data: from('l') }),
    z: call('aggregate_spatial', {
      data: from('n'),
      geometries: {
        type: 'FeatureCollection',
        features: [10.55, 10.6].map((west) => ({ type: 'Feature', properties: {}, geometry: square(west) })),
      },
      reducer: {
        process_graph: { r: call(reducer, { data: { from_parameter: 'data' } }, { result: true }) },
      },
    }),
    s: call('save_result', { data: from('z'), format }, { result: true }),
  },
});

function appOf(overrides: Parameters<typeof fakeApi>[0] = {}) {
  const world = testWorld();
  const { deps } = world;
  const fake = fakeApi({
    requests: requestUseCases(deps),
    providers: deps.providers,
    openeo: openeoService(deps, { signIn: { kind: 'open', token: 'local' } }),
    ...overrides,
  });
  const app = makeApp(fake.deps);
  const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    app.request(path, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const read = async (path: string) => (await (await send('GET', path)).json()) as Json;
  const finished = async (process: unknown): Promise<string> => {
    const answer = await send('POST', '/jobs', { process });
    expect(answer.status, await answer.clone().text()).toBe(201);
    const id = answer.headers.get('openeo-identifier') ?? '';
    await send('POST', `/jobs/${id}/results`);
    await world.drain();
    return id;
  };
  return { world, send, read, finished };
}

interface Asset {
  readonly href: string;
  readonly type: string;
  readonly roles: readonly string[];
  readonly 'file:size': number;
}
const assetsOf = (results: Json) => results['assets'] as Readonly<Record<string, Asset>>;

describe('a job over geometries', () => {
  it('has its table as the only asset, which downloads in full, in part, and by its head', async () => {
    const { finished, read, send } = appOf();
    const id = await finished(zonal('JSON'));
    const results = await read(`/jobs/${id}/results`);
    expect(results).toMatchObject({ 'openeo:status': 'finished' });
    const extent = results['extent'] as { spatial: { bbox: number[][] } };
    expect(extent.spatial.bbox[0]?.map((side) => Number(side.toFixed(6)))).toEqual([
      10.55, 48.505, 10.62, 48.515,
    ]);
    const { 'timeseries.json': asset, ...others } = assetsOf(results);
    expect(others).toEqual({});
    expect(asset).toMatchObject({
      href: `http://localhost/jobs/${id}/results/timeseries.json`,
      type: 'application/json',
      roles: ['data'],
    });
    const whole = await send('GET', `/jobs/${id}/results/timeseries.json`);
    expect(whole.headers.get('content-type')).toBe('application/json');
    const text = await whole.text();
    expect(text.length).toBe(asset?.['file:size']);
    const table = JSON.parse(text) as Record<string, (number | null)[][]>;
    expect(Object.keys(table).length).toBeGreaterThan(1);
    for (const [date, values] of Object.entries(table)) {
      expect(date).toMatch(/^2024-06-\d\dT/);
      // The test's engine has no valid pixel in the first zone.
      expect(values).toEqual([[null], [0.5]]);
    }
    const part = await send('GET', `/jobs/${id}/results/timeseries.json`, undefined, { Range: 'bytes=0-1' });
    expect([part.status, await part.text()]).toEqual([206, text.slice(0, 2)]);
    const head = await send('HEAD', `/jobs/${id}/results/timeseries.json`);
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(text.length)]);
    expect((await send('GET', `/jobs/${id}/results/timeseries.csv`)).status).toBe(404);
    const links = results['links'] as { rel: string }[];
    expect(links.filter(({ rel }) => rel === 'item')).toHaveLength(Object.keys(table).length);
  });

  it.each([
    ['CSV', 'timeseries.csv', 'text/csv', /^date,feature_index,value\r\n2024-06-/],
    ['GeoJSON', 'timeseries.geojson', 'application/geo+json', /^\{"type":"FeatureCollection"/],
    ['Parquet', 'timeseries.parquet', 'application/vnd.apache.parquet', /^PAR1/],
  ])('writes %s', async (format, name, type, begins) => {
    const { finished, read, send } = appOf();
    const id = await finished(zonal(format));
    expect(assetsOf(await read(`/jobs/${id}/results`))).toMatchObject({ [name]: { type } });
    const answer = await send('GET', `/jobs/${id}/results/${name}`);
    expect(answer.headers.get('content-type')).toBe(type);
    expect(await answer.text()).toMatch(begins);
  });

  it('says in its log what it aggregates, and in its estimate how large the table is', async () => {
    const { finished, read } = appOf();
    const id = await finished(zonal('CSV', 'median'));
    const { logs } = (await read(`/jobs/${id}/logs`)) as { logs: { message: string }[] };
    expect(logs[0]?.message).toBe('Statistics of 2 geometries by median, as CSV.');
    const { size } = (await read(`/jobs/${id}/estimate`)) as { size: number };
    expect(size).toBeGreaterThan(0);
    expect(size).toBeLessThan(1000);
  });

  it('has signed links where storage makes them', async () => {
    const { finished, read, send } = appOf({ delivery: 'redirect' });
    const id = await finished(zonal('JSON'));
    const { 'timeseries.json': asset } = assetsOf(await read(`/jobs/${id}/results`));
    expect(asset?.href).toMatch(/^memory:\/\/.*timeseries\.json/);
    const moved = await send('GET', `/jobs/${id}/results/timeseries.json`);
    expect([moved.status, moved.headers.get('location')?.slice(0, 9)]).toEqual([302, 'memory://']);
  });

  it('makes its table once, and again when storage has removed it', async () => {
    const { finished, world, send } = appOf();
    const id = await finished(zonal('CSV'));
    const { work } = world.deps;
    const tables = async () => (await work.list('manifests/tables/')).objects.map(({ key }) => key);
    const text = async () => (await send('GET', `/jobs/${id}/results/timeseries.csv`)).text();
    const first = await text();
    const [key = ''] = await tables();
    expect(await text()).toBe(first);
    expect(await tables()).toEqual([key]);
    await work.delete(key);
    expect(await text()).toBe(first);
    expect(await tables()).toEqual([key]);
  });

  it('says what to do when its zones are not kept any more', async () => {
    const { finished, world, send } = appOf();
    const id = await finished(zonal('CSV'));
    const { objects } = await world.deps.work.list('manifests/zones/');
    for (const { key } of objects) await world.deps.work.delete(key);
    const gone = await send('GET', `/jobs/${id}/results/timeseries.csv`);
    expect([gone.status, await gone.json()]).toMatchObject([
      404,
      { fix: expect.stringContaining('starting a job again') },
    ]);
    await send('POST', `/jobs/${id}/results`);
    await world.drain();
    expect((await send('GET', `/jobs/${id}/results/timeseries.csv`)).status).toBe(200);
  });

  it('says what to do when its results are not kept any more', async () => {
    const { finished, world, send } = appOf();
    const id = await finished(zonal('CSV'));
    const { results } = world.deps;
    for (const { key } of (await results.list('results/')).objects) await results.delete(key);
    const gone = await send('GET', `/jobs/${id}/results`);
    expect([gone.status, await gone.json()]).toMatchObject([404, { fix: 'Start the job again.' }]);
    await send('POST', `/jobs/${id}/results`);
    await world.drain();
    expect((await send('GET', `/jobs/${id}/results/timeseries.csv`)).status).toBe(200);
  });

  it('has no table when it asked for rasters', async () => {
    const places = { results: memoryObjects(), work: memoryObjects() };
    expect(await keepTable(places, 'p', { table: null, request: null })).toBe(undefined);
  });
});
