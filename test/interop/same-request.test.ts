import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/start.ts';
import { swathRunner } from '../support/swath-runner.ts';
import { type OwnSystem, START_TIMEOUT_MS, startSystem } from '../support/system.ts';

/** What is used of js-client, which is CommonJS without types that hold. */
interface Job {
  readonly id: string;
  startJob(): Promise<Job>;
}
interface Connection {
  listAuthProviders(): Promise<readonly { login(name: string, password: string): Promise<void> }[]>;
  createJob(process: object, title?: string): Promise<Job>;
}
const { OpenEO } = createRequire(import.meta.url)('@openeo/js-client') as {
  readonly OpenEO: { connect(url: string): Promise<Connection> };
};

interface Ended {
  readonly id: string;
  readonly state: string;
  readonly contentKey: string | null;
  readonly reused: boolean;
}

const home = temporaryFolder('same-request');
let system: OwnSystem;

beforeAll(async () => {
  system = await startSystem('same');
}, START_TIMEOUT_MS);

afterAll(async () => {
  await system?.stop();
  home.remove();
});

const json = async (path: string, init: RequestInit = {}): Promise<unknown> =>
  (await fetch(`${system.url}${path}`, { ...init, headers: { 'Content-Type': 'application/json' } })).json();

async function ended(id: string): Promise<Ended> {
  for (;;) {
    const request = (await json(`/requests/${id}`)) as Ended;
    if (['succeeded', 'partial', 'failed', 'cancelled', 'expired'].includes(request.state)) return request;
    await new Promise((go) => setTimeout(go, 200));
  }
}

const area = { west: 10.41, south: 48.795, east: 10.42, north: 48.805 };
const bbox = Object.values(area);
const collection = 'sample-s2-l2a';

async function byOpeneo(): Promise<Ended> {
  const connection = await OpenEO.connect(system.url);
  const [basic] = await connection.listAuthProviders();
  await basic?.login('me', 'anything');
  const job = await connection.createJob(
    {
      process_graph: {
        load: {
          process_id: 'load_collection',
          arguments: {
            id: collection,
            spatial_extent: area,
            temporal_extent: ['2024-07-22', '2024-07-23'],
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
    },
    'By openEO',
  );
  await job.startJob();
  const { 'swath:request': id } = (await json(`/jobs/${job.id}`)) as { readonly 'swath:request': string };
  return await ended(id);
}

async function byRest(): Promise<Ended> {
  const body = {
    name: 'By REST',
    aoi: bbox,
    datetime: '2024-07-22',
    collections: [collection],
    pipeline: { index: 'ndvi' },
    mask: 'none',
  };
  const { id } = (await json('/requests', { method: 'POST', body: JSON.stringify(body) })) as Ended;
  return await ended(id);
}

async function byCommand(): Promise<Ended> {
  const swath = swathRunner({ cwd: home.path, env: { SWATH_URL: system.url } });
  const words = ['--aoi', bbox.join(','), '--datetime', '2024-07-22', '--collection', collection];
  const ran = await swath(['submit', ...words, '--index', 'NDVI', '--mask', 'none', '--json']);
  expect(ran.code, ran.stderr).toBe(0);
  const { id } = JSON.parse(ran.stdout) as Ended;
  return await ended(id);
}

describe('the same thing asked for', () => {
  it('by openEO, by REST and by the command is one request: computed once, under one content key', async () => {
    const first = await byOpeneo();
    const second = await byCommand();
    expect(first).toMatchObject({ state: 'succeeded', contentKey: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(first.reused).toBe(false);
    expect(second).toMatchObject({ state: 'succeeded', reused: true, contentKey: first.contentKey });
    const third = await byRest();
    expect(third).toMatchObject({ state: 'succeeded', reused: true, contentKey: first.contentKey });
    expect(new Set([first.id, second.id, third.id]).size).toBe(3);
    const results = await Promise.all(
      [first, second, third].map(async ({ id }) => {
        const { products } = (await json(`/requests/${id}/results`)) as {
          readonly products: readonly { readonly assets: unknown }[];
        };
        return JSON.stringify(products.map(({ assets }) => assets));
      }),
    );
    expect(new Set(results).size).toBe(1);
    expect(results[0]).toContain(`/results/${first.contentKey}/`);
  }, 180_000);
});
