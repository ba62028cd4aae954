import { publishedKey, publishedResults } from '@swath/api/pictures/published.fixture';
import { accessKey } from '@swath/requests/store/keys';
import { testWorld } from '@swath/requests/testing/index';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseEnvironment } from '../support/environment.ts';
import { contract } from './contract.ts';
import { makeHandler } from './handler.ts';

function event(
  path: string,
  query: string,
  identity: object | undefined,
  body?: unknown,
): APIGatewayProxyEventV2 {
  const method = body === undefined ? 'GET' : 'POST';
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: query,
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

const one = { project: 'one', roles: 'viewer' };
const day = '2024-06-01';
const tile = `/tiles/${publishedKey}/${day}/13/4333/2817.png`;

let results: Awaited<ReturnType<typeof publishedResults>>;
beforeAll(async () => {
  results = await publishedResults([day]);
});

/** A machine whose project "one" has made the result. */
async function machine() {
  const { deps } = testWorld();
  await deps.table.transact([{ put: { ...accessKey('one', publishedKey) } }]);
  return { ...deps, results };
}

describe('the image handler', () => {
  it('draws a tile for a project that may see the result, and for no other', async () => {
    const handler = makeHandler(await machine());
    const answer = await handler(event(tile, 'rescale=0,1', one));
    expect(answer).toMatchObject({ statusCode: 200, isBase64Encoded: true });
    expect(answer.headers).toMatchObject({ 'content-type': 'image/png', etag: expect.any(String) });
    const { data } = await sharp(Buffer.from(answer.body, 'base64'))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(data.some((value, i) => i % 4 === 3 && value === 255)).toBe(true);
    expect(await handler(event(tile, '', { project: 'two', roles: 'admin' }))).toMatchObject({
      statusCode: 404,
    });
    expect(await handler(event(tile, '', undefined))).toMatchObject({ statusCode: 401 });
  });

  it('writes public addresses into TileJSON', async () => {
    const handler = makeHandler(await machine(), 'https://maps.example');
    const answer = await handler(event(`/tiles/${publishedKey}/${day}/tilejson.json`, '', one));
    expect((JSON.parse(answer.body) as { tiles: string[] }).tiles).toEqual([
      `https://maps.example/tiles/${publishedKey}/${day}/{z}/{x}/{y}.png`,
    ]);
  });

  it('serves pictures alone', async () => {
    const handler = makeHandler(await machine());
    for (const path of ['/', '/requests', '/health', `/results/${publishedKey}/${day}/ndvi.tif`]) {
      expect(await handler(event(path, '', one))).toMatchObject({ statusCode: 404 });
    }
  });

  it('refuses a preview that is no request, with a problem document', async () => {
    const answer = await makeHandler(await machine())(
      event('/preview', '', one, { pipeline: { index: 'NDVX' } }),
    );
    expect(answer.statusCode).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'InvalidInput', fix: expect.any(String) });
  });

  it('needs the table and the buckets of results and uploads from its environment, and no more', () => {
    const env = { SWATH_TABLE: 't', SWATH_RESULTS_BUCKET: 'r', SWATH_RAW_BUCKET: 'w' };
    expect(parseEnvironment(contract.environment, env)).toEqual({
      ...env,
      SWATH_STAC_APIS: [],
      SWATH_DEFAULT_PROVIDER: 'earth-search',
    });
    expect(() => parseEnvironment(contract.environment, {})).toThrow(/SWATH_TABLE, SWATH_RESULTS_BUCKET/);
  });
});
