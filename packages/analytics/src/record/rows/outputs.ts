import { WHOLE } from '@swath/geo';
import type { ProductResult, RequestRecord } from '@swath/requests';
import { geojsonToWkb } from 'hyparquet-writer';
import type { TableRow } from '../../parquet/schema.ts';
import type { ResultItem } from '../item.ts';
import { quadkey } from '../quadkey.ts';
import type { ZoneRow } from '../zones.ts';
import { aoiOf, instant, outputType, ownerCells } from './owner.ts';

/** One output with its Item. */
export interface Output {
  readonly product: ProductResult;
  readonly item: ResultItem;
  /** Statistics by zone; empty where the request has no zones. */
  readonly zones: readonly ZoneRow[];
}

/** Columns that `results` and `statistics` share. */
function outputCells(record: RequestRecord, { product, item }: Output): TableRow {
  const { start, end } = product;
  return {
    ...ownerCells(record),
    aoi: aoiOf(record.request.spec, item.bbox),
    item_id: product.itemId,
    product: product.label,
    datetime: start === end ? instant(start) : null,
    start_datetime: instant(start),
    end_datetime: instant(end),
    created_at: new Date(item.properties.created),
    cloud_percent: product.cloudPercent,
  };
}

export function resultRow(record: RequestRecord, output: Output): TableRow {
  const { product, item } = output;
  const { properties, bbox } = item;
  const { counts, assets } = product;
  const [height, width] = properties['proj:shape'];
  const transform = properties['proj:transform'];
  const scenes = properties['swath:radiometry'];
  const { bands } = item.assets.data;
  const [west, south, east, north] = bbox;
  const { lon, lat } = centreOf(bbox);
  return {
    ...outputCells(record, output),
    bands: bands.map(({ name }) => name),
    output_type: outputType(record.request.spec),
    collections: [...new Set(scenes.map(({ collection }) => collection))].sort(),
    scene_ids: scenes.map(({ scene }) => scene),
    scene_count: scenes.length,
    geometry: geojsonToWkb(item.geometry),
    west,
    south,
    east,
    north,
    lon,
    lat,
    quadkey: quadkey(lon, lat),
    crs: properties['proj:code'] ?? properties['swath:crs'] ?? null,
    width,
    height,
    pixel_width: pixelSize(transform[0], transform[3]),
    pixel_height: pixelSize(transform[1], transform[4]),
    transform: transform.slice(0, 6),
    data_type: bands[0]?.data_type ?? null,
    pixels: counts.total,
    pixels_with_data: counts.withData,
    pixels_masked: counts.masked,
    pixels_valid: counts.valid,
    size_bytes: product.sizeBytes,
    sha256: product.sha256,
    cog_key: assets.cog,
    item_key: assets.item,
    thumbnail_key: assets.thumbnail,
    statistics_key: assets.statistics,
    lineage: properties['processing:lineage'] ?? null,
    software: JSON.stringify(properties['processing:software'] ?? {}),
    pipeline: JSON.stringify(record.request.spec.pipeline),
    radiometry: JSON.stringify(scenes),
    missing_chunks: product.failedChunks.length,
    reused: record.request.reused,
  };
}

/** One row per band for all of the output, and one per zone and band. */
export function statisticsRows(record: RequestRecord, output: Output): readonly TableRow[] {
  const cells = outputCells(record, output);
  const whole = Object.entries(output.product.statistics).map(([band, found]) => ({
    ...found,
    band,
    zone: WHOLE,
  }));
  return [...whole, ...output.zones].map((found) => ({
    ...cells,
    band: found.band,
    zone: found.zone,
    count: found.count,
    valid_percent: found.validPercent,
    min: found.min,
    max: found.max,
    mean: found.mean,
    std: found.std,
    p2: found.percentiles?.p2 ?? null,
    p5: found.percentiles?.p5 ?? null,
    p25: found.percentiles?.p25 ?? null,
    p50: found.percentiles?.p50 ?? null,
    p75: found.percentiles?.p75 ?? null,
    p95: found.percentiles?.p95 ?? null,
    p98: found.percentiles?.p98 ?? null,
  }));
}

/** Length of a pixel's side, also on a rotated grid. */
const pixelSize = (x = 0, y = 0): number => Math.hypot(x, y);

/** West greater than east crosses the antimeridian. */
function centreOf([west, south, east, north]: ResultItem['bbox']): { lon: number; lat: number } {
  const middle = west <= east ? (west + east) / 2 : (west + east + 360) / 2;
  return { lon: middle > 180 ? middle - 360 : middle, lat: (south + north) / 2 };
}
