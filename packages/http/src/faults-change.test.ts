import { isSwathError } from '@swath/core';
import { describe, expect, it } from 'vitest';
import { answer206, askedRange, file, withServer } from './range-server.fixture.ts';

/** What changes while one reads: signatures and objects. The list of all faults is in faults.test.ts. */
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
