import { expect } from 'vitest';
import { failedWrites } from '../failed-writes.ts';
import type { Condition, Row, Table, Write } from '../table.ts';
import { codeOf, errorOf, type Suite, type SuiteOptions, suite, uniqueName } from './support.ts';
import { registerTableLimits, registerTableRaces } from './table-limits.ts';
import { registerTableQueries } from './table-queries.ts';

export interface TableFixture {
  readonly table: Table;
  readonly close?: () => Promise<void>;
}

/** What every Table promises. Tests share one table and keep apart by partition. */
export function tableConformance(
  name: string,
  makeTable: () => Promise<TableFixture>,
  options: SuiteOptions = {},
): void {
  suite(`Table: ${name}`, makeTable, options, (tests) => {
    registerWrites(tests);
    registerConditions(tests);
    registerValues(tests);
    registerTableLimits(tests);
    registerTableRaces(tests);
    registerTableQueries(tests);
  });
}

function registerWrites({ test }: Suite<TableFixture>): void {
  test('gives back what was put, and nothing for an absent row', async ({ table }) => {
    const pk = uniqueName('put');
    const row: Row = {
      pk,
      sk: 'HEAD',
      text: 'Zürich 🛰',
      empty: '',
      nothing: null,
      yes: true,
      list: [1, 'two', [null], { three: 3 }],
      map: { a: { b: [] }, c: {} },
    };
    await table.transact([{ put: row }]);
    expect(await table.get({ pk, sk: 'HEAD' })).toEqual(row);
    expect(await table.get({ pk, sk: 'OTHER' })).toBeUndefined();
  });

  test('replaces the whole row on put', async ({ table }) => {
    const pk = uniqueName('replace');
    await table.transact([{ put: { pk, sk: 'a', old: 1 } }]);
    await table.transact([{ put: { pk, sk: 'a', new: 2 } }]);
    expect(await table.get({ pk, sk: 'a' })).toEqual({ pk, sk: 'a', new: 2 });
  });

  test('drops attributes that are undefined', async ({ table }) => {
    const pk = uniqueName('undefined');
    await table.transact([{ put: { pk, sk: 'a', gone: undefined, kept: 1 } }]);
    expect(Object.keys((await table.get({ pk, sk: 'a' })) ?? {}).sort()).toEqual(['kept', 'pk', 'sk']);
  });

  test('updates with set, remove and add, and leaves the rest', async ({ table }) => {
    const pk = uniqueName('update');
    await table.transact([{ put: { pk, sk: 'a', state: 'x', gone: 1, n: 5, kept: 'k' } }]);
    await table.transact([
      { update: { pk, sk: 'a' }, set: { state: 'y' }, remove: ['gone', 'never'], add: { n: -7, fresh: 3 } },
    ]);
    expect(await table.get({ pk, sk: 'a' })).toEqual({ pk, sk: 'a', state: 'y', n: -2, kept: 'k', fresh: 3 });
  });

  test('creates the row when an update without condition finds none', async ({ table }) => {
    const pk = uniqueName('upsert');
    await table.transact([{ update: { pk, sk: 'a' }, add: { n: 1 } }]);
    expect(await table.get({ pk, sk: 'a' })).toEqual({ pk, sk: 'a', n: 1 });
    await table.transact([{ update: { pk, sk: 'b' } }]);
    expect(await table.get({ pk, sk: 'b' })).toEqual({ pk, sk: 'b' });
  });

  test('deletes, also what is not there', async ({ table }) => {
    const pk = uniqueName('delete');
    await table.transact([{ put: { pk, sk: 'a' } }]);
    await table.transact([{ delete: { pk, sk: 'a' } }, { delete: { pk, sk: 'never' } }]);
    expect(await table.get({ pk, sk: 'a' })).toBeUndefined();
  });

  test('writes all or nothing and names every condition that failed', async ({ table }) => {
    const pk = uniqueName('all-or-nothing');
    await table.transact([{ put: { pk, sk: 'a', v: 1 } }, { put: { pk, sk: 'b', v: 1 } }]);
    const error = await errorOf(
      table.transact([
        { put: { pk, sk: 'new', v: 2 } },
        { update: { pk, sk: 'a' }, set: { v: 2 }, if: { equals: { v: 9 } } },
        { delete: { pk, sk: 'b' }, if: { exists: true } },
        { check: { pk, sk: 'absent' }, if: { exists: true } },
      ]),
    );
    expect(error.code).toBe('Conflict');
    expect(failedWrites(error)).toEqual([1, 3]);
    expect((await table.query({ partition: pk })).rows).toEqual([
      { pk, sk: 'a', v: 1 },
      { pk, sk: 'b', v: 1 },
    ]);
  });

  test('tests conditions on the rows as they were before the transaction', async ({ table }) => {
    const pk = uniqueName('before');
    await table.transact([{ put: { pk, sk: 'a', v: 1 } }]);
    await table.transact([
      { update: { pk, sk: 'a' }, set: { v: 2 }, if: { equals: { v: 1 } } },
      { put: { pk, sk: 'b' }, if: { exists: false } },
    ]);
    expect(await table.get({ pk, sk: 'a' })).toEqual({ pk, sk: 'a', v: 2 });
  });

  test('takes an empty transaction for done', async ({ table }) => {
    await expect(table.transact([])).resolves.toBeUndefined();
  });
}

function registerConditions({ test }: Suite<TableFixture>): void {
  const row = { s: 'x', n: 5, t: true, z: null, empty: '' };
  const cases: readonly (readonly [
    name: string,
    condition: Condition,
    onRow: boolean,
    onNothing: boolean,
  ])[] = [
    ['exists', { exists: true }, true, false],
    ['exists not', { exists: false }, false, true],
    ['equals text', { equals: { s: 'x' } }, true, false],
    ['equals empty text', { equals: { empty: '' } }, true, false],
    ['equals other text', { equals: { s: 'X' } }, false, false],
    ['equals number', { equals: { n: 5 } }, true, false],
    ['equals number as text', { equals: { n: '5' } }, false, false],
    ['equals boolean', { equals: { t: true } }, true, false],
    ['equals on a missing attribute', { equals: { absent: 'x' } }, false, false],
    ['equals several', { equals: { s: 'x', n: 5 } }, true, false],
    ['equals several but one', { equals: { s: 'x', n: 6 } }, false, false],
    ['one of', { oneOf: { s: ['a', 'x'] } }, true, false],
    ['one of numbers', { oneOf: { n: [4, 5] } }, true, false],
    ['one of others', { oneOf: { s: ['a', 'b'] } }, false, false],
    ['one of on a missing attribute', { oneOf: { absent: ['a'] } }, false, false],
    ['at least, equal', { atLeast: { n: 5 } }, true, false],
    ['at least, less', { atLeast: { n: 5.5 } }, false, false],
    ['at least on text', { atLeast: { s: 0 } }, false, false],
    ['at least on a missing attribute', { atLeast: { absent: 0 } }, false, false],
    ['missing', { missing: ['absent'] }, true, true],
    ['missing, but there', { missing: ['absent', 's'] }, false, true],
    ['missing, but null', { missing: ['z'] }, false, true],
    ['exists and missing', { exists: true, missing: ['absent'], oneOf: { s: ['x'] } }, true, false],
  ];
  for (const [name, condition, onRow, onNothing] of cases) {
    test(`decides the condition: ${name}`, async ({ table }) => {
      const pk = uniqueName('condition');
      await table.transact([{ put: { pk, sk: 'row', ...row } }]);
      for (const [sk, expected] of [
        ['row', onRow],
        ['nothing', onNothing],
      ] as const) {
        const check = table.transact([{ check: { pk, sk }, if: condition }]);
        const held = await check.then(
          () => true,
          (error: unknown) => failedWrites(error).length === 0 && Promise.reject(error),
        );
        expect({ sk, held }).toEqual({ sk, held: expected });
      }
    });
  }

  test('refuses conditions that can mean nothing', async ({ table }) => {
    const key = { pk: uniqueName('senseless'), sk: 'a' };
    expect(await codeOf(table.transact([{ check: key, if: {} }]))).toBe('InvalidInput');
    expect(await codeOf(table.transact([{ check: key, if: { oneOf: { s: [] } } }]))).toBe('InvalidInput');
  });
}

function registerValues({ test }: Suite<TableFixture>): void {
  test('keeps numbers exactly and turns -0 into 0', async ({ table }) => {
    const pk = uniqueName('numbers');
    const numbers = {
      safe: Number.MAX_SAFE_INTEGER,
      least: Number.MIN_SAFE_INTEGER,
      third: 1 / 3,
      small: 1.5e-100,
      tenth: 0.1,
    };
    await table.transact([{ put: { pk, sk: 'a', ...numbers, zero: -0, nested: [-0] } }]);
    const row = await table.get({ pk, sk: 'a' });
    expect(row).toEqual({ pk, sk: 'a', ...numbers, zero: 0, nested: [0] });
    expect(Object.is(row?.['zero'], 0)).toBe(true);
  });

  for (const number of [Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, -(2 ** 60), 1e-200]) {
    test(`refuses the number ${number} wherever it stands`, async ({ table }) => {
      const key = { pk: uniqueName('refused'), sk: 'a' };
      const writes: readonly Write[] = [
        { put: { ...key, n: number } },
        { put: { ...key, n: [{ deep: number }] } },
        { update: key, set: { n: number } },
        { update: key, add: { n: number } },
        { put: key, if: { equals: { n: number } } },
        { put: key, if: { atLeast: { n: number } } },
      ];
      for (const write of writes) expect(await codeOf(table.transact([write]))).toBe('InvalidInput');
      expect(await table.get(key)).toBeUndefined();
    });
  }

  test('adds whole numbers only, to whole numbers only', async ({ table }) => {
    const key = { pk: uniqueName('add'), sk: 'a' };
    await table.transact([{ put: { ...key, text: 'x', n: 1 } }]);
    expect(await codeOf(table.transact([{ update: key, add: { n: 0.5 } }]))).toBe('InvalidInput');
    expect(await codeOf(table.transact([{ update: key, add: { text: 1 } }]))).toBe('InvalidInput');
    expect(await table.get(key)).toEqual({ ...key, text: 'x', n: 1 });
  });

  test('refuses text that UTF-8 cannot say, and names that no store takes', async ({ table }) => {
    const key = { pk: uniqueName('text'), sk: 'a' };
    expect(await codeOf(table.transact([{ put: { ...key, s: '\ud800' } }]))).toBe('InvalidInput');
    expect(await codeOf(table.transact([{ put: { ...key, '': 1 } }]))).toBe('InvalidInput');
    expect(await codeOf(table.transact([{ put: { ...key, m: { ['__proto__']: 1 } } }]))).toBe('InvalidInput');
  });

  test('takes reserved words, dots and quotes as names', async ({ table }) => {
    const key = { pk: uniqueName('names'), sk: 'a' };
    await table.transact([{ put: { ...key, status: 1, 'a.b': 2, "it's": 3, '$.x': 4, size: 5 } }]);
    await table.transact([
      {
        update: key,
        set: { 'a.b': 9, name: 'n' },
        add: { size: 1 },
        if: { equals: { status: 1, "it's": 3 } },
      },
    ]);
    expect(await table.get(key)).toEqual({
      ...key,
      status: 1,
      'a.b': 9,
      "it's": 3,
      '$.x': 4,
      size: 6,
      name: 'n',
    });
  });

  test('does not change when the caller changes what was put or got', async ({ table }) => {
    const key = { pk: uniqueName('alias'), sk: 'a' };
    const list = [1];
    await table.transact([{ put: { ...key, list } }]);
    list.push(2);
    expect((await table.get(key))?.['list']).toEqual([1]);
  });
}
