import { beforeEach, describe, expect, it } from 'vitest';
import { fakeApi, fakeProducts, fakeRequest } from '../../../test/support/fake-api.ts';
import { makeApp } from './app.ts';
import { BODY_LIMIT_BYTES } from './limits.ts';
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

describe('creating a request', () => {
  it('answers 201 with the place of the request, and says when a repeat would be another one', async () => {
    const response = await post('/requests');
    expect(response.status).toBe(201);
    expect(response.headers.get('location')).toBe('http://localhost/requests/0193-1');
    expect(response.headers.get('swath-idempotent')).toBe('false');
    expect(await response.json()).toMatchObject({ id: '0193-1', state: 'accepted' });
  });

  it('gives the same request back for the same Idempotency-Key, with 200', async () => {
    const first = await post('/requests', ndvi, { 'Idempotency-Key': 'abc-1' });
    const second = await post('/requests', ndvi, { 'Idempotency-Key': 'abc-1' });
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(first.headers.get('swath-idempotent')).toBe('true');
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
    expect(fake.requests.all.size).toBe(1);
  });

  it.each(['a'.repeat(129), '../x', 'a b', ''])('refuses the Idempotency-Key "%s"', async (key) => {
    const response = await post('/requests', ndvi, { 'Idempotency-Key': key });
    expect(await problemOf(response)).toMatchObject({ status: 400, code: 'InvalidInput' });
    expect(fake.requests.all.size).toBe(0);
  });

  it('passes on pointer and fix of what is wrong', async () => {
    const response = await post('/requests', '{}');
    expect(await problemOf(response)).toMatchObject({
      status: 400,
      pointer: '/pipeline',
      fix: 'Name an index.',
      instance: '/requests',
    });
  });

  it.each([
    ['{', 'not JSON'],
    ['', 'empty'],
    [`${'['.repeat(100)}${']'.repeat(100)}`, 'deep'],
    ['{"__proto__":{}}', 'proto'],
    ['{"a":1e999}', 'infinite'],
    ['{"a":1,"a":2}', 'twice'],
    ['\ufeff{}', 'byte order mark'],
    ['{"a":"\\ud800"}', 'half a surrogate pair'],
  ])('refuses the body %s', async (body) => {
    const { status, detail } = await problemOf(await post('/requests', body));
    expect([400, 422]).toContain(status);
    expect(detail).toMatch(/./);
    expect(fake.requests.all.size).toBe(0);
  });

  it('refuses bytes that are no UTF-8', async () => {
    const response = await app.request('/requests', {
      method: 'POST',
      body: Buffer.from([0x22, 0xff, 0x22]),
      headers: json,
    });
    expect(await problemOf(response)).toMatchObject({ status: 400, detail: 'The body is not UTF-8 text.' });
  });

  it('refuses a body over the limit by its length, and by its bytes when it lies about them', async () => {
    const large = JSON.stringify({ name: 'x'.repeat(BODY_LIMIT_BYTES) });
    expect((await problemOf(await post('/requests', large))).status).toBe(413);
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent++;
        controller.enqueue(new Uint8Array(65_536).fill(0x20));
      },
    });
    const request = new Request('http://localhost/requests', {
      method: 'POST',
      body: endless,
      headers: { ...json, 'Transfer-Encoding': 'chunked' },
      duplex: 'half',
    });
    expect((await problemOf(await app.request(request))).status).toBe(413);
    expect(sent).toBeLessThan(BODY_LIMIT_BYTES / 65_536 + 10);
  });

  it('refuses other media types and compressed bodies', async () => {
    expect((await post('/requests', ndvi, { 'Content-Type': 'text/plain' })).status).toBe(415);
    expect((await post('/requests', ndvi, { 'Content-Encoding': 'gzip' })).status).toBe(415);
  });
});

describe('looking at requests', () => {
  it('pages with a next link that is absolute, in body and header, and keeps the filter', async () => {
    for (let i = 0; i < 5; i++) fake.requests.all.set(`r${i}`, fakeRequest({ id: `r${i}` }));
    const seen: string[] = [];
    let url: string | undefined = 'http://localhost/requests?limit=2&state=succeeded';
    while (url !== undefined) {
      const response: Response = await app.request(url);
      const body = (await response.json()) as {
        requests: { id: string }[];
        links: { rel: string; href: string }[];
      };
      seen.push(...body.requests.map((r) => r.id));
      url = body.links.find((l) => l.rel === 'next')?.href;
      expect(response.headers.get('link')).toBe(url === undefined ? null : `<${url}>; rel="next"`);
      if (url !== undefined)
        expect(url).toMatch(/^http:\/\/localhost\/requests\?state=succeeded&limit=2&cursor=/);
    }
    expect(seen).toEqual(['r0', 'r1', 'r2', 'r3', 'r4']);
  });

  it('builds links on the public address where there is one', async () => {
    const behind = makeApp({ ...fake.deps, publicUrl: 'https://swath.example/v1' });
    const response = await behind.request('/requests', { method: 'POST', body: ndvi, headers: json });
    expect(response.headers.get('location')).toBe('https://swath.example/v1/requests/0193-1');
  });

  it.each(['limit=0', 'limit=101', 'limit=x', 'state=Succeeded', 'stat=failed', 'limit=1&limit=2'])(
    'refuses the query %s',
    async (query) => {
      expect(await problemOf(await app.request(`/requests?${query}`))).toMatchObject({ status: 400 });
    },
  );

  it('answers 404 for what is not there, and for what is of another project, in the same words', async () => {
    fake.requests.all.set('theirs', fakeRequest({ id: 'theirs', project: 'other' }));
    for (const path of ['', '/events', '/results']) {
      const theirs = await problemOf(await app.request(`/requests/theirs${path}`));
      const nobodys = await problemOf(await app.request(`/requests/nobodys${path}`));
      expect(theirs.status).toBe(404);
      expect(theirs.detail).toBe(nobodys.detail.replace('nobodys', 'theirs'));
    }
    for (const verb of ['cancel', 'retry']) {
      expect((await app.request(`/requests/theirs/${verb}`, { method: 'POST' })).status).toBe(404);
    }
  });

  it('plans without storing', async () => {
    const response = await post('/requests/plan');
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ available: false, scenes: [{ id: 'S2_20240705' }] });
    expect(fake.requests.all.size).toBe(0);
  });

  it('cancels and retries; what is too late is a conflict', async () => {
    await post('/requests');
    const send = (verb: string) => app.request(`/requests/0193-1/${verb}`, { method: 'POST' });
    expect(await (await send('cancel')).json()).toMatchObject({ state: 'cancelled' });
    expect(await (await send('retry')).json()).toMatchObject({ state: 'accepted', attempt: 2 });
    fake.requests.all.set('done', fakeRequest({ id: 'done' }));
    const late = await app.request('/requests/done/cancel', { method: 'POST' });
    expect(await problemOf(late)).toMatchObject({ status: 409, code: 'Conflict' });
  });

  it('sends a form back to the page of the request', async () => {
    await post('/requests');
    const response = await app.request('/requests/0193-1/cancel', {
      method: 'POST',
      headers: { Accept: 'text/html,*/*;q=0.8' },
    });
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('http://localhost/requests/0193-1');
  });

  it('links results with size and sha256, and says so when a file is gone', async () => {
    fake.requests.all.set('done', fakeRequest({ id: 'done', results: [...fakeProducts.slice(0, 1)] }));
    const body = (await (await app.request('/requests/done/results')).json()) as {
      products: {
        assets: Record<string, { href: string; sizeBytes: number | null; sha256: string | null }>;
      }[];
    };
    const cog = body.products[0]?.assets['cog'];
    expect(cog).toMatchObject({ sizeBytes: 17, sha256: fakeProducts[0]?.sha256 });
    const file = await app.request(cog?.href ?? '');
    expect(await file.text()).toBe('cog of 2024-03-12');
    const gone = fakeProducts[0];
    if (gone === undefined) throw new Error('no product');
    const assets = { ...gone.assets, thumbnail: 'results/x/y/z.png' };
    fake.requests.all.set('old', fakeRequest({ id: 'old', results: [{ ...gone, assets }] }));
    const old = (await (await app.request('/requests/old/results')).json()) as typeof body;
    expect(old.products[0]?.assets['thumbnail']).toMatchObject({ sizeBytes: null, sha256: null });
  });
});

describe('the stream of events', () => {
  it('tells every event once and every change, then ends with done', async () => {
    await post('/requests');
    const response = await app.request('/requests/0193-1/events', {
      headers: { Accept: 'text/event-stream' },
    });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const text = await response.text();
    expect([...text.matchAll(/^id: (\d+)$/gm)].map((m) => Number(m[1]))).toEqual([0, 1, 2, 3, 4, 5]);
    expect(text.match(/event: progress/g)?.length).toBe(5);
    expect(text.trim().split('\n\n').at(-1)).toMatch(
      /^event: done\ndata: {"id":"0193-1","state":"succeeded"/,
    );
  });

  it('resumes after Last-Event-ID', async () => {
    fake.requests.all.set('done', fakeRequest({ id: 'done' }));
    const response = await app.request('/requests/done/events', {
      headers: { Accept: 'text/event-stream', 'Last-Event-ID': '3' },
    });
    expect([...(await response.text()).matchAll(/^id: (\d+)$/gm)].map((m) => Number(m[1]))).toEqual([4, 5]);
  });

  it('beats its heart when nothing moves, and stops looking when the client leaves', async () => {
    fake.requests.stepsPerLook = 0;
    fake.requests.all.set('slow', fakeRequest({ id: 'slow', state: 'processing', results: [] }));
    let nowMs = 0;
    const ticking = makeApp({ ...fake.deps, clock: { now: () => (nowMs += 600) } });
    const response = await ticking.request('/requests/slow/events', {
      headers: { Accept: 'text/event-stream' },
    });
    const reader = response.body?.getReader();
    if (reader === undefined) throw new Error('no body');
    const first = new TextDecoder().decode((await reader.read()).value);
    expect(first).toContain('event: progress');
    expect(new TextDecoder().decode((await reader.read()).value)).toBe(': still here\n\n');
    await reader.cancel();
  });

  it('is a list of JSON for everybody else', async () => {
    fake.requests.all.set('done', fakeRequest({ id: 'done' }));
    const body = (await (await app.request('/requests/done/events')).json()) as { events: unknown[] };
    expect(body.events).toHaveLength(6);
  });
});
