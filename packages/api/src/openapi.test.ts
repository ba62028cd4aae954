import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { beforeAll, describe, expect, it } from 'vitest';
import { contentKey, fakeApi, fakeRequest } from '../../../test/support/fake-api.ts';
import { makeApp } from './app.ts';
import { openApiDocument } from './openapi.ts';
import { routes } from './routes/index.ts';

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

const document = openApiDocument(routes, 'http://localhost') as Json;

function at(pointer: string): unknown {
  return pointer
    .replace(/^#\//, '')
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((node, part) => (isObject(node) ? node[part] : undefined), document);
}

function walk(node: unknown, visit: (object: Json, path: string) => void, path = '#'): void {
  if (!isObject(node)) return;
  visit(node, path);
  for (const [key, value] of Object.entries(node)) walk(value, visit, `${path}/${key}`);
}

/** Schemas of OpenAPI 3.0 as draft 7: exclusive bounds are booleans there; `nullable` ajv knows. */
function asDraft7(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(asDraft7);
  if (!isObject(node)) return node;
  const copy = Object.fromEntries(Object.entries(node).map(([k, v]) => [k, asDraft7(v)]));
  for (const [exclusive, bound] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    if (copy[exclusive] === true) {
      copy[exclusive] = copy[bound];
      delete copy[bound];
    }
  }
  return copy;
}

describe('the OpenAPI document', () => {
  it('has every route once, with an operation id of its own', () => {
    const found: string[] = [];
    const ids: unknown[] = [];
    for (const [path, operations] of Object.entries(document['paths'] as Json)) {
      for (const [method, operation] of Object.entries(operations as Json)) {
        found.push(`${method.toUpperCase()} ${path}`);
        ids.push((operation as Json)['operationId']);
      }
    }
    expect(found.sort()).toEqual(routes.map((r) => `${r.method} ${r.path}`).sort());
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('declares every path parameter, and says what each operation answers', () => {
    for (const route of routes) {
      const operation = at(
        `#/paths/${route.path.replaceAll('/', '~1')}/${route.method.toLowerCase()}`,
      ) as Json;
      const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map((m) => m[1]);
      const declared = ((operation['parameters'] ?? []) as Json[]).filter((p) => p['in'] === 'path');
      expect(declared.map((p) => p['name'])).toEqual(inPath);
      expect(declared.every((p) => p['required'] === true)).toBe(true);
      const responses = operation['responses'] as Json;
      expect(Object.keys(responses)).toEqual(expect.arrayContaining([String(route.answer.status), '500']));
      for (const response of Object.values(responses)) {
        const resolved = isObject(response) && '$ref' in response ? at(String(response['$ref'])) : response;
        expect(resolved).toMatchObject({ description: expect.stringMatching(/./) });
      }
    }
  });

  it('resolves all its references and uses only words of OpenAPI 3.0', () => {
    const dangling: string[] = [];
    const foreign: string[] = [];
    walk(document, (object, path) => {
      if (typeof object['$ref'] === 'string' && at(object['$ref']) === undefined)
        dangling.push(object['$ref']);
      const isPropertyList = path.endsWith('/properties');
      for (const word of ['$id', '$schema', '$defs', 'definitions', 'const', 'prefixItems']) {
        if (!isPropertyList && word in object) foreign.push(`${path}/${word}`);
      }
      if (Array.isArray(object['type'])) foreign.push(`${path}/type`);
    });
    expect(dangling).toEqual([]);
    expect(foreign).toEqual([]);
  });

  it('has only patterns that any reader of regular expressions takes', () => {
    // OpenAPI 3.0.3 has those of ECMA-262 5.1: no Unicode classes, which Python, Go and Java read otherwise or not at all.
    const patterns: string[] = [];
    walk(document, ({ pattern }) => {
      if (typeof pattern === 'string') patterns.push(pattern);
    });
    expect(patterns.length).toBeGreaterThan(5);
    expect(patterns.filter((pattern) => /\\[pP]\{/.test(pattern))).toEqual([]);
    for (const pattern of patterns) expect(() => new RegExp(pattern)).not.toThrow();
  });

  it('names the request as it is sent and as it is kept', () => {
    const schemas = (document['components'] as Json)['schemas'] as Record<string, Json>;
    expect(schemas['RequestSpec']?.['required']).toEqual(['pipeline']);
    expect(schemas['RequestSpecFilled']?.['required']).toContain('retentionDays');
  });
});

describe('answers', () => {
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);

  beforeAll(() => {
    ajv.addSchema({ $id: 'api', components: asDraft7(document['components']) });
  });

  const check = (name: string, value: unknown) => {
    const validate = ajv.compile({ $ref: `api#/components/schemas/${name}` });
    expect(validate(value), JSON.stringify(validate.errors)).toBe(true);
  };

  it('are what the document says', async () => {
    const { deps, requests } = fakeApi();
    requests.all.set('done', fakeRequest({ id: 'done' }));
    const app = makeApp(deps);
    const body = (init: unknown) => ({
      method: 'POST',
      body: JSON.stringify(init),
      headers: { 'Content-Type': 'application/json' },
    });
    const get = async (path: string, init?: RequestInit) => (await app.request(path, init)).json();
    check('Landing', await get('/'));
    check('Health', await get('/health'));
    check('Request', await get('/requests/done'));
    check('RequestList', await get('/requests'));
    check('RequestEventList', await get('/requests/done/events'));
    check('RequestResults', await get('/requests/done/results'));
    check('Request', await get('/requests', body({ pipeline: { index: 'NDVI' } })));
    check('Plan', await get('/requests/plan', body({ pipeline: { index: 'NDVI' } })));
    check('ProviderList', await get('/providers'));
    check('CollectionList', await get('/providers/sample/collections'));
    check('SceneCollection', await get('/scenes/search', body({ collections: ['sentinel-2-l2a'] })));
    check('IndexList', await get('/indices'));
    check('Problem', await get('/requests/none'));
    check('Problem', await get(`/results/${contentKey}/a/b`));
  });

  it('of every refused call have the status, media type and form the document gives them', async () => {
    const nobody = makeApp(fakeApi({ identify: async () => undefined }).deps);
    const seen = new Map<string, number>();
    for (const route of routes) {
      const response = await nobody.request(route.path.replaceAll(/\{\w+\}/g, 'x'), { method: route.method });
      if (response.status < 400) continue;
      const name = `${route.method} ${route.path}`;
      const reference = at(
        `#/paths/${route.path.replaceAll('/', '~1')}/${route.method.toLowerCase()}/responses/${response.status}/$ref`,
      );
      expect(reference, `${name} ${response.status}`).toEqual(expect.any(String));
      const content = (at(String(reference)) as Json)['content'] as Record<string, { schema: Json }>;
      const type = String(response.headers.get('content-type'));
      // Of pages, an error that a person can do something about is a page too.
      expect(
        Object.keys(content).filter((one) => one !== 'text/html'),
        name,
      ).toEqual([type]);
      check(
        String(content[type]?.schema['$ref']).replace('#/components/schemas/', ''),
        await response.json(),
      );
      seen.set(`${response.status} ${type}`, (seen.get(`${response.status} ${type}`) ?? 0) + 1);
    }
    // Both forms, and openEO's word for what this API without openEO does not offer.
    expect([...seen.keys()].sort()).toEqual(
      expect.arrayContaining([
        '401 application/json',
        '401 application/problem+json',
        '501 application/json',
      ]),
    );
  });

  it('would be caught if they were not', () => {
    const validate = ajv.compile({ $ref: 'api#/components/schemas/Health' });
    expect(validate({ status: 'maybe' })).toBe(false);
  });
});
