import { isSwathError } from '@swath/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { checkSpec } from '../check/check-spec.ts';
import { contentKey } from '../content-key.ts';
import { checkGraph, deleteUserProcess, putUserProcess, requestOfGraph } from '../graphs/index.ts';
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
