import type { NamedQuery } from '../tables/types.ts';

/** Queries to begin with; each also runs in `swath sql`. */
export const namedQueries: readonly NamedQuery[] = [
  {
    name: 'NDVI of an area over time',
    description: 'Mean and spread of NDVI per acquisition; days under cloud are left out.',
    sql: `SELECT aoi, datetime, mean, p5, p95, cloud_percent
FROM ndvi_time_series
WHERE valid_percent > 50
ORDER BY aoi, datetime`,
  },
  {
    name: 'Cloud-free months',
    description: 'How much of an area is seen without cloud, month by month.',
    sql: `SELECT aoi, collection, month, acquisitions, cloud_free_acquisitions, cloud_free_percent
FROM cloud_free_share_per_month
ORDER BY aoi, collection, month`,
  },
  {
    name: 'Images processed this month',
    description: 'Outputs by type and customer in the last 30 days.',
    sql: `SELECT customer, collection, output_type, sum(images) AS images, sum(size_bytes) / 1e9 AS gigabytes
FROM images_by_type_and_customer
WHERE "date" >= CAST(CAST(current_date - INTERVAL '30' DAY AS date) AS varchar)
GROUP BY customer, collection, output_type
ORDER BY images DESC`,
  },
  {
    name: 'Why requests failed',
    description: 'Failures of the last 30 days by reason, the most frequent first.',
    sql: `SELECT reason, fault, retryable, sum(requests) AS requests, max_by(last_message, "date") AS last_message
FROM failures_by_reason
WHERE "date" >= CAST(CAST(current_date - INTERVAL '30' DAY AS date) AS varchar)
GROUP BY reason, fault, retryable
ORDER BY requests DESC`,
  },
  {
    name: 'Cost per project',
    description: 'Estimated USD, budget units, compute hours and output per project in the last 30 days.',
    sql: `SELECT project, sum(price_usd) AS price_usd, sum(budget_units) AS budget_units, sum(compute_seconds) / 3600.0 AS compute_hours,
  sum(output_bytes) / 1e9 AS output_gigabytes
FROM cost_per_project_and_day
WHERE "date" >= CAST(CAST(current_date - INTERVAL '30' DAY AS date) AS varchar)
GROUP BY project
ORDER BY price_usd DESC`,
  },
  {
    name: 'Slowest requests',
    description: 'Where the time went: the longest stay in one state, per request.',
    sql: `SELECT request_id, to_state AS state, seconds
FROM (
  SELECT request_id, to_state,
    date_diff('millisecond', time,
      lead(time) OVER (PARTITION BY request_id ORDER BY sequence)) / 1000.0 AS seconds
  FROM request_events
  WHERE kind = 'transition'
) AS stays
WHERE seconds IS NOT NULL
ORDER BY seconds DESC
LIMIT 20`,
  },
];
