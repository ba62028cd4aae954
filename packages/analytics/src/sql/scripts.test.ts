import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { analyticsTables, analyticsViews } from '../tables/index.ts';
import { snowflakeScript, snowflakeType } from './snowflake-script.ts';

const docs = join(import.meta.dirname, '../../../../docs');
const script = join(docs, 'snowflake/swath.sql');

/** Column definitions of a CREATE EXTERNAL TABLE: name, type, and what it is read from. */
function columnsOf(filesTable: string): readonly (readonly [name: string, type: string, from: string])[] {
  const text = readFileSync(script, 'utf8');
  const body = text.split(`CREATE OR REPLACE EXTERNAL TABLE ${filesTable} (\n`)[1]?.split('\n)\n')[0] ?? '';
  return [...body.matchAll(/^ {2}"(\w+)" ([A-Z_]+(?:\(\d+, \d+\))?) AS \((.*)\),? -- /gm)].map(
    ([, name = '', type = '', from = '']) => [name, type, from],
  );
}

/** `npx vitest run packages/analytics/src/sql/scripts.test.ts -u` writes the script. */
describe('the script for Snowflake', () => {
  it('is made of the definitions', async () => {
    await expect(snowflakeScript()).toMatchFileSnapshot(script);
  });

  it.each(analyticsTables.map((table) => [table.name, table] as const))(
    'reads every column of %s by its name in the files, in a type that holds it',
    (_, table) => {
      const found = columnsOf(table.filesTable);
      expect(found.slice(0, table.partitions.length).map(([name]) => name)).toEqual(
        table.partitions.map(({ name }) => name.toUpperCase()),
      );
      expect(found.slice(table.partitions.length)).toEqual(
        table.columns.map(({ name, type }) => {
          const theirs = snowflakeType(type);
          return [name.toUpperCase(), theirs, `value:${name}::${theirs}`];
        }),
      );
    },
  );

  it.each(analyticsTables.map(({ name }) => [name]))(
    'shows the columns of the view %s, and no others',
    (name) => {
      const text = readFileSync(script, 'utf8');
      const shown = text.match(new RegExp(`VIEW ${name} COMMENT[^\\n]*\\nSELECT (.*)\\n`))?.[1] ?? '';
      const names = [...shown.matchAll(/(?:AS )?"(\w+)"(?=, |$)/g)].map(([, one = '']) => one.toLowerCase());
      expect([...new Set(names)]).toEqual(
        analyticsViews.find((view) => view.name === name)?.columns.map((column) => column.name),
      );
    },
  );

  const python = ['python3', '/usr/bin/python3'].find(
    (one) => spawnSync(one, ['-c', 'import sqlglot']).status === 0,
  );
  if (python === undefined) console.warn('skipped: no Python with sqlglot (pip install sqlglot)');

  it.skipIf(python === undefined)('has views that a parser of Snowflake takes', () => {
    const views = snowflakeScript()
      .split(';\n')
      .map((one) => one.trim())
      .filter((one) => one.startsWith('CREATE OR REPLACE VIEW'));
    expect(views).toHaveLength(analyticsTables.length);
    const program = `
import json, sys, sqlglot
print(json.dumps([type(sqlglot.parse_one(one, read='snowflake')).__name__ for one in json.load(sys.stdin)]))`;
    const answer = execFileSync(python ?? '', ['-c', program], {
      input: JSON.stringify(views),
      encoding: 'utf8',
    });
    expect(JSON.parse(answer)).toEqual(views.map(() => 'Create'));
  });
});

/** Power BI's data source file: https://learn.microsoft.com/power-bi/connect-data/desktop-data-sources#use-pbids-files-to-get-data */
const pbids = z.strictObject({
  version: z.literal('0.1'),
  connections: z
    .array(
      z.strictObject({
        details: z.strictObject({
          protocol: z.string().min(1),
          address: z.record(z.string(), z.unknown()),
          authentication: z.unknown().optional(),
          query: z.unknown().optional(),
        }),
        options: z.record(z.string(), z.unknown()).optional(),
        mode: z.enum(['Import', 'DirectQuery']).nullish(),
      }),
    )
    // Power BI opens files of one connection.
    .length(1),
});

describe('the file for Power BI', () => {
  it('is a data source file that names the DSN of the documentation, and no secret', () => {
    const file = pbids.parse(JSON.parse(readFileSync(join(docs, 'powerbi/swath.pbids'), 'utf8')));
    expect(file.connections[0]).toMatchObject({
      details: { protocol: 'odbc', address: { options: { dsn: 'swath' } } },
      // Of an ODBC source Power BI knows no other.
      mode: 'Import',
    });
    expect(readFileSync(join(docs, 'sql.md'), 'utf8')).toContain('a DSN `swath`');
  });
});
