import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type SqlGrammars, sqlGrammars } from '../../../../test/support/sql-grammar.ts';
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
