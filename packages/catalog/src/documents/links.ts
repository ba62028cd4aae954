/** A link of a STAC document; absolute. */
export interface Link {
  readonly rel: string;
  readonly href: string;
  readonly type?: string;
  readonly title?: string;
  readonly method?: 'GET' | 'POST';
  readonly body?: Readonly<Record<string, unknown>>;
  readonly merge?: boolean;
}

export const JSON_TYPE = 'application/json';
export const GEOJSON_TYPE = 'application/geo+json';
export const SCHEMA_TYPE = 'application/schema+json';

export const collectionHref = (baseUrl: string, id: string): string =>
  `${baseUrl}/collections/${encodeURIComponent(id)}`;

export const itemHref = (baseUrl: string, collection: string, id: string): string =>
  `${collectionHref(baseUrl, collection)}/items/${encodeURIComponent(id)}`;
