import {
  collectionHref,
  GEOJSON_TYPE,
  JSON_TYPE,
  type Link,
  SCHEMA_TYPE,
  stacConformance,
} from '@swath/catalog';
import { SWATH_VERSION } from '@swath/core';
import { openeoPart } from './openeo/capabilities.ts';
import type { Call, Route } from './route.ts';
import type { landing } from './schemas/catalogue.ts';
import type { Sent } from './schemas/common.ts';

/** What every standard this root speaks adds to it: one landing page serves them all. */
interface Part {
  readonly conformsTo: readonly string[];
  readonly links: readonly Link[];
}

const stacPart = (baseUrl: string): Part => ({
  conformsTo: stacConformance,
  links: [
    { rel: 'conformance', href: `${baseUrl}/conformance`, type: JSON_TYPE },
    { rel: 'data', href: `${baseUrl}/collections`, type: JSON_TYPE, title: 'Collections' },
    { rel: 'search', href: `${baseUrl}/search`, type: GEOJSON_TYPE, method: 'GET', title: 'Search Items' },
    { rel: 'search', href: `${baseUrl}/search`, type: GEOJSON_TYPE, method: 'POST', title: 'Search Items' },
    {
      rel: 'http://www.opengis.net/def/rel/ogc/1.0/queryables',
      href: `${baseUrl}/queryables`,
      type: SCHEMA_TYPE,
      title: 'What a filter may name',
    },
  ],
});

const ownPart = (baseUrl: string): Part => ({
  conformsTo: [],
  links: [
    { rel: 'requests', href: `${baseUrl}/requests`, type: JSON_TYPE, title: 'Requests of this project' },
    { rel: 'providers', href: `${baseUrl}/providers`, type: JSON_TYPE, title: 'Sources of imagery' },
    { rel: 'indices', href: `${baseUrl}/indices`, type: JSON_TYPE, title: 'Spectral indices' },
    { rel: 'health', href: `${baseUrl}/health`, type: JSON_TYPE },
  ],
});

/** The project's own collections as children; a provider's are found at /collections, which may have to ask it. */
async function children({ deps, identity, baseUrl }: Call): Promise<readonly Link[]> {
  if (identity.project === '') return [];
  const own = await deps.catalogue.ownCollections(identity.project);
  return own.map(({ id, title }) => ({
    rel: 'child',
    href: collectionHref(baseUrl, id),
    type: JSON_TYPE,
    title,
  }));
}

/** A STAC Catalog, an OGC API landing page, and the index of everything else. */
export async function landingDocument(call: Call, table: readonly Route[]): Promise<Sent<typeof landing>> {
  const { baseUrl } = call;
  const openeo = openeoPart(baseUrl, table, call.deps);
  const parts = [stacPart(baseUrl), ownPart(baseUrl), openeo];
  return {
    type: 'Catalog',
    id: 'swath',
    title: 'Swath',
    description: 'Satellite imagery ordered by area, time and band; analysis-ready results back.',
    stac_version: '1.0.0',
    version: SWATH_VERSION,
    ...openeo.fields,
    conformsTo: parts.flatMap(({ conformsTo }) => conformsTo),
    links: [
      { rel: 'self', href: `${baseUrl}/`, type: JSON_TYPE },
      { rel: 'root', href: `${baseUrl}/`, type: JSON_TYPE },
      { rel: 'service-desc', href: `${baseUrl}/api`, type: 'application/vnd.oai.openapi+json;version=3.0' },
      { rel: 'service-doc', href: `${baseUrl}/api.html`, type: 'text/html' },
      ...parts.flatMap(({ links }) => links),
      ...(await children(call)),
    ],
  };
}
