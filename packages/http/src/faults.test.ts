import { createServer } from 'node:net';
import { isSwathError } from '@swath/core';
import { describe, expect, it } from 'vitest';
import { HTTP_IDLE_TIMEOUT_MS, HTTP_TOTAL_TIMEOUT_MS, MAX_HEADER_BYTES } from './limits.ts';
import { answer206, askedRange, file, withServer } from './range-server.fixture.ts';
import { httpTransport } from './transport.ts';

/**
 * Faults of downloads, by their id in the fault catalogue, and where each is tested for range reads. Elsewhere: D02 D18 D19 D20
 * D23 to D28 are faults of orders and searches; D09 to D11 are checksums (products, acquire); D29 is in
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

describe('D05 and D22: a signature that expires', () => {
  /** Answers what is signed with one of the given tickets. */
  const signed =
    (isValid: (ticket: string, call: number) => boolean, status = 403) =>
    (request: Parameters<typeof answer206>[0], response: Parameters<typeof answer206>[1], call: number) => {
      const ticket = new URL(request.url ?? '', 'http://x').searchParams.get('sig') ?? '';
      return isValid(ticket, call)
        ? answer206(request, response)
        : void response.writeHead(status).end('expired');
    };
  const ticketed = (href: string, ticket: string): string => href.replace(/sig=.*/, `sig=${ticket}`);

  it.each([401, 403])(
    'HTTP %i in the middle of a read is signed again once, and the read goes on',
    async (status) => {
      const asked: string[] = [];
      await withServer(
        signed((ticket, call) => (call < 2 ? ticket === 's3cret' : ticket === 'fresh'), status),
        async ({ source, href, waits }) => {
          const image = source({
            refresh: async (old) => {
              asked.push(old);
              return ticketed(old, 'fresh');
            },
          });
          await image.read(0, 10);
          await image.read(10, 10);
          expect(await image.read(20, 10)).toEqual(file.subarray(20, 30));
          expect(await image.read(30, 10)).toEqual(file.subarray(30, 40));
          expect(asked).toEqual([href]);
          expect(waits).toEqual([]);
        },
      );
    },
  );

  it('is renewed once for all reads that it stops, and again at the next expiry', async () => {
    let valid = 't0';
    let signings = 0;
    await withServer(
      signed((ticket) => ticket === valid),
      async ({ source }) => {
        const image = source({
          refresh: async (old) => {
            signings++;
            valid = `t${signings}`;
            return ticketed(old, valid);
          },
        });
        for (const expected of [1, 2, 3]) {
          valid = 'expired';
          const parts = await Promise.all([0, 100, 200, 300, 400].map((at) => image.read(at, 50)));
          expect(parts.map((part) => part[0])).toEqual([0, 100, 200, 300, 400].map((at) => file[at]));
          expect(signings).toBe(expected);
        }
      },
    );
  });

  it('is not renewed twice in a row: a new address that is refused is refused', async () => {
    let signings = 0;
    await withServer(
      signed(() => false),
      async ({ source, requests }) => {
        const image = source({
          refresh: async (old) => {
            signings++;
            return ticketed(old, 'never');
          },
        });
        for (let read = 0; read < 2; read++) {
          const error = await image.read(0, 1).catch((caught: unknown) => caught);
          expect(isSwathError(error, 'NotFound')).toBe(true);
        }
        expect(signings).toBe(1);
        expect(requests).toHaveLength(3);
      },
    );
  });

  it('is not told when signing fails, and the new address is checked like the first', async () => {
    await withServer(
      signed(() => false),
      async ({ source, requests }) => {
        const failing = source({
          refresh: async (old) => {
            throw new Error(`cannot sign ${old}`);
          },
        });
        const error = await failing.read(0, 1).catch((caught: unknown) => caught);
        expect(isSwathError(error, 'Unavailable')).toBe(true);
        expect(
          `${String(error)} ${error instanceof Error ? `${error.stack} ${String(error.cause)}` : ''}`,
        ).not.toContain('s3cret');
        const before = requests.length;
        const inside = source({ refresh: async () => 'https://169.254.169.254/latest?sig=s3cret' });
        const refused = await inside.read(0, 1).catch((caught: unknown) => caught);
        expect(isSwathError(refused, 'InvalidInput')).toBe(true);
        expect(requests).toHaveLength(before + 1);
      },
    );
  });

  it('notices when the new address is another object', async () => {
    await withServer(
      (request, response, call) =>
        call === 1
          ? response.writeHead(403).end()
          : answer206(request, response, { etag: call === 0 ? '"v1"' : '"v2"' }),
      async ({ source, requests }) => {
        const image = source({ refresh: async (old) => ticketed(old, 'fresh') });
        await image.read(0, 10);
        const error = await image.read(10, 10).catch((caught: unknown) => caught);
        expect(isSwathError(error, 'Corrupt')).toBe(true);
        expect(requests[2]?.headers['if-match']).toBe('"v1"');
      },
    );
  });
});

describe('D06: a page for people instead of the file', () => {
  it.each([
    [200, 'text/html'],
    [200, 'text/html; charset=utf-8'],
    [200, 'TEXT/HTML'],
    [200, 'application/xhtml+xml'],
    [206, 'text/html'],
  ])('with status %i and type %s is Corrupt', async (status, type) => {
    const page = '<!DOCTYPE html><html><body>Please sign in</body></html>';
    await withServer(
      (_, response) => {
        response.writeHead(status, {
          'content-type': type,
          'content-length': String(page.length),
          'content-range': `bytes 0-${page.length - 1}/${page.length}`,
        });
        response.end(page);
      },
      async ({ failure }) => {
        expect(await failure()).toMatchObject({ code: 'Corrupt', message: expect.stringContaining('HTML') });
      },
    );
  });
});

describe('D07: an answer that is cut short', () => {
  const boundaries = Array.from({ length: 16 }, (_, at) => at * 4096);
  const positions = [...boundaries, 1, 7, 4095, 4097, 32_767, 32_769, 65_534, 65_535].sort((a, b) => a - b);

  it.each(positions)(
    'after %i of 65536 bytes is repeated, whatever way it ends, and never short',
    async (cut) => {
      for (const way of ['destroyed', 'shorter length', 'chunked', 'closed'] as const) {
        await withServer(
          (request, response, call) => {
            if (call > 0) return answer206(request, response);
            const range = { 'content-range': `bytes 0-65535/${file.length}`, etag: '"v1"' };
            if (way === 'closed') {
              // Neither length nor chunks: the end of the connection is the end of the body.
              const lines = Object.entries(range).map(([key, value]) => `${key}: ${value}\r\n`);
              request.socket.write(
                `HTTP/1.1 206 Partial Content\r\n${lines.join('')}connection: close\r\n\r\n`,
              );
              return void request.socket.end(file.subarray(0, cut));
            }
            const length = way === 'destroyed' ? 65_536 : cut;
            response.writeHead(
              206,
              way === 'chunked' ? range : { ...range, 'content-length': String(length) },
            );
            if (way !== 'destroyed') return void response.end(file.subarray(0, cut));
            response.write(file.subarray(0, cut), () => response.destroy());
          },
          async ({ source, requests }) => {
            expect(Buffer.compare(await source().read(0, 65_536), file)).toBe(0);
            expect(requests, way).toHaveLength(2);
          },
        );
      }
    },
  );

  it('every time is Corrupt, with both numbers', async () => {
    await withServer(
      (_, response) => {
        response.writeHead(206, { 'content-range': `bytes 0-99/${file.length}` });
        response.end(file.subarray(0, 60));
      },
      async ({ failure, requests }) => {
        expect(await failure()).toMatchObject({
          code: 'Corrupt',
          message: expect.stringMatching(/60 of 100/),
        });
        expect(requests).toHaveLength(5);
      },
    );
  });
});

describe('D08: a whole body without a length', () => {
  it('is refused when only the end of the connection ends it, since a cut looks the same', async () => {
    await withServer(
      (request) => {
        request.socket.write('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n');
        request.socket.end(file.subarray(0, 5000));
      },
      async ({ failure }) => {
        expect(await failure()).toMatchObject({ code: 'Unsupported' });
      },
    );
  });

  it('is taken in chunks when the last chunk comes, and repeated when it does not', async () => {
    await withServer(
      (_, response, call) => {
        response.writeHead(200);
        response.write(file.subarray(0, 30_000));
        if (call > 0) response.end(file.subarray(30_000));
        else setImmediate(() => response.destroy());
      },
      async ({ source, requests }) => {
        const image = source();
        expect(await image.read(100, 10)).toEqual(file.subarray(100, 110));
        expect(await image.size()).toBe(file.length);
        expect(requests).toHaveLength(2);
      },
    );
  });
});

describe('D12 and D14: the server changes its mind between two reads', () => {
  it.each([
    ['another ETag', 206, { etag: '"v2"' }],
    ['another weak ETag', 206, { etag: 'W/"v2"' }],
    ['412', 412, {}],
  ])('with %s: Corrupt', async (_, status, headers) => {
    await withServer(
      (request, response, call) => {
        if (call === 0) return answer206(request, response);
        if (status === 412) return response.writeHead(412).end();
        answer206(request, response, headers);
      },
      async ({ source, requests }) => {
        const image = source();
        await image.read(0, 10);
        const error = await image.read(10, 10).catch((caught: unknown) => caught);
        expect(isSwathError(error, 'Corrupt')).toBe(true);
        expect(requests[1]?.headers['if-match']).toBe('"v1"');
      },
    );
  });

  it('with the whole of another object instead of the range: Corrupt', async () => {
    await withServer(
      (request, response, call) =>
        call === 0
          ? answer206(request, response)
          : response.writeHead(200, { 'content-length': '10', etag: '"v1"' }).end(file.subarray(0, 10)),
      async ({ source }) => {
        const image = source();
        await image.read(0, 10);
        const error = await image.read(10, 10).catch((caught: unknown) => caught);
        expect(isSwathError(error, 'Corrupt')).toBe(true);
        expect(String(error)).toMatch(/65536.*10/);
      },
    );
  });

  it('without any ETag: a new date is a change; with one, the date of a replica is not', async () => {
    const dates = ['Thu, 01 Jan 2026 00:00:00 GMT', 'Fri, 02 Jan 2026 00:00:00 GMT'];
    for (const etag of [undefined, '"v1"']) {
      await withServer(
        (request, response, call) => {
          const [first, last] = askedRange(request);
          response.writeHead(206, {
            'content-range': `bytes ${first}-${last}/${file.length}`,
            'last-modified': dates[call] ?? '',
            ...(etag === undefined ? {} : { etag }),
          });
          response.end(file.subarray(first, last + 1));
        },
        async ({ source }) => {
          const image = source();
          await image.read(0, 10);
          const second = await image.read(10, 10).catch((caught: unknown) => caught);
          expect(isSwathError(second, 'Corrupt')).toBe(etag === undefined);
        },
      );
    }
  });
});

describe('D13: a wrong Content-Range', () => {
  it.each([
    'bytes 1-100/65536',
    'bytes 1-99/65536',
    'bytes 0-100/65536',
    'bytes 0-98/65536',
    'bytes 50-149/65536',
    'bytes 99-0/65536',
    'bytes 0-99/50',
    'bytes 0-99/*x',
    'bytes 0-99',
    'bytes */65536',
    'bytes=0-99/65536',
    'BYTES 0-99/65536 ',
    'bytes 0-99/65536, bytes 0-99/65536',
    'bytes 0-99/99999999999999999999',
    'items 0-99/65536',
    '',
  ])('"%s" for bytes 0-99 is Corrupt', async (value) => {
    await withServer(
      (_, response) => response.writeHead(206, { 'content-range': value }).end(file.subarray(0, 100)),
      async ({ failure, requests }) => {
        expect((await failure()).code).toBe('Corrupt');
        expect(requests).toHaveLength(1);
      },
    );
  });

  it('that came twice is Corrupt', async () => {
    await withServer(
      (_, response) => {
        response.setHeader('content-range', ['bytes 0-99/65536', 'bytes 0-99/65536']);
        response.writeHead(206).end(file.subarray(0, 100));
      },
      async ({ failure }) => {
        expect((await failure()).code).toBe('Corrupt');
      },
    );
  });
});

describe('D15: a drip feed', () => {
  /** One byte a chunk; each is one step of the clock. */
  const drip = (response: Parameters<typeof answer206>[1]): void => {
    response.writeHead(206, { 'content-range': `bytes 0-99/${file.length}`, 'content-length': '100' });
    let at = 0;
    const next = (): void => {
      if (!response.destroyed && at < 100) response.write(file.subarray(at, ++at), () => setImmediate(next));
    };
    next();
  };

  it.each([
    ['below the minimum rate', HTTP_IDLE_TIMEOUT_MS / 4, {}],
    ['that takes too long in all', HTTP_TOTAL_TIMEOUT_MS / 2, { idleTimeoutMs: 2 * HTTP_TOTAL_TIMEOUT_MS }],
  ])('%s is cut, by the clock that is given', async (_, stepMs, tuning) => {
    let clockMs = 0;
    await withServer(
      (_request, response) => drip(response),
      async ({ failure, requests }) => {
        expect(await failure()).toMatchObject({
          code: 'Unavailable',
          message: expect.stringMatching(/too slowly/),
        });
        expect(requests.length).toBeLessThanOrEqual(2);
      },
      { attempts: 2, elapsed: () => (clockMs += stepMs), ...tuning },
    );
  });

  it('is told the time of all attempts together: no attempt begins after it', async () => {
    let clockMs = 0;
    await withServer(
      (_, response) => {
        clockMs += HTTP_TOTAL_TIMEOUT_MS / 2;
        response.writeHead(503).end();
      },
      async ({ failure, requests }) => {
        expect((await failure()).code).toBe('Unavailable');
        expect(requests).toHaveLength(2);
      },
      { elapsed: () => clockMs },
    );
  });
});

describe('D16: more than was asked for', () => {
  it.each([
    ['206', { 'content-range': `bytes 0-99/${file.length}` }],
    ['200 without a length', {}],
  ])('an endless body after %s ends at the cap', async (status, headers) => {
    await withServer(
      (_, response) => {
        response.writeHead(Number(status.slice(0, 3)), headers);
        const block = Buffer.alloc(1 << 20);
        const more = (): void => {
          if (!response.destroyed) response.write(block, () => setImmediate(more));
        };
        more();
      },
      async ({ failure, requests }) => {
        expect(['Corrupt', 'Unsupported']).toContain((await failure()).code);
        expect(requests).toHaveLength(1);
      },
    );
  });

  it('endless headers are Corrupt', async () => {
    await withServer(
      (request) => {
        request.socket.on('error', () => {});
        request.socket.write(
          `HTTP/1.1 206 Partial Content\r\nx-a: ${'a'.repeat(MAX_HEADER_BYTES + 1)}\r\n\r\n`,
        );
      },
      async ({ failure, requests }) => {
        expect(await failure()).toMatchObject({ code: 'Corrupt', message: expect.stringMatching(/header/) });
        expect(requests).toHaveLength(1);
      },
    );
  });
});

describe('D17: redirects', () => {
  it.each([301, 302, 303, 307, 308])('HTTP %i is followed with the same range', async (status) => {
    await withServer(
      (request, response) =>
        request.url === '/there'
          ? answer206(request, response)
          : response.writeHead(status, { location: '/there' }).end('moved'),
      async ({ source, requests }) => {
        expect(await source().read(3, 4)).toEqual(file.subarray(3, 7));
        expect(requests.map(({ headers }) => headers.range)).toEqual(['bytes=3-6', 'bytes=3-6']);
      },
    );
  });

  it.each([
    ['a loop', '/data/b04.tif?sig=s3cret', 'Unavailable', 6],
    ['nowhere', undefined, 'Corrupt', 1],
    ['no address', 'https://', 'Corrupt', 1],
    ['instance metadata', 'http://169.254.169.254/latest/meta-data', 'InvalidInput', 1],
    ['a private address', 'https://10.0.0.1/s3cret', 'InvalidInput', 1],
    ['a decimal private address', 'https://167772161/', 'InvalidInput', 1],
    ['a file', 'file:///etc/passwd', 'InvalidInput', 1],
    ['a password', 'https://user:s3cret@public.test/', 'InvalidInput', 1],
    ['another port', 'https://public.test:8443/', 'InvalidInput', 1],
    ['a name that lies inside', 'https://inside.test/s3cret', 'InvalidInput', 1],
  ])('to %s are not followed', async (_, location, code, count) => {
    await withServer(
      (_request, response) => response.writeHead(302, location === undefined ? {} : { location }).end(),
      async ({ failure, requests }) => {
        expect((await failure()).code).toBe(code);
        expect(requests).toHaveLength(count);
      },
      { resolve: async () => [{ address: '10.0.0.1', family: 4 }] },
    );
  });

  it('to another bucket or host are not followed when hosts are listed', async () => {
    for (const location of [
      'https://other.s3.us-west-2.amazonaws.com/a',
      'https://s3.us-west-2.amazonaws.com/other/a',
      'https://elsewhere.test/a',
    ]) {
      await withServer(
        (_, response) => response.writeHead(307, { location }).end(),
        async ({ failure, requests }) => {
          expect((await failure()).code).toBe('InvalidInput');
          expect(requests).toHaveLength(1);
        },
        { policy: { allowHttp: true, onlyHosts: ['127.0.0.1', 's3://mine'] } },
      );
    }
  });

  it('to another origin leave the credentials behind, to the same one keep them', async () => {
    await withServer(
      (request, response) => answer206(request, response),
      async (other) => {
        await withServer(
          (request, response, call) =>
            response
              .writeHead(302, { location: call === 0 ? '/again' : `${other.origin}/there` })
              .end(request.url),
          async ({ source, requests }) => {
            await source({ headers: { authorization: 'Bearer s3cret', cookie: 'id=s3cret' } }).read(0, 10);
            expect(requests.map(({ headers }) => headers.authorization)).toEqual([
              'Bearer s3cret',
              'Bearer s3cret',
            ]);
            expect(other.requests).toHaveLength(1);
            expect(JSON.stringify(other.requests[0]?.rawHeaders)).not.toMatch(/s3cret|referer/i);
          },
        );
      },
    );
  });
});

describe('D21: a file that is there and empty', () => {
  it.each([
    ['416 with its size', 416, { 'content-range': 'bytes */0' }],
    ['200 without a byte', 200, { 'content-length': '0' }],
  ])('%s has no bytes, and says so', async (_, status, headers) => {
    await withServer(
      (_request, response) => response.writeHead(status, headers).end(),
      async ({ source }) => {
        const image = source();
        expect(await image.read(0, 100)).toHaveLength(0);
        expect(await image.size()).toBe(0);
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
