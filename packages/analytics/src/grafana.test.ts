import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type SqlGrammars, sqlGrammars } from '../../../test/support/sql-grammar.ts';
import { openLocalTables } from './duckdb/engine.ts';
import type { SqlEngine } from './sql/answer.ts';

const text = readFileSync(join(import.meta.dirname, '../../../docs/grafana/swath.json'), 'utf8');
const dashboard = z
  .object({
    panels: z.array(z.object({ title: z.string(), targets: z.array(z.object({ rawSQL: z.string() })) })),
    templating: z.object({
      list: z.array(z.object({ name: z.string(), definition: z.string().optional() })),
    }),
  })
  .parse(JSON.parse(text));

/** What Grafana puts in place of its macros and variables. */
const filled = (sql: string): string =>
  sql
    .replaceAll(
      /\$__timeFilter\((\w+)\)/g,
      "$1 BETWEEN TIMESTAMP '2025-01-01 00:00:00' AND TIMESTAMP '2026-01-01 00:00:00'",
    )
    .replaceAll(/\$__time(From|To)\(\)/g, "TIMESTAMP '2026-01-01 00:00:00'")
    .replaceAll(/\$\{zone:singlequote\}/g, "'a','b'")
    .replaceAll('$band', 'ndvi');

const queries = [
  ...dashboard.panels.flatMap(({ title, targets }) =>
    targets.map(({ rawSQL }) => [title, filled(rawSQL)] as const),
  ),
  ...dashboard.templating.list.flatMap(({ name, definition }) =>
    definition === undefined ? [] : [[name, filled(definition)] as const],
  ),
];

describe('the Grafana dashboard', () => {
  let folder = '';
  let tables: SqlEngine;
  let grammars: SqlGrammars;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'swath-grafana-'));
    tables = await openLocalTables(folder);
    grammars = await sqlGrammars();
  });
  afterAll(async () => {
    await tables.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(queries)('%s asks what Athena parses and what the views have', async (_, sql) => {
    expect(sql).not.toContain('$');
    expect(grammars.trino(sql)).toEqual([]);
    expect((await tables.query(sql, { maxRows: 1 })).rows).toEqual([]);
  });
});
