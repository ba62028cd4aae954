import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { TOKEN_ANSWER_BYTES_MAX } from './limits.ts';
import { tokenEndpoint } from './token-endpoint.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
});

async function endpoint(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((up) => server.listen(0, '127.0.0.1', up));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/oauth2/token`;
}

const local = { allowHttp: true } as const;
const unavailable = { code: 'Unavailable' };

describe('the token endpoint of an issuer', () => {
  it('is asked by a form, and its answer told whatever the status', async () => {
    const seen: string[] = [];
    const address = await endpoint(async (request, response) => {
      let body = '';
      for await (const piece of request) body += String(piece);
      seen.push(`${request.method} ${request.headers['content-type']} ${body}`);
      response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"invalid_grant"}');
    });
    const answer = await tokenEndpoint(address, local)({ grant_type: 'refresh_token', refresh_token: 'a&b' });
    expect(answer).toEqual({ status: 400, json: { error: 'invalid_grant' } });
    expect(seen).toEqual([
      'POST application/x-www-form-urlencoded grant_type=refresh_token&refresh_token=a%26b',
    ]);
  });

  it('is told by its status alone where it answers no JSON', async () => {
    const address = await endpoint((_request, response) => response.writeHead(502).end('<h1>Sorry</h1>'));
    expect(await tokenEndpoint(address, local)({})).toEqual({ status: 502, json: undefined });
  });

  it('is followed nowhere, read no further than an answer is long, and not waited for in vain', async () => {
    const away = await endpoint((_request, response) =>
      response.writeHead(307, { location: 'http://127.0.0.1:9/' }).end(),
    );
    expect((await tokenEndpoint(away, local)({})).status).toBe(307);
    const long = await endpoint((_request, response) => response.end('x'.repeat(TOKEN_ANSWER_BYTES_MAX + 1)));
    await expect(tokenEndpoint(long, local)({})).rejects.toMatchObject(unavailable);
    const gone = await endpoint((request) => request.destroy());
    await expect(tokenEndpoint(gone, local)({ refresh_token: 'secret' })).rejects.toMatchObject({
      ...unavailable,
      message: expect.not.stringContaining('secret'),
    });
  });

  it('is nothing inside the network, and nothing without TLS, unless a test says so', async () => {
    const address = await endpoint((_request, response) => response.end('{}'));
    await expect(tokenEndpoint(address)({})).rejects.toMatchObject(unavailable);
  });
});
