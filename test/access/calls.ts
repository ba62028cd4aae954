import { routes } from '@swath/api';
import type { Route } from '@swath/api/route';

/** Things that project "one" of the world has, by the names they have in paths. */
export interface Owned {
  /** A request that has ended well. */
  readonly request: string;
  readonly aoi: string;
  /** Content key of a published result, with one date that is whole and one with a part. */
  readonly contentKey: string;
  readonly label: string;
  readonly part: string;
  readonly collection: string;
  readonly item: string;
  /** A batch job that has finished. */
  readonly job: string;
  /** Another, which aggregated over geometries. */
  readonly zonalJob: string;
  readonly userProcess: string;
  /** A file that was brought and is registered; one that waits for its parts. */
  readonly upload: string;
  readonly openUpload: string;
  readonly uploadCollection: string;
  readonly uploadItem: string;
  /** A link to maps of the content key. */
  readonly mapLink: string;
}

export interface Example {
  readonly path: string;
  readonly body?: unknown;
  /** Fields of a form, instead of a body. */
  readonly form?: Readonly<Record<string, string>>;
}

/** How another project is answered. */
type Others =
  /** The path names something of project one: not found, in the same words as what nobody has. */
  | 'not-found'
  /** A list, which says nothing of project one. */
  | 'empty'
  /** Nothing of a project is in it: the reason. */
  | { readonly same: string };

export interface AccessCase {
  readonly call: (owned: Owned) => Example;
  readonly others: Others;
}

const request = (rest = ''): AccessCase => ({
  call: (owned) => ({ path: `/requests/${owned.request}${rest}` }),
  others: 'not-found',
});

const job = (rest = '', body?: unknown): AccessCase => ({
  call: (owned) => ({
    path: `/jobs/${owned.job}${rest}`,
    ...(body === undefined ? {} : { body }),
  }),
  others: 'not-found',
});

const userProcess = (): AccessCase => ({
  call: (owned) => ({ path: `/process_graphs/${owned.userProcess}` }),
  others: 'not-found',
});

const upload = (rest = '', body?: unknown): AccessCase => ({
  call: (owned) => ({
    path: `/uploads/${owned.upload}${rest}`,
    ...(body === undefined ? {} : { body }),
  }),
  others: 'not-found',
});

const openUpload = (rest: string): AccessCase => ({
  call: (owned) => ({ path: `/uploads/${owned.openUpload}${rest}`, body: {} }),
  others: 'not-found',
});

const tiles = (rest: string): AccessCase => ({
  call: ({ contentKey, label }) => ({ path: `/tiles/${contentKey}/${label}/${rest}` }),
  others: 'not-found',
});

const linked = (rest: string): AccessCase => ({
  call: ({ contentKey, label, mapLink }) => ({
    path: `/maps/tiles/${contentKey}/${rest.replace('{label}', label)}${rest.includes('?') ? '&' : '?'}link=${mapLink}`,
  }),
  others: { same: 'who has the link was given it by project one: it says whose pictures they are' },
});

const same = (path: string, reason: string, body?: unknown): AccessCase => ({
  call: () => (body === undefined ? { path } : { path, body }),
  others: { same: reason },
});

const list = (path: string, body?: unknown): AccessCase => ({
  call: () => (body === undefined ? { path } : { path, body }),
  others: 'empty',
});

const form = (path: string, fields: Readonly<Record<string, string>>, reason: string): AccessCase => ({
  call: () => ({ path, form: { client_id: deviceClient, ...fields } }),
  others: { same: reason },
});

/** Of the world's issuer. */
export const deviceClient = 'client-of-people';

export const spec = {
  aoi: [10.5, 48.5, 10.7, 48.52],
  datetime: '2024-06-01/2024-06-30',
  collections: ['test-s2'],
  pipeline: { expression: '(nir-red)/(nir+red)' },
  mask: 'none',
};

/** The same as openEO asks for it. */
export const process = {
  process_graph: {
    load: {
      process_id: 'load_collection',
      arguments: {
        id: 'test-s2',
        spatial_extent: { west: 10.5, south: 48.5, east: 10.7, north: 48.52 },
        temporal_extent: ['2024-06-01', '2024-07-01'],
        bands: ['red', 'nir'],
      },
    },
    ndvi: { process_id: 'ndvi', arguments: { data: { from_node: 'load' } } },
    save: {
      process_id: 'save_result',
      arguments: { data: { from_node: 'ndvi' }, format: 'GTiff' },
      result: true,
    },
  },
};

/** The same, averaged over a field. */
export const zonalProcess = {
  process_graph: {
    load: process.process_graph.load,
    ndvi: process.process_graph.ndvi,
    field: {
      process_id: 'aggregate_spatial',
      arguments: {
        data: { from_node: 'ndvi' },
        geometries: {
          type: 'Polygon',
          coordinates: [
            [10.55, 10.65, 10.65, 10.55, 10.55].map((x, i) => [x, i === 2 || i === 3 ? 48.515 : 48.505]),
          ],
        },
        reducer: {
          process_graph: {
            mean: { process_id: 'mean', arguments: { data: { from_parameter: 'data' } }, result: true },
          },
        },
      },
    },
    save: {
      process_id: 'save_result',
      arguments: { data: { from_node: 'field' }, format: 'JSON' },
      result: true,
    },
  },
};

/** A process of the user's own. */
export const doubled = {
  process_graph: {
    twice: { process_id: 'multiply', arguments: { x: { from_parameter: 'x' }, y: 2 }, result: true },
  },
  parameters: [{ name: 'x', description: 'A number.', schema: { type: 'number' } }],
  returns: { description: 'Twice the number.', schema: { type: 'number' } },
};

/** One call of every route, by its operationId: a new route without a line here fails the test. */
export const cases: Readonly<Record<string, AccessCase>> = {
  getLandingPage: same('/', 'names collections of the caller alone'),
  getOpenApi: same('/api', 'the same document for all'),
  getApiPage: same('/api.html', 'the same page for all'),
  getHealth: same('/health', 'about the machine'),
  listIndices: same('/indices', 'formulas'),
  getConformance: same('/conformance', 'about the API'),
  getQueryables: same('/queryables', 'about the API'),
  listProviders: same('/providers', 'the providers of the deployment are for all of its projects'),
  listProviderCollections: same('/providers/test/collections', 'what a provider has is for all projects'),
  searchScenes: same('/scenes/search', 'asks a provider', { datetime: '2024-06-01/..' }),
  createRequest: same('/requests', 'makes something of the caller’s own', spec),
  planRequest: same('/requests/plan', 'reads providers alone', spec),
  previewRequest: same('/preview', 'reads providers alone', spec),
  listRequests: list('/requests'),
  getRequest: request(),
  listRequestEvents: request('/events'),
  getRequestResults: request('/results'),
  getRequestStatistics: request('/statistics'),
  cancelRequest: request('/cancel'),
  retryRequest: request('/retry'),
  getUsage: {
    call: () => ({ path: '/usage' }),
    others: { same: 'the sums of the caller’s own project' },
  },
  listAreas: list('/aois'),
  getArea: { call: ({ aoi }) => ({ path: `/aois/${aoi}` }), others: 'not-found' },
  putArea: {
    call: ({ aoi }) => ({ path: `/aois/${aoi}`, body: { area: [1, 1, 1.01, 1.01] } }),
    others: {
      same: 'an id is the project’s own: it makes an area of the caller, and leaves the other alone',
    },
  },
  deleteArea: { call: ({ aoi }) => ({ path: `/aois/${aoi}` }), others: 'not-found' },
  getResultFile: {
    call: ({ contentKey, label }) => ({ path: `/results/${contentKey}/${label}/ndvi.tif` }),
    others: 'not-found',
  },
  getPartialResultFile: {
    call: ({ contentKey, label, part }) => ({ path: `/results/${contentKey}/${label}/${part}/ndvi.tif` }),
    others: 'not-found',
  },
  beginUpload: same('/uploads', 'makes something of the caller’s own', {
    fileName: 'field.tif',
    sizeBytes: 100,
    collection: 'fields',
    datetime: '2024-06-01',
  }),
  listUploads: list('/uploads'),
  getUpload: upload(),
  linkUploadParts: openUpload('/parts'),
  completeUpload: openUpload('/complete'),
  deleteUpload: upload(),
  getUploadedFile: upload('/field.tif'),
  getTile: tiles('13/4333/2817.png'),
  getTileJson: tiles('tilejson.json'),
  getResultPreview: tiles('preview?max_size=64'),
  getResultInfo: tiles('info'),
  getResultBandStatistics: tiles('statistics'),
  getResultPoint: tiles('point/10.437,48.88'),
  getImageWmts: tiles('wmts'),
  getWmts: { call: ({ contentKey }) => ({ path: `/tiles/${contentKey}/wmts` }), others: 'not-found' },
  createMapLink: {
    call: ({ contentKey }) => ({ path: `/tiles/${contentKey}/links`, body: {} }),
    others: 'not-found',
  },
  getTileByLink: linked('{label}/13/4333/2817.png'),
  getTileJsonByLink: linked('{label}/tilejson.json'),
  getResultPreviewByLink: linked('{label}/preview?max_size=64'),
  getImageWmtsByLink: linked('{label}/wmts'),
  getWmtsByLink: linked('wmts'),
  getCollections: list('/collections'),
  getCollection: {
    call: ({ collection }) => ({ path: `/collections/${collection}` }),
    others: 'not-found',
  },
  getCollectionQueryables: {
    call: ({ collection }) => ({ path: `/collections/${collection}/queryables` }),
    others: 'not-found',
  },
  getItems: {
    call: ({ collection }) => ({ path: `/collections/${collection}/items` }),
    others: 'not-found',
  },
  getItem: {
    call: ({ collection, item }) => ({ path: `/collections/${collection}/items/${item}` }),
    others: 'not-found',
  },
  getItemSearch: list('/search'),
  postItemSearch: list('/search', { limit: 10 }),
  getOpeneoVersions: same('/.well-known/openeo', 'about the API'),
  listProcesses: same('/processes', 'about the API'),
  listFileFormats: same('/file_formats', 'about the API'),
  listUdfRuntimes: same('/udf_runtimes', 'about the API'),
  listServiceTypes: same('/service_types', 'about the API'),
  signInBasic: same('/credentials/basic', 'the caller’s own token'),
  listOidcProviders: same('/credentials/oidc', 'issuers of the deployment'),
  getAccount: same('/me', 'the caller'),
  validateProcess: same('/validation', 'reads the document alone', process),
  computeResult: same('/result', 'reads providers alone', { process }),
  listJobs: list('/jobs'),
  createJob: same('/jobs', 'makes something of the caller’s own', { process }),
  getJob: job(),
  updateJob: job('', { title: 'Another' }),
  deleteJob: job(),
  estimateJob: job('/estimate'),
  startJob: job('/results'),
  stopJob: job('/results'),
  getJobResults: job('/results'),
  getJobTable: {
    call: ({ zonalJob }) => ({ path: `/jobs/${zonalJob}/results/timeseries.json` }),
    others: 'not-found',
  },
  getJobLogs: job('/logs'),
  listUserProcesses: list('/process_graphs'),
  getUserProcess: userProcess(),
  putUserProcess: {
    call: ({ userProcess: name }) => ({ path: `/process_graphs/${name}`, body: doubled }),
    others: { same: 'a name is the project’s own: it makes a process of the caller' },
  },
  deleteUserProcess: userProcess(),
  getOpenidConfiguration: same('/oidc/.well-known/openid-configuration', 'issuers of the deployment'),
  authorizeDevice: form('/oidc/device_authorization', {}, 'makes codes of nobody yet'),
  giveTokens: form(
    '/oidc/token',
    { grant_type: 'refresh_token', refresh_token: 'of-the-caller' },
    'tokens for whoever has the refresh token, as at any issuer',
  ),
  showDevicePage: same('/device', 'an empty form'),
  answerDevicePage: form('/device', { user_code: 'BCDF-GHJK' }, 'the question again'),
  endDeviceSignIn: same('/device/callback?state=x&code=y', 'nothing without the cookie of who set out'),
};

/** Routes that answer everybody, each with the reason why it may. */
export const open: Readonly<Record<string, string>> = {
  getLandingPage:
    'clients begin here, before they know how to sign in; a stranger sees no request and no collection',
  getOpenApi: 'the description of the API is that of the source code',
  getApiPage: 'the same for people',
  getHealth: 'for load balancers; says the version and nothing else',
  listIndices: 'published formulas',
  getConformance: 'STAC and OGC clients read it before they sign in',
  getQueryables: 'names of properties that any STAC Item has',
  getOpeneoVersions: 'openEO clients begin here',
  listProcesses: 'definitions of processes; openEO wants them open',
  listFileFormats: 'what files there are; openEO wants it open',
  listUdfRuntimes: 'that there are none; openEO wants it open',
  listServiceTypes: 'that there are none; openEO wants it open',
  signInBasic: 'how a stranger stops being one',
  listOidcProviders: 'where to sign in',
  getOpenidConfiguration: 'where to sign in',
  authorizeDevice: 'how a stranger stops being one: codes that are good for nothing until somebody signs in',
  giveTokens: 'how a stranger stops being one: tokens for a secret that the issuer or a person vouches for',
  showDevicePage: 'where a person begins to sign in; says nothing but when a code was asked for',
  answerDevicePage: 'goes on with a mark that only the page before gives',
  endDeviceSignIn: 'where the issuer sends a person back to',
  getTileByLink:
    'map programs that send no header: the link in the address opens these pictures, until it expires',
  getTileJsonByLink: 'the same',
  getResultPreviewByLink: 'the same',
  getImageWmtsByLink: 'the same',
  getWmtsByLink: 'the same',
};

/** Routes that a viewer may call although they are no GET: they change nothing. */
export const reads: ReadonlySet<string> = new Set([
  'planRequest',
  'searchScenes',
  'postItemSearch',
  'previewRequest',
  'validateProcess',
]);

/** Routes that strangers call to become somebody: they change nothing that a project has. */
export const signIn: ReadonlySet<string> = new Set(['authorizeDevice', 'giveTokens', 'answerDevicePage']);

export const operationOf = (route: Route): string => route.operationId;
export const caseOf = (route: Route): AccessCase | undefined => cases[route.operationId];
export const known: ReadonlySet<string> = new Set(routes.map(operationOf));
