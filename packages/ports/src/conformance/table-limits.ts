import { expect } from 'vitest';
import { maxRowBytes } from '../limits.ts';
import { rowSizeBytes } from '../row-size.ts';
import type { Write } from '../table.ts';
import { codeOf, errorOf, type Suite, uniqueName } from './support.ts';
import type { TableFixture } from './table.ts';

export function registerTableLimits({ test }: Suite<TableFixture>): void {
  test('takes 100 writes and refuses 101', async ({ table }) => {
    const pk = uniqueName('hundred');
    const writes = (count: number): Write[] =>
      Array.from({ length: count }, (_, i) => ({ put: { pk, sk: String(i).padStart(3, '0') } }));
    expect(await codeOf(table.transact(writes(101)))).toBe('LimitExceeded');
    await table.transact(writes(100));
    expect((await table.query({ partition: pk })).rows).toHaveLength(100);
  });

  test('refuses two writes on one row', async ({ table }) => {
    const key = { pk: uniqueName('twice'), sk: 'a' };
    const error = await errorOf(table.transact([{ put: key }, { check: key, if: { exists: false } }]));
    expect([error.code, error.pointer]).toEqual(['InvalidInput', '/1']);
    expect(await table.get(key)).toBeUndefined();
  });

  test('takes a row of 400 KB and refuses one byte more', async ({ table }) => {
    const key = { pk: uniqueName('big'), sk: 'a' };
    const room = maxRowBytes - rowSizeBytes({ ...key, blob: '' });
    await table.transact([{ put: { ...key, blob: 'x'.repeat(room) } }]);
    const tooBig = 'x'.repeat(room + 1);
    expect(await codeOf(table.transact([{ put: { ...key, blob: tooBig } }]))).toBe('LimitExceeded');
    expect(await codeOf(table.transact([{ update: key, set: { blob: tooBig } }]))).toBe('LimitExceeded');
    expect(String((await table.get(key))?.['blob'])).toHaveLength(room);
  });

  test('refuses an update that would make the row too big', async ({ table }) => {
    const key = { pk: uniqueName('grow'), sk: 'a' };
    await table.transact([{ put: { ...key, blob: 'x'.repeat(300_000) } }]);
    const grown = table.transact([{ update: key, set: { more: 'y'.repeat(200_000) } }]);
    expect(await codeOf(grown)).toBe('LimitExceeded');
    expect((await table.get(key))?.['more']).toBeUndefined();
  });

  test('refuses more than 4 MB in one transaction', async ({ table }) => {
    const pk = uniqueName('four-megabytes');
    const writes = Array.from({ length: 11 }, (_, i) => ({
      put: { pk, sk: String(i), blob: 'x'.repeat(390_000) },
    }));
    expect(await codeOf(table.transact(writes))).toBe('LimitExceeded');
  });

  test('refuses keys that are empty, too long or no text', async ({ table }) => {
    const pk = uniqueName('keys');
    expect(await codeOf(table.transact([{ put: { pk: '', sk: 'a' } }]))).toBe('InvalidInput');
    expect(await codeOf(table.transact([{ put: { pk, sk: '' } }]))).toBe('InvalidInput');
    expect(await codeOf(table.transact([{ put: { pk, sk: 'x'.repeat(1_025) } }]))).toBe('LimitExceeded');
    expect(await codeOf(table.transact([{ put: { pk: 'é'.repeat(1_025), sk: 'a' } }]))).toBe('LimitExceeded');
    expect(await codeOf(table.transact([{ put: { pk, sk: 'a', duePk: '' } }]))).toBe('InvalidInput');
    const asNumber = table.transact([{ update: { pk, sk: 'a' }, set: { dueAt: 5 } }]);
    expect(await codeOf(asNumber)).toBe('InvalidInput');
    const moved = table.transact([{ update: { pk, sk: 'a' }, set: { sk: 'b' } }]);
    expect(await codeOf(moved)).toBe('InvalidInput');
    await table.transact([{ put: { pk, sk: 'x'.repeat(1_024) } }]);
  });
}

export function registerTableRaces({ test }: Suite<TableFixture>): void {
  test('lets exactly one of 50 racers create a row', async ({ table }) => {
    const key = { pk: uniqueName('race'), sk: 'a' };
    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, (_, racer) =>
        table.transact([{ put: { ...key, racer }, if: { exists: false } }]),
      ),
    );
    const winners = outcomes.flatMap((outcome, racer) => (outcome.status === 'fulfilled' ? [racer] : []));
    expect(winners).toHaveLength(1);
    expect((await table.get(key))?.['racer']).toBe(winners[0]);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected')
        expect(await codeOf(Promise.reject(outcome.reason))).toBe('Conflict');
    }
  });

  test('lets exactly one of 20 racers take each turn of a fence', async ({ table }) => {
    const head = { pk: uniqueName('fence'), sk: 'HEAD' };
    await table.transact([{ put: { ...head, attempt: 0, total: 10 } }]);
    for (let attempt = 0; attempt < 3; attempt++) {
      const outcomes = await Promise.allSettled(
        Array.from({ length: 20 }, (_, racer) =>
          table.transact([
            {
              update: head,
              set: { attempt: attempt + 1 },
              add: { total: -1 },
              if: { equals: { attempt }, atLeast: { total: 1 } },
            },
            { put: { pk: head.pk, sk: `EV#${attempt}`, racer }, if: { exists: false } },
          ]),
        ),
      );
      expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
    }
    expect(await table.get(head)).toEqual({ ...head, attempt: 3, total: 7 });
  });
}
