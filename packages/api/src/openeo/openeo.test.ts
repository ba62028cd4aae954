import { execFileSync } from 'node:child_process';
import { testWorld } from '@swath/requests/testing/index';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { beforeEach, describe, expect, it } from 'vitest';
import { fakeApi } from '../../../../test/support/fake-api.ts';
import { noPixels } from '../../../../test/support/no-pixels.ts';
import { sharedPath } from '../../../../test/support/shared.ts';
import { makeApp } from '../app.ts';
import { routes } from '../routes/index.ts';
import { requestUseCases } from '../use-cases.ts';
import { openeoService, type SignIn } from './service.ts';

type Json = Readonly<Record<string, unknown>>;
const call = (process_id: string, args: Json, more: Json = {}) => ({ process_id, arguments: args, ...more });
const ndvi = {
  process_graph: {
    l: call('load_collection', {
      id: 'test-s2',
      spatial_extent: { west: 10.5, south: 48.5, east: 10.7, north: 48.52 },
      temporal_extent: ['2024-06-01', '2024-07-01'],
      bands: ['red', 'nir'],
    }),
    n: call('ndvi', { data: { from_node: 'l' } }, { result: true }),
  },
};
const open: SignIn = { kind: 'open', token: 'local' };
const oidc: SignIn = {
  kind: 'oidc',
  providers: [{ id: 'main', issuer: 'https://login.example', title: 'Example', scopes: ['openid'] }],
};

function appOf(signIn: SignIn = open, overrides: Parameters<typeof fakeApi>[0] = {}) {
  const world = testWorld();
  const { deps } = world;
  const fake = fakeApi({
    requests: requestUseCases(deps),
    providers: deps.providers,
    openeo: openeoService(deps, { signIn, compute: noPixels }),
    ...overrides,
  });
  return { world, app: makeApp(fake.deps) };
}

let { app, world } = appOf();
beforeEach(() => {
  ({ app, world } = appOf());
});

const send = (method: string, path: string, body?: unknown) =>
  app.request(path, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
  });
const read = async (path: string): Promise<Json> => (await (await send('GET', path)).json()) as Json;

async function createdJob(title = 'Fields'): Promise<string> {
  const answer = await send('POST', '/jobs', { process: ndvi, title });
  expect([answer.status, await answer.text()]).toEqual([201, '']);
  return answer.headers.get('openeo-identifier') ?? '';
}

/**
 * openEO's document as ajv reads it: `nullable` counts without a `type` too; and of the kinds of a data type the first,
 * "Generic", fits everything, so that the `oneOf` over them, as published, holds for none.
 */
function readable(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(readable);
  if (typeof node !== 'object' || node === null) return node;
  const schema = Object.fromEntries(Object.entries(node).map(([name, value]) => [name, readable(value)]));
  const { oneOf } = schema;
  if (Array.isArray(oneOf) && oneOf.some((kind: Json) => kind['title'] === 'Generic')) {
    delete schema['oneOf'];
    schema['anyOf'] = oneOf;
  }
  if (schema['nullable'] !== true || 'type' in schema) return schema;
  const { nullable: _, ...rest } = schema;
  return { anyOf: [{ type: 'null' }, rest] };
}

/** Schemas of the openEO API 1.2 by path and method; undefined without the shared data. */
function answerSchemas() {
  const path = sharedPath('data', '04-openeo', 'api', 'openeo-api-openapi.yaml');
  const toJson = 'import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1])), default=str))';
  let document: Json;
  try {
    if (path === undefined) throw new Error('no shared data');
    const text = execFileSync('python3', ['-c', toJson, path], {
      encoding: 'utf8',
      stdio: 'pipe',
      maxBuffer: 1e8,
    });
    document = JSON.parse(text) as Json;
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : error;
    console.warn(`skipped: the OpenAPI document of openEO cannot be read (${why})`);
    return undefined;
  }
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false, validateFormats: true });
  addFormats.default(ajv);
  ajv.addFormat('commonmark', true).addFormat('process-graph-id', true);
  ajv.addSchema({ ...(readable(document) as Json), $id: 'openeo' });
  return (route: string, status: string, value: unknown): readonly string[] => {
    const at = (text: string) => text.replaceAll('~', '~0').replaceAll('/', '~1');
    const answer =
      route === '/jobs/{job_id}/logs'
        ? 'openeo#/components/responses/logs'
        : `openeo#/paths/${at(route)}/get/responses/${status}`;
    const pointer = `${answer}/content/application~1json/schema`;
    const check = ajv.compile({ $ref: pointer });
    check(value);
    return (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  };
}

describe('openEO at the root', () => {
  it('lists every endpoint it has, from the routes, and none it has not', async () => {
    const { endpoints, api_version, conformsTo } = await read('/');
    expect(api_version).toBe('1.2.0');
    expect(conformsTo).toContain('https://api.openeo.org/1.2.0/authentication/jwt');
    const listed = (endpoints as readonly { path: string; methods: string[] }[]).flatMap(
      ({ path, methods }) => methods.map((method) => `${method} ${path}`),
    );
    expect(new Set(listed).size).toBe(listed.length);
    expect(listed).toEqual(
      expect.arrayContaining([
        'GET /collections/{collection_id}',
        'GET /credentials/basic',
        'POST /result',
        'PATCH /jobs/{job_id}',
        'DELETE /process_graphs/{process_graph_id}',
      ]),
    );
    expect(listed).not.toContain('GET /credentials/oidc');
    expect(listed).not.toContain('GET /requests');
    const paths = new Set(routes.map(({ method, path }) => `${method} ${path.replaceAll(/\{\w+\}/g, '{}')}`));
    for (const one of listed) expect(paths).toContain(one.replaceAll(/\{\w+\}/g, '{}'));
  });

  it('signs in by the providers of a deployment, and refuses what is not offered', async () => {
    ({ app } = appOf(oidc));
    expect(await read('/credentials/oidc')).toEqual({
      providers: oidc.kind === 'oidc' ? oidc.providers : [],
    });
    const refused = await send('GET', '/credentials/basic');
    expect([refused.status, await refused.json()]).toMatchObject([501, { code: 'FeatureUnsupported' }]);
  });

  it('pages processes as clients ask for them', async () => {
    const all = (await read('/processes')) as { processes: { id: string }[]; links: unknown[] };
    expect(all.links).toEqual([]);
    const ids: string[] = [];
    for (let path: string | undefined = '/processes?limit=50'; path !== undefined; ) {
      const page = (await read(path)) as { processes: { id: string }[]; links: { href: string }[] };
      expect(page.processes.length).toBeLessThanOrEqual(50);
      ids.push(...page.processes.map(({ id }) => id));
      path = page.links[0]?.href.replace('http://localhost', '');
    }
    expect(ids).toEqual(all.processes.map(({ id }) => id));
  });

  it('answers errors in the format of openEO and as problem details', async () => {
    const none = await send('GET', '/jobs/none');
    expect(none.headers.get('content-type')).toBe('application/json');
    const body = (await none.json()) as Json;
    expect([none.status, body]).toMatchObject([
      404,
      {
        code: 'JobNotFound',
        status: 404,
        message: expect.any(String),
        detail: expect.any(String),
        links: [{}],
      },
    ]);
    expect(body['id']).toBe(none.headers.get('x-request-id'));
    const wrong = await send('POST', '/result', {
      process: { process_graph: { a: call('no', {}, { result: true }) } },
    });
    expect([wrong.status, await wrong.json()]).toMatchObject([400, { code: 'ProcessUnsupported' }]);
    const shared = await send('GET', '/collections/none');
    expect([shared.status, await shared.json()]).toMatchObject([
      404,
      { code: 'NotFound', id: expect.any(String) },
    ]);
    expect(shared.headers.get('content-type')).toBe('application/problem+json');
    ({ app } = appOf(open, { identify: async () => undefined }));
    const stranger = await send('GET', '/jobs');
    expect([stranger.status, await stranger.json()]).toMatchObject([401, { code: 'AuthenticationRequired' }]);
  });

  it('says by status what a job is, and only then gives results', async () => {
    const id = await createdJob();
    expect((await send('GET', `/jobs/${id}/results`)).status).toBe(400);
    expect(await read(`/jobs/${id}/results`)).toMatchObject({ code: 'JobNotStarted' });
    expect(await read(`/jobs/${id}/estimate`)).toMatchObject({ size: expect.any(Number) });
    expect((await send('POST', `/jobs/${id}/results`)).status).toBe(202);
    expect(await read(`/jobs/${id}/results`)).toMatchObject({ code: 'JobNotFinished' });
    expect((await send('PATCH', `/jobs/${id}`, { title: 'x' })).status).toBe(400);
    await world.drain();
    expect(await read(`/jobs/${id}`)).toMatchObject({ status: 'finished', progress: 100 });
    const results = await read(`/jobs/${id}/results`);
    expect(results).toMatchObject({ type: 'Collection', 'openeo:status': 'finished' });
    for (const { href } of Object.values(results['assets'] as Record<string, { href: string }>))
      expect(href).toMatch(/^http:\/\/localhost\/results\/.*\.tif$/);
    const made = (results['links'] as { rel: string; href: string }[]).map(({ rel }) => rel);
    expect(made.filter((rel) => rel === 'preview')).toHaveLength(made.filter((rel) => rel === 'item').length);
    expect((await send('DELETE', `/jobs/${id}/results`)).status).toBe(204);
    expect((await send('DELETE', `/jobs/${id}`)).status).toBe(204);
    expect((await send('GET', `/jobs/${id}`)).status).toBe(404);
  });

  it('pages the log of a job', async () => {
    const id = await createdJob();
    await send('POST', `/jobs/${id}/results`);
    await world.drain();
    const ids = async (path: string) =>
      ((await read(path)) as { logs: { id: string }[] }).logs.map((one) => one.id);
    const all = await ids(`/jobs/${id}/logs`);
    expect(all.length).toBeGreaterThan(3);
    expect(await ids(`/jobs/${id}/logs?limit=2`)).toEqual(all.slice(0, 2));
    expect(await ids(`/jobs/${id}/logs?offset=${all[1]}`)).toEqual(all.slice(2));
    expect(await ids(`/jobs/${id}/logs?level=error`)).toEqual([]);
  });

  it('says that results are no imagery to load, before anything is asked of a catalogue', async () => {
    const graph = JSON.parse(JSON.stringify(ndvi).replaceAll('"test-s2"', '"results"')) as typeof ndvi;
    expect(graph).not.toEqual(ndvi);
    for (const path of ['/result', '/jobs']) {
      const refused = await send('POST', path, { process: graph });
      expect([refused.status, await refused.json()]).toMatchObject([
        400,
        { code: 'ProcessUnsupported', detail: expect.stringContaining('what requests made') },
      ]);
    }
  });

  it('refuses what one file cannot hold, and says what else to do', async () => {
    const refused = await send('POST', '/result', { process: ndvi });
    expect([refused.status, await refused.json()]).toMatchObject([
      400,
      { code: 'FormatUnsuitable', message: expect.stringContaining('batch job') },
    ]);
  });

  const errorsOf = answerSchemas();
  it.skipIf(errorsOf === undefined)('answers what the schemas of openEO 1.2 describe', async () => {
    const id = await createdJob();
    await send('POST', `/jobs/${id}/results`);
    await world.drain();
    await createdJob('Another');
    await send('PUT', '/process_graphs/mine', { ...ndvi, summary: 'Mine', description: 'Of red and nir.' });
    const asked: readonly (readonly [route: string, path: string])[] = [
      ['/', '/'],
      ['/.well-known/openeo', '/.well-known/openeo'],
      ['/file_formats', '/file_formats'],
      ['/conformance', '/conformance'],
      ['/collections', '/collections'],
      ['/collections/{collection_id}', '/collections/sentinel-2-l2a'],
      ['/processes', '/processes'],
      ['/udf_runtimes', '/udf_runtimes'],
      ['/service_types', '/service_types'],
      ['/credentials/basic', '/credentials/basic'],
      ['/me', '/me'],
      ['/jobs', '/jobs'],
      ['/jobs/{job_id}', `/jobs/${id}`],
      ['/jobs/{job_id}/estimate', `/jobs/${id}/estimate`],
      ['/jobs/{job_id}/logs', `/jobs/${id}/logs`],
      ['/jobs/{job_id}/results', `/jobs/${id}/results`],
      ['/process_graphs', '/process_graphs'],
      ['/process_graphs/{process_graph_id}', '/process_graphs/mine'],
    ];
    const wrong: Record<string, readonly string[]> = {};
    for (const [route, path] of asked) {
      const errors = errorsOf?.(route, '200', await read(path)) ?? [];
      if (errors.length > 0) wrong[route] = [...new Set(errors)].slice(0, 6);
    }
    expect(wrong).toEqual({});
  });
});
