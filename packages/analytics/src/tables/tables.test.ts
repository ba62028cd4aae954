import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type SqlGrammars, sqlGrammars } from '../../../../test/support/sql-grammar.ts';
import { openLocalTables } from '../duckdb/engine.ts';
import { tablesPage } from '../sql/tables-page.ts';
import {
  analyticsTables,
  analyticsViews,
  athenaViewText,
  createTableSql,
  glueParameters,
  namedQueries,
  resultsTable,
} from './index.ts';

let grammar: SqlGrammars;
beforeAll(async () => {
  grammar = await sqlGrammars();
}, 60_000);

describe('the tables', () => {
  it('have each name once, and each column once', () => {
    const names = [
      ...analyticsTables.map(({ filesTable }) => filesTable),
      ...analyticsViews.map(({ name }) => name),
    ];
    expect(new Set(names).size).toBe(names.length);
    for (const { name, columns, partitions } of analyticsTables) {
      const all = [...columns, ...partitions].map((one) => one.name);
      expect(new Set(all).size, name).toBe(all.length);
    }
  });

  it.each(analyticsTables.map((table) => [table.name, table] as const))(
    'are created by a statement Athena takes: %s',
    (_, table) => {
      expect(grammar.hive(`${createTableSql(table, 's3://bucket/')};`)).toEqual([]);
    },
  );

  it('let Athena compute the day from the query, below the prefix of the table', () => {
    expect(glueParameters(resultsTable, 's3://bucket/')).toMatchObject({
      'projection.enabled': 'true',
      'projection.date.type': 'date',
      'projection.date.format': 'yyyy-MM-dd',
      'projection.date.range': '2026-01-01,NOW',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Athena's own placeholder
      'storage.location.template': 's3://bucket/results/date=${date}/',
    });
  });
});

describe('views and named queries', () => {
  it.each([...analyticsViews, ...namedQueries].map(({ name, sql }) => [name, sql] as const))(
    'are SQL that Athena takes: %s',
    (_, sql) => {
      expect(grammar.trino(`${sql};`)).toEqual([]);
    },
  );

  it('would not pass with a mistake in them', () => {
    expect(grammar.trino('SELEC * FORM results;')).not.toEqual([]);
    expect(grammar.trino('SELECT a, FROM results WHERE;')).not.toEqual([]);
    expect(grammar.hive('CREATE EXTERNAL TABEL t (a string);')).not.toEqual([]);
  });

  it('read only tables and views that come before them', () => {
    const known = new Set(analyticsTables.map(({ filesTable }) => filesTable));
    for (const { name, sql } of analyticsViews) {
      for (const [, read = ''] of sql.matchAll(/\b(?:FROM|JOIN)\s+([a-z_]+)/g)) {
        expect(known.has(read), `${name} reads ${read}`).toBe(true);
      }
      known.add(name);
    }
  });

  it('are kept by Athena as text with their columns', () => {
    const view = analyticsViews.find(({ name }) => name === 'ndvi_time_series');
    if (view === undefined) throw new Error('there is no such view');
    const base64 = /^\/\* Presto View: (.+) \*\/$/.exec(athenaViewText(view, 'swath'))?.[1] ?? '';
    expect(JSON.parse(Buffer.from(base64, 'base64').toString())).toEqual({
      originalSql: view.sql,
      catalog: 'awsdatacatalog',
      schema: 'swath',
      columns: expect.arrayContaining([{ name: 'datetime', type: 'timestamp(3)' }]),
    });
  });
});

const docs = join(import.meta.dirname, '../../../../docs');

describe('the documentation', () => {
  it('has the columns there are', () => {
    expect(readFileSync(join(docs, 'sql-tables.md'), 'utf8')).toBe(tablesPage());
  });

  it('asks queries that Athena takes and DuckDB answers', async () => {
    const text = readFileSync(join(docs, 'sql.md'), 'utf8');
    const queries = [...text.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, sql = '']) => sql.trim());
    expect(queries).toHaveLength(10);
    const folder = mkdtempSync(join(tmpdir(), 'swath-docs-'));
    const engine = await openLocalTables(folder);
    for (const sql of queries) {
      expect(grammar.trino(`${sql};`), sql).toEqual([]);
      expect(await engine.query(sql, { maxRows: 1 })).toMatchObject({ rows: [] });
    }
    await engine.close();
    rmSync(folder, { recursive: true });
  });
});

describe('the definitions', () => {
  it('import no engine: the stacks read them', () => {
    for (const folder of ['tables', 'tables/definitions', 'views']) {
      const path = join(import.meta.dirname, '..', folder);
      for (const file of readdirSync(path).filter(
        (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
      )) {
        expect(readFileSync(join(path, file), 'utf8'), file).not.toMatch(/duckdb|hyparquet|node:/);
      }
    }
  });
});
