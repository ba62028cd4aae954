import { describe, expect, it } from 'vitest';
import { HTTP_IDLE_TIMEOUT_MS, HTTP_TOTAL_TIMEOUT_MS } from './limits.ts';
import { answer206, file, withServer } from './range-server.fixture.ts';

/** Answers that take their time or lead elsewhere. The list of all faults is in faults.test.ts. */
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
