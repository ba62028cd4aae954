import { ratesOf } from '@swath/requests/cost/rates';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { newestByRequest } from '../compact/newest.ts';
import { folderKey, requestFile } from '../keys.ts';
import { encodeRows } from '../parquet/encode.ts';
import { createTableSql, usageTable } from '../tables/index.ts';
import { recordRequest } from './record-request.ts';
import { type TemporaryTables, temporaryTables } from './recording.fixture.ts';

let tables: TemporaryTables;
beforeEach(() => {
  tables = temporaryTables();
});
afterEach(() => tables.remove());

describe('the price of a request', () => {
  it('is the sum of its parts, and of its lines, with the version of its prices', async () => {
    const { ask } = tables.recordingWorld();
    await ask({ labels: { customer: 'acme', 'a=b': 'c=d' } });
    const [row] =
      await tables.sql(`SELECT price_usd, price_compute_usd + price_storage_usd + price_calls_usd + price_transfer_usd,
      price_version, price_lines, task_seconds, cpu_seconds, label_list FROM usage`);
    const [usd, parts, version, lines, taskSeconds, cpuSeconds, labels] = row ?? [];
    // Of 4 children, acquire and publish: a minute each.
    expect(taskSeconds).toBe(360);
    expect(cpuSeconds).toBe(3);
    expect(parts).toBe(usd);
    expect(version).toBe('2026-06');
    const all = z.record(z.string(), z.looseObject({ usd: z.number() })).parse(JSON.parse(String(lines)));
    expect(Object.values(all).reduce((sum, one) => sum + Math.round(one.usd * 1e9), 0)).toBe(
      Math.round(Number(usd) * 1e9),
    );
    // 240 s x (2 x 0.03238 + 8 x 0.00356) / 3600
    expect(all['process']).toEqual({ tasks: 4, seconds: 240, vcpu: 2, memoryGiB: 8, usd: 0.006216 });
    expect(labels).toEqual(['customer=acme', 'a%3Db=c=d']);
  });

  it('is that of the rates it is recorded with', async () => {
    const { world, records, ask } = tables.recordingWorld();
    await ask();
    const [record] = records;
    if (record === undefined) throw new Error('nothing was recorded');
    const other = temporaryTables();
    const analytics = other.files;
    await recordRequest({ analytics, results: world.results, rates: ratesOf({ factor: 2 }) }, record);
    const [[list], [twice, version]] = [
      (await tables.sql('SELECT price_usd FROM usage'))[0] ?? [],
      (await other.sql('SELECT price_usd, price_version FROM usage'))[0] ?? [],
    ];
    other.remove();
    expect(Number(twice)).toBeCloseTo(2 * Number(list), 7);
    expect(version).toMatch(/^2026-06\+[0-9a-f]{8}$/);
  });

  it('is summed by project, user and label; of a request without labels nowhere by label', async () => {
    const { ask } = tables.recordingWorld();
    await ask({ labels: { customer: 'acme', crop: 'maize' } });
    await ask({ labels: { customer: 'acme' }, pipeline: { index: 'NDVI' } }, 'p1', 'idp:bob');
    await ask({ pipeline: { expression: 'nir-red' } }, 'p2', 'idp:bob');
    const nano = async (query: string) =>
      (await tables.sql(query)).map(([...cells]) => [
        ...cells.slice(0, -1),
        Math.round(Number(cells.at(-1)) * 1e9),
      ]);
    const [[, , one = 0] = [], [, , two = 0] = [], [, , three = 0] = []] = (await nano(
      'SELECT project, requested_by, price_usd FROM usage ORDER BY 1, 2',
    )) as [string, string, number][];
    expect(one).toBeGreaterThan(0);
    expect(await nano('SELECT project, price_usd FROM cost_per_project_and_day ORDER BY 1')).toEqual([
      ['p1', one + two],
      ['p2', three],
    ]);
    expect(
      await nano('SELECT requested_by, sum(price_usd) FROM cost_per_user_and_day GROUP BY 1 ORDER BY 1'),
    ).toEqual([
      ['idp:ada', one],
      ['idp:bob', two + three],
    ]);
    expect(
      await nano('SELECT label, label_value, requests, price_usd FROM cost_per_label_and_day ORDER BY 1'),
    ).toEqual([
      ['crop', 'maize', 1, one],
      ['customer', 'acme', 2, one + two],
    ]);
  });

  it('is null in tables.files of before there were prices, beside tables.files that have it', async () => {
    const { ask } = tables.recordingWorld();
    await ask();
    const old = usageTable.columns.filter(
      ({ name }) => !/^price_|^label_list$|^cpu_seconds$|^task_seconds$|^read_bytes$/.test(name),
    );
    const [rows = []] = [...(await newestByRequest(usageTable, tables.files)).values()];
    const before = rows.map((row) => ({ ...row, request_id: 'of-before' }));
    const key = `${folderKey(usageTable, { date: '2025-12-31', collection: 'test-s2' })}${requestFile('0'.repeat(36), 1)}`;
    await tables.files.put(key, encodeRows(old, before), {
      ifAbsent: true,
      contentType: 'application/vnd.apache.parquet',
    });
    expect(
      await tables.sql(
        'SELECT "date", price_usd > 0, label_list IS NULL, budget_units FROM usage ORDER BY "date"',
      ),
    ).toEqual([
      ['2025-12-31', null, true, 1],
      ['2026-01-01', true, false, 1],
    ]);
    expect(
      await tables.sql('SELECT "date", requests, price_usd > 0 FROM cost_per_project_and_day ORDER BY 1'),
    ).toEqual([
      ['2025-12-31', 1, null],
      ['2026-01-01', 1, true],
    ]);
    // Athena reads columns by name as well: a table made anew over old tables.files needs nothing else.
    expect(createTableSql(usageTable, 's3://b/')).toContain('`price_usd` decimal(18,9)');
    // And only old tables.files, as right after an update.
    for (const { key: one } of (await tables.files.list('usage/')).objects)
      if (one !== key) await tables.files.delete(one);
    expect(await tables.sql('SELECT price_usd, requests FROM cost_per_project_and_day')).toEqual([[null, 1]]);
    expect(await tables.sql('SELECT * FROM cost_per_label_and_day')).toEqual([]);
  });
});
