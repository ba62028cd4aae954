import { column } from '../tables/common.ts';
import type { AnalyticsView } from '../tables/types.ts';

const project = column('project', 'varchar', 'Project.');

const ndviTimeSeries: AnalyticsView = {
  name: 'ndvi_time_series',
  title: 'NDVI time series per area of interest',
  description:
    'One row per project, area, collection and acquisition: statistics of NDVI, of the newest request.',
  columns: [
    project,
    column('aoi', 'varchar', 'Area of interest.'),
    column('request_name', 'varchar', 'Name of the request the values are from.'),
    column('collection', 'varchar', 'Collection.'),
    column('datetime', 'timestamp', 'Acquisition, UTC.'),
    column('mean', 'double', 'Mean NDVI of the valid pixels.'),
    column('median', 'double', 'Median.'),
    column('p5', 'double', '5th percentile.'),
    column('p95', 'double', '95th percentile.'),
    column('std', 'double', 'Population standard deviation.'),
    column('valid_percent', 'double', 'Valid share of all pixels, 0 to 100.'),
    column('cloud_percent', 'double', 'Masked share of the pixels with data, 0 to 100.'),
    column('request_id', 'varchar', 'Request the values are from.'),
    column('item_id', 'varchar', 'STAC Item the values are from.'),
  ],
  sql: `SELECT project, aoi, request_name, collection, datetime, mean, p50 AS median, p5, p95, std,
  valid_percent, cloud_percent, request_id, item_id
FROM (
  SELECT *, row_number() OVER (
    PARTITION BY project, aoi, collection, datetime
    ORDER BY "date" DESC, created_at DESC, request_id DESC
  ) AS newest_request
  FROM statistics
  WHERE lower(band) = 'ndvi' AND zone = 'whole' AND datetime IS NOT NULL
) AS ndvi
WHERE newest_request = 1`,
};

const zoneTimeSeries: AnalyticsView = {
  name: 'zone_time_series',
  title: 'Time series per zone',
  description:
    'One row per project, area, collection, zone, band and acquisition or composite: statistics by zone, of the newest request.',
  columns: [
    project,
    column('aoi', 'varchar', 'Area of interest.'),
    column('request_name', 'varchar', 'Name of the request the values are from.'),
    column('collection', 'varchar', 'Collection.'),
    column('zone', 'varchar', 'Id of the zone.'),
    column('band', 'varchar', 'Name of the band.'),
    column('start_datetime', 'timestamp', 'Acquisition, or the first of a composite, UTC.'),
    column('end_datetime', 'timestamp', 'Acquisition, or the last of a composite, UTC.'),
    column('count', 'bigint', 'Valid pixels.'),
    column('valid_percent', 'double', 'Valid share of the pixels of the zone, 0 to 100.'),
    column('mean', 'double', 'Mean of the valid pixels.'),
    column('median', 'double', 'Median.'),
    column('min', 'double', 'Smallest value.'),
    column('max', 'double', 'Largest value.'),
    column('std', 'double', 'Population standard deviation.'),
    column('p5', 'double', '5th percentile.'),
    column('p95', 'double', '95th percentile.'),
    column('request_id', 'varchar', 'Request the values are from.'),
    column('item_id', 'varchar', 'STAC Item the values are from.'),
  ],
  sql: `SELECT project, aoi, request_name, collection, zone, band, start_datetime, end_datetime,
  count, valid_percent, mean, p50 AS median, min, max, std, p5, p95, request_id, item_id
FROM (
  SELECT *, row_number() OVER (
    PARTITION BY project, aoi, collection, zone, band, start_datetime, end_datetime
    ORDER BY "date" DESC, created_at DESC, request_id DESC
  ) AS newest_request
  FROM statistics
  WHERE zone <> 'whole' AND start_datetime IS NOT NULL
) AS zonal
WHERE newest_request = 1`,
};

const cloudFreeShare: AnalyticsView = {
  name: 'cloud_free_share_per_month',
  title: 'Cloud-free share per month',
  description: 'One row per project, area, collection and month of acquisition. An acquisition counts once.',
  columns: [
    project,
    column('aoi', 'varchar', 'Area of interest.'),
    column('collection', 'varchar', 'Collection.'),
    column('month', 'timestamp', 'First instant of the month of acquisition, UTC.'),
    column('acquisitions', 'bigint', 'Acquisitions with data in the area.'),
    column('cloud_free_acquisitions', 'bigint', 'Those of which the mask took less than a tenth.'),
    column('cloud_free_percent', 'double', 'Share of the pixels with data that were not masked, 0 to 100.'),
  ],
  sql: `SELECT project, aoi, collection, date_trunc('month', datetime) AS month,
  count(*) AS acquisitions,
  CAST(count_if(cloud_percent < 10) AS bigint) AS cloud_free_acquisitions,
  100.0 - avg(cloud_percent) AS cloud_free_percent
FROM (
  SELECT *, row_number() OVER (
    PARTITION BY project, aoi, collection, datetime
    ORDER BY "date" DESC, created_at DESC, item_id DESC
  ) AS newest_request
  FROM results
  WHERE datetime IS NOT NULL AND cloud_percent IS NOT NULL
) AS acquired
WHERE newest_request = 1
GROUP BY project, aoi, collection, date_trunc('month', datetime)`,
};

const imagesByType: AnalyticsView = {
  name: 'images_by_type_and_customer',
  title: 'Images processed by type and customer',
  description: 'One row per day of the request, project, label "customer", collection and output type.',
  columns: [
    column('date', 'varchar', 'Day of the request, UTC.'),
    project,
    column('customer', 'varchar', 'Label "customer" of the request; null without one.'),
    column('collection', 'varchar', 'Collection.'),
    column('output_type', 'varchar', 'Index, "expression" or "bands".'),
    column('images', 'bigint', 'Outputs delivered.'),
    column('images_computed', 'bigint', 'Those that were not there already.'),
    column('scenes', 'bigint', 'Scenes that went into them, counted per output.'),
    column('size_bytes', 'bigint', 'Bytes of GeoTIFF delivered.'),
  ],
  sql: `SELECT "date", project, json_extract_scalar(labels, '$.customer') AS customer, collection, output_type,
  count(*) AS images,
  CAST(count_if(NOT reused) AS bigint) AS images_computed,
  CAST(sum(scene_count) AS bigint) AS scenes,
  CAST(sum(size_bytes) AS bigint) AS size_bytes
FROM results
GROUP BY "date", project, json_extract_scalar(labels, '$.customer'), collection, output_type`,
};

const failuresByReason: AnalyticsView = {
  name: 'failures_by_reason',
  title: 'Failures by reason',
  description:
    'One row per day of the request, project, state and reason, of requests that gave less than asked for.',
  columns: [
    column('date', 'varchar', 'Day of the request, UTC.'),
    project,
    column('state', 'varchar', 'failed, partial, expired or cancelled.'),
    column(
      'reason',
      'varchar',
      'One of the closed list of reasons; null for cancelled and partial requests.',
    ),
    column('fault', 'varchar', 'user, provider or swath.'),
    column('retryable', 'boolean', 'Whether trying again can help.'),
    column('requests', 'bigint', 'Requests.'),
    column('last_message', 'varchar', 'What the user of the latest one was told.'),
    column('last_request_id', 'varchar', 'Id of the latest one.'),
  ],
  sql: `SELECT "date", project, state, failure_reason AS reason, failure_fault AS fault,
  failure_retryable AS retryable, count(*) AS requests,
  max_by(failure_message, ended_at) AS last_message,
  max_by(request_id, ended_at) AS last_request_id
FROM requests
WHERE state <> 'succeeded'
GROUP BY "date", project, state, failure_reason, failure_fault, failure_retryable`,
};

/** Sums that every view of cost has. */
const costColumns = [
  column('requests', 'bigint', 'Requests that have ended.'),
  column('attempts', 'bigint', 'Attempts they took.'),
  column('price_usd', 'decimal(18,9)', 'What AWS is expected to bill for them, USD: an estimate.'),
  column('price_compute_usd', 'decimal(18,9)', 'Of it: containers, their disk and addresses.'),
  column('price_storage_usd', 'decimal(18,9)', 'Of it: results and chunks, a month.'),
  column('budget_units', 'bigint', 'Budget units charged.'),
  column('compute_seconds', 'double', 'Seconds processing jobs worked.'),
  column('cpu_seconds', 'double', 'CPU seconds of all jobs.'),
  column('planned_input_bytes', 'bigint', 'Bytes the plans expected to read.'),
  column('read_bytes', 'bigint', 'Bytes jobs fetched from providers.'),
  column('output_bytes', 'bigint', 'Bytes of GeoTIFF published.'),
  column('output_pixels', 'bigint', 'Pixels published.'),
];
const costSums = `count(DISTINCT request_id) AS requests,
  count(*) AS attempts,
  CAST(sum(price_usd) AS decimal(18,9)) AS price_usd,
  CAST(sum(price_compute_usd) AS decimal(18,9)) AS price_compute_usd,
  CAST(sum(price_storage_usd) AS decimal(18,9)) AS price_storage_usd,
  CAST(sum(budget_units) AS bigint) AS budget_units,
  sum(compute_seconds) AS compute_seconds,
  sum(cpu_seconds) AS cpu_seconds,
  CAST(sum(planned_input_bytes) AS bigint) AS planned_input_bytes,
  CAST(sum(read_bytes) AS bigint) AS read_bytes,
  CAST(sum(output_bytes) AS bigint) AS output_bytes,
  CAST(sum(output_pixels) AS bigint) AS output_pixels`;

const costPerProject: AnalyticsView = {
  name: 'cost_per_project_and_day',
  title: 'Cost per project and day',
  description:
    'One row per day of the request and project: estimated price in USD, and what the attempts used.',
  columns: [column('date', 'varchar', 'Day of the request, UTC.'), project, ...costColumns],
  sql: `SELECT "date", project,
  ${costSums}
FROM usage
GROUP BY "date", project`,
};

const costPerUser: AnalyticsView = {
  name: 'cost_per_user_and_day',
  title: 'Cost per user and day',
  description: 'As cost_per_project_and_day, one row per user within a project.',
  columns: [
    column('date', 'varchar', 'Day of the request, UTC.'),
    project,
    column('requested_by', 'varchar', 'Who asked, as issuer:subject; null where nobody signs in.'),
    ...costColumns,
  ],
  sql: `SELECT "date", project, requested_by,
  ${costSums}
FROM usage
GROUP BY "date", project, requested_by`,
};

const costPerLabel: AnalyticsView = {
  name: 'cost_per_label_and_day',
  title: 'Cost per label and day',
  description:
    'As cost_per_project_and_day, one row per label and value within a project. A request counts for each of its labels: do not sum over names.',
  columns: [
    column('date', 'varchar', 'Day of the request, UTC.'),
    project,
    column('label', 'varchar', 'Name of the label, as customer.'),
    column('label_value', 'varchar', 'Its value.'),
    ...costColumns,
  ],
  sql: `SELECT "date", project, split_part(pair, '=', 1) AS label, substr(pair, strpos(pair, '=') + 1) AS label_value,
  ${costSums}
FROM usage CROSS JOIN UNNEST(label_list) AS pairs(pair)
GROUP BY "date", project, split_part(pair, '=', 1), substr(pair, strpos(pair, '=') + 1)`,
};

/** Views with the answers people ask for first. */
export const reportViews: readonly AnalyticsView[] = [
  ndviTimeSeries,
  zoneTimeSeries,
  cloudFreeShare,
  imagesByType,
  failuresByReason,
  costPerProject,
  costPerUser,
  costPerLabel,
];
