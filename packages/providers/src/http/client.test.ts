import { afterEach, describe, expect, it } from 'vitest';
import {
  type Answer,
  type RunningServer,
  sendJson,
  startServer,
} from '../../../../test/support/http-server.ts';
import { type HttpDeps, jsonClient } from './client.ts';

const open: RunningServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function setup(answer: Answer, deps: HttpDeps = {}) {
  const server = await startServer(answer);
  open.push(server);
  const waits: number[] = [];
  const client = jsonClient({
    sleep: async (ms) => {
      waits.push(ms);
    },
    now: () => Date.UTC(2026, 0, 1, 12, 0, 0),
    random: () => 0.999,
    policy: { allowHttp: true },
    ...deps,
  });
  const get = (path = '/', signal?: AbortSignal) =>
    client({ method: 'GET', url: new URL(path, server.origin), ...(signal === undefined ? {} : { signal }) });
  return { server, waits, client, get };
}

/** Answers the first `times` requests with `first`, then {ok: true}. */
function failing(times: number, first: Answer): Answer {
  let count = 0;
  return (request, response, origin) => {
    count += 1;
    if (count <= times) return first(request, response, origin);
    return sendJson(response, 200, { ok: true });
  };
}

const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (_, response) => {
    response.writeHead(code, headers).end('{}');
  };

describe('jsonClient', () => {
  it.each([429, 500, 502, 503, 504, 408])('repeats %i with growing random waits', async (code) => {
    const { get, waits } = await setup(failing(3, status(code)));
    expect((await get()).json).toEqual({ ok: true });
    expect(waits.map(Math.round)).toEqual([500, 999, 1998]);
  });

  it.each([
    ['2', 2000],
    ['Thu, 01 Jan 2026 12:00:10 GMT', 10_000],
    ['-1', 500],
    ['garbage', 499.5],
  ])('waits as Retry-After %s says', async (header, ms) => {
    const { get, waits } = await setup(failing(1, status(429, { 'retry-after': header })));
    await get();
    expect(waits).toEqual([ms]);
  });

  it.each([
    ['60', 60_000],
    ['3600', 900_000],
    ['1e9', 900_000],
  ])('throws a wait of %s s instead of sitting it out', async (header, retryAfterMs) => {
    const { get, waits, server } = await setup(status(429, { 'retry-after': header }));
    await expect(get()).rejects.toMatchObject({ code: 'Throttled', retryAfterMs });
    expect(waits).toEqual([]);
    expect(server.requests).toHaveLength(1);
  });

  it('gives up after its repeats', async () => {
    const { get, server } = await setup(status(503));
    await expect(get()).rejects.toMatchObject({
      code: 'Unavailable',
      message: expect.stringContaining('503'),
    });
    expect(server.requests).toHaveLength(6);
  });

  it('waits no longer in all than its budget', async () => {
    const { get, waits } = await setup(status(503, { 'retry-after': '20' }));
    await expect(get()).rejects.toMatchObject({ code: 'Unavailable', retryAfterMs: 20_000 });
    expect(waits).toEqual([20_000, 20_000, 20_000]);
  });

  it.each([
    [400, 'InvalidInput'],
    [401, 'InvalidInput'],
    [403, 'InvalidInput'],
    [404, 'NotFound'],
    [410, 'NotFound'],
    [405, 'InvalidInput'],
  ])('does not repeat %i', async (code, errorCode) => {
    const { get, server } = await setup(status(code));
    await expect(get()).rejects.toMatchObject({ code: errorCode });
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    [{ code: 'NotFound', description: 'Not Found' }, 'Not Found'],
    [
      { code: 'NotFoundError', description: "No collection with id 'x' found!" },
      "No collection with id 'x' found!",
    ],
    [{ detail: 'bad bbox' }, 'bad bbox'],
    [{ message: 'a\u0000b\nc' }, 'a b c'],
  ])('tells what the provider says: %j', async (body, said) => {
    const { get } = await setup((_, response) => sendJson(response, 404, body));
    await expect(get()).rejects.toThrow(said);
  });

  it.each([
    ['an HTML page', '<!DOCTYPE html><html>', 'HTML'],
    ['half an answer', '{"type":"FeatureColl', 'no JSON'],
    ['nothing', '', 'nothing'],
  ])('asks once more for %s, then calls it corrupt', async (_, text, said) => {
    const { get, server } = await setup((_request, response) => void response.writeHead(200).end(text));
    await expect(get()).rejects.toMatchObject({ code: 'Corrupt', message: expect.stringContaining(said) });
    expect(server.requests).toHaveLength(2);
  });

  it('repeats when the connection breaks before or in the middle of the answer', async () => {
    const reset = await setup(failing(2, (_, response) => void response.destroy()));
    expect((await reset.get()).json).toEqual({ ok: true });
    const cut = await setup(
      failing(1, (_, response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('{"a":');
        setImmediate(() => response.destroy());
      }),
    );
    expect((await cut.get()).json).toEqual({ ok: true });
    expect(cut.waits).toHaveLength(1);
  });

  it('does not wait for a server that drips or stays silent', async () => {
    const silent: Answer = () => undefined;
    const drip: Answer = (_, response) => {
      response.writeHead(200);
      response.write('{');
    };
    for (const answer of [silent, drip]) {
      const { get, server } = await setup(failing(1, answer), { timeoutMs: 100 });
      expect((await get()).json).toEqual({ ok: true });
      expect(server.requests).toHaveLength(2);
    }
  });

  it('stops reading an answer that is too long', async () => {
    const { get, server } = await setup(
      (_, response) => {
        response.writeHead(200);
        const more = () => {
          while (!response.destroyed && response.write('x'.repeat(65_536)));
        };
        response.on('drain', more);
        more();
      },
      { maxBytes: 1_000_000 },
    );
    await expect(get()).rejects.toMatchObject({ code: 'LimitExceeded' });
    expect(server.requests).toHaveLength(1);
  });

  it('stops when it is cancelled, while asking and while waiting', async () => {
    const aborted = AbortSignal.abort();
    const { get } = await setup(status(200));
    await expect(get('/', aborted)).rejects.toMatchObject({ code: 'Cancelled' });
    const controller = new AbortController();
    const waiting = await setup(status(503), {
      sleep: (_, signal) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => reject(new Error('aborted')));
          controller.abort();
        }),
    });
    await expect(waiting.get('/', controller.signal)).rejects.toMatchObject({ code: 'Cancelled' });
    expect(waiting.server.requests).toHaveLength(1);
  });

  it('follows redirects on its own origin, at most five', async () => {
    const chain: Answer = (request, response) => {
      const hop = Number(request.path.slice(1));
      if (hop === 0) return sendJson(response, 200, { ok: true });
      response.writeHead(302, { location: `/${hop - 1}` }).end();
    };
    const { get } = await setup(chain);
    expect((await get('/5')).json).toEqual({ ok: true });
    await expect(get('/6')).rejects.toMatchObject({
      code: 'Corrupt',
      message: expect.stringContaining('redirects'),
    });
  });

  it.each([
    'http://169.254.169.254/latest',
    'https://other.test/',
    'file:///etc/passwd',
    'http://127.0.0.1:1/',
  ])('does not follow a redirect to %s', async (location) => {
    const { get } = await setup((_, response) => void response.writeHead(307, { location }).end());
    await expect(get()).rejects.toMatchObject({ code: 'Corrupt' });
  });

  it('never sends a POST on', async () => {
    const { client, server } = await setup(
      (_, response) => void response.writeHead(307, { location: '/b' }).end(),
    );
    const post = client({ method: 'POST', url: new URL('/a', server.origin), body: {} });
    await expect(post).rejects.toMatchObject({ code: 'Corrupt' });
    expect(server.requests.every((request) => request.path === '/a')).toBe(true);
  });

  it('keeps query strings and headers out of messages', async () => {
    const { client, server } = await setup(status(403));
    const url = new URL('/search?token=hunter2', server.origin);
    const failed = client({ method: 'GET', url, headers: { authorization: 'Bearer hunter2' } });
    const error = await failed.catch((thrown: unknown) => thrown);
    expect(JSON.stringify([error, String(error)])).not.toContain('hunter2');
    expect(server.requests[0]?.headers['authorization']).toBe('Bearer hunter2');
  });
});
