import { describe, expect, it } from 'vitest';
import { listRates } from '../cost/rates.ts';
import { readRecord } from '../record.ts';
import { readHead } from '../store/read.ts';
import { testSpec, testWorld } from '../testing/index.ts';
import { cancelRequest } from './cancel-request.ts';
import { createRequest } from './create-request.ts';
import { recordEnded } from './record-ended.ts';
import { retryRequest } from './retry-request.ts';
import { readUsage, usageRecorder } from './usage.ts';

const dayMs = 86_400_000;

const world = (behave?: NonNullable<Parameters<typeof testWorld>[0]>['behave']) =>
  testWorld({
    ...(behave === undefined ? {} : { behave }),
    // Every message twice: queues may.
    record: async (deps, message) => {
      await recordEnded(deps, message, [usageRecorder(deps, listRates)]);
      await recordEnded(deps, message, [usageRecorder(deps, listRates)]);
    },
  });

const create = async (w: ReturnType<typeof world>, project: string, datetime?: string) =>
  (
    await createRequest(w.deps, {
      project,
      body: testSpec(datetime === undefined ? {} : { datetime }),
    })
  ).request.id;

describe('what a project used', () => {
  it('is counted once per request, by the month it was made in, and paged', async () => {
    const w = world();
    await create(w, 'one');
    await w.drain();
    await create(w, 'one');
    await w.drain();
    w.clock.advance(40 * dayMs);
    const open = await create(w, 'one', '2024-06-01/2024-06-05');
    const page = await readUsage(w.deps, 'one', { limit: 1 });
    expect(page).toMatchObject({
      project: 'one',
      budget: { heldUnits: 1, spentUnits: 1 },
      months: [{ month: '2026-02', requests: { accepted: 1, open: 1, succeeded: 0 }, computeSeconds: 0 }],
      cursor: '202601',
    });
    const { months, cursor } = await readUsage(w.deps, 'one', { limit: 5, cursor: page.cursor ?? '' });
    expect(cursor).toBeUndefined();
    expect(months).toMatchObject([
      {
        month: '2026-01',
        requests: { accepted: 2, open: 0, succeeded: 2, reused: 1, failed: 0 },
        products: 2,
        chunks: 4,
        computeSeconds: 4,
        // Six reports of half a second each: acquire, four chunks, publish; nothing for the reused one.
        cpuSeconds: 3,
        budgetUnits: 1,
        // 360 s of containers, a request with jobs and a quarter of one without.
        estimatedUsd: expect.closeTo(0.0106, 3),
      },
    ]);
    const { results } = await readRecordOf(w, open, 'one');
    expect(results).toEqual([]);
    expect(months[0]?.pixels).toBeGreaterThan(0);
    expect(months[0]?.bytesWritten).toBeGreaterThan(0);
    expect(months[0]?.bytesReadPlanned).toBeGreaterThan(0);
    await cancelRequest(w.deps, 'one', open);
    await w.drain();
    expect((await readUsage(w.deps, 'one', { limit: 1 })).months[0]?.requests).toMatchObject({
      open: 0,
      cancelled: 1,
    });
    expect(await readUsage(w.deps, 'two', { limit: 10 })).toEqual({
      project: 'two',
      budget: { heldUnits: 0, spentUnits: 0 },
      months: [],
    });
  });

  it('moves a request to its newest end, and forgets nothing that it used before', async () => {
    let broken = true;
    const w = world(({ stage, chunk }) =>
      stage === 'process' && chunk === 1 && broken
        ? { kind: 'fail', reason: 'ASSET_CORRUPT', exitCode: 3 }
        : undefined,
    );
    const id = await create(w, 'one');
    await w.drain();
    await w.sweep(3);
    const before = (await readUsage(w.deps, 'one', { limit: 1 })).months[0];
    const failedState = (await readHead(w.table, id))?.state;
    expect(['failed', 'partial']).toContain(failedState);
    expect(before?.requests).toMatchObject({ accepted: 1, open: 0, succeeded: 0 });
    broken = false;
    await retryRequest(w.deps, 'one', id);
    await w.drain();
    const after = (await readUsage(w.deps, 'one', { limit: 1 })).months[0];
    expect(after?.requests).toMatchObject({ accepted: 1, open: 0, succeeded: 1, failed: 0, partial: 0 });
    expect(after?.chunks).toBeGreaterThanOrEqual(before?.chunks ?? 0);
  });

  it('adds nothing when an older record comes late, and counts on when two come at once', async () => {
    const w = world();
    const id = await create(w, 'one');
    await w.drain();
    const head = await readHead(w.table, id);
    if (head === undefined) throw new Error('no head');
    const record = await readRecord(w.deps, head);
    if (record === undefined) throw new Error('no record');
    const before = await readUsage(w.deps, 'one', { limit: 1 });
    const count = usageRecorder(w.deps, listRates);
    await count({ ...record, version: record.version - 1 });
    const newer = { ...record, version: record.version + 1 };
    await Promise.all([count(newer), count(newer), count(newer)]);
    expect(await readUsage(w.deps, 'one', { limit: 1 })).toEqual(before);
  });

  it('has no page behind a cursor of somebody else', async () => {
    await expect(readUsage(world().deps, 'one', { limit: 1, cursor: '2026-1' })).rejects.toMatchObject({
      code: 'InvalidInput',
      pointer: '/cursor',
    });
  });
});

async function readRecordOf(w: ReturnType<typeof world>, id: string, project: string) {
  const { getRequest } = await import('./read-requests.ts');
  return getRequest(w.deps, project, id);
}
