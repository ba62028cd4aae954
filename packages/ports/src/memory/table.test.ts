import { describe, expect, it } from 'vitest';
import { fixedClock, memoryTable } from './index.ts';

const due = { pk: 'REQ#1', sk: 'HEAD', duePk: 'Q', dueAt: '2026-01-01T00:00:00Z' };

describe('memoryTable', () => {
  it('shows index readers what happened a while ago, and everybody else the present', async () => {
    const clock = fixedClock(1_000_000);
    const table = memoryTable({ indexLag: { clock, ms: () => 500 } });
    await table.transact([{ put: due }]);
    expect((await table.query({ index: 'due', partition: 'Q' })).rows).toEqual([]);
    expect((await table.query({ partition: 'REQ#1' })).rows).toEqual([due]);
    clock.advance(500);
    expect((await table.query({ index: 'due', partition: 'Q' })).rows).toEqual([due]);
    await table.transact([{ delete: due }]);
    expect((await table.query({ index: 'due', partition: 'Q' })).rows).toEqual([due]);
    expect(await table.get(due)).toBeUndefined();
    clock.advance(500);
    expect((await table.query({ index: 'due', partition: 'Q' })).rows).toEqual([]);
  });

  it('never shows an index a later write before an earlier one', async () => {
    const clock = fixedClock(0);
    const lags = [900, 0];
    const table = memoryTable({ indexLag: { clock, ms: () => lags.shift() ?? 0 } });
    await table.transact([{ put: { ...due, v: 1 } }]);
    await table.transact([{ put: { ...due, v: 2 } }]);
    clock.advance(899);
    expect((await table.query({ index: 'due', partition: 'Q' })).rows).toEqual([]);
    clock.advance(1);
    expect((await table.query({ index: 'due', partition: 'Q' })).rows).toEqual([{ ...due, v: 2 }]);
  });

  it('follows through thousands of late writes', async () => {
    const clock = fixedClock(0);
    const table = memoryTable({ indexLag: { clock, ms: () => 10 } });
    for (let v = 1; v <= 5_000; v++) {
      await table.transact([{ put: { ...due, v } }]);
      clock.advance(1);
      const [row] = (await table.query({ index: 'due', partition: 'Q' })).rows;
      expect(row?.['v']).toBe(v < 10 ? undefined : v - 9);
    }
  });

  it('sweeps expired rows only when told', async () => {
    const table = memoryTable();
    await table.transact([
      { put: { pk: 'a', sk: 'a', expiresAt: 100 } },
      { put: { pk: 'a', sk: 'b', expiresAt: 101 } },
      { put: { pk: 'a', sk: 'c' } },
    ]);
    expect(table.rows()).toHaveLength(3);
    expect(table.sweepExpired(100)).toBe(1);
    expect(table.rows().map((row) => row.sk)).toEqual(['b', 'c']);
  });

  it('gives rows nobody can change', async () => {
    const table = memoryTable();
    await table.transact([{ put: { pk: 'a', sk: 'a', list: [{ deep: 1 }] } }]);
    const row = await table.get({ pk: 'a', sk: 'a' });
    expect(Object.isFrozen(row)).toBe(true);
    const list = row?.['list'];
    expect(Array.isArray(list) && Object.isFrozen(list) && Object.isFrozen(list[0])).toBe(true);
  });
});
