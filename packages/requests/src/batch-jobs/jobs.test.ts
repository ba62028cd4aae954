import { isSwathError } from '@swath/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { checkSpec } from '../check/check-spec.ts';
import { contentKey } from '../content-key.ts';
import {
  checkGraph,
  deleteUserProcess,
  graphProblems,
  putUserProcess,
  requestOfGraph,
} from '../graphs/index.ts';
import { type TestWorld, testScenes, testSpec, testWorld } from '../testing/index.ts';
import { createRequest, listRequests } from '../use-cases/index.ts';
import { createJob, deleteJob, getJob, listJobs, startJob, stopJob, updateJob } from './jobs.ts';

type Json = Readonly<Record<string, unknown>>;
const call = (process_id: string, args: Json, more: Json = {}) => ({ process_id, arguments: args, ...more });
const node = (from_node: string) => ({ from_node });

const load = call('load_collection', {
  id: 'test-s2',
  spatial_extent: { west: 10.5, south: 48.5, east: 10.7, north: 48.52 },
  temporal_extent: ['2024-06-01', '2024-07-01'],
  bands: ['red', 'nir'],
});
const ndvi = {
  process_graph: { l: load, n: call('ndvi', { data: node('l') }, { result: true }) },
};

const field = {
  type: 'Polygon',
  coordinates: [
    [
      [10.55, 48.505],
      [10.65, 48.505],
      [10.65, 48.515],
      [10.55, 48.515],
      [10.55, 48.505],
    ],
  ],
};

async function reasonOf(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work;
  } catch (error) {
    if (isSwathError(error)) return error.reason ?? error.code;
    throw error;
  }
  return 'nothing is wrong';
}

describe('a batch job', () => {
  let world: TestWorld;
  beforeEach(() => {
    world = testWorld();
  });

  it('is created, becomes one request however often it is started, and ends with it', async () => {
    const { deps } = world;
    const { id } = await createJob(deps, 'p', { process: ndvi, title: 'Fields' });
    expect((await listRequests(deps, 'p', { limit: 10 })).requests).toEqual([]);
    const [first, second] = await Promise.all([startJob(deps, 'p', id), startJob(deps, 'p', id)]);
    expect(first.request?.id).toBe(second.request?.id);
    await startJob(deps, 'p', id);
    const { requests } = await listRequests(deps, 'p', { limit: 10 });
    expect(requests).toMatchObject([{ name: 'Fields', spec: { pipeline: { index: 'NDVI' }, mask: 'none' } }]);
    await world.drain();
    expect(await getJob(deps, 'p', id)).toMatchObject({ status: 'finished', title: 'Fields', process: ndvi });
  });

  it('is the same request as the one asked for by REST', async () => {
    const spec = await requestOfGraph(world.deps, 'p', await checkGraph(world.deps, 'p', { process: ndvi }));
    const rest = testSpec({ pipeline: { index: 'ndvi' } });
    const keyOf = (asked: unknown) => contentKey(checkSpec(asked), testScenes());
    expect(keyOf(spec)).toBe(keyOf(rest));
    const { id } = await createJob(world.deps, 'p', { process: ndvi });
    await startJob(world.deps, 'p', id);
    await world.drain();
    const again = await createRequest(world.deps, { project: 'p', body: rest });
    await world.drain();
    const job = await getJob(world.deps, 'p', id);
    const { requests } = await listRequests(world.deps, 'p', { limit: 10 });
    const other = requests.find((request) => request.id === again.request.id);
    expect(other).toMatchObject({ state: 'succeeded', reused: true, contentKey: job.request?.contentKey });
  });

  it('survives a crash between the request and its row', async () => {
    const { deps } = world;
    const { id } = await createJob(deps, 'p', { process: ndvi });
    let isFirst = true;
    const table: typeof deps.table = {
      ...deps.table,
      async transact(writes) {
        const isJob = writes.some((one) => 'put' in one && one.put.pk === 'JOB#p');
        if (isJob && isFirst) {
          isFirst = false;
          throw new Error('the process died');
        }
        await deps.table.transact(writes);
      },
    };
    await expect(startJob({ ...deps, table }, 'p', id)).rejects.toThrow('died');
    expect((await getJob(deps, 'p', id)).status).toBe('created');
    await startJob({ ...deps, table }, 'p', id);
    expect((await listRequests(deps, 'p', { limit: 10 })).requests).toHaveLength(1);
  });

  it('is tried again after it was cancelled, and stays as it is when there is nothing to cancel', async () => {
    const { deps } = world;
    const { id } = await createJob(deps, 'p', { process: ndvi });
    await stopJob(deps, 'p', id);
    expect((await getJob(deps, 'p', id)).status).toBe('created');
    await startJob(deps, 'p', id);
    await stopJob(deps, 'p', id);
    await world.drain();
    expect((await getJob(deps, 'p', id)).status).toBe('canceled');
    const again = await startJob(deps, 'p', id);
    expect(again.request).toMatchObject({ attempt: 2 });
    await world.drain();
    await stopJob(deps, 'p', id);
    expect((await getJob(deps, 'p', id)).status).toBe('finished');
  });

  it('changes only while it does not run; another process makes it new', async () => {
    const { deps } = world;
    const { id } = await createJob(deps, 'p', { process: ndvi });
    await updateJob(deps, 'p', id, { title: 'A', description: 'B' });
    expect(await getJob(deps, 'p', id)).toMatchObject({ title: 'A', description: 'B' });
    expect(await reasonOf(updateJob(deps, 'p', id, {}))).toBe('NoDataForUpdate');
    expect(await reasonOf(updateJob(deps, 'p', id, { status: 'finished' }))).toBe('PropertyNotEditable');
    await startJob(deps, 'p', id);
    expect(await reasonOf(updateJob(deps, 'p', id, { title: 'C' }))).toBe('JobLocked');
    await world.drain();
    await updateJob(deps, 'p', id, { title: null, process: ndvi });
    expect(await getJob(deps, 'p', id)).toMatchObject({ status: 'created', title: null, request: null });
  });

  it('over geometries is the request with these zones, and keeps what it asked for when it was started', async () => {
    const { deps } = world;
    const mean = {
      process_graph: { r: call('mean', { data: { from_parameter: 'data' } }, { result: true }) },
    };
    const median = {
      process_graph: { r: call('median', { data: { from_parameter: 'data' } }, { result: true }) },
    };
    const zonal = (reducer: Json, geometries: Json = field) => ({
      process_graph: {
        l: load,
        n: call('ndvi', { data: node('l') }),
        z: call('aggregate_spatial', { data: node('n'), geometries, reducer }),
        s: call('save_result', { data: node('z'), format: 'CSV' }, { result: true }),
      },
    });
    const { id } = await createJob(deps, 'p', { process: zonal(mean) });
    expect((await getJob(deps, 'p', id)).table).toBe(null);
    await startJob(deps, 'p', id);
    await world.drain();
    const ended = await getJob(deps, 'p', id);
    expect(ended).toMatchObject({
      status: 'finished',
      table: { reducer: { kind: 'mean' }, format: 'CSV', hasDates: true, hasBands: false },
      request: { spec: { zones: { features: 1 } } },
    });
    const zones = {
      type: 'FeatureCollection' as const,
      features: [{ type: 'Feature', id: '0', geometry: field }],
    };
    const rest = await createRequest(deps, {
      project: 'p',
      body: testSpec({ pipeline: { index: 'ndvi' }, zones }),
    });
    await world.drain();
    const found = (await listRequests(deps, 'p', { limit: 10 })).requests.find(
      (r) => r.id === rest.request.id,
    );
    expect(found).toMatchObject({ reused: true, contentKey: ended.request?.contentKey });
    await updateJob(deps, 'p', id, { process: zonal(median) });
    expect((await getJob(deps, 'p', id)).table).toBe(null);
    await startJob(deps, 'p', id);
    await world.drain();
    const again = await getJob(deps, 'p', id);
    expect(again).toMatchObject({
      table: { reducer: { kind: 'percentile', percent: 50 } },
      request: { reused: true, contentKey: ended.request?.contentKey },
    });
    const away = { ...field, coordinates: [field.coordinates[0]!.map(([x, y]) => [x! + 10, y!])] };
    expect(await reasonOf(createJob(deps, 'p', { process: zonal(mean, away) }))).toBe(
      'ProcessParameterInvalid',
    );
    expect(await graphProblems(deps, 'p', zonal(mean, away))).toMatchObject([
      { code: 'ProcessParameterInvalid', pointer: '/process_graph/z/arguments/geometries' },
    ]);
    expect(await graphProblems(deps, 'p', zonal(mean))).toEqual([]);
    const point = { type: 'Point', coordinates: [10.6, 48.51] };
    expect(await graphProblems(deps, 'p', zonal(mean, point))).toEqual([]);
    expect(await reasonOf(createJob(deps, 'p', { process: zonal(mean, point) }))).toBe('ProcessUnsupported');
  });

  it('belongs to its project, is listed newest first, and is gone when deleted', async () => {
    const { deps } = world;
    const ids: string[] = [];
    for (const title of ['a', 'b', 'c']) {
      ids.push((await createJob(deps, 'p', { process: ndvi, title })).id);
      world.clock.advance(1000);
    }
    expect(await reasonOf(getJob(deps, 'q', ids[0] ?? ''))).toBe('JobNotFound');
    expect((await listJobs(deps, 'q', { limit: 10 })).jobs).toEqual([]);
    const first = await listJobs(deps, 'p', { limit: 2 });
    const rest = await listJobs(deps, 'p', { limit: 2, cursor: first.cursor ?? '' });
    expect([...first.jobs, ...rest.jobs].map(({ title }) => title)).toEqual(['c', 'b', 'a']);
    await deleteJob(deps, 'p', ids[0] ?? '');
    expect(await reasonOf(getJob(deps, 'p', ids[0] ?? ''))).toBe('JobNotFound');
  });

  it.each<readonly [body: Json, reason: string]>([
    [{}, 'ProcessGraphMissing'],
    [{ process: {} }, 'ProcessGraphMissing'],
    [{ process: { process_graph: { a: call('nope', {}, { result: true }) } } }, 'ProcessUnsupported'],
    [
      { process: { process_graph: { a: call('add', { x: 1, y: 1 }, { result: true }) } } },
      'ProcessUnsupported',
    ],
    [{ process: ndvi, title: 'x'.repeat(201) }, 'ProcessParameterInvalid'],
  ])('is not made of %j', async (body, reason) => {
    expect(await reasonOf(createJob(world.deps, 'p', body))).toBe(reason);
    expect((await listJobs(world.deps, 'p', { limit: 10 })).jobs).toEqual([]);
  });
});

describe('a saved pipeline', () => {
  it('is a process of its project, until it is deleted', async () => {
    const { deps } = testWorld();
    const cube = { type: 'object', subtype: 'datacube' };
    const mine = {
      parameters: [{ name: 'cube', description: 'Bands.', schema: cube }],
      process_graph: { n: call('ndvi', { data: { from_parameter: 'cube' } }, { result: true }) },
    };
    const used = {
      process_graph: { l: load, u: call('mine', { cube: node('l') }, { result: true }) },
    };
    expect(await putUserProcess(deps, 'p', 'mine', mine)).toEqual({ version: 1 });
    expect(await putUserProcess(deps, 'p', 'mine', mine)).toEqual({ version: 1 });
    expect(await putUserProcess(deps, 'p', 'mine', { ...mine, summary: 'Mine' })).toEqual({ version: 2 });
    const spec = await requestOfGraph(deps, 'p', await checkGraph(deps, 'p', used));
    expect(spec).toMatchObject({ pipeline: { index: 'NDVI' } });
    expect(await reasonOf(checkGraph(deps, 'q', used))).toBe('ProcessUnsupported');
    await deleteUserProcess(deps, 'p', 'mine');
    expect(await reasonOf(checkGraph(deps, 'p', used))).toBe('ProcessUnsupported');
    expect(await putUserProcess(deps, 'p', 'mine', mine)).toEqual({ version: 3 });
  });

  it('may be neither predefined, nor wrong, nor call itself', async () => {
    const { deps } = testWorld();
    const one = (id: string) => ({ process_graph: { a: call(id, {}, { result: true }) } });
    expect(await reasonOf(putUserProcess(deps, 'p', 'ndvi', one('pi')))).toBe('PredefinedProcessExists');
    expect(await reasonOf(putUserProcess(deps, 'p', '../x', one('pi')))).toBe('ProcessParameterInvalid');
    expect(await reasonOf(putUserProcess(deps, 'p', 'x', {}))).toBe('ProcessGraphMissing');
    expect(await reasonOf(putUserProcess(deps, 'p', 'x', one('y')))).toBe('ProcessUnsupported');
    expect(await reasonOf(putUserProcess(deps, 'p', 'x', one('x')))).toBe('ProcessGraphInvalid');
    await putUserProcess(deps, 'p', 'x', one('pi'));
    await putUserProcess(deps, 'p', 'y', one('x'));
    expect(await reasonOf(putUserProcess(deps, 'p', 'x', one('y')))).toBe('ProcessGraphInvalid');
  });
});
