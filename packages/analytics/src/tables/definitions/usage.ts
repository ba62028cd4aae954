import { column, datePartition, fileColumns, ownerColumns } from '../common.ts';
import type { AnalyticsTable } from '../types.ts';

/** Measured or planned by the machine itself; the price is an estimate of it (docs/cost.md). */
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
    column('cpu_seconds', 'double', 'CPU seconds of all its jobs; null when it ran none, or none that says.'),
    column('task_seconds', 'double', 'Seconds its containers are billed for, each a minute at least.'),
    column(
      'planned_input_bytes',
      'bigint',
      'Bytes the plan expected to read; null when it ended before the plan.',
    ),
    column(
      'read_bytes',
      'bigint',
      'Bytes its jobs fetched from providers, files of the machine left out; null as cpu_seconds.',
    ),
    column('output_bytes', 'bigint', 'Bytes of GeoTIFF it published; null when it published nothing itself.'),
    column(
      'output_pixels',
      'bigint',
      'Pixels it published, all outputs, each counted once whatever its bands.',
    ),
    column('budget_units', 'bigint', 'Budget units charged for it.'),
    column(
      'label_list',
      'array(varchar)',
      'Labels of the request, each as name=value; %3D is a = in a name.',
    ),
    column(
      'price_usd',
      'decimal(18,9)',
      'What AWS is expected to bill for it, USD: an estimate. On a machine of your own: what it would have been.',
    ),
    column('price_compute_usd', 'decimal(18,9)', 'Of it: containers, their disk and addresses.'),
    column(
      'price_storage_usd',
      'decimal(18,9)',
      'Of it: results, one month at most; chunks until they are removed.',
    ),
    column('price_calls_usd', 'decimal(18,9)', 'Of it: calls of S3, table, functions, messages; logs.'),
    column('price_transfer_usd', 'decimal(18,9)', 'Of it: imagery from another region.'),
    column(
      'price_version',
      'varchar',
      'Month of the price list, as 2026-06; with prices of your own +8 characters that stand for them.',
    ),
    column(
      'price_lines',
      'varchar',
      "Its lines with amounts and USD, as JSON text: json_extract_scalar(price_lines, '$.process.usd').",
    ),
    ...fileColumns,
  ],
};
