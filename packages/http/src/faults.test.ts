import { createServer } from 'node:net';
import { isSwathError } from '@swath/core';
import { describe, expect, it } from 'vitest';
import { answer206, file, withServer } from './range-server.fixture.ts';
import { httpTransport } from './transport.ts';

/**
 * Faults of downloads, by their id in the fault catalogue, and where each is tested for range reads. Beside this file:
 * faults-body (D06 to D08, D13, D16, D21), faults-change (D05, D12, D14, D22), faults-time (D15, D17). Elsewhere: D02 D18
 * D19 D20 D23 to D28 are faults of orders and searches; D09 to D11 are checksums (products, acquire); D29 is in
 * inside-addresses.test.ts; D12, D13, D14, D16 have more cases in range-source.test.ts.
 */
describe('D01: 429 or 503 with Retry-After', () => {
  const now = Date.UTC(2026, 0, 1, 12);
  it.each([
    ['7', 7000],
    ['7.5', 7500],
    [' 7 ', 7000],
    ['0', 500],
    ['-3', 500],
    ['Thu, 01 Jan 2026 12:00:10 GMT', 10_000],
    ['Thursday, 01-Jan-26 12:00:10 GMT', 10_000],
    ['Thu, 01 Jan 2026 11:00:00 GMT', 500],
    ['soon', 250],
    ['1 apple', 250],
    ['0x10', 250],
    ['', 250],
    [undefined, 250],
  ])('"%s" waits %i ms and goes on', async (header, ms) => {
    for (const status of [429, 503]) {
      await withServer(
        (request, response, call) =>
          call > 0
            ? answer206(request, response)
            : response.writeHead(status, header === undefined ? {} : { 'retry-after': header }).end(),
        async ({ source, waits }) => {
          expect(await source().read(5, 10)).toEqual(file.subarray(5, 15));
          expect(waits).toEqual([ms]);
        },
        { now: () => now },
      );
    }
  });

  it.each([
    ['1e9', 900_000],
    ['1000000000', 900_000],
    ['Sun, 01 Jan 2126 00:00:00 GMT', 900_000],
    ['120', 120_000],
  ])('"%s" is more than this process waits, and handed to the caller', async (header, ms) => {
    await withServer(
      (_, response) => response.writeHead(429, { 'retry-after': header }).end(),
      async ({ failure, waits }) => {
        expect(await failure()).toMatchObject({ code: 'Throttled', retryAfterMs: ms });
        expect(waits).toEqual([]);
      },
      { now: () => now },
    );
  });

  it('counts milliseconds where the provider does', async () => {
    await withServer(
      (request, response, call) =>
        call > 0 ? answer206(request, response) : response.writeHead(429, { 'retry-after': '3000' }).end(),
      async ({ source, waits }) => {
        await source().read(0, 1);
        expect(waits).toEqual([3000]);
      },
      { retryAfterUnit: 'milliseconds' },
    );
  });
});

describe('D03: a server in trouble', () => {
  it.each([500, 502, 503, 504, 408, 425])('HTTP %i is tried five times, then Unavailable', async (status) => {
    await withServer(
      (_, response) => response.writeHead(status).end('<html>'),
      async ({ failure, requests, waits }) => {
        expect((await failure()).code).toBe('Unavailable');
        expect(requests).toHaveLength(5);
        expect(waits).toEqual([250, 500, 1000, 2000]);
      },
    );
  });

  it('a reset before, in and after the headers is tried again', async () => {
    await withServer(
      (request, response, call) => {
        if (call === 0) return void request.socket.resetAndDestroy();
        if (call === 1) {
          request.socket.write('HTTP/1.1 206 Partial Content\r\ncontent-ra');
          return void setImmediate(() => request.socket.resetAndDestroy());
        }
        if (call === 2) {
          response.writeHead(206, { 'content-range': `bytes 0-99/${file.length}`, 'content-length': '100' });
          response.flushHeaders();
          return void setImmediate(() => request.socket.resetAndDestroy());
        }
        answer206(request, response);
      },
      async ({ source, requests }) => {
        expect(await source().read(0, 100)).toEqual(file.subarray(0, 100));
        expect(requests).toHaveLength(4);
      },
    );
  });

  it('a name that does not resolve, a server that speaks no HTTP and a refused connection are Unavailable after five tries', async () => {
    let asked = 0;
    const dns = httpTransport(
      {},
      {
        sleep: async () => {},
        resolve: async () => {
          asked++;
          throw Object.assign(new Error('getaddrinfo EAI_AGAIN'), { code: 'EAI_AGAIN' });
        },
      },
    );
    const unresolved = await dns
      .source('https://a.test/b')
      .read(0, 1)
      .catch((error: unknown) => error);
    await dns.close();
    expect(isSwathError(unresolved, 'Unavailable')).toBe(true);
    expect(asked).toBe(5);

    let accepted = 0;
    const noHttp = createServer((socket) => {
      accepted++;
      socket.on('error', () => {}).resume();
      socket.end('220 smtp.test ESMTP\r\n');
    });
    await new Promise<void>((resolve) => noHttp.listen(0, '127.0.0.1', resolve));
    const address = noHttp.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const transport = httpTransport({ allowHttp: true }, { sleep: async () => {} });
    const smtp = await transport
      .source(`http://127.0.0.1:${port}/a`)
      .read(0, 1)
      .catch((error: unknown) => error);
    expect(isSwathError(smtp, 'Unavailable')).toBe(true);
    expect(accepted).toBe(5);
    await new Promise((resolve) => noHttp.close(resolve));
    const refused = await transport
      .source(`http://127.0.0.1:${port}/a`)
      .read(0, 1)
      .catch((error: unknown) => error);
    expect(isSwathError(refused, 'Unavailable')).toBe(true);
    await transport.close();
  });
});

describe('D04: answers that repeating does not change', () => {
  it.each([400, 401, 402, 403, 404, 405, 410, 451])('HTTP %i is asked for once', async (status) => {
    await withServer(
      (_, response) => response.writeHead(status).end('{"token":"s3cret"}'),
      async ({ failure, requests }) => {
        expect((await failure()).code).toBe('NotFound');
        expect(requests).toHaveLength(1);
      },
    );
  });

  it.each([204, 205, 207, 226, 300, 304])('HTTP %i is no answer to a range', async (status) => {
    await withServer(
      (_, response) => response.writeHead(status).end(),
      async ({ failure }) => {
        expect((await failure()).code).toBe('NotFound');
      },
    );
  });
});

describe('D30: what an error tells', () => {
  it('is not what the server says, nor the query', async () => {
    for (const status of [400, 403, 429, 500]) {
      await withServer(
        (request, response) =>
          response.writeHead(status, { 'x-secret': 's3cret' }).end(`you sent ${request.url}`),
        async ({ failure }) => {
          expect((await failure()).message).not.toMatch(/s3cret|you sent/);
        },
      );
    }
  });
});
