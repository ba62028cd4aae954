import { createHash } from 'node:crypto';
import { type ApiDeps, aoiUseCases, type Identity, type RequestUseCases } from '@swath/api';
import { makeCatalogue } from '@swath/catalog';
import { type Logger, SwathError } from '@swath/core';
import type { Provider } from '@swath/ports';
import { memoryTable } from '@swath/ports/memory/index';
import {
  type PlanView,
  type ProductResult,
  type RequestEventView,
  type RequestState,
  type RequestView,
  requestSpec,
} from '@swath/requests';
import { fakeObjects } from './fake-objects.ts';

/** An API over maps, for tests of what lies above the use cases: routes, pages, commands. */

export const contentKey = 'c'.repeat(64);
export const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

export function fakeProduct(label: string, mean: number, cloudPercent: number): ProductResult {
  const folder = `results/${contentKey}/${label}`;
  const total = 10_000;
  const masked = Math.round((total * cloudPercent) / 100);
  return {
    label,
    itemId: `swath-${label}`,
    start: `${label}T10:30:00Z`,
    end: `${label}T10:30:00Z`,
    counts: { total, withData: total, masked, valid: total - masked },
    cloudPercent,
    statistics: {
      ndvi: {
        count: total - masked,
        validPercent: 100 - cloudPercent,
        min: -0.2,
        max: 0.95,
        mean,
        std: 0.1,
        percentiles: { p2: 0, p5: 0.05, p25: 0.3, p50: mean, p75: 0.7, p95: 0.85, p98: 0.9 },
        histogram: null,
      },
    },
    assets: {
      cog: `${folder}/ndvi.tif`,
      thumbnail: `${folder}/thumbnail.png`,
      item: `${folder}/item.json`,
      statistics: `${folder}/statistics.json`,
    },
    sha256: createHash('sha256').update(`cog of ${label}`).digest('hex'),
    sizeBytes: `cog of ${label}`.length,
    failedChunks: [],
  };
}

export const fakeProducts = [
  fakeProduct('2024-03-12', 0.31, 4),
  fakeProduct('2024-05-16', 0.58, 22.5),
  fakeProduct('2024-07-05', 0.72, 0),
  fakeProduct('2024-09-23', 0.44, 61),
];

export function fakeRequest(overrides: Partial<RequestView> = {}): RequestView {
  return {
    id: '0193-a',
    project: 'local',
    name: null,
    labels: {},
    state: 'succeeded',
    waitingReason: null,
    attempt: 1,
    createdAt: '2026-11-21T04:00:00.000Z',
    updatedAt: '2026-11-21T04:00:20.000Z',
    deadlineAt: null,
    spec: requestSpec.parse({ pipeline: { index: 'NDVI' }, datetime: '2024-01-01/2024-12-31' }),
    progress: { scenes: 4, products: 4, chunksDone: 4, chunksTotal: 4 },
    failure: null,
    results: fakeProducts,
    reused: false,
    contentKey,
    warnings: [],
    ...overrides,
  };
}

/** The way of a request that goes well; each look at it takes it one step further. */
const path: readonly RequestState[] = [
  'accepted',
  'ordering',
  'acquiring',
  'processing',
  'publishing',
  'succeeded',
];

function eventsUpTo(state: RequestState): RequestEventView[] {
  const last = path.includes(state) ? path.indexOf(state) : 0;
  return path.slice(0, last + 1).map((to, i) => ({
    sequence: i,
    time: `2026-11-21T04:00:0${i}.000Z`,
    attempt: 1,
    kind: 'transition',
    from: path[i - 1] ?? null,
    to,
    message: `Now ${to}.`,
  }));
}

export interface FakeRequests extends RequestUseCases {
  readonly all: Map<string, RequestView>;
  /** Steps of `path` that a look takes a request; 0 stands still. */
  stepsPerLook: number;
}

export function fakeRequests(): FakeRequests {
  const all = new Map<string, RequestView>();
  const keys = new Map<string, string>();
  const find = (project: string, id: string): RequestView => {
    const request = all.get(id);
    if (request === undefined || request.project !== project) {
      throw new SwathError('NotFound', `There is no request "${id}".`, { fix: 'List them.' });
    }
    return request;
  };
  const make = (project: string, body: unknown): RequestView => {
    const parsed = requestSpec.safeParse(body);
    if (!parsed.success) {
      throw new SwathError('InvalidInput', 'The request is wrong.', {
        pointer: '/pipeline',
        fix: 'Name an index.',
      });
    }
    return fakeRequest({
      id: `0193-${all.size + 1}`,
      project,
      name: parsed.data.name ?? null,
      spec: parsed.data,
      state: 'accepted',
      results: [],
      contentKey: null,
      progress: { scenes: null, products: null, chunksDone: 0, chunksTotal: null },
      deadlineAt: '2026-11-21T05:00:00.000Z',
    });
  };
  const step = (request: RequestView): RequestView => {
    const at = path.indexOf(request.state);
    const state =
      at < 0 ? request.state : (path[Math.min(path.length - 1, at + self.stepsPerLook)] ?? 'succeeded');
    if (state === request.state) return request;
    const done = state === 'succeeded';
    const next: RequestView = {
      ...request,
      state,
      progress: {
        scenes: 4,
        products: 4,
        chunksDone: done ? 4 : state === 'processing' ? 2 : 0,
        chunksTotal: 4,
      },
      results: done ? fakeProducts : [],
      contentKey: done ? contentKey : null,
      deadlineAt: done ? null : request.deadlineAt,
    };
    all.set(next.id, next);
    return next;
  };
  const change = (project: string, id: string, allowed: (r: RequestView) => boolean, state: RequestState) => {
    const request = find(project, id);
    if (!allowed(request)) throw new SwathError('Conflict', `The request is ${request.state}.`);
    const next = { ...request, state, attempt: state === 'accepted' ? request.attempt + 1 : request.attempt };
    all.set(id, next);
    return next;
  };
  const self: FakeRequests = {
    all,
    stepsPerLook: 1,
    async create({ project, body, idempotencyKey }) {
      const known = idempotencyKey === undefined ? undefined : keys.get(`${project} ${idempotencyKey}`);
      if (known !== undefined) return { request: find(project, known), created: false };
      const request = make(project, body);
      all.set(request.id, request);
      if (idempotencyKey !== undefined) keys.set(`${project} ${idempotencyKey}`, request.id);
      return { request, created: true };
    },
    plan: async (project, body) => fakePlan(make(project, body)),
    get: async (project, id) => step(find(project, id)),
    async list(project, { state, limit, cursor }) {
      const mine = [...all.values()].filter(
        (r) => r.project === project && (state === undefined || r.state === state),
      );
      const from = Number(cursor ?? '0');
      const end = from + limit;
      return { requests: mine.slice(from, end), ...(end < mine.length ? { cursor: String(end) } : {}) };
    },
    usage: async (project) => ({ project, budget: { heldUnits: 0, spentUnits: all.size }, months: [] }),
    events: async (project, id) => eventsUpTo(find(project, id).state),
    cancel: async (project, id) => change(project, id, (r) => r.state !== 'succeeded', 'cancelled'),
    retry: async (project, id) =>
      change(project, id, (r) => r.state === 'failed' || r.state === 'cancelled', 'accepted'),
  };
  return self;
}

function fakePlan(request: RequestView): PlanView {
  return {
    plan: {
      engineVersion: '1',
      spec: request.spec,
      aoi: null,
      products: [
        {
          label: '2024-07-05',
          start: '2024-07-05T10:30:00Z',
          end: '2024-07-05T10:30:00Z',
          sceneIndexes: [0],
          work: {
            grid: {
              crs: 'EPSG:32631',
              geotransform: [600_000, 10, 0, 5_700_000, 0, -10],
              width: 512,
              height: 512,
            },
            steps: [],
            outputs: [],
            composite: 'none',
            resampling: 'nearest',
          },
          stored: { dtype: 'float32', scale: 1, offset: 0, nodata: 'nan' },
          chunks: [0],
        },
      ],
      chunks: [{ product: 0, window: { x: 0, y: 0, width: 512, height: 512 } }],
      radiometry: [],
      warnings: [],
      estimate: { inputBytes: 4_200_000, outputBytes: 900_000, pixels: 262_144 },
    },
    scenes: [
      {
        id: 'S2_20240705',
        collection: 'sentinel-2-l2a',
        datetime: '2024-07-05T10:30:00Z',
        cloudCoverPercent: 3,
      },
    ],
    skipped: [],
    contentKey,
    available: false,
  };
}

export const fakeProvider: Provider = {
  id: 'sample',
  title: 'Sample <catalogue>',
  acquire: 'reference',
  async search(query) {
    return {
      scenes: [
        {
          provider: 'sample',
          collection: query.collections[0] ?? 'sentinel-2-l2a',
          id: 'S2_20240705',
          datetime: '2024-07-05T10:30:00Z',
          geometry: null,
          bboxes: [[4, 51, 5, 52]],
          cloudCoverPercent: 3,
          assets: [
            { key: 'red', href: '/data/red.tif', bandIndex: 1, names: ['red', 'b04'], roles: ['data'] },
          ],
          version: '1',
          radiometryHints: {},
        },
      ],
      skipped: [{ id: 'broken', reason: 'no assets' }],
      truncated: false,
    };
  },
  async collections() {
    return [{ id: 'sentinel-2-l2a', title: 'Sentinel-2', description: 'Reflectance', bands: ['red', 'nir'] }];
  },
};

export interface LogLine {
  readonly level: string;
  readonly key: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export function fakeApi(overrides: Partial<ApiDeps> = {}): {
  readonly deps: ApiDeps;
  readonly requests: FakeRequests;
  readonly objects: ReturnType<typeof fakeObjects>;
  readonly logged: LogLine[];
} {
  const logged: LogLine[] = [];
  const log =
    (level: string): Logger['info'] =>
    (key, fields = {}) => {
      logged.push({ level, key, fields });
    };
  const requests = fakeRequests();
  const objects = fakeObjects();
  for (const product of fakeProducts) {
    objects.set(product.assets.cog, Buffer.from(`cog of ${product.label}`), 'image/tiff');
    objects.set(product.assets.thumbnail, png, 'image/png');
    objects.set(product.assets.item, Buffer.from(`{"id":"${product.itemId}"}`), 'application/geo+json');
    objects.set(product.assets.statistics, Buffer.from('{}'), 'application/json');
  }
  let ids = 0;
  const clock = { now: () => 1_795_000_000_000 };
  const identity: Identity = { project: 'local', roles: ['admin'] };
  return {
    requests,
    objects,
    logged,
    deps: {
      requests,
      aois: aoiUseCases({ table: memoryTable(), clock: { now: () => 1_795_000_000_000 } }),
      results: objects,
      delivery: 'stream',
      mayRead: async () => true,
      providers: new Map([[fakeProvider.id, fakeProvider]]),
      defaultProvider: fakeProvider.id,
      catalogue: makeCatalogue({
        table: memoryTable(),
        objects,
        clock,
        providers: new Map([[fakeProvider.id, fakeProvider]]),
        defaultProvider: fakeProvider.id,
      }),
      identify: async () => identity,
      clock,
      random: { id: () => `id-${++ids}`, secret: () => 'secret', fraction: () => 0.5 },
      log: { info: log('info'), warn: log('warn'), error: log('error') },
      stream: { pollMs: 1, heartbeatMs: 1000, lifeMs: 60_000 },
      ...overrides,
    },
  };
}
