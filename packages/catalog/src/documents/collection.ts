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
    stac_extensions: [],
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
