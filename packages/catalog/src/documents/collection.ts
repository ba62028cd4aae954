import type { CollectionFacts, JsonObject } from '../store/types.ts';
import { collectionHref, GEOJSON_TYPE, JSON_TYPE, SCHEMA_TYPE } from './links.ts';

const cogType = 'image/tiff; application=geotiff; profile=cloud-optimized';

/**
 * A STAC Collection that is an OGC API Features collection, too (`itemType`: OWSLib lists no other). An unknown extent is
 * the world and all of time: the specification wants one.
 */
export function collectionDocument(facts: CollectionFacts, baseUrl: string): JsonObject {
  const { id, title, description, license, keywords, bands, bbox, interval, provider } = facts;
  const href = collectionHref(baseUrl, id);
  return {
    type: 'Collection',
    stac_version: '1.0.0',
    stac_extensions: ['https://stac-extensions.github.io/datacube/v2.2.0/schema.json'],
    id,
    title,
    description,
    license,
    ...(keywords.length === 0 ? {} : { keywords }),
    ...(provider === undefined ? {} : { providers: [{ name: provider.title, roles: ['host'] }] }),
    itemType: 'feature',
    crs: ['http://www.opengis.net/def/crs/OGC/1.3/CRS84'],
    extent: {
      spatial: { bbox: [bbox ?? [-180, -90, 180, 90]] },
      temporal: { interval: [interval] },
    },
    'cube:dimensions': cubeDimensions(facts),
    ...(bands.length === 0 ? {} : { summaries: { 'eo:bands': bands.map((name) => ({ name })) } }),
    ...(provider === undefined
      ? {
          item_assets: {
            data: { type: cogType, roles: ['data'] },
            thumbnail: { type: 'image/png', roles: ['thumbnail'] },
          },
        }
      : { 'swath:provider': provider.id }),
    links: [
      { rel: 'self', href, type: JSON_TYPE, title },
      { rel: 'root', href: `${baseUrl}/`, type: JSON_TYPE, title: 'Swath' },
      { rel: 'parent', href: `${baseUrl}/`, type: JSON_TYPE, title: 'Swath' },
      { rel: 'items', href: `${href}/items`, type: GEOJSON_TYPE, title: 'Items' },
      {
        rel: 'http://www.opengis.net/def/rel/ogc/1.0/queryables',
        href: `${href}/queryables`,
        type: SCHEMA_TYPE,
        title: 'What a filter may name',
      },
    ],
  };
}

/** The cube that openEO's load_collection makes of it; its x and y are in the CRS of the imagery. */
function cubeDimensions({ bbox, interval, bands }: CollectionFacts): JsonObject {
  const [west = -180, south = -90, east = 180, north = 90] = bbox ?? [];
  return {
    x: { type: 'spatial', axis: 'x', extent: [west, east], reference_system: 4326 },
    y: { type: 'spatial', axis: 'y', extent: [south, north], reference_system: 4326 },
    t: { type: 'temporal', extent: interval },
    ...(bands.length === 0 ? {} : { bands: { type: 'bands', values: bands } }),
  };
}
