import { fileColumns } from '../tables/common.ts';
import type { AnalyticsTable, AnalyticsView } from '../tables/types.ts';

const hidden = new Set(fileColumns.map(({ name }) => name));

/**
 * The view analysts know as the table: of every request the rows of its newest version, from one file.
 *
 * All rows of a request lie in one file, written whole; compaction copies them whole into a file of a higher
 * generation, and the sources go later. So the rows of the highest (version, generation) are all of its rows, once.
 * `date`, `project` and `collection` are the same in all rows of a request: in PARTITION BY they let both engines push
 * filters on them below the window, so that files outside are never read.
 */
export function newestRows(table: AnalyticsTable): AnalyticsView {
  const columns = [
    ...table.partitions.map(({ name, description }) => ({ name, type: 'varchar' as const, description })),
    ...table.columns.filter(({ name }) => !hidden.has(name)),
  ];
  const names = columns.map(({ name }) => `"${name}"`).join(', ');
  return {
    name: table.name,
    title: table.name,
    description: table.description,
    columns,
    sql: `SELECT ${names}
FROM (
  SELECT *, rank() OVER (
    PARTITION BY "date", project, collection, request_id
    ORDER BY version DESC, generation DESC
  ) AS newest
  FROM ${table.filesTable}
) AS files
WHERE newest = 1`,
  };
}
