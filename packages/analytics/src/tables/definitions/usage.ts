import { column, datePartition, fileColumns, ownerColumns } from '../common.ts';
import type { AnalyticsTable } from '../types.ts';

/** Measured or planned by the machine itself. Money depends on the account's prices and is left to the reader. */
export const usageTable: AnalyticsTable = {
  name: 'usage',
  filesTable: 'usage_files',
  description: 'One row per attempt of a request that has ended: what it used.',
  prefix: 'usage/',
  partitions: [datePartition],
  rowKey: ['attempt'],
  columns: [
    ...ownerColumns,
    column('requested_by', 'varchar', 'Who asked, as issuer:subject; null where nobody signs in.'),
    column('attempt', 'bigint', 'Number of the attempt.'),
    column('outcome', 'varchar', 'State the attempt ended in, or "again" when the machine tried once more.'),
    column('started_at', 'timestamp', 'UTC.'),
    column('ended_at', 'timestamp', 'UTC.'),
    column('reused', 'boolean', 'The attempt was answered by results that were there already.'),
    column('chunks_processed', 'bigint', 'Parts this attempt computed.'),
    column('compute_seconds', 'double', 'Seconds its processing jobs worked, added up over jobs.'),
    column(
      'planned_input_bytes',
      'bigint',
      'Bytes the plan expected to read; null when it ended before the plan.',
    ),
    column('output_bytes', 'bigint', 'Bytes of GeoTIFF it published; null when it published nothing itself.'),
    column(
      'output_pixels',
      'bigint',
      'Pixels it published, all outputs, each counted once whatever its bands.',
    ),
    column('budget_units', 'bigint', 'Budget units charged for it.'),
    ...fileColumns,
  ],
};
