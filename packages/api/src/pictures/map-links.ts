import { type Entry, itemDocument } from '@swath/catalog';
import { picturePath, resultOfKey } from './addresses.ts';

/** STAC extension of links to web maps; of its relation types TileJSON and WMTS are used here. */
const EXTENSION = 'https://stac-extensions.github.io/web-map-links/v1.2.0/schema.json';

/** Key of a result's Item: what lies there has pictures. */
const RESULT_ITEM = /^results\/[0-9a-f]{64}\//;

interface Maps {
  readonly tileJson: string;
  readonly wmts: string;
  readonly layer: string;
}

/** Paths of what shows an Item: a result in the WMTS of its request, an upload in one of its own. */
function mapsOf({ base, collection, id }: Entry): Maps | undefined {
  if (base?.startsWith('uploads/') === true) {
    const path = (rest: string) => picturePath(collection, id, rest);
    return { tileJson: path('tilejson.json'), wmts: path('wmts'), layer: id };
  }
  if (base === undefined || !RESULT_ITEM.test(base)) return undefined;
  const { contentKey, name } = resultOfKey(base);
  const tileJson = picturePath(contentKey, name, 'tilejson.json');
  return { tileJson, wmts: `/tiles/${contentKey}/wmts`, layer: name };
}

/**
 * An Item as the API shows it; one of a result or an upload leads to its maps: TileJSON, and its layer of a WMTS. There is
 * no `xyz` link: TileJSON has the template, and the openEO plugin for QGIS appends one of its own to any other.
 */
export function shownItem(entry: Entry, baseUrl: string): ReturnType<typeof itemDocument> {
  const document = itemDocument(entry, baseUrl);
  const maps = mapsOf(entry);
  if (maps === undefined) return document;
  const extensions = Array.isArray(document['stac_extensions']) ? document['stac_extensions'] : [];
  const links = Array.isArray(document['links']) ? document['links'] : [];
  return {
    ...document,
    stac_extensions: [...extensions, EXTENSION],
    links: [
      ...links,
      { rel: 'tilejson', href: `${baseUrl}${maps.tileJson}`, type: 'application/json', title: 'Map tiles' },
      {
        rel: 'wmts',
        href: `${baseUrl}${maps.wmts}`,
        type: 'application/xml',
        title: 'Layers of a map',
        'wmts:layer': maps.layer,
      },
    ],
  };
}
