import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLocalTables } from '../duckdb/engine.ts';
import { type Cluster, postgresOrWarn, startCluster } from './cluster.fixture.ts';
import { exportToPostgres } from './export.ts';
import { fillTables } from './tables.fixture.ts';

describe.skipIf(!postgresOrWarn())('an export to PostGIS', () => {
  let folder = '';
  let cluster: Cluster;
  let client: pg.Client;
  let ids: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'swath-export-'));
    ids = await fillTables(folder);
    cluster = await startCluster();
    client = new pg.Client({ connectionString: cluster.url });
    client.on('error', () => {});
    await client.connect();
  }, 60_000);
  afterAll(async () => {
    await client?.end();
    cluster?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const load = async (nowMs: number, schema = 'swath') => {
    const from = await openLocalTables(folder);
    try {
      return await exportToPostgres({ from, url: cluster.url, schema, nowMs });
    } finally {
      await from.close();
    }
  };
  const rows = async (sql: string) => (await client.query({ text: sql, rowMode: 'array' })).rows;

  it('loads results with their footprint and statistics with zones, as they are in the tables', async () => {
    expect(await load(Date.UTC(2026, 0, 2))).toEqual({ results: 4, statistics: 8, usage: 2 });
    expect(
      await rows(
        'SELECT zone, count(*)::int, sum(count)::int, max(mean) FROM swath.statistics GROUP BY zone ORDER BY zone',
      ),
    ).toEqual([
      [`O'Brien "2", äß`, 2, 8, 0.5],
      ['north', 2, 0, null],
      ['whole', 4, 16, 0.4],
    ]);
    const [found] = await rows(
      `SELECT ST_SRID(geometry), ST_Area(geometry::geography) > 1e6, abs(ST_XMin(geometry) - west) < 1e-9, crs,
         transform[1], scene_ids, datetime = '2024-06-01T10:30:00Z', reused
       FROM swath.results WHERE request_id = '${ids[0]}' AND product = '2024-06-01'`,
    );
    expect(found).toEqual([4326, true, true, 'EPSG:32632', 10, ['S2_20240601'], true, false]);
  });

  it('loads what requests used, with a price as exact as in the files', async () => {
    const from = await openLocalTables(folder);
    const { rows: there } = await from.query(
      'SELECT request_id, CAST(price_usd AS varchar), label_list FROM usage ORDER BY 1',
      { maxRows: 10 },
    );
    await from.close();
    expect(there).toHaveLength(2);
    expect(await rows('SELECT request_id, price_usd::text, label_list FROM swath.usage ORDER BY 1')).toEqual(
      there,
    );
  });

  it('changes nothing when it is done again, replaces what differs, and deletes what is gone', async () => {
    const all = 'SELECT request_id, item_id, band, zone, mean, p50 FROM swath.statistics ORDER BY 1, 2, 3, 4';
    const before = await rows(all);
    await client.query("UPDATE swath.statistics SET mean = 9 WHERE zone = 'whole'");
    await client.query(
      `INSERT INTO swath.statistics ("date", request_id, item_id, band, zone, loaded_at)
       VALUES ('2026-01-01', 'gone', 'i', 'b', 'z', '2026-01-01'), ('1999-01-01', 'elsewhere', 'i', 'b', 'z', '2026-01-01')`,
    );
    await load(Date.UTC(2026, 0, 3));
    const after = await rows(all);
    expect(after.filter(([id]) => id === 'elsewhere')).toHaveLength(1);
    expect(after.filter(([id]) => id !== 'elsewhere')).toEqual(before);
    await client.query("DELETE FROM swath.statistics WHERE request_id = 'elsewhere'");
  });

  it('takes a schema of any name, beside what others keep there', async () => {
    await client.query(
      'CREATE SCHEMA "my ""own""; schema"; CREATE TABLE "my ""own""; schema".fields (id int)',
    );
    await load(Date.UTC(2026, 0, 4), 'my "own"; schema');
    expect(await rows('SELECT count(*)::int FROM "my ""own""; schema".results')).toEqual([[4]]);
    expect(await rows('SELECT count(*)::int FROM "my ""own""; schema".fields')).toEqual([[0]]);
  });

  it('adds columns that a table of an older Swath does not have', async () => {
    await client.query('ALTER TABLE swath.results DROP COLUMN lineage');
    await load(Date.UTC(2026, 0, 5));
    expect(await rows('SELECT DISTINCT lineage FROM swath.results')).toEqual([['Made by a test.']]);
  });

  it('says what is wrong without the password', async () => {
    const from = await openLocalTables(folder);
    const secret = 'postgres://swath:hunter2@127.0.0.1:1/postgres';
    const failing = (url: string) => exportToPostgres({ from, url, schema: 'swath', nowMs: 0 });
    const error = await failing(secret).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'Unavailable', fix: expect.stringContaining('port') });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('hunter2');
    await expect(failing('mysql://x')).rejects.toMatchObject({ code: 'InvalidInput' });
    await from.close();
  });
});
