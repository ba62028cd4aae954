import { SwathError } from '@swath/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { fakeApi } from '../../../test/support/fake-api.ts';
import { makeApp } from './app.ts';
import type { Role } from './deps.ts';
import { problem } from './schemas/common.ts';

const json = { 'Content-Type': 'application/json' };
const ndvi = JSON.stringify({ pipeline: { index: 'NDVI' } });

let fake: ReturnType<typeof fakeApi>;
let app: ReturnType<typeof makeApp>;

beforeEach(() => {
  fake = fakeApi();
  app = makeApp(fake.deps);
});

const post = (path: string, body: string = ndvi, headers: Record<string, string> = {}) =>
  app.request(path, { method: 'POST', body, headers: { ...json, ...headers } });

async function problemOf(response: Response) {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const body = problem.parse(await response.json());
  expect(body.status).toBe(response.status);
  expect(body.requestId).toBe(response.headers.get('x-request-id'));
  return body;
}

describe('every answer', () => {
  it('is 404 for an unknown path and 405 with Allow for an unknown method', async () => {
    expect(await problemOf(await app.request('/nothing'))).toMatchObject({ status: 404, code: 'NotFound' });
    const response = await app.request('/requests', { method: 'DELETE' });
    expect(await problemOf(response)).toMatchObject({ status: 405, code: 'MethodNotAllowed' });
    expect(response.headers.get('allow')).toBe('POST, GET, HEAD, OPTIONS');
    // Not those of /requests/{id}, which it could be as well.
    const plan = await app.request('/requests/plan', { method: 'OPTIONS' });
    expect(plan.headers.get('allow')).toBe('POST, OPTIONS');
  });

  it('carries the request id it was given, or one of our own when that is not one', async () => {
    const given = await app.request('/health', { headers: { 'X-Request-Id': 'trace-7' } });
    expect(given.headers.get('x-request-id')).toBe('trace-7');
    const strange = await app.request('/health', { headers: { 'X-Request-Id': 'a\tb<script>' } });
    expect(strange.headers.get('x-request-id')).toBe('id-1');
  });

  it('is one line in the log, without the query', async () => {
    await app.request('/requests?limit=7&cursor=c2VjcmV0');
    expect(fake.logged).toHaveLength(1);
    expect(fake.logged[0]).toMatchObject({
      key: 'Http:Request:Done',
      fields: { method: 'GET', route: 'GET /requests', path: '/requests', status: 200, project: 'local' },
    });
    expect(JSON.stringify(fake.logged)).not.toContain('c2VjcmV0');
  });

  it('hides the text of a bug from the caller and keeps it for the log', async () => {
    const broken = makeApp({
      ...fake.deps,
      requests: {
        ...fake.requests,
        get: async () => {
          throw new TypeError('password=hunter2 is undefined');
        },
      },
    });
    const response = await broken.request('/requests/1');
    const text = await response.clone().text();
    expect(await problemOf(response)).toMatchObject({ status: 500, code: 'Bug' });
    expect(text).not.toContain('hunter2');
    expect(JSON.stringify(fake.logged)).toContain('hunter2');
  });

  it('says when to come back', async () => {
    const busy = (error: SwathError) =>
      makeApp({
        ...fake.deps,
        requests: {
          ...fake.requests,
          get: async () => {
            throw error;
          },
        },
      }).request('/requests/1');
    const throttled = await busy(new SwathError('Throttled', 'Slow down.', { retryAfterMs: 2500 }));
    expect([throttled.status, throttled.headers.get('retry-after')]).toEqual([429, '3']);
    const unavailable = await busy(new SwathError('Unavailable', 'Away.'));
    expect([unavailable.status, unavailable.headers.get('retry-after')]).toEqual([503, '5']);
  });
});

describe('who may do what', () => {
  const as = (...roles: Role[]) =>
    makeApp({ ...fake.deps, identify: async () => ({ project: 'local', roles }) });

  it('asks strangers to sign in, except where nothing is anybody’s', async () => {
    const strange = makeApp({ ...fake.deps, identify: async () => undefined });
    const response = await strange.request('/requests');
    expect(await problemOf(response)).toMatchObject({ status: 401, code: 'Unauthenticated' });
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect((await strange.request('/health')).status).toBe(200);
    expect((await strange.request('/api')).status).toBe(200);
  });

  it('lets viewers look and requesters order', async () => {
    const order = { method: 'POST', body: ndvi, headers: json };
    expect((await as('viewer').request('/requests')).status).toBe(200);
    expect((await as('viewer').request('/requests', order)).status).toBe(403);
    expect((await as('requester').request('/requests', order)).status).toBe(201);
    expect((await as('admin').request('/requests', order)).status).toBe(201);
  });
});

describe('other origins', () => {
  const from = (origin: string) => ({ headers: { Origin: origin } });

  it('may read and write only when they are allowed', async () => {
    const open = makeApp({ ...fake.deps, origins: ['https://map.example'] });
    const good = await open.request('/requests', from('https://map.example'));
    expect(good.headers.get('access-control-allow-origin')).toBe('https://map.example');
    expect(good.headers.get('access-control-expose-headers')).toContain('Location');
    const bad = await open.request('/requests', from('https://evil.example'));
    expect(bad.headers.get('access-control-allow-origin')).toBeNull();
    const forged = await post('/requests', ndvi, { Origin: 'https://evil.example' });
    expect(await problemOf(forged)).toMatchObject({ status: 403 });
    expect(fake.requests.all.size).toBe(0);
    expect((await post('/requests', ndvi, { Origin: 'http://localhost' })).status).toBe(201);
  });

  it('are told what is possible, on every path', async () => {
    const open = makeApp({ ...fake.deps, origins: '*' });
    for (const path of ['/', '/requests', '/requests/1/events', '/scenes/search', '/api']) {
      const response = await open.request(path, { method: 'OPTIONS', ...from('https://any.example') });
      expect(response.status).toBe(204);
      expect(response.headers.get('access-control-allow-origin')).toBe('*');
      expect(response.headers.get('access-control-allow-methods')).toContain('OPTIONS');
      expect(response.headers.get('access-control-allow-headers')).toContain('Idempotency-Key');
    }
  });

  it('cannot reach us under a name of their own', async () => {
    const local = makeApp({ ...fake.deps, hosts: ['127.0.0.1', 'localhost', '::1'] });
    expect((await local.request('http://127.0.0.1:1/health')).status).toBe(200);
    expect((await local.request('http://[::1]:1/health')).status).toBe(200);
    const rebound = await local.request('http://evil.example/health');
    expect(await problemOf(rebound)).toMatchObject({ status: 421 });
  });
});

describe('the catalogue', () => {
  it('lists providers and their collections', async () => {
    expect(await (await app.request('/providers')).json()).toMatchObject({
      providers: [{ id: 'sample', default: true, acquire: 'reference' }],
    });
    expect(await (await app.request('/providers/sample/collections')).json()).toMatchObject({
      collections: [{ id: 'sentinel-2-l2a' }],
    });
    expect(await problemOf(await app.request('/providers/none/collections'))).toMatchObject({
      status: 404,
      fix: 'Use one of: sample.',
    });
  });

  it('searches scenes', async () => {
    const found = await post(
      '/scenes/search',
      JSON.stringify({ aoi: [4, 51, 5, 52], datetime: '2024-07-01/..' }),
    );
    expect(found.headers.get('content-type')).toBe('application/geo+json');
    expect(await found.json()).toMatchObject({
      type: 'FeatureCollection',
      features: [{ id: 'S2_20240705', properties: { 'swath:bands': ['red', 'b04'] }, bbox: [4, 51, 5, 52] }],
      skipped: [{ id: 'broken' }],
    });
  });

  it.each([
    [{ datetime: '2024-02-30' }, '/datetime'],
    [{ aoi: [170, 0, -170, 1] }, '/aoi/0'],
    [{ limit: '5' }, '/limit'],
    [{ cloud: 5 }, '/cloud'],
    [{ collections: ['a', 7] }, '/collections/1'],
    [{ provider: 'none' }, '/provider'],
  ])('refuses the search %j with a pointer to what is wrong', async (search, pointer) => {
    const body = await problemOf(await post('/scenes/search', JSON.stringify(search)));
    expect(body).toMatchObject({ status: 400, code: 'InvalidInput', pointer });
    expect(body.fix).toMatch(/./);
  });

  it('finds indices', async () => {
    const names = async (query: string) =>
      ((await (await app.request(`/indices${query}`)).json()) as { indices: { name: string }[] }).indices.map(
        (i) => i.name,
      );
    expect((await names('')).length).toBeGreaterThan(20);
    expect(await names('?q=ndvi')).toEqual(['NDVI']);
    expect(await names('?q=water')).toContain('NDWI');
    expect(await names('?q=zzz')).toEqual([]);
  });

  it('starts at the landing page', async () => {
    const body = (await (await app.request('/')).json()) as { links: { rel: string; href: string }[] };
    for (const { href } of body.links) expect((await app.request(href)).status).toBe(200);
  });
});
