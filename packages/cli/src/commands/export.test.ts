import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocalTables, tablesFolder } from '@swath/analytics/duckdb/engine';
import { type Cluster, postgresOrWarn, startCluster } from '@swath/analytics/postgres/cluster.fixture';
import { fillTables } from '@swath/analytics/postgres/tables.fixture';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { swathRunner } from '../../../../test/support/swath-runner.ts';

let data = '';
let swath: ReturnType<typeof swathRunner>;
beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'swath-export-cli-'));
  await fillTables(tablesFolder(data));
  swath = swathRunner({ cwd: data, env: {} });
});
afterAll(() => rmSync(data, { recursive: true, force: true }));

describe('swath export postgres', () => {
  it('wants to know the database, by name and not as anything else', async () => {
    const none = await swath(['export', 'postgres', '--data', data]);
    expect(none).toMatchObject({ code: 2, stdout: '' });
    expect(none.stderr).toContain('SWATH_POSTGRES_URL');
    const wrong = await swath(['export', 'postgres', '--data', data, '--to', 'mysql://127.0.0.1/a']);
    expect(wrong).toMatchObject({ code: 2, stdout: '' });
    expect(wrong.stderr).toContain('postgres://user@host:5432/database');
  });

  it('tells that nobody answers, and keeps the password to itself', async () => {
    const to = 'postgres://swath:hunter2@127.0.0.1:1/postgres';
    for (const ran of [
      await swath(['export', 'postgres', '--data', data, '--to', to]),
      await swath(['export', 'postgres', '--data', data, '--to', to, '--json']),
    ]) {
      expect(ran).toMatchObject({ code: 5 });
      expect(`${ran.stdout}${ran.stderr}`).toContain('PostgreSQL cannot be reached');
      expect(`${ran.stdout}${ran.stderr}`).not.toContain('hunter2');
    }
  });
});

describe.skipIf(!postgresOrWarn())('swath export postgres, with a server', () => {
  let cluster: Cluster;
  let ask: ReturnType<typeof swathRunner>;
  beforeAll(async () => {
    cluster = await startCluster();
    ask = swathRunner({ cwd: data, env: { SWATH_POSTGRES_URL: cluster.url, SWATH_DATA: data } });
  }, 60_000);
  afterAll(() => cluster?.stop());

  /** What PostgreSQL holds. */
  async function rowsOf(sql: string): Promise<unknown[][]> {
    const { default: pg } = await import('pg');
    const client = new pg.Client({ connectionString: cluster.url });
    await client.connect();
    try {
      return (await client.query({ text: sql, rowMode: 'array' })).rows;
    } finally {
      await client.end();
    }
  }

  it('loads what swath sql shows, says so day by day, and may be done again', async () => {
    const [day = ''] = await dayOf(data);
    const first = await ask(['export', 'postgres']);
    expect(first).toMatchObject({
      code: 0,
      stdout: '4 results, 8 rows of statistics and 2 of usage in schema swath\n',
      stderr: `${day}: 4 results, 8 statistics, 2 usage\n`,
    });
    const sql =
      'SELECT zone, count(*) AS n, sum(count) AS pixels, max(mean) AS highest FROM statistics GROUP BY zone ORDER BY zone';
    const shown = await ask(['sql', sql, '--json']);
    expect(shown.code, shown.stderr).toBe(0);
    const before = await rowsOf(
      sql
        .replace('FROM statistics', 'FROM swath.statistics')
        .replaceAll(/(count\(\*\)|sum\(count\))/g, '$1::int'),
    );
    expect(before).toEqual([
      [`O'Brien "2", äß`, 2, 8, 0.5],
      ['north', 2, 0, null],
      ['whole', 4, 16, 0.4],
    ]);
    for (const [zone] of before) expect(shown.stdout).toContain(JSON.stringify(zone).slice(1, -1));
    const again = await ask(['export', 'postgres', '--to', cluster.url, '--json']);
    expect(JSON.parse(again.stdout)).toEqual({
      schema: 'swath',
      rows: { results: 4, statistics: 8, usage: 2 },
    });
    expect(await rowsOf('SELECT count(*)::int FROM swath.statistics')).toEqual([[8]]);
  });

  it('takes a schema, and leaves older days out', async () => {
    const ran = await ask(['export', 'postgres', '--schema', 'later', '--since', '2999-01-01', '--json']);
    expect(JSON.parse(ran.stdout)).toEqual({ schema: 'later', rows: {} });
    expect(await rowsOf('SELECT count(*)::int FROM later.results')).toEqual([[0]]);
    const wrong = await ask(['export', 'postgres', '--since', 'yesterday']);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('2026-01-31');
  });
});

async function dayOf(folder: string): Promise<string[]> {
  const tables = await openLocalTables(tablesFolder(folder));
  try {
    const { rows } = await tables.query('SELECT DISTINCT "date" FROM results', { maxRows: 10 });
    return rows.map(([day]) => String(day));
  } finally {
    await tables.close();
  }
}
