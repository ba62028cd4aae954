import { expect } from 'vitest';
import type { Query, Row, Table } from '../table.ts';
import { codeOf, type Suite, uniqueName } from './support.ts';
import type { TableFixture } from './table.ts';

export function registerTableQueries({ test }: Suite<TableFixture>): void {
  test('returns a partition sorted by the UTF-8 bytes of the sort key', async ({ table }) => {
    const pk = uniqueName('order');
    // U+1F6F0 is above U+FFFD in UTF-8 and below it in UTF-16.
    const sorted = ['A', 'Z', 'a', 'ab', 'é', '\uffee', '\ufffd', '🛰', '🛰a'];
    await putAll(table, pk, [...sorted].reverse());
    expect(await sortKeys(table, { partition: pk })).toEqual(sorted);
    expect(await sortKeys(table, { partition: pk, descending: true })).toEqual([...sorted].reverse());
  });

  test('keeps to bounds, both inclusive, and to a prefix', async ({ table }) => {
    const pk = uniqueName('bounds');
    await putAll(table, pk, ['AT#1', 'EV#1', 'EV#2', 'EV#3', 'EW', 'HEAD']);
    const keys = (query: Omit<Query, 'partition'>) => sortKeys(table, { partition: pk, ...query });
    expect(await keys({ from: 'EV#2' })).toEqual(['EV#2', 'EV#3', 'EW', 'HEAD']);
    expect(await keys({ to: 'EV#2' })).toEqual(['AT#1', 'EV#1', 'EV#2']);
    expect(await keys({ from: 'EV#1', to: 'EV#2' })).toEqual(['EV#1', 'EV#2']);
    expect(await keys({ from: 'EV#2', to: 'EV#2' })).toEqual(['EV#2']);
    expect(await keys({ from: 'Z', to: 'A' })).toEqual([]);
    expect(await keys({ prefix: 'EV#' })).toEqual(['EV#1', 'EV#2', 'EV#3']);
    expect(await keys({ prefix: 'EV#', descending: true, limit: 2 })).toEqual(['EV#3', 'EV#2']);
    expect(await keys({ prefix: '' })).toHaveLength(6);
    expect(await keys({ from: '', to: '' })).toEqual([]);
    expect(await keys({ prefix: 'nothing' })).toEqual([]);
  });

  test('reads no other partition, however alike its name', async ({ table }) => {
    const pk = uniqueName('alike');
    await putAll(table, pk, ['a']);
    await putAll(table, `${pk}x`, ['b']);
    await putAll(table, pk.toUpperCase(), ['c']);
    expect(await sortKeys(table, { partition: pk })).toEqual(['a']);
    expect(await sortKeys(table, { partition: `${pk}%` })).toEqual([]);
  });

  test('takes pattern characters in a prefix literally', async ({ table }) => {
    const pk = uniqueName('pattern');
    await putAll(table, pk, ['%a', '_b', '*c', 'xa', '[d']);
    expect(await sortKeys(table, { partition: pk, prefix: '%' })).toEqual(['%a']);
    expect(await sortKeys(table, { partition: pk, prefix: '_' })).toEqual(['_b']);
    expect(await sortKeys(table, { partition: pk, prefix: '[' })).toEqual(['[d']);
  });

  for (const descending of [false, true]) {
    const direction = descending ? 'descending' : 'ascending';
    test(`pages through a partition, each row once, ${direction}`, async ({ table }) => {
      const pk = uniqueName('pages');
      const all = Array.from({ length: 23 }, (_, i) => `K${String(i).padStart(2, '0')}`);
      await putAll(table, pk, all);
      const seen = await walk(table, { partition: pk, limit: 5, descending }, async () => {});
      expect(seen).toEqual(descending ? [...all].reverse() : all);
    });
  }

  test('keeps a cursor good while rows come and go', async ({ table }) => {
    const pk = uniqueName('moving');
    const all = Array.from({ length: 12 }, (_, i) => `K${String(i).padStart(2, '0')}`);
    await putAll(table, pk, all);
    const seen = await walk(table, { partition: pk, limit: 4 }, async (last) => {
      // Rows come before and after the cursor, and the row it stands on goes.
      await putAll(table, pk, [`A-${last}`, `${last}-x`]);
      await table.transact([{ delete: { pk, sk: last } }]);
    });
    expect(seen.filter((sk) => all.includes(sk))).toEqual(all);
    expect(new Set(seen).size).toBe(seen.length);
  });

  test('refuses cursors of other partitions, indexes and hands', async ({ table }) => {
    const pk = uniqueName('foreign');
    await putAll(table, pk, ['a', 'b', 'c']);
    const { cursor } = await table.query({ partition: pk, limit: 1 });
    expect(cursor).toBeDefined();
    for (const query of [
      { partition: `${pk}x`, cursor: cursor ?? '' },
      { partition: pk, index: 'due', cursor: cursor ?? '' },
      { partition: pk, cursor: 'garbage' },
      { partition: pk, cursor: '' },
      {
        partition: pk,
        cursor: Buffer.from(JSON.stringify(['base', pk, 'a', 'other', 'a'])).toString('base64url'),
      },
      { partition: pk, cursor: 'x'.repeat(100_000) },
    ] as const) {
      expect(await codeOf(table.query(query))).toBe('InvalidInput');
    }
  });

  test('refuses queries that ask two things or nothing', async ({ table }) => {
    const pk = uniqueName('two-things');
    expect(await codeOf(table.query({ partition: pk, prefix: 'a', from: 'b' }))).toBe('InvalidInput');
    expect(await codeOf(table.query({ partition: pk, limit: 0 }))).toBe('InvalidInput');
    expect(await codeOf(table.query({ partition: '' }))).toBe('InvalidInput');
  });

  for (const [index, partition, sort] of [
    ['due', 'duePk', 'dueAt'],
    ['project', 'projectPk', 'projectSk'],
  ] as const) {
    test(`holds in the ${index} index only rows with both of its attributes`, async ({ table }) => {
      const pk = uniqueName(`index-${index}`);
      const shard = `${pk}-shard`;
      await table.transact([
        { put: { pk, sk: 'late', [partition]: shard, [sort]: '2026-02-01T00:00:00Z' } },
        { put: { pk, sk: 'early', [partition]: shard, [sort]: '2026-01-01T00:00:00Z', more: [1] } },
        { put: { pk, sk: 'half', [partition]: shard } },
        { put: { pk, sk: 'none' } },
      ]);
      expect(await sortKeys(table, { index, partition: shard })).toEqual(['early', 'late']);
      const upTo = { index, partition: shard, to: '2026-01-15T00:00:00Z' } as const;
      expect((await table.query(upTo)).rows).toEqual([
        { pk, sk: 'early', [partition]: shard, [sort]: '2026-01-01T00:00:00Z', more: [1] },
      ]);
      await table.transact([
        { update: { pk, sk: 'early' }, remove: [partition, sort] },
        { update: { pk, sk: 'late' }, set: { [sort]: '2026-01-02T00:00:00Z' } },
      ]);
      expect(await sortKeys(table, upTo)).toEqual(['late']);
      await table.transact([{ delete: { pk, sk: 'late' } }]);
      expect(await sortKeys(table, { index, partition: shard })).toEqual([]);
    });
  }

  test('pages through an index whose sort keys are all the same', async ({ table }) => {
    const pk = uniqueName('ties');
    const duePk = `${pk}-shard`;
    const all = Array.from({ length: 11 }, (_, i) => `K${String(i).padStart(2, '0')}`);
    await table.transact(all.map((sk) => ({ put: { pk, sk, duePk, dueAt: '2026-01-01T00:00:00Z' } })));
    const seen = await walk(table, { index: 'due', partition: duePk, limit: 3 }, async () => {});
    expect([...seen].sort()).toEqual(all);
  });
}

async function putAll(table: Table, pk: string, sortKeysToPut: readonly string[]): Promise<void> {
  await table.transact(sortKeysToPut.map((sk) => ({ put: { pk, sk } })));
}

async function sortKeys(table: Table, query: Query): Promise<string[]> {
  return (await table.query(query)).rows.map((row: Row) => row.sk);
}

/** Sort keys of all pages; `between` runs after each page but the last, with the last sort key seen. */
async function walk(table: Table, query: Query, between: (last: string) => Promise<void>): Promise<string[]> {
  const seen: string[] = [];
  let cursor: string | undefined;
  for (let page = 1; page <= 30; page++) {
    const answer = await table.query(cursor === undefined ? query : { ...query, cursor });
    seen.push(...answer.rows.map((row) => row.sk));
    cursor = answer.cursor;
    if (cursor === undefined) return seen;
    await between(seen.at(-1) ?? '');
  }
  throw new Error('thirty pages and no end');
}
