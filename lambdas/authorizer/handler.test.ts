import { fakeIssuer, NOW_S } from '@swath/api/auth/fake-issuer.fixture';
import { type IssuerInput, issuers, tokenVerifier } from '@swath/api/auth/index';
import { silentLogger } from '@swath/core';
import { testSpec, testWorld } from '@swath/requests/testing/index';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { makeHandler as makeApi } from '../api/handler.ts';
import { parseEnvironment } from '../support/environment.ts';
import { contract } from './contract.ts';
import { kept, makeHandler } from './handler.ts';

const clock = { now: () => NOW_S * 1000 };

async function setUp(config: Partial<IssuerInput> = {}) {
  const issuer = await fakeIssuer();
  const verify = tokenVerifier({
    issuers: issuers.parse([{ id: 'main', issuer: issuer.address, audiences: ['swath'], ...config }]),
    readJson: issuer.readJson,
    clock,
  });
  return { issuer, verify };
}

/** As API Gateway sends it. The header is what an answer must not depend on. */
const event = (identitySource: readonly string[], headers: Readonly<Record<string, string>> = {}) => ({
  version: '2.0',
  type: 'REQUEST',
  routeArn: 'arn:aws:execute-api:us-west-2:1:a/$default/GET/requests',
  identitySource,
  routeKey: '$default',
  rawPath: '/requests',
  rawQueryString: '',
  headers,
  requestContext: { http: { method: 'GET', path: '/requests' } },
});

/** The same call as it then reaches the API behind the authorizer. */
const apiEvent = (context: object): APIGatewayProxyEventV2 => ({
  version: '2.0',
  routeKey: '$default',
  rawPath: '/requests',
  rawQueryString: '',
  headers: { host: 'api.example', 'content-type': 'application/json' },
  requestContext: {
    accountId: '1',
    apiId: 'a',
    domainName: 'api.example',
    domainPrefix: 'api',
    http: { method: 'POST', path: '/requests', protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 't' },
    requestId: 'r',
    routeKey: '$default',
    stage: '$default',
    time: '',
    timeEpoch: 0,
    authorizer: { lambda: context },
  } as APIGatewayProxyEventV2['requestContext'],
  isBase64Encoded: false,
  body: JSON.stringify(testSpec()),
});

describe('the authorizer', () => {
  it('tells the API who calls, in the words the API reads', async () => {
    const { issuer, verify } = await setUp();
    const handler = makeHandler({ verify, log: silentLogger });
    const token = await issuer.sign(issuer.claims({ groups: ['requester', 'viewer', 'project:oak'] }));
    const answer = await handler(event([`Bearer oidc/main/${token}`]));
    expect(answer).toEqual({
      isAuthorized: true,
      context: {
        project: 'oak',
        user: 'main:person-1',
        roles: 'requester,viewer',
        expiresS: String(NOW_S + 3600),
      },
    });
    const world = testWorld();
    const api = makeApi({ ...world.deps, clock });
    expect((await api(apiEvent(answer.context))).statusCode).toBe(201);
    // The accounts name who asked.
    expect(world.table.rows().flatMap((row) => row['requestedBy'] ?? [])).toEqual(['main:person-1']);
  });

  it.each([
    ['expired', { exp: NOW_S - 60 }, 401, 'Unauthenticated'],
    ['audience', { aud: 'shop' }, 401, 'Unauthenticated'],
    ['no-role', { groups: [] }, 403, 'Forbidden'],
    ['no-project', { groups: ['viewer', 'project:a', 'project:b'] }, 403, 'Forbidden'],
  ])('lets the API say why a token is not taken: %s', async (refusal, claims, status, code) => {
    const { issuer, verify } = await setUp();
    const handler = makeHandler({ verify, log: silentLogger });
    const answer = await handler(event([`Bearer ${await issuer.sign(issuer.claims(claims))}`]));
    expect(answer).toEqual({ isAuthorized: true, context: { refusal } });
    const refused = await makeApi(testWorld().deps)(apiEvent(answer.context));
    expect(refused.statusCode).toBe(status);
    expect(refused.headers?.['www-authenticate']).toMatch(/^Bearer error="/);
    expect(JSON.parse(refused.body)).toMatchObject({ code, fix: expect.stringMatching(/\.$/) });
  });

  it('is not believed longer than the token lives, although API Gateway keeps its answer', async () => {
    const late = { now: () => (NOW_S + 3600) * 1000 };
    const api = makeApi({ ...testWorld().deps, clock: late });
    const context = { project: 'oak', roles: 'requester', expiresS: String(NOW_S + 3600) };
    const refused = await api(apiEvent(context));
    expect(refused.statusCode).toBe(401);
    expect(JSON.parse(refused.body)).toMatchObject({ detail: 'The token has expired.' });
  });

  it('fails, and so leaves nothing in the cache, when the issuer is down', async () => {
    const { issuer, verify } = await setUp();
    const header = `Bearer ${await issuer.sign(issuer.claims())}`;
    issuer.documents.clear();
    await expect(makeHandler({ verify, log: silentLogger })(event([header]))).rejects.toMatchObject({
      code: 'Unavailable',
    });
  });

  it.each([undefined, null, {}, [], event([]), { version: '1.0', identitySource: ['Bearer x'] }])(
    'denies what is no event of a call with a token: %j',
    async (wrong) => {
      const { verify } = await setUp();
      expect(await makeHandler({ verify, log: silentLogger })(wrong)).toEqual({
        isAuthorized: false,
        context: {},
      });
    },
  );
});

describe('the authorizer behind a firewall', () => {
  const withSecret = async () => {
    const { issuer, verify } = await setUp();
    const handler = makeHandler({ verify, originSecret: async () => 'correct horse', log: silentLogger });
    const header = `Bearer ${await issuer.sign(issuer.claims())}`;
    return { handler, header };
  };

  it('denies callers that did not come through CloudFront, whatever their token', async () => {
    const { handler, header } = await withSecret();
    for (const sources of [
      [],
      [''],
      ['wrong'],
      ['correct horse '],
      ['wrong', header],
      [header],
      [header, header],
    ]) {
      expect(await handler(event(sources))).toEqual({ isAuthorized: false, context: {} });
    }
  });

  it('reads the token that comes after the secret', async () => {
    const { handler, header } = await withSecret();
    expect(await handler(event(['correct horse', header]))).toMatchObject({
      isAuthorized: true,
      context: { project: 'user:main:person-1' },
    });
  });

  it('makes nobody of a public call, even with a token in its headers: the answer is kept for all', async () => {
    const { handler, header } = await withSecret();
    expect(await handler(event(['correct horse'], { authorization: header }))).toEqual({
      isAuthorized: true,
      context: {},
    });
  });

  it('reads the secret once in a while, and again after a failure', async () => {
    let nowMs = 0;
    let reads = 0;
    const read = kept(
      async () => {
        reads++;
        if (reads === 1) throw new Error('down');
        return `secret ${reads}`;
      },
      1000,
      { now: () => nowMs },
    );
    await expect(read()).rejects.toThrow('down');
    expect([await read(), await read()]).toEqual(['secret 2', 'secret 2']);
    nowMs = 1000;
    expect(await read()).toBe('secret 3');
  });
});

describe('the environment of the authorizer', () => {
  it('names issuers as JSON', () => {
    const issuer = { id: 'main', issuer: 'https://a.example', audiences: ['swath'] };
    const parsed = parseEnvironment(contract.environment, { SWATH_ISSUERS: JSON.stringify([issuer]) });
    expect(parsed.SWATH_ISSUERS[0]).toMatchObject({ ...issuer, groupsClaim: ['groups'] });
  });

  it.each(['', 'x', '[]', '{}', '[{"id":"main"}]'])('is refused with %j, by name', (SWATH_ISSUERS) => {
    expect(() => parseEnvironment(contract.environment, { SWATH_ISSUERS })).toThrow(/SWATH_ISSUERS/);
  });
});
