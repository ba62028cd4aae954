-- Tables of Swath in Snowflake, over the Parquet files in its analytics bucket. Nothing is copied.
-- Made from the definitions in packages/analytics/src. Put your own in place of
--   ANALYTICS-BUCKET   the bucket of the tables (the stack swath-<stage>-storage has it)
--   SNOWFLAKE-ROLE     ARN of a role that may s3:GetObject and s3:ListBucket there, and trusts your integration:
--                      DESC INTEGRATION swath says whom
-- and run it as a role that may create integrations. Afterwards send the bucket's s3:ObjectCreated:* and s3:ObjectRemoved:*
-- events to the notification_channel that SHOW EXTERNAL TABLES names, or run ALTER EXTERNAL TABLE ... REFRESH.

-- Instants in the files are UTC; a session elsewhere sees them shifted unless it says so, too.
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE DATABASE IF NOT EXISTS swath;
CREATE SCHEMA IF NOT EXISTS swath.tables;
USE SCHEMA swath.tables;

CREATE STORAGE INTEGRATION IF NOT EXISTS swath
  TYPE = EXTERNAL_STAGE
  STORAGE_PROVIDER = 'S3'
  ENABLED = TRUE
  STORAGE_AWS_ROLE_ARN = 'SNOWFLAKE-ROLE'
  STORAGE_ALLOWED_LOCATIONS = ('s3://ANALYTICS-BUCKET/results/', 's3://ANALYTICS-BUCKET/statistics/', 's3://ANALYTICS-BUCKET/requests/', 's3://ANALYTICS-BUCKET/request_events/', 's3://ANALYTICS-BUCKET/usage/');

CREATE FILE FORMAT IF NOT EXISTS swath_parquet TYPE = PARQUET BINARY_AS_TEXT = FALSE USE_LOGICAL_TYPE = TRUE;

CREATE STAGE IF NOT EXISTS swath_results URL = 's3://ANALYTICS-BUCKET/results/' STORAGE_INTEGRATION = swath;

CREATE OR REPLACE EXTERNAL TABLE results_files (
  "DATE" VARCHAR AS (split_part(split_part(metadata$filename, 'date=', 2), '/', 1)), -- Day on which the request was accepted, UTC, as 2026-01-31.
  "REQUEST_ID" VARCHAR AS (value:request_id::VARCHAR), -- Id of the request.
  "PROJECT" VARCHAR AS (value:project::VARCHAR), -- Project that owns the request.
  "COLLECTION" VARCHAR AS (value:collection::VARCHAR), -- Collection the request asked for; several joined by +, sorted; "items" when it named files.
  "REQUEST_NAME" VARCHAR AS (value:request_name::VARCHAR), -- Name its user gave the request; null without one.
  "LABELS" VARCHAR AS (value:labels::VARCHAR), -- Labels of the request as JSON text: json_extract_scalar(labels, '$.customer').
  "AOI" VARCHAR AS (value:aoi::VARCHAR), -- Area of interest: a stored one by id and version (field@2), else 12 characters that stand for its geometry.
  "ITEM_ID" VARCHAR AS (value:item_id::VARCHAR), -- Id of the STAC Item.
  "PRODUCT" VARCHAR AS (value:product::VARCHAR), -- Label within the request: the date, or first_last of a composite.
  "DATETIME" TIMESTAMP_NTZ AS (value:datetime::TIMESTAMP_NTZ), -- Acquisition, UTC; null for composites and undated imagery.
  "START_DATETIME" TIMESTAMP_NTZ AS (value:start_datetime::TIMESTAMP_NTZ), -- First acquisition, UTC; null for undated imagery.
  "END_DATETIME" TIMESTAMP_NTZ AS (value:end_datetime::TIMESTAMP_NTZ), -- Last acquisition, UTC; null for undated imagery.
  "CREATED_AT" TIMESTAMP_NTZ AS (value:created_at::TIMESTAMP_NTZ), -- Publication, UTC.
  "BANDS" ARRAY AS (value:bands::ARRAY), -- Names of the bands, in order.
  "OUTPUT_TYPE" VARCHAR AS (value:output_type::VARCHAR), -- Index, else "expression" or "bands": what the pipeline asked for.
  "COLLECTIONS" ARRAY AS (value:collections::ARRAY), -- Collections of the scenes that went in, sorted.
  "SCENE_IDS" ARRAY AS (value:scene_ids::ARRAY), -- Scenes that went in.
  "SCENE_COUNT" NUMBER(38, 0) AS (value:scene_count::NUMBER(38, 0)), -- How many scenes went in.
  "GEOMETRY" BINARY AS (value:geometry::BINARY), -- Footprint as WKB, longitude and latitude in degrees (GeoParquet).
  "WEST" FLOAT AS (value:west::FLOAT), -- Degrees; greater than east across the antimeridian.
  "SOUTH" FLOAT AS (value:south::FLOAT), -- Degrees.
  "EAST" FLOAT AS (value:east::FLOAT), -- Degrees.
  "NORTH" FLOAT AS (value:north::FLOAT), -- Degrees.
  "LON" FLOAT AS (value:lon::FLOAT), -- Longitude of the centre of the bbox, degrees.
  "LAT" FLOAT AS (value:lat::FLOAT), -- Latitude of the centre of the bbox, degrees.
  "QUADKEY" VARCHAR AS (value:quadkey::VARCHAR), -- Web Mercator quadkey of the centre, 12 levels (about 10 km): a prefix is a larger cell.
  "CRS" VARCHAR AS (value:crs::VARCHAR), -- Coordinate reference system of the pixels, as EPSG:32631.
  "WIDTH" NUMBER(38, 0) AS (value:width::NUMBER(38, 0)), -- Columns of pixels.
  "HEIGHT" NUMBER(38, 0) AS (value:height::NUMBER(38, 0)), -- Rows of pixels.
  "PIXEL_WIDTH" FLOAT AS (value:pixel_width::FLOAT), -- Width of a pixel, units of the CRS.
  "PIXEL_HEIGHT" FLOAT AS (value:pixel_height::FLOAT), -- Height of a pixel, units of the CRS.
  "TRANSFORM" ARRAY AS (value:transform::ARRAY), -- Affine of the grid as proj:transform: x = t1 col + t2 row + t3; y = t4 col + t5 row + t6.
  "DATA_TYPE" VARCHAR AS (value:data_type::VARCHAR), -- Type of the stored samples, as int16.
  "CLOUD_PERCENT" FLOAT AS (value:cloud_percent::FLOAT), -- Masked share of the pixels with data, 0 to 100; null without data.
  "PIXELS" NUMBER(38, 0) AS (value:pixels::NUMBER(38, 0)), -- Pixels of the grid.
  "PIXELS_WITH_DATA" NUMBER(38, 0) AS (value:pixels_with_data::NUMBER(38, 0)), -- Pixels that some scene covers.
  "PIXELS_MASKED" NUMBER(38, 0) AS (value:pixels_masked::NUMBER(38, 0)), -- Pixels with data that the mask took.
  "PIXELS_VALID" NUMBER(38, 0) AS (value:pixels_valid::NUMBER(38, 0)), -- Pixels with a value.
  "SIZE_BYTES" NUMBER(38, 0) AS (value:size_bytes::NUMBER(38, 0)), -- Size of the GeoTIFF.
  "SHA256" VARCHAR AS (value:sha256::VARCHAR), -- Checksum of the GeoTIFF, lower-case hex.
  "COG_KEY" VARCHAR AS (value:cog_key::VARCHAR), -- Key of the GeoTIFF in the results bucket.
  "ITEM_KEY" VARCHAR AS (value:item_key::VARCHAR), -- Key of the STAC Item in the results bucket.
  "THUMBNAIL_KEY" VARCHAR AS (value:thumbnail_key::VARCHAR), -- Key of the picture in the results bucket.
  "STATISTICS_KEY" VARCHAR AS (value:statistics_key::VARCHAR), -- Key of the statistics in the results bucket.
  "LINEAGE" VARCHAR AS (value:lineage::VARCHAR), -- How the pixels came about, one sentence.
  "SOFTWARE" VARCHAR AS (value:software::VARCHAR), -- Name and version of what made them, as JSON text.
  "PIPELINE" VARCHAR AS (value:pipeline::VARCHAR), -- Pipeline of the request, as JSON text.
  "RADIOMETRY" VARCHAR AS (value:radiometry::VARCHAR), -- Scale and offset decided per scene and band, as JSON text.
  "MISSING_CHUNKS" NUMBER(38, 0) AS (value:missing_chunks::NUMBER(38, 0)), -- Parts that are nodata because they failed.
  "REUSED" BOOLEAN AS (value:reused::BOOLEAN), -- The output was there already when the request came.
  "VERSION" NUMBER(38, 0) AS (value:version::NUMBER(38, 0)), -- Number of the newest event of the request when the row was written.
  "GENERATION" NUMBER(38, 0) AS (value:generation::NUMBER(38, 0)) -- 0 in the file a request left; higher in files made by compaction.
)
PARTITION BY ("DATE")
LOCATION = @swath_results
AUTO_REFRESH = TRUE
PATTERN = '.*[.]parquet'
FILE_FORMAT = (FORMAT_NAME = 'swath_parquet')
COMMENT = 'All files; results shows each row once. One row per published output: a GeoTIFF with its STAC Item.';

CREATE OR REPLACE VIEW results COMMENT = 'One row per published output: a GeoTIFF with its STAC Item.' AS
SELECT "DATE", "REQUEST_ID", "PROJECT", "COLLECTION", "REQUEST_NAME", "LABELS", "AOI", "ITEM_ID", "PRODUCT", "DATETIME", "START_DATETIME", "END_DATETIME", "CREATED_AT", "BANDS", "OUTPUT_TYPE", "COLLECTIONS", "SCENE_IDS", "SCENE_COUNT", to_geography("GEOMETRY", TRUE) AS "GEOMETRY", "WEST", "SOUTH", "EAST", "NORTH", "LON", "LAT", "QUADKEY", "CRS", "WIDTH", "HEIGHT", "PIXEL_WIDTH", "PIXEL_HEIGHT", "TRANSFORM", "DATA_TYPE", "CLOUD_PERCENT", "PIXELS", "PIXELS_WITH_DATA", "PIXELS_MASKED", "PIXELS_VALID", "SIZE_BYTES", "SHA256", "COG_KEY", "ITEM_KEY", "THUMBNAIL_KEY", "STATISTICS_KEY", "LINEAGE", "SOFTWARE", "PIPELINE", "RADIOMETRY", "MISSING_CHUNKS", "REUSED"
FROM results_files
QUALIFY rank() OVER (
  PARTITION BY "DATE", "PROJECT", "COLLECTION", "REQUEST_ID"
  ORDER BY "VERSION" DESC, "GENERATION" DESC
) = 1;

CREATE STAGE IF NOT EXISTS swath_statistics URL = 's3://ANALYTICS-BUCKET/statistics/' STORAGE_INTEGRATION = swath;

CREATE OR REPLACE EXTERNAL TABLE statistics_files (
  "DATE" VARCHAR AS (split_part(split_part(metadata$filename, 'date=', 2), '/', 1)), -- Day on which the request was accepted, UTC, as 2026-01-31.
  "REQUEST_ID" VARCHAR AS (value:request_id::VARCHAR), -- Id of the request.
  "PROJECT" VARCHAR AS (value:project::VARCHAR), -- Project that owns the request.
  "COLLECTION" VARCHAR AS (value:collection::VARCHAR), -- Collection the request asked for; several joined by +, sorted; "items" when it named files.
  "REQUEST_NAME" VARCHAR AS (value:request_name::VARCHAR), -- Name its user gave the request; null without one.
  "LABELS" VARCHAR AS (value:labels::VARCHAR), -- Labels of the request as JSON text: json_extract_scalar(labels, '$.customer').
  "AOI" VARCHAR AS (value:aoi::VARCHAR), -- Area of interest: a stored one by id and version (field@2), else 12 characters that stand for its geometry.
  "ITEM_ID" VARCHAR AS (value:item_id::VARCHAR), -- Id of the STAC Item.
  "PRODUCT" VARCHAR AS (value:product::VARCHAR), -- Label within the request: the date, or first_last of a composite.
  "DATETIME" TIMESTAMP_NTZ AS (value:datetime::TIMESTAMP_NTZ), -- Acquisition, UTC; null for composites and undated imagery.
  "START_DATETIME" TIMESTAMP_NTZ AS (value:start_datetime::TIMESTAMP_NTZ), -- First acquisition, UTC; null for undated imagery.
  "END_DATETIME" TIMESTAMP_NTZ AS (value:end_datetime::TIMESTAMP_NTZ), -- Last acquisition, UTC; null for undated imagery.
  "BAND" VARCHAR AS (value:band::VARCHAR), -- Name of the band, as ndvi.
  "ZONE" VARCHAR AS (value:zone::VARCHAR), -- Id of the zone of the request; "whole": all pixels of the output.
  "COUNT" NUMBER(38, 0) AS (value:count::NUMBER(38, 0)), -- Valid pixels.
  "VALID_PERCENT" FLOAT AS (value:valid_percent::FLOAT), -- Valid share of the pixels of the zone, or of the grid for "whole", 0 to 100.
  "MIN" FLOAT AS (value:min::FLOAT), -- Smallest value; null without a valid pixel, as those below.
  "MAX" FLOAT AS (value:max::FLOAT), -- Largest value.
  "MEAN" FLOAT AS (value:mean::FLOAT), -- Mean.
  "STD" FLOAT AS (value:std::FLOAT), -- Population standard deviation.
  "P2" FLOAT AS (value:p2::FLOAT), -- 2nd percentile.
  "P5" FLOAT AS (value:p5::FLOAT), -- 5th percentile.
  "P25" FLOAT AS (value:p25::FLOAT), -- 25th percentile.
  "P50" FLOAT AS (value:p50::FLOAT), -- Median.
  "P75" FLOAT AS (value:p75::FLOAT), -- 75th percentile.
  "P95" FLOAT AS (value:p95::FLOAT), -- 95th percentile.
  "P98" FLOAT AS (value:p98::FLOAT), -- 98th percentile.
  "CLOUD_PERCENT" FLOAT AS (value:cloud_percent::FLOAT), -- Masked share of the pixels with data, 0 to 100; null without data.
  "CREATED_AT" TIMESTAMP_NTZ AS (value:created_at::TIMESTAMP_NTZ), -- Publication, UTC.
  "VERSION" NUMBER(38, 0) AS (value:version::NUMBER(38, 0)), -- Number of the newest event of the request when the row was written.
  "GENERATION" NUMBER(38, 0) AS (value:generation::NUMBER(38, 0)) -- 0 in the file a request left; higher in files made by compaction.
)
PARTITION BY ("DATE")
LOCATION = @swath_statistics
AUTO_REFRESH = TRUE
PATTERN = '.*[.]parquet'
FILE_FORMAT = (FORMAT_NAME = 'swath_parquet')
COMMENT = 'All files; statistics shows each row once. One row per output, band and zone: statistics of the valid pixels, in real units.';

CREATE OR REPLACE VIEW statistics COMMENT = 'One row per output, band and zone: statistics of the valid pixels, in real units.' AS
SELECT "DATE", "REQUEST_ID", "PROJECT", "COLLECTION", "REQUEST_NAME", "LABELS", "AOI", "ITEM_ID", "PRODUCT", "DATETIME", "START_DATETIME", "END_DATETIME", "BAND", "ZONE", "COUNT", "VALID_PERCENT", "MIN", "MAX", "MEAN", "STD", "P2", "P5", "P25", "P50", "P75", "P95", "P98", "CLOUD_PERCENT", "CREATED_AT"
FROM statistics_files
QUALIFY rank() OVER (
  PARTITION BY "DATE", "PROJECT", "COLLECTION", "REQUEST_ID"
  ORDER BY "VERSION" DESC, "GENERATION" DESC
) = 1;

CREATE STAGE IF NOT EXISTS swath_requests URL = 's3://ANALYTICS-BUCKET/requests/' STORAGE_INTEGRATION = swath;

CREATE OR REPLACE EXTERNAL TABLE requests_files (
  "DATE" VARCHAR AS (split_part(split_part(metadata$filename, 'date=', 2), '/', 1)), -- Day on which the request was accepted, UTC, as 2026-01-31.
  "REQUEST_ID" VARCHAR AS (value:request_id::VARCHAR), -- Id of the request.
  "PROJECT" VARCHAR AS (value:project::VARCHAR), -- Project that owns the request.
  "COLLECTION" VARCHAR AS (value:collection::VARCHAR), -- Collection the request asked for; several joined by +, sorted; "items" when it named files.
  "REQUEST_NAME" VARCHAR AS (value:request_name::VARCHAR), -- Name its user gave the request; null without one.
  "LABELS" VARCHAR AS (value:labels::VARCHAR), -- Labels of the request as JSON text: json_extract_scalar(labels, '$.customer').
  "AOI" VARCHAR AS (value:aoi::VARCHAR), -- Area of interest: a stored one by id and version (field@2), else 12 characters that stand for its geometry.
  "REQUESTED_BY" VARCHAR AS (value:requested_by::VARCHAR), -- Who asked, as issuer:subject; null where nobody signs in.
  "STATE" VARCHAR AS (value:state::VARCHAR), -- succeeded, partial, failed, cancelled or expired.
  "ATTEMPT" NUMBER(38, 0) AS (value:attempt::NUMBER(38, 0)), -- Attempts it took.
  "CREATED_AT" TIMESTAMP_NTZ AS (value:created_at::TIMESTAMP_NTZ), -- When the request was accepted, UTC.
  "ENDED_AT" TIMESTAMP_NTZ AS (value:ended_at::TIMESTAMP_NTZ), -- When it ended, UTC.
  "DURATION_S" FLOAT AS (value:duration_s::FLOAT), -- Seconds between the two, waiting included.
  "OUTPUT_TYPE" VARCHAR AS (value:output_type::VARCHAR), -- Index, else "expression" or "bands": what the pipeline asked for.
  "COMPOSITE" VARCHAR AS (value:composite::VARCHAR), -- none, first, max, min, mean or median.
  "SCENES" NUMBER(38, 0) AS (value:scenes::NUMBER(38, 0)), -- Scenes found; null when it ended before.
  "PRODUCTS" NUMBER(38, 0) AS (value:products::NUMBER(38, 0)), -- Outputs planned or published; null when it ended before.
  "CHUNKS_DONE" NUMBER(38, 0) AS (value:chunks_done::NUMBER(38, 0)), -- Parts that were done.
  "CHUNKS_TOTAL" NUMBER(38, 0) AS (value:chunks_total::NUMBER(38, 0)), -- Parts it had; null when it ended before.
  "REUSED" BOOLEAN AS (value:reused::BOOLEAN), -- Its results were there already.
  "CONTENT_KEY" VARCHAR AS (value:content_key::VARCHAR), -- Identity of the pixels asked for.
  "FAILURE_REASON" VARCHAR AS (value:failure_reason::VARCHAR), -- One of the closed list of reasons; null when it did not fail.
  "FAILURE_FAULT" VARCHAR AS (value:failure_fault::VARCHAR), -- user, provider or swath.
  "FAILURE_RETRYABLE" BOOLEAN AS (value:failure_retryable::BOOLEAN), -- Whether trying again can help.
  "FAILURE_MESSAGE" VARCHAR AS (value:failure_message::VARCHAR), -- What its user was told.
  "WARNINGS" ARRAY AS (value:warnings::ARRAY), -- Sentences about what was not as it should be.
  "RETENTION_DAYS" NUMBER(38, 0) AS (value:retention_days::NUMBER(38, 0)), -- Days the results are kept.
  "SPEC" VARCHAR AS (value:spec::VARCHAR), -- The request as JSON text, defaults filled in.
  "VERSION" NUMBER(38, 0) AS (value:version::NUMBER(38, 0)), -- Number of the newest event of the request when the row was written.
  "GENERATION" NUMBER(38, 0) AS (value:generation::NUMBER(38, 0)) -- 0 in the file a request left; higher in files made by compaction.
)
PARTITION BY ("DATE")
LOCATION = @swath_requests
AUTO_REFRESH = TRUE
PATTERN = '.*[.]parquet'
FILE_FORMAT = (FORMAT_NAME = 'swath_parquet')
COMMENT = 'All files; requests shows each row once. One row per request that has ended.';

CREATE OR REPLACE VIEW requests COMMENT = 'One row per request that has ended.' AS
SELECT "DATE", "REQUEST_ID", "PROJECT", "COLLECTION", "REQUEST_NAME", "LABELS", "AOI", "REQUESTED_BY", "STATE", "ATTEMPT", "CREATED_AT", "ENDED_AT", "DURATION_S", "OUTPUT_TYPE", "COMPOSITE", "SCENES", "PRODUCTS", "CHUNKS_DONE", "CHUNKS_TOTAL", "REUSED", "CONTENT_KEY", "FAILURE_REASON", "FAILURE_FAULT", "FAILURE_RETRYABLE", "FAILURE_MESSAGE", "WARNINGS", "RETENTION_DAYS", "SPEC"
FROM requests_files
QUALIFY rank() OVER (
  PARTITION BY "DATE", "PROJECT", "COLLECTION", "REQUEST_ID"
  ORDER BY "VERSION" DESC, "GENERATION" DESC
) = 1;

CREATE STAGE IF NOT EXISTS swath_request_events URL = 's3://ANALYTICS-BUCKET/request_events/' STORAGE_INTEGRATION = swath;

CREATE OR REPLACE EXTERNAL TABLE request_events_files (
  "DATE" VARCHAR AS (split_part(split_part(metadata$filename, 'date=', 2), '/', 1)), -- Day on which the request was accepted, UTC, as 2026-01-31.
  "REQUEST_ID" VARCHAR AS (value:request_id::VARCHAR), -- Id of the request.
  "PROJECT" VARCHAR AS (value:project::VARCHAR), -- Project that owns the request.
  "COLLECTION" VARCHAR AS (value:collection::VARCHAR), -- Collection the request asked for; several joined by +, sorted; "items" when it named files.
  "REQUEST_NAME" VARCHAR AS (value:request_name::VARCHAR), -- Name its user gave the request; null without one.
  "LABELS" VARCHAR AS (value:labels::VARCHAR), -- Labels of the request as JSON text: json_extract_scalar(labels, '$.customer').
  "SEQUENCE" NUMBER(38, 0) AS (value:sequence::NUMBER(38, 0)), -- Number of the event within the request, from 1.
  "TIME" TIMESTAMP_NTZ AS (value:time::TIMESTAMP_NTZ), -- When it happened, UTC.
  "ATTEMPT" NUMBER(38, 0) AS (value:attempt::NUMBER(38, 0)), -- Attempt it belongs to.
  "KIND" VARCHAR AS (value:kind::VARCHAR), -- transition, note, or stale: a late report of an earlier attempt.
  "FROM_STATE" VARCHAR AS (value:from_state::VARCHAR), -- State before; null for the first and for notes.
  "TO_STATE" VARCHAR AS (value:to_state::VARCHAR), -- State after; null for notes.
  "MESSAGE" VARCHAR AS (value:message::VARCHAR), -- What happened, one sentence.
  "VERSION" NUMBER(38, 0) AS (value:version::NUMBER(38, 0)), -- Number of the newest event of the request when the row was written.
  "GENERATION" NUMBER(38, 0) AS (value:generation::NUMBER(38, 0)) -- 0 in the file a request left; higher in files made by compaction.
)
PARTITION BY ("DATE")
LOCATION = @swath_request_events
AUTO_REFRESH = TRUE
PATTERN = '.*[.]parquet'
FILE_FORMAT = (FORMAT_NAME = 'swath_parquet')
COMMENT = 'All files; request_events shows each row once. One row per event of a request that has ended: its timeline.';

CREATE OR REPLACE VIEW request_events COMMENT = 'One row per event of a request that has ended: its timeline.' AS
SELECT "DATE", "REQUEST_ID", "PROJECT", "COLLECTION", "REQUEST_NAME", "LABELS", "SEQUENCE", "TIME", "ATTEMPT", "KIND", "FROM_STATE", "TO_STATE", "MESSAGE"
FROM request_events_files
QUALIFY rank() OVER (
  PARTITION BY "DATE", "PROJECT", "COLLECTION", "REQUEST_ID"
  ORDER BY "VERSION" DESC, "GENERATION" DESC
) = 1;

CREATE STAGE IF NOT EXISTS swath_usage URL = 's3://ANALYTICS-BUCKET/usage/' STORAGE_INTEGRATION = swath;

CREATE OR REPLACE EXTERNAL TABLE usage_files (
  "DATE" VARCHAR AS (split_part(split_part(metadata$filename, 'date=', 2), '/', 1)), -- Day on which the request was accepted, UTC, as 2026-01-31.
  "REQUEST_ID" VARCHAR AS (value:request_id::VARCHAR), -- Id of the request.
  "PROJECT" VARCHAR AS (value:project::VARCHAR), -- Project that owns the request.
  "COLLECTION" VARCHAR AS (value:collection::VARCHAR), -- Collection the request asked for; several joined by +, sorted; "items" when it named files.
  "REQUEST_NAME" VARCHAR AS (value:request_name::VARCHAR), -- Name its user gave the request; null without one.
  "LABELS" VARCHAR AS (value:labels::VARCHAR), -- Labels of the request as JSON text: json_extract_scalar(labels, '$.customer').
  "REQUESTED_BY" VARCHAR AS (value:requested_by::VARCHAR), -- Who asked, as issuer:subject; null where nobody signs in.
  "ATTEMPT" NUMBER(38, 0) AS (value:attempt::NUMBER(38, 0)), -- Number of the attempt.
  "OUTCOME" VARCHAR AS (value:outcome::VARCHAR), -- State the attempt ended in, or "again" when the machine tried once more.
  "STARTED_AT" TIMESTAMP_NTZ AS (value:started_at::TIMESTAMP_NTZ), -- UTC.
  "ENDED_AT" TIMESTAMP_NTZ AS (value:ended_at::TIMESTAMP_NTZ), -- UTC.
  "REUSED" BOOLEAN AS (value:reused::BOOLEAN), -- The attempt was answered by results that were there already.
  "CHUNKS_PROCESSED" NUMBER(38, 0) AS (value:chunks_processed::NUMBER(38, 0)), -- Parts this attempt computed.
  "COMPUTE_SECONDS" FLOAT AS (value:compute_seconds::FLOAT), -- Seconds its processing jobs worked, added up over jobs.
  "CPU_SECONDS" FLOAT AS (value:cpu_seconds::FLOAT), -- CPU seconds of all its jobs; null when it ran none, or none that says.
  "TASK_SECONDS" FLOAT AS (value:task_seconds::FLOAT), -- Seconds its containers are billed for, each a minute at least.
  "PLANNED_INPUT_BYTES" NUMBER(38, 0) AS (value:planned_input_bytes::NUMBER(38, 0)), -- Bytes the plan expected to read; null when it ended before the plan.
  "READ_BYTES" NUMBER(38, 0) AS (value:read_bytes::NUMBER(38, 0)), -- Bytes its jobs fetched from providers, files of the machine left out; null as cpu_seconds.
  "OUTPUT_BYTES" NUMBER(38, 0) AS (value:output_bytes::NUMBER(38, 0)), -- Bytes of GeoTIFF it published; null when it published nothing itself.
  "OUTPUT_PIXELS" NUMBER(38, 0) AS (value:output_pixels::NUMBER(38, 0)), -- Pixels it published, all outputs, each counted once whatever its bands.
  "BUDGET_UNITS" NUMBER(38, 0) AS (value:budget_units::NUMBER(38, 0)), -- Budget units charged for it.
  "LABEL_LIST" ARRAY AS (value:label_list::ARRAY), -- Labels of the request, each as name=value; %3D is a = in a name.
  "PRICE_USD" NUMBER(18, 9) AS (value:price_usd::NUMBER(18, 9)), -- What AWS is expected to bill for it, USD: an estimate. On a machine of your own: what it would have been.
  "PRICE_COMPUTE_USD" NUMBER(18, 9) AS (value:price_compute_usd::NUMBER(18, 9)), -- Of it: containers, their disk and addresses.
  "PRICE_STORAGE_USD" NUMBER(18, 9) AS (value:price_storage_usd::NUMBER(18, 9)), -- Of it: results, one month at most; chunks until they are removed.
  "PRICE_CALLS_USD" NUMBER(18, 9) AS (value:price_calls_usd::NUMBER(18, 9)), -- Of it: calls of S3, table, functions, messages; logs.
  "PRICE_TRANSFER_USD" NUMBER(18, 9) AS (value:price_transfer_usd::NUMBER(18, 9)), -- Of it: imagery from another region.
  "PRICE_VERSION" VARCHAR AS (value:price_version::VARCHAR), -- Month of the price list, as 2026-06; with prices of your own +8 characters that stand for them.
  "PRICE_LINES" VARCHAR AS (value:price_lines::VARCHAR), -- Its lines with amounts and USD, as JSON text: json_extract_scalar(price_lines, '$.process.usd').
  "VERSION" NUMBER(38, 0) AS (value:version::NUMBER(38, 0)), -- Number of the newest event of the request when the row was written.
  "GENERATION" NUMBER(38, 0) AS (value:generation::NUMBER(38, 0)) -- 0 in the file a request left; higher in files made by compaction.
)
PARTITION BY ("DATE")
LOCATION = @swath_usage
AUTO_REFRESH = TRUE
PATTERN = '.*[.]parquet'
FILE_FORMAT = (FORMAT_NAME = 'swath_parquet')
COMMENT = 'All files; usage shows each row once. One row per attempt of a request that has ended: what it used.';

CREATE OR REPLACE VIEW usage COMMENT = 'One row per attempt of a request that has ended: what it used.' AS
SELECT "DATE", "REQUEST_ID", "PROJECT", "COLLECTION", "REQUEST_NAME", "LABELS", "REQUESTED_BY", "ATTEMPT", "OUTCOME", "STARTED_AT", "ENDED_AT", "REUSED", "CHUNKS_PROCESSED", "COMPUTE_SECONDS", "CPU_SECONDS", "TASK_SECONDS", "PLANNED_INPUT_BYTES", "READ_BYTES", "OUTPUT_BYTES", "OUTPUT_PIXELS", "BUDGET_UNITS", "LABEL_LIST", "PRICE_USD", "PRICE_COMPUTE_USD", "PRICE_STORAGE_USD", "PRICE_CALLS_USD", "PRICE_TRANSFER_USD", "PRICE_VERSION", "PRICE_LINES"
FROM usage_files
QUALIFY rank() OVER (
  PARTITION BY "DATE", "PROJECT", "COLLECTION", "REQUEST_ID"
  ORDER BY "VERSION" DESC, "GENERATION" DESC
) = 1;
