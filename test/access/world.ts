import { type DeviceSignInConfig, pictureRoutes, routes } from '@swath/api';
import { publishedKey, publishedResults } from '@swath/api/pictures/published.fixture';
import type { Route } from '@swath/api/route';
import { registerCollection, registerItems } from '@swath/catalog';
import { makeMapLink, putAoi } from '@swath/requests';
import { accessKey } from '@swath/requests/store/keys';
import { testWorld } from '@swath/requests/testing/index';
import { beginUpload, uploadedImagery } from '@swath/uploads';
import { goodTiff, smallSpec, uploadWorld } from '@swath/uploads/world.fixture';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { makeHandler as makeApi } from '../../lambdas/api/handler.ts';
import { makeHandler as makeImage } from '../../lambdas/image/handler.ts';
import type { Example, Owned } from './calls.ts';
import { deviceClient, doubled, process, spec, zonalProcess } from './calls.ts';

export interface Caller {
  readonly project: string;
  readonly roles: string;
}

export interface Answered {
  readonly status: number;
  readonly text: string;
}

export interface App {
  readonly name: string;
  readonly routes: readonly Route[];
  call(route: Route, example: Example, caller: Caller | undefined): Promise<Answered>;
}

function eventOf(
  method: string,
  { path, body, form }: Example,
  caller: Caller | undefined,
): APIGatewayProxyEventV2 {
  const [rawPath = '', rawQueryString = ''] = path.split('?');
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    headers: {
      host: 'api.example',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
    },
    requestContext: {
      accountId: '1',
      apiId: 'a',
      domainName: 'api.example',
      domainPrefix: 'api',
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
      requestId: 'r',
      routeKey: '$default',
      stage: '$default',
      time: '',
      timeEpoch: 0,
      ...(caller === undefined ? {} : { authorizer: { lambda: caller } }),
    } as APIGatewayProxyEventV2['requestContext'],
    isBase64Encoded: false,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(form === undefined ? {} : { body: new URLSearchParams(form).toString() }),
  };
}

const item = (id: string) => ({
  type: 'Feature',
  stac_version: '1.0.0',
  id,
  geometry: { type: 'Point', coordinates: [10.4, 48.7] },
  bbox: [10.4, 48.7, 10.4, 48.7],
  properties: { datetime: '2024-06-01T10:00:00Z' },
  links: [],
  assets: { data: { href: 'https://data.example/a.tif' } },
});

const issuer: DeviceSignInConfig = {
  provider: 'test',
  client: deviceClient,
  scopes: ['openid'],
  issuer: 'https://issuer.example',
  authorizationEndpoint: 'https://issuer.example/authorize',
  tokenEndpoint: 'https://issuer.example/token',
  jwksUri: 'https://issuer.example/keys',
};
const tokens = { access_token: 'a.b.c', token_type: 'Bearer' };

/** A process of project one, and a batch job of it that was started. */
async function batchJob(
  api: ReturnType<typeof makeApi>,
  userProcess: string,
  asked: unknown,
): Promise<string> {
  const one = { project: 'one', roles: 'admin' };
  const send = async (method: string, path: string, body?: unknown) => {
    const example = body === undefined ? { path } : { path, body };
    const answer = await api(eventOf(method, example, one));
    if (answer.statusCode >= 400) throw new Error(`${method} ${path}: ${answer.body}`);
    return answer;
  };
  await send('PUT', `/process_graphs/${userProcess}`, doubled);
  const created = await send('POST', '/jobs', { process: asked });
  const id = String(created.headers?.['openeo-identifier'] ?? created.headers?.['OpenEO-Identifier']);
  await send('POST', `/jobs/${id}/results`);
  return id;
}

/** The handlers as they are deployed, over a machine on which project "one" has one of everything. */
export async function accessWorld(): Promise<{ readonly owned: Owned; readonly apps: readonly App[] }> {
  const { deps: machine, drain, clock } = testWorld();
  const owned: Owned = {
    request: '',
    aoi: 'vineyard-of-one',
    contentKey: publishedKey,
    label: '2024-06-01',
    part: 'partial-0123456789ab',
    collection: 'uploads-of-one',
    item: 'item-of-one',
    job: '',
    zonalJob: '',
    userProcess: 'process_of_one',
    upload: '',
    openUpload: '',
    uploadCollection: 'fields-of-one',
    uploadItem: '',
    mapLink: '',
  };
  const results = await publishedResults([owned.label]);
  await results.put(`results/${publishedKey}/${owned.label}/${owned.part}/ndvi.tif`, new Uint8Array([1]));
  const store = { table: machine.table, objects: results, clock };
  const deps = {
    ...machine,
    results,
    ownImagery: (project: string) => uploadedImagery(store, project),
  };
  const uploads = uploadWorld({ table: deps.table, results, clock });
  const api = makeApi(deps, {
    providers: [{ id: 'test', title: 'Test', issuer: 'https://issuer.example', scopes: ['openid'] }],
    devices: { config: issuer, askTokens: async () => ({ status: 200, json: tokens }) },
    uploads: uploads.deps,
  });
  const image = makeImage({ ...deps, kept: uploads.deps.kept });

  const created = await api(
    eventOf('POST', { path: '/requests', body: spec }, { project: 'one', roles: 'admin' }),
  );
  const { id } = JSON.parse(created.body) as { id: string };
  await drain();
  const job = await batchJob(api, owned.userProcess, process);
  const zonalJob = await batchJob(api, owned.userProcess, zonalProcess);
  await drain();
  // The jobs of this machine write into buckets of their own.
  for (const { key } of (await machine.results.list('results/')).objects)
    await results.put(key, await machine.results.get(key));
  await putAoi(deps, 'one', owned.aoi, { area: [10.4, 48.7, 10.5, 48.8] });
  await deps.table.transact([{ put: { ...accessKey('one', publishedKey) } }]);
  const { token } = await makeMapLink(deps, { project: 'one', images: publishedKey }, 1);
  const { collection } = owned;
  await registerCollection(store, 'one', { id: collection, title: 'Of one', description: 'Of one.' });
  await registerItems(store, { project: 'one', collection, items: [{ item: item(owned.item) }] });

  const collectionOfUploads = { collection: owned.uploadCollection };
  const upload = await uploads.upload(goodTiff(), collectionOfUploads, 'one');
  if (upload.item === null) throw new Error(JSON.stringify(upload.refusal));
  const open = await beginUpload(uploads.deps, 'one', { ...smallSpec, ...collectionOfUploads, sizeBytes: 9 });

  const appOf = (name: string, table: readonly Route[], handler: typeof api | typeof image): App => ({
    name,
    routes: table,
    async call({ method }, example, caller) {
      const { statusCode, body } = await handler(eventOf(method, example, caller));
      return { status: statusCode, text: body };
    },
  });
  return {
    owned: {
      ...owned,
      request: id,
      job,
      zonalJob,
      upload: upload.id,
      openUpload: open.id,
      uploadItem: upload.item.id,
      mapLink: token,
    },
    apps: [
      appOf(
        'api',
        routes.filter((route) => !pictureRoutes.includes(route)),
        api,
      ),
      appOf('image', pictureRoutes, image),
    ],
  };
}
