import { describe, expect, it } from 'vitest';
import { MAX_HEADER_BYTES } from './limits.ts';
import { answer206, file, withServer } from './range-server.fixture.ts';

/** Bodies that are not what was asked for. The list of all faults is in faults.test.ts. */
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
