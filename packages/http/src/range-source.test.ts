import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isSwathError, type SwathError } from '@swath/core';
import { afterEach, describe, expect, it } from 'vitest';
import { WHOLE_BODY_CAP_BYTES } from './limits.ts';
import { answer206, askedRange, file, type Handler } from './range-server.fixture.ts';
import type { HttpTuning } from './retry.ts';
import { type HttpTransport, httpTransport } from './transport.ts';

let server: Server | undefined;
let transport: HttpTransport | undefined;
let waits: number[] = [];

afterEach(async () => {
  await transport?.close();
  server?.closeAllConnections();
  await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
});

/** A server on loopback, and a transport that waits for nobody. */
async function serve(handler: Handler, tuning: Partial<HttpTuning> = {}): Promise<string> {
  let calls = 0;
  waits = [];
  server = createServer((request, response) => handler(request, response, calls++));
  await new Promise((resolve) => server?.listen(0, '127.0.0.1', () => resolve(undefined)));
  transport = httpTransport(
    { allowHttp: true },
    {
      sleep: async (ms) => {
        waits.push(ms);
      },
      random: () => 0.5,
      ...tuning,
    },
  );
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}/data/b04.tif?sig=s3cret`;
}

async function failure(href: string, offset = 0, length = 100): Promise<SwathError> {
  const error = await transport
    ?.source(href)
    .read(offset, length)
    .catch((caught: unknown) => caught);
  if (!isSwathError(error)) throw new Error(`no SwathError but ${String(error)}`);
  expect(`${error.message} ${error.stack}`).not.toContain('s3cret');
  return error;
}

describe('an http source', () => {
  it('reads a range with one request, cuts at the end, and knows the size from it', async () => {
    let requests = 0;
    const href = await serve((request, response) => {
      requests++;
      answer206(request, response);
    });
    const source = transport?.source(href);
    expect(await source?.read(65_526, 100)).toEqual(file.subarray(65_526));
    expect(await source?.size()).toBe(65_536);
    expect(await source?.read(65_536, 5)).toHaveLength(0);
    expect(requests).toBe(1);
    expect(source?.name).not.toContain('sig');
  });

  it('sends the strong ETag back, and calls another one a change (Corrupt)', async () => {
    const seen: (string | undefined)[] = [];
    const href = await serve((request, response, call) => {
      seen.push(request.headers['if-match']);
      answer206(request, response, { etag: call < 2 ? '"v1"' : '"v2"' });
    });
    const source = transport?.source(href);
    await source?.read(0, 10);
    await source?.read(10, 10);
    const error = await source?.read(20, 10).catch((caught: unknown) => caught);
    expect(isSwathError(error, 'Corrupt')).toBe(true);
    expect(seen).toEqual([undefined, '"v1"', '"v1"']);
  });

  it('calls another total size a change (Corrupt)', async () => {
    const href = await serve((request, response, call) => {
      const [first, last] = askedRange(request);
      response.writeHead(206, { 'content-range': `bytes ${first}-${last}/${65_536 + call}` });
      response.end(file.subarray(first, last + 1));
    });
    const source = transport?.source(href);
    await source?.read(0, 10);
    const error = await source?.read(10, 10).catch((caught: unknown) => caught);
    expect(isSwathError(error, 'Corrupt')).toBe(true);
    expect(String(error)).toMatch(/65536.*65537/);
  });

  it('calls HTTP 412 a change (Corrupt)', async () => {
    const href = await serve((_, response) => response.writeHead(412).end());
    expect((await failure(href)).code).toBe('Corrupt');
  });

  it.each([
    ['off by one', 'bytes 1-99/65536'],
    ['overlapping', 'bytes 0-199/65536'],
    ['short of what was asked', 'bytes 0-50/65536'],
    ['of another unit', 'items 0-99/65536'],
    ['missing', ''],
  ])('refuses a Content-Range that is %s', async (_, value) => {
    const href = await serve((_request, response) => {
      response.writeHead(206, value === '' ? {} : { 'content-range': value });
      response.end(file.subarray(0, 100));
    });
    expect((await failure(href)).code).toBe('Corrupt');
  });

  it('repeats a truncated answer and then says Corrupt, with both numbers', async () => {
    let calls = 0;
    const href = await serve((_, response) => {
      calls++;
      response.writeHead(206, { 'content-range': 'bytes 0-99/65536' });
      response.end(file.subarray(0, 60));
    });
    const error = await failure(href);
    expect(error.code).toBe('Corrupt');
    expect(error.message).toMatch(/60 of 100 bytes/);
    expect(calls).toBe(5);
    expect(waits).toEqual([250, 500, 1000, 2000]);
  });

  it.each([1, 2, 5])(
    'repeats when the connection is cut in the middle (%i times) and gets all bytes',
    async (cuts) => {
      const href = await serve((request, response, call) => {
        if (call >= Math.min(cuts, 4)) return answer206(request, response);
        response.writeHead(206, { 'content-range': 'bytes 0-4095/65536', 'content-length': '4096' });
        response.write(file.subarray(0, 1000 * (call + 1)));
        setImmediate(() => response.destroy());
      });
      expect(await transport?.source(href).read(0, 4096)).toEqual(file.subarray(0, 4096));
    },
  );

  it('refuses more bytes than were announced', async () => {
    const href = await serve((_, response) => {
      response.writeHead(206, { 'content-range': 'bytes 0-99/65536' });
      response.end(file.subarray(0, 101));
    });
    expect((await failure(href)).code).toBe('Corrupt');
  });

  it('stops an endless body at the announced length', async () => {
    const href = await serve((_, response) => {
      response.writeHead(206, { 'content-range': 'bytes 0-99/65536' });
      const more = (): void => {
        if (!response.destroyed) response.write(file, () => setImmediate(more));
      };
      more();
    });
    expect((await failure(href)).code).toBe('Corrupt');
  });

  it('takes the body of a server that ignores Range when it is small and complete, once', async () => {
    let calls = 0;
    const href = await serve((_, response) => {
      calls++;
      response.writeHead(200, { 'content-length': String(file.length) }).end(file);
    });
    const source = transport?.source(href);
    expect(await source?.read(50, 10)).toEqual(file.subarray(50, 60));
    expect(await source?.read(65_535, 10)).toEqual(file.subarray(65_535));
    expect(await source?.size()).toBe(65_536);
    expect(calls).toBe(1);
  });

  it('does not take a body that is cut short', async () => {
    const href = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '65536' });
      response.write(file.subarray(0, 5_000));
      setImmediate(() => response.destroy());
    });
    expect((await failure(href)).code).toBe('Corrupt');
  });

  it.each([
    ['announced', { 'content-length': String(WHOLE_BODY_CAP_BYTES + 1) }],
    ['not announced', {}],
  ])('refuses a whole body above the cap whose size is %s', async (_, headers) => {
    const href = await serve((_request, response) => {
      response.writeHead(200, headers);
      const block = Buffer.alloc(1 << 20);
      const more = (): void => {
        if (!response.destroyed) response.write(block, () => setImmediate(more));
      };
      more();
    });
    const error = await failure(href);
    expect(error.code).toBe('Unsupported');
    expect(error.message).toMatch(/ignores range requests/);
  });

  it('refuses a content-encoding: ranges of it would be ranges of something else', async () => {
    const href = await serve((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('x'),
    );
    expect((await failure(href)).code).toBe('Unsupported');
  });

  it.each([
    [404, 'NotFound'],
    [410, 'NotFound'],
    [403, 'NotFound'],
    [400, 'NotFound'],
  ])('does not repeat HTTP %i', async (status, code) => {
    let calls = 0;
    const href = await serve((_, response) => {
      calls++;
      response.writeHead(status).end('<html>secret page</html>');
    });
    const error = await failure(href);
    expect(error.code).toBe(code);
    expect(calls).toBe(1);
  });

  it.each([500, 502, 503, 504, 429])('repeats HTTP %i and succeeds', async (status) => {
    const href = await serve((request, response, call) =>
      call < 3 ? response.writeHead(status).end() : answer206(request, response),
    );
    expect(await transport?.source(href).read(0, 10)).toEqual(file.subarray(0, 10));
    expect(waits).toEqual([250, 500, 1000]);
  });

  it('honours Retry-After, and hands one it cannot wait for to the caller', async () => {
    const href = await serve((request, response, call) =>
      call === 0 ? response.writeHead(503, { 'retry-after': '7' }).end() : answer206(request, response),
    );
    await transport?.source(href).read(0, 10);
    expect(waits).toEqual([7000]);
  });

  it('says Throttled, with the time to wait, when Retry-After passes the budget', async () => {
    const href = await serve((_, response) => response.writeHead(429, { 'retry-after': '3600' }).end());
    const error = await failure(href);
    expect([error.code, error.retryAfterMs]).toEqual(['Throttled', 900_000]);
    expect(waits).toEqual([]);
  });

  it('says Unavailable when the connection is reset every time', async () => {
    let calls = 0;
    const href = await serve((request) => {
      calls++;
      request.socket.destroy();
    });
    expect((await failure(href)).code).toBe('Unavailable');
    expect(calls).toBe(5);
  });

  it('gives up a silent body and a drip feed', async () => {
    let drips = 0;
    const href = await serve(
      (_, response) => {
        response.writeHead(206, { 'content-range': 'bytes 0-99/65536' });
        const drip = setInterval(() => (response.destroyed ? clearInterval(drip) : response.write('x')), 20);
        drips++;
      },
      { attempts: 2, idleTimeoutMs: 100 },
    );
    const error = await failure(href);
    expect(error.code).toBe('Unavailable');
    expect(error.message).toMatch(/too slowly/);
    expect(drips).toBe(2);
  });

  it('stops when the caller aborts', async () => {
    const href = await serve(() => {});
    const controller = new AbortController();
    const reading = transport
      ?.source(href)
      .read(0, 10, controller.signal)
      .catch((caught: unknown) => caught);
    setImmediate(() => controller.abort());
    expect(isSwathError(await reading, 'Cancelled')).toBe(true);
  });

  it('follows a redirect, and 5 of them, but not a loop', async () => {
    const href = await serve((request, response, call) =>
      call < 5
        ? response.writeHead(307, { location: `/hop${call}?sig=s3cret` }).end()
        : answer206(request, response),
    );
    expect(await transport?.source(href).read(0, 10)).toEqual(file.subarray(0, 10));
    await transport?.close();
    server?.closeAllConnections();
    server?.close();
    const loop = await serve((_, response) =>
      response.writeHead(302, { location: '/again?sig=s3cret' }).end(),
    );
    expect((await failure(loop)).message).toMatch(/redirects more than 5 times/);
  });

  it.each([
    'http://169.254.169.254/latest/meta-data',
    'http://10.0.0.1/x?sig=s3cret',
    'file:///etc/passwd',
    'http://u:s3cret@example.com/',
  ])('does not follow a redirect to %s', async (location) => {
    let calls = 0;
    const href = await serve((_, response) => {
      calls++;
      response.writeHead(302, { location }).end();
    });
    expect((await failure(href)).code).toBe('InvalidInput');
    expect(calls).toBe(1);
  });

  it('is refused at once for plain http without leave', () => {
    const strict = httpTransport({});
    expect(() => strict.source('http://127.0.0.1:1/x')).toThrow(/Plain http/);
    expect(() => strict.source('https://127.0.0.1/x')).toThrow(/this machine/);
    transport = strict;
  });

  it('reads an empty object as no bytes', async () => {
    const href = await serve((_, response) =>
      response.writeHead(416, { 'content-range': 'bytes */0' }).end(),
    );
    const source = transport?.source(href);
    expect(await source?.read(0, 100)).toHaveLength(0);
    expect(await source?.size()).toBe(0);
  });
});
