import type { Column } from '../tables/types.ts';
import { type SqlCatalogue, sqlCatalogue } from './catalogue.ts';

/** `docs/sql-tables.md`: every table and view with its columns. A test keeps the file equal to this. */
export function tablesPage({ tables, views }: SqlCatalogue = sqlCatalogue): string {
  return [
    '# Tables and views',
    '',
    'Made from the definitions in `packages/analytics/src`; `npx swath sql --tables` and `--views` print the same.',
    'Instants are UTC. See [SQL for analysts](sql.md) for how to ask.',
    '',
    ...tables.flatMap(({ name, description, columns }) => section(name, description, columns)),
    ...views.flatMap(({ name, description, columns, sql }) => [
      ...section(name, description, columns),
      '```sql',
      sql,
      '```',
      '',
    ]),
  ].join('\n');
}

const section = (name: string, description: string, columns: readonly Column[]): readonly string[] => [
  `## ${name}`,
  '',
  description,
  '',
  '| column | type | |',
  '|---|---|---|',
  ...columns.map((one) => `| \`${one.name}\` | ${one.type} | ${one.description.replaceAll('|', '\\|')} |`),
  '',
];
