import { join } from 'node:path';
import { createRequest, recordEnded, requestSpec, retryRequest } from '@swath/requests';
import { testSpec, testWorld } from '@swath/requests/testing/index';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newestByRequest } from '../compact/newest.ts';
import { openLocalTables } from '../duckdb/engine.ts';
import { duckType } from '../duckdb/prelude.ts';
import {
  analyticsTables,
  analyticsViews,
  glueParameters,
  namedQueries,
  requestsTable,
  resultsTable,
} from '../tables/index.ts';
import { recordRequest } from './record-request.ts';
import { type TemporaryTables, temporaryTables } from './recording.fixture.ts';
import { aoiOf } from './rows/owner.ts';

let tables: TemporaryTables;
let folder = '';
let files: TemporaryTables['files'];
beforeEach(() => {
  tables = temporaryTables();
  ({ folder, files } = tables);
});
afterEach(() => tables.remove());
const sql: TemporaryTables['sql'] = (text) => tables.sql(text);
const keys: TemporaryTables['keys'] = () => tables.keys();
const recordingWorld: TemporaryTables['recordingWorld'] = (behave) => tables.recordingWorld(behave);

describe('an ended request', () => {
  it('leaves a file per table, under its day and collection, with a value in every column that it can fill', async () => {
    const { ask } = recordingWorld();
    const id = await ask({ name: 'mine', labels: { customer: 'acme' } });
    expect(await keys()).toEqual(
      ['request_events', 'requests', 'results', 'statistics', 'usage'].map((table) =>
        expect.stringMatching(`^${table}/date=2026-01-01/collection=test-s2/${id}-0000000[0-9].parquet$`),
      ),
    );
    const empty = new Set<string>();
    for (const table of analyticsTables) {
      const rows = [...(await newestByRequest(table, files)).values()].flat();
      for (const { name } of table.columns) {
        if (rows.every((row) => row[name] === null)) empty.add(`${table.name}.${name}`);
      }
    }
    expect([...empty].sort()).toEqual([
      'requests.failure_fault',
      'requests.failure_message',
      'requests.failure_reason',
      'requests.failure_retryable',
    ]);
  });

  it('lies where Athena looks for it by the day alone, on a day that it looks at', async () => {
    const { ask } = recordingWorld();
    await ask();
    const written = await keys();
    for (const table of analyticsTables) {
      const parameters = glueParameters(table, 's3://bucket/');
      expect(parameters['projection.date.format']).toBe('yyyy-MM-dd');
      const [first = ''] = parameters['projection.date.range']?.split(',') ?? [];
      expect('2026-01-01' >= first).toBe(true);
      const folder = parameters['storage.location.template']?.replace(/\$\{date\}/, '2026-01-01') ?? '';
      expect(folder).not.toContain('$');
      const own = written.filter((key) => `s3://bucket/${key}`.startsWith(folder));
      expect(own, table.name).toHaveLength(1);
    }
    expect(written).toHaveLength(analyticsTables.length);
  });

  it('has a row per zone beside that of the whole, and a time series of each', async () => {
    const ring = [
      [10.5, 48.5],
      [10.6, 48.5],
      [10.6, 48.51],
      [10.5, 48.5],
    ];
    const features = ['north', "it's"].map((id) => ({
      type: 'Feature',
      id,
      geometry: { type: 'Polygon', coordinates: [ring] },
    }));
    const { ask } = recordingWorld();
    await ask({ name: 'fields', zones: { type: 'FeatureCollection', features } });
    expect(
      await sql('SELECT zone, count(*), sum(count) FROM statistics GROUP BY zone ORDER BY zone'),
    ).toEqual([
      ["it's", 2, 8],
      ['north', 2, 0],
      ['whole', 2, 8],
    ]);
    expect(
      await sql(
        'SELECT zone, band, CAST(start_datetime AS varchar), mean, valid_percent, request_name FROM zone_time_series ORDER BY 1, 3',
      ),
    ).toEqual([
      ["it's", 'expression', '2024-06-01 10:30:00', 0.5, 100, 'fields'],
      ["it's", 'expression', '2024-06-11 10:30:00', 0.5, 100, 'fields'],
      ['north', 'expression', '2024-06-01 10:30:00', null, 0, 'fields'],
      ['north', 'expression', '2024-06-11 10:30:00', null, 0, 'fields'],
    ]);
  });

  it('is on record once, however often it is told of', async () => {
    const { world, records, ask } = recordingWorld();
    const id = await ask();
    const before = await keys();
    const message = { v: 1, requestId: id, attempt: 1 } as const;
    for (let i = 0; i < 3; i++) {
      await recordEnded(world.deps, message, [
        (record) => recordRequest({ analytics: files, results: world.results }, record),
      ]);
    }
    expect(records).toHaveLength(1);
    expect(await keys()).toEqual(before);
    expect(await sql('SELECT count(*), count(DISTINCT item_id) FROM results')).toEqual([[2, 2]]);
  });

  it('has its rows replaced by those of a later attempt, and not by an older record that comes late', async () => {
    let broken = true;
    const { world, records, ask } = recordingWorld(({ stage }) =>
      broken && stage === 'acquire' ? { kind: 'fail', reason: 'ASSET_MISSING', exitCode: 20 } : undefined,
    );
    const id = await ask();
    expect(await sql('SELECT state, failure_reason, attempt FROM requests')).toEqual([
      ['failed', 'ASSET_MISSING', 1],
    ]);
    broken = false;
    await retryRequest(world.deps, 'p1', id);
    await world.drain();
    const [first] = records;
    if (first === undefined) throw new Error('nothing was recorded');
    await recordRequest({ analytics: files, results: world.results }, first);
    expect(await sql('SELECT state, failure_reason, attempt FROM requests')).toEqual([
      ['succeeded', null, 2],
    ]);
    expect(await sql('SELECT attempt, outcome FROM usage ORDER BY attempt')).toEqual([
      [1, 'failed'],
      [2, 'succeeded'],
    ]);
    expect((await newestByRequest(requestsTable, files)).size).toBe(1);
    expect(await sql('SELECT count(*) FROM results')).toEqual([[2]]);
  });

  it('is on the account of its project, its user and its labels', async () => {
    const { ask } = recordingWorld();
    await ask({ labels: { customer: 'acme' } });
    await ask({ labels: { customer: 'acme' }, pipeline: { index: 'NDVI' } }, 'p1', 'idp:bob');
    await ask({ pipeline: { expression: 'nir-red' } }, 'p2', 'idp:bob');
    expect(
      await sql(`SELECT project, requested_by, json_extract_scalar(labels, '$.customer') AS customer,
          sum(output_bytes) > 0, sum(output_pixels), sum(compute_seconds) > 0, sum(budget_units)
        FROM usage GROUP BY 1, 2, 3 ORDER BY 1, 2`),
    ).toEqual([
      ['p1', 'idp:ada', 'acme', true, 8, true, 1],
      ['p1', 'idp:bob', 'acme', true, 8, true, 1],
      ['p2', 'idp:bob', null, true, 8, true, 1],
    ]);
  });

  it('is told of again when nobody confirms, until somebody does', async () => {
    let calls = 0;
    const world = testWorld({
      record: async (deps, message) => {
        calls++;
        if (calls > 2) await recordEnded(deps, message, []);
      },
    });
    await createRequest(world.deps, { project: 'p1', body: testSpec() });
    await world.sweep(8);
    expect(calls).toBe(3);
    expect(world.table.rows().filter((row) => row.pk.startsWith('OBX#'))).toEqual([]);
  });

  it('names the collections it asked for, and counts what was there already as reused', async () => {
    const { ask } = recordingWorld();
    await ask();
    await ask({}, 'p2');
    expect(await sql('SELECT project, collection, reused FROM results ORDER BY project, product')).toEqual([
      ['p1', 'test-s2', false],
      ['p1', 'test-s2', false],
      ['p2', 'test-s2', true],
      ['p2', 'test-s2', true],
    ]);
    expect(await sql('SELECT project, budget_units, output_pixels FROM usage ORDER BY project')).toEqual([
      ['p1', 1, 8],
      ['p2', 0, null],
    ]);
    expect(
      await sql('SELECT project, images, images_computed FROM images_by_type_and_customer ORDER BY 1'),
    ).toEqual([
      ['p1', 2, 2],
      ['p2', 2, 0],
    ]);
  });
});

describe('the area of a row', () => {
  const square = testSpec().aoi;
  const spec = (aoi: unknown) => requestSpec.parse({ ...testSpec(), aoi });

  it('is the id and version of a stored one, and a mark of any other', () => {
    const geometry = { type: 'Polygon', coordinates: [] };
    expect(aoiOf(spec({ type: 'Feature', id: 'field@2', geometry }), null)).toBe('field@2');
    expect(aoiOf(spec(square), null)).toMatch(/^[0-9a-f]{12}$/);
    expect(aoiOf(spec(square), null)).toBe(aoiOf(spec([...(square as number[])]), null));
    expect(aoiOf(spec(undefined), null)).toBeNull();
    expect(aoiOf(spec(undefined), [1, 2, 3, 4])).toMatch(/^[0-9a-f]{12}$/);
  });
});

describe('the views in DuckDB', () => {
  it('have the columns that are stated, without a file and with files', async () => {
    const { ask } = recordingWorld();
    for (const moment of ['before', 'after']) {
      if (moment === 'after') await ask();
      const engine = await openLocalTables(folder);
      for (const view of analyticsViews) {
        const { columns } = await engine.query(`SELECT * FROM ${view.name}`, { maxRows: 10 });
        // The one type that differs: bytes in Athena, geometry here.
        const stated = view.columns.map(({ name, type }) => ({ name, type: duckType(type) }));
        const found = columns.map(({ name, type }) => ({
          name,
          type: type.replace(/^GEOMETRY.*/, 'GEOMETRY'),
        }));
        expect(found, `${view.name} ${moment}`).toEqual(stated);
      }
      await engine.close();
    }
  });

  it('and the queries to begin with run', async () => {
    await recordingWorld().ask();
    for (const query of namedQueries) expect(await sql(query.sql), query.name).toBeInstanceOf(Array);
  });

  it('say why requests failed, and what was cancelled is no failure of a kind', async () => {
    const { ask } = recordingWorld(({ stage }) =>
      stage === 'process' ? { kind: 'fail', reason: 'ASSET_CORRUPT', exitCode: 20 } : undefined,
    );
    const id = await ask();
    expect(
      await sql(
        'SELECT project, state, reason, fault, retryable, requests, last_request_id FROM failures_by_reason',
      ),
    ).toEqual([['p1', 'failed', 'ASSET_CORRUPT', 'provider', true, 1, id]]);
  });

  it('show each acquisition of an area once, of the newest request', async () => {
    const { world, ask } = recordingWorld();
    await ask({ pipeline: { index: 'NDVI' } });
    world.clock.advance(86_400_000);
    const second = await ask({ pipeline: { index: 'NDVI' }, name: 'again' });
    expect(await sql('SELECT datetime, request_id, mean FROM ndvi_time_series ORDER BY datetime')).toEqual([
      ['2024-06-01 10:30:00', second, 0.4],
      ['2024-06-11 10:30:00', second, 0.4],
    ]);
    expect(
      await sql('SELECT month, acquisitions, cloud_free_percent FROM cloud_free_share_per_month'),
    ).toEqual([['2024-06-01 00:00:00', 2, 100]]);
    expect((await newestByRequest(resultsTable, files)).size).toBe(2);
  });

  it('know the functions of Trino that DuckDB calls otherwise', async () => {
    const answers = await sql(`SELECT json_extract_scalar('{"a":"b"}', '$.a'), approx_percentile(x, 0.5),
      date_add('day', 2, TIMESTAMP '2026-01-31 00:00:00'), date_format(TIMESTAMP '2026-01-31 00:00:00', '%Y-%m'),
      cardinality(ARRAY[1, 2]), array_join(ARRAY['a', 'b'], ','), date_diff('day', DATE '2026-01-01', DATE '2026-02-01')
      FROM (VALUES (1.0), (2.0), (3.0)) AS t(x) GROUP BY 1`);
    expect(answers).toEqual([['b', 2, '2026-02-02 00:00:00', '2026-01', 2, 'a,b', 31]]);
  });
});

describe('a query', () => {
  it('that is wrong is answered with what was meant', async () => {
    await expect(sql('SELECT * FROM resuls')).rejects.toMatchObject({
      code: 'InvalidInput',
      message: expect.stringContaining('Did you mean "results"?'),
    });
  });

  it('shows no more rows than asked for, and says so', async () => {
    const engine = await openLocalTables(folder);
    expect(await engine.query('SELECT * FROM range(5000)', { maxRows: 3 })).toMatchObject({
      rows: [[0], [1], [2]],
      cut: true,
    });
    expect(await engine.query('SELECT 1 WHERE false', { maxRows: 3 })).toMatchObject({
      rows: [],
      cut: false,
    });
    const file = join(folder, "it's.parquet");
    expect(await engine.writeParquet('SELECT * FROM range(5000);', file)).toBe(5000);
    expect(
      (await engine.query(`SELECT count(*) FROM '${file.replaceAll("'", "''")}'`, { maxRows: 1 })).rows,
    ).toEqual([[5000]]);
    await engine.close();
  });

  it('shows footprints as text that other programs read', async () => {
    await recordingWorld().ask();
    const [[shown, wkt] = []] = await sql('SELECT geometry, ST_AsText(geometry) FROM results LIMIT 1');
    expect(shown).toMatch(/^POLYGON \(\(/);
    expect(shown).toBe(wkt);
    expect(await sql('SELECT CAST(NULL AS GEOMETRY)')).toEqual([[null]]);
  });

  it('whose file cannot be written says that, and not what tables there are', async () => {
    const engine = await openLocalTables(folder);
    const nowhere = join(folder, 'none', 'x.parquet');
    await expect(engine.writeParquet('SELECT 1 AS one', nowhere)).rejects.toMatchObject({
      code: 'InvalidInput',
      message: expect.stringContaining(nowhere),
      fix: expect.stringMatching(/folder/),
    });
    await engine.close();
  });

  it('of a folder that is not there says what to do', async () => {
    await expect(openLocalTables(join(folder, 'none'))).rejects.toMatchObject({ code: 'NotFound' });
  });
});
