import type { Column, Partition, SqlType } from './types.ts';

export const column = (name: string, type: SqlType, description: string): Column => ({
  name,
  type,
  description,
});

/**
 * Day of the request, not of the imagery: it never changes, so a later attempt finds the rows it replaces.
 *
 * The folder below it names the collection (`collection=...`), for readers that list files. Athena does not project it:
 * its enum has to list all values, and rows of a collection nobody listed would be invisible. `collection` is a column in
 * the files instead, and its row group statistics skip what a query does not ask for.
 */
export const datePartition: Partition = {
  name: 'date',
  description: 'Day on which the request was accepted, UTC, as 2026-01-31.',
  glueType: 'string',
  projection: {
    type: 'date',
    format: 'yyyy-MM-dd',
    // The first day Swath existed; NOW is UTC. Athena lists one prefix per day that a query does not exclude.
    range: '2026-01-01,NOW',
    interval: '1',
    'interval.unit': 'DAYS',
  },
};

/** Columns that every table begins with: whose row it is. */
export const ownerColumns: readonly Column[] = [
  column('request_id', 'varchar', 'Id of the request.'),
  column('project', 'varchar', 'Project that owns the request.'),
  column(
    'collection',
    'varchar',
    'Collection the request asked for; several joined by +, sorted; "items" when it named files.',
  ),
  column('request_name', 'varchar', 'Name its user gave the request; null without one.'),
  column(
    'labels',
    'varchar',
    "Labels of the request as JSON text: json_extract_scalar(labels, '$.customer').",
  ),
];

/** Columns that every table ends with: which files win. The views leave them out. */
export const fileColumns: readonly Column[] = [
  column('version', 'bigint', 'Number of the newest event of the request when the row was written.'),
  column('generation', 'bigint', '0 in the file a request left; higher in files made by compaction.'),
];

/** Area of interest, where a table has it. */
export const aoiColumns: readonly Column[] = [
  column(
    'aoi',
    'varchar',
    'Area of interest: a stored one by id and version (field@2), else 12 characters that stand for its geometry.',
  ),
];
