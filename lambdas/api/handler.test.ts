import { testSpec, testWorld } from '@swath/requests/testing/index';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { makeHandler } from './handler.ts';

function event(
  method: string,
  path: string,
  identity: object | undefined,
  body?: unknown,
): APIGatewayProxyEventV2 {
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: '',
    headers: { host: 'api.example', 'content-type': 'application/json' },
    requestContext: {
      accountId: '1',
      apiId: 'a',
      domainName: 'api.example',
      domainPrefix: 'api',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
      requestId: 'r',
      routeKey: '$default',
      stage: '$default',
      time: '',
      timeEpoch: 0,
      ...(identity === undefined ? {} : { authorizer: { lambda: identity } }),
    } as APIGatewayProxyEventV2['requestContext'],
    isBase64Encoded: false,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
}

const one = { project: 'one', roles: 'viewer,requester' };

describe('the API behind API Gateway', () => {
  it('takes a request of a project, and shows it to that project alone', async () => {
    const world = testWorld();
    const handler = makeHandler(world.deps);
    const created = await handler(event('POST', '/requests', one, testSpec()));
    expect(created.statusCode).toBe(201);
    const { id } = JSON.parse(created.body) as { id: string };
    expect((await handler(event('GET', `/requests/${id}`, one))).statusCode).toBe(200);
    const other = await handler(event('GET', `/requests/${id}`, { project: 'two', roles: 'admin' }));
    expect(other.statusCode).toBe(404);
  });

  it('links to the name CloudFront was called under, unless it is none', async () => {
    const handler = makeHandler(testWorld().deps);
    const linked = async (host: string) => {
      const call = event('GET', '/', undefined);
      const answer = await handler({ ...call, headers: { ...call.headers, 'x-swath-host': host } });
      const { links } = JSON.parse(answer.body) as { links: { rel: string; href: string }[] };
      return links.find(({ rel }) => rel === 'self')?.href;
    };
    expect(await linked('d1.cloudfront.example')).toBe('https://d1.cloudfront.example/');
    for (const host of ['', 'evil.example/x', 'a b', 'u@evil.example', '-', 'evil.example:1']) {
      expect(await linked(host)).toBe('https://api.example/');
    }
  });

  it('answers 401 without an authorizer, and 403 to a role that may not', async () => {
    const handler = makeHandler(testWorld().deps);
    expect((await handler(event('GET', '/requests', undefined))).statusCode).toBe(401);
    const viewer = await handler(event('POST', '/requests', { project: 'one', roles: 'viewer' }, testSpec()));
    expect(viewer.statusCode).toBe(403);
  });

  it('answers bad input with a problem document', async () => {
    const answer = await makeHandler(testWorld().deps)(event('POST', '/requests', one, { aoi: 1 }));
    expect(answer.statusCode).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({
      code: 'InvalidInput',
      pointer: expect.stringMatching(/^\//),
    });
  });
});
