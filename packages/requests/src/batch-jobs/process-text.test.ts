import { isSwathError } from '@swath/core';
import { memoryTable } from '@swath/ports/memory/index';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testWorld } from '../testing/index.ts';
import { createJob, deleteJob, getJob, listJobs, startJob, updateJob } from './jobs.ts';
import { packProcess, pieceDeletes, pieceWrites, readProcess } from './process-text.ts';
import { type JobRow, jobPieceKey } from './rows.ts';

const call = (process_id: string, args: object, more: object = {}) => ({
  process_id,
  arguments: args,
  ...more,
});

/** Fields side by side, with as many digits as shapely writes. */
const fieldsOf = (count: number) => ({
  type: 'FeatureCollection',
  features: Array.from({ length: count }, (_, i) => {
    const [west, south] = [10.5 + (i % 100) / 512, 48.4 + Math.floor(i / 100) / 512];
    const corner = (x: number, y: number) => [
      west + x / 700 + Math.sin(8 * i + 4 * x + 2 * y) / 1e5,
      south + y / 700 + Math.sin(8 * i + 4 * x + 2 * y + 1) / 1e5,
    ];
    const first = corner(0, 0);
    const ring = [first, corner(1, 0), corner(1, 1), corner(0, 1), first];
    return { type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates: [ring] } };
  }),
});
const zonal = (count: number) => ({
  process_graph: {
    l: call('load_collection', {
      id: 'test-s2',
      spatial_extent: null,
      temporal_extent: ['2024-06-01', '2024-07-01'],
      bands: ['red', 'nir'],
    }),
    n: call('ndvi', { data: { from_node: 'l' } }),
    z: call(
      'aggregate_spatial',
      {
        data: { from_node: 'n' },
        geometries: fieldsOf(count),
        reducer: {
          process_graph: { r: call('mean', { data: { from_parameter: 'data' } }, { result: true }) },
        },
      },
      { result: true },
    ),
  },
});

describe('a job over 10,000 geometries', () => {
  it('is kept in pieces, shown as it was sent, started, changed, and gone with its pieces', async () => {
    const { deps, drain } = testWorld();
    const large = zonal(10_000);
    const { id } = await createJob(deps, 'p', { process: large });
    const piece = async (at: number) => await deps.table.get(jobPieceKey('p', id, at));
    expect(await piece(1)).toBeDefined();
    expect(await getJob(deps, 'p', id)).toMatchObject({ process: large, status: 'created' });
    expect((await listJobs(deps, 'p', { limit: 10 })).jobs).toMatchObject([{ id }]);
    await startJob(deps, 'p', id);
    await drain();
    expect(await getJob(deps, 'p', id)).toMatchObject({
      status: 'finished',
      request: { spec: { zones: { features: 10_000 } } },
    });
    await updateJob(deps, 'p', id, { title: 'Fields' });
    expect((await getJob(deps, 'p', id)).process).toEqual(large);
    await updateJob(deps, 'p', id, { process: zonal(1) });
    expect((await getJob(deps, 'p', id)).process).toEqual(zonal(1));
    expect(await piece(0)).toBe(undefined);
    await updateJob(deps, 'p', id, { process: large });
    expect((await getJob(deps, 'p', id)).process).toEqual(large);
    await deleteJob(deps, 'p', id);
    expect([await piece(0), await piece(1)]).toEqual([undefined, undefined]);
  });

  it('of one more is refused by node and limit', async () => {
    const { deps } = testWorld();
    await expect(createJob(deps, 'p', { process: zonal(10_001) })).rejects.toMatchObject({
      code: 'LimitExceeded',
      reason: 'ProcessGraphComplexity',
      pointer: '/process/process_graph/z/arguments/geometries',
      message: expect.stringContaining('"z"'),
      fix: expect.stringContaining('Split'),
    });
  });
});

describe('the text of a process', () => {
  const rowOf = (revision: number, packed: ReturnType<typeof packProcess>): JobRow => ({
    ...{
      id: 'j',
      title: null,
      description: null,
      createdAt: '',
      updatedAt: '',
      requestId: null,
      table: null,
    },
    process: packed.process,
    pieces: packed.pieces.length,
    processRevision: revision,
    revision,
  });
  const noise = fc
    .integer()
    .map((seed) => Array.from({ length: 50_000 }, (_, i) => Math.sin(seed + i) * 180));

  it('comes back from its pieces, and never mixed with that of another revision', async () => {
    await fc.assert(
      fc.asyncProperty(noise, noise, async (first, second) => {
        const table = memoryTable();
        const [a, b] = [packProcess({ first }), packProcess({ second })];
        expect(a.process).toBe(null);
        const [one, two] = [rowOf(1, a), rowOf(2, b)];
        await table.transact(pieceWrites('p', { ...one, pieces: 0 }, a.pieces));
        expect(JSON.parse((await readProcess(table, 'p', one)) ?? '')).toEqual({ first });
        await table.transact(pieceWrites('p', { ...one, processRevision: 2 }, b.pieces));
        expect(await readProcess(table, 'p', one)).toBe(undefined);
        expect(JSON.parse((await readProcess(table, 'p', two)) ?? '')).toEqual({ second });
        await table.transact(pieceDeletes('p', two));
        expect(await readProcess(table, 'p', two)).toBe(undefined);
      }),
      { numRuns: 2 },
    );
  });

  it('is refused when it does not fit beside its job', () => {
    try {
      packProcess({ much: Array.from({ length: 300_000 }, (_, i) => Math.sin(i)) });
      expect.unreachable();
    } catch (error) {
      if (!isSwathError(error, 'LimitExceeded')) throw error;
      expect(error.reason).toBe('ProcessGraphComplexity');
    }
  });
});
