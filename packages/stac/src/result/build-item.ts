import { pathToFileURL } from 'node:url';
import { SwathError } from '@swath/core';
import type { Grid } from '@swath/geo';
import { optional } from '../item/bands.ts';
import { sha256Multihash } from '../item/checksum.ts';
import { readFootprint } from '../item/footprint.ts';
import { isLocalHref } from '../item/href.ts';
import { bandFields } from './bands.ts';
import type { ResultAsset, ResultItemInput } from './input.ts';

/** QGIS lets an asset be dragged onto the map only with exactly this text. */
export const cogMediaType = 'image/tiff; application=geotiff; profile=cloud-optimized';

/**
 * Projection 1.2.0 is the one version that knows both `proj:epsg` (GDAL's STACIT finds nothing without it) and
 * `proj:code` (STAC 1.1 clients); 1.1 and before refuse the one, 2.0 the other.
 */
const extensions = [
  'https://stac-extensions.github.io/eo/v1.1.0/schema.json',
  'https://stac-extensions.github.io/file/v2.1.0/schema.json',
  'https://stac-extensions.github.io/processing/v1.1.0/schema.json',
  'https://stac-extensions.github.io/projection/v1.2.0/schema.json',
  'https://stac-extensions.github.io/raster/v1.1.0/schema.json',
] as const;

/**
 * The STAC 1.0.0 Item of one product. Fields are written for new (1.1) and old clients alike: `proj:code` and `proj:epsg`,
 * `bands` beside `eo:bands` and `raster:bands`; grid fields on the Item and on the COG.
 *
 * `datetime` is the acquisition for one date, null with `start_datetime` and `end_datetime` for a composite. Inputs
 * without any date get the time of publication (STAC must have one) and `swath:undated: true`.
 */
export function buildResultItem(input: ResultItemInput): Readonly<Record<string, unknown>> {
  const own = {
    ...times(input),
    created: input.created,
    updated: input.created,
    ...optional('title', input.title),
    ...optional('description', input.description),
    ...projection(input.grid),
    ...optional('eo:cloud_cover', input.cloudCoverPercent ?? undefined),
    'processing:lineage': input.processing.lineage,
    'processing:software': input.processing.software,
    ...optional('processing:expression', input.processing.expression),
    'swath:radiometry': input.scenes.map(({ id, collection, version, radiometry }) => ({
      scene: id,
      collection,
      version,
      bands: radiometry,
    })),
  };
  for (const key of Object.keys(input.properties ?? {})) {
    if (key in own) throw new SwathError('Bug', `result Item: property ${key} is set twice`);
  }
  return {
    type: 'Feature',
    stac_version: '1.0.0',
    stac_extensions: [...extensions],
    id: input.id,
    ...optional('collection', input.collection?.id),
    geometry: input.geometry,
    bbox: bboxOf(input),
    properties: { ...own, ...input.properties },
    links: links(input),
    assets: assets(input),
  };
}

function times(input: ResultItemInput): Readonly<Record<string, unknown>> {
  const { start, end } = input;
  if (start === null || end === null) return { datetime: input.created, 'swath:undated': true };
  return start === end ? { datetime: start } : { datetime: null, start_datetime: start, end_datetime: end };
}

/** RFC 7946: west > east where the geometry crosses the antimeridian. */
function bboxOf(input: ResultItemInput): readonly number[] {
  const { bboxes } = readFootprint(input.geometry, undefined);
  const [first, second] = bboxes;
  if (first === undefined) throw new SwathError('Bug', 'result Item: geometry without extent');
  if (second === undefined) return first;
  return [first[0], Math.min(first[1], second[1]), second[2], Math.max(first[3], second[3])];
}

function projection(grid: Grid): Readonly<Record<string, unknown>> {
  const epsg = /^EPSG:(\d+)$/.exec(grid.crs)?.[1];
  const [originX, pixelWidth, rowRotation, originY, colRotation, pixelHeight] = grid.geotransform;
  const xs = [0, grid.width].flatMap((col) =>
    [0, grid.height].map((row) => originX + col * pixelWidth + row * rowRotation),
  );
  const ys = [0, grid.width].flatMap((col) =>
    [0, grid.height].map((row) => originY + col * colRotation + row * pixelHeight),
  );
  return {
    'proj:code': epsg === undefined ? null : grid.crs,
    'proj:epsg': epsg === undefined ? null : Number(epsg),
    ...(epsg === undefined ? { 'swath:crs': grid.crs } : {}),
    'proj:shape': [grid.height, grid.width],
    'proj:transform': [pixelWidth, rowRotation, originX, colRotation, pixelHeight, originY],
    'proj:bbox': [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)],
  };
}

function links(input: ResultItemInput) {
  const derived = input.scenes.flatMap(({ id, itemHref }) =>
    itemHref === undefined
      ? []
      : [{ rel: 'derived_from', href: asUrl(itemHref), type: 'application/geo+json', title: id }],
  );
  const collection =
    input.collection === undefined
      ? []
      : [{ rel: 'collection', href: input.collection.href, type: 'application/json' }];
  return [...(input.links ?? []), ...collection, ...derived];
}

function asUrl(href: string): string {
  return isLocalHref(href) && href.startsWith('/') ? pathToFileURL(href).href : href;
}

function assets(input: ResultItemInput): Readonly<Record<string, unknown>> {
  const { cog, thumbnail, statistics, zones, zonesCsv, metadata } = input.assets;
  const names = input.bands.map((band) => band.name).join(', ');
  return {
    data: {
      ...asset(cog, cogMediaType, ['data'], cog.title ?? names),
      ...projection(input.grid),
      ...bandFields(input.bands),
    },
    ...optional('thumbnail', thumbnail && asset(thumbnail, 'image/png', ['thumbnail'], 'Thumbnail')),
    ...optional(
      'statistics',
      statistics && asset(statistics, 'application/json', ['metadata'], 'Statistics'),
    ),
    ...optional('zones', zones && asset(zones, 'application/json', ['metadata'], 'Statistics by zone')),
    ...optional(
      'zones_csv',
      zonesCsv && asset(zonesCsv, 'text/csv', ['metadata'], 'Statistics by zone, CSV'),
    ),
    ...optional(
      'metadata',
      metadata && asset(metadata, 'application/json', ['metadata'], 'Request and plan'),
    ),
  };
}

function asset(source: ResultAsset, mediaType: string, roles: readonly string[], title: string) {
  return {
    href: source.href,
    type: source.mediaType ?? mediaType,
    title: source.title ?? title,
    roles,
    ...optional('file:size', source.sizeBytes),
    ...optional('file:checksum', source.sha256 === undefined ? undefined : sha256Multihash(source.sha256)),
  };
}
