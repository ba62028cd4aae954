import { type Entry, itemDocument } from '@swath/catalog';
import { picturePath, resultOfKey } from './addresses.ts';

/** STAC extension of links to web maps; of its relation types TileJSON and WMTS are used here. */
const EXTENSION = 'https://stac-extensions.github.io/web-map-links/v1.2.0/schema.json';

/** Key of a result's Item: what lies there has pictures. */
const RESULT_ITEM = /^results\/[0-9a-f]{64}\//;

/**
 * An Item as the API shows it; one of a result leads to its maps: TileJSON, and its layer of the request's WMTS. There is
 * no `xyz` link: TileJSON has the template, and the openEO plugin for QGIS appends one of its own to any other.
 */
export function shownItem(entry: Entry, baseUrl: string): ReturnType<typeof itemDocument> {
  const document = itemDocument(entry, baseUrl);
  const { base } = entry;
  if (base === undefined || !RESULT_ITEM.test(base)) return document;
  const { contentKey, name } = resultOfKey(base);
  const extensions = Array.isArray(document['stac_extensions']) ? document['stac_extensions'] : [];
  const links = Array.isArray(document['links']) ? document['links'] : [];
  return {
    ...document,
    stac_extensions: [...extensions, EXTENSION],
    links: [
      ...links,
      {
        rel: 'tilejson',
        href: `${baseUrl}${picturePath(contentKey, name, 'tilejson.json')}`,
        type: 'application/json',
        title: 'Map tiles',
      },
      {
        rel: 'wmts',
        href: `${baseUrl}/tiles/${contentKey}/wmts`,
        type: 'application/xml',
        title: 'Layers of the request',
        'wmts:layer': name,
      },
    ],
  };
}
