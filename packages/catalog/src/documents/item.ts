import type { Entry, JsonObject } from '../store/types.ts';
import { collectionHref, GEOJSON_TYPE, itemHref, JSON_TYPE, type Link } from './links.ts';

/** Relations that belong to the API an Item is shown by; the Item's own are dropped. */
const ours = new Set(['self', 'root', 'parent', 'collection', 'items', 'next', 'prev']);

/** An Item as the API shows it: its collection, links and absolute hrefs are the API's. */
export function itemDocument({ item, collection, id, base }: Entry, baseUrl: string): JsonObject {
  const own = Array.isArray(item['links']) ? (item['links'] as readonly Link[]) : [];
  const parent = collectionHref(baseUrl, collection);
  const links: readonly Link[] = [
    { rel: 'self', href: itemHref(baseUrl, collection, id), type: GEOJSON_TYPE },
    { rel: 'root', href: `${baseUrl}/`, type: JSON_TYPE },
    { rel: 'parent', href: parent, type: JSON_TYPE },
    { rel: 'collection', href: parent, type: JSON_TYPE },
    ...own.filter(({ rel }) => !ours.has(rel)),
  ];
  const assets = (item['assets'] ?? {}) as Readonly<Record<string, JsonObject>>;
  return {
    ...item,
    collection,
    links,
    assets: Object.fromEntries(
      Object.entries(assets).map(([key, asset]) => [
        key,
        { ...asset, href: absolute(String(asset['href']), base, baseUrl) },
      ]),
    ),
  };
}

/** An object's key is its path below the API. */
function absolute(href: string, base: string | undefined, baseUrl: string): string {
  if (base === undefined || URL.canParse(href)) return href;
  const path = base.split('/').map(encodeURIComponent).join('/');
  return new URL(href, `${baseUrl}/${path}`).href;
}
