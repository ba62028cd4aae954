import * as z from 'zod';

/** Schemas of the STAC API: what is sent is checked in full, what is answered is described as far as clients read it. */

export const stacLink = z
  .object({
    rel: z.string(),
    href: z.string().describe('Absolute URL.'),
    type: z.string().optional(),
    title: z.string().optional(),
    method: z.enum(['GET', 'POST']).optional(),
    body: z.record(z.string(), z.unknown()).optional(),
    merge: z.boolean().optional().describe('The body is merged into that of the request before.'),
  })
  .meta({ id: 'StacLink' });

export const conformance = z.object({ conformsTo: z.array(z.string()) }).meta({ id: 'Conformance' });

export const stacCollection = z
  .looseObject({
    type: z.literal('Collection'),
    stac_version: z.string(),
    id: z.string(),
    title: z.string(),
    description: z.string(),
    license: z.string(),
    extent: z.looseObject({}),
    links: z.array(stacLink),
  })
  .meta({ id: 'StacCollection' });

export const stacCollections = z
  .object({
    collections: z.array(stacCollection),
    links: z.array(stacLink),
    numberReturned: z.int(),
    numberMatched: z.int(),
    'swath:silent': z
      .array(z.object({ provider: z.string(), reason: z.string() }))
      .describe('Providers whose collections are missing, because they did not answer.'),
  })
  .meta({ id: 'StacCollections' });

/** With `fields` an Item may lack any of its members but `id`. */
export const stacItem = z
  .looseObject({
    type: z.string().optional(),
    stac_version: z.string().optional(),
    id: z.string(),
    collection: z.string().optional(),
    geometry: z.looseObject({}).nullable().optional(),
    properties: z.looseObject({}).optional(),
    links: z.array(stacLink).optional(),
    assets: z.looseObject({}).optional(),
  })
  .meta({ id: 'StacItem' });

export const itemCollection = z
  .object({
    type: z.literal('FeatureCollection'),
    features: z.array(stacItem),
    links: z.array(stacLink),
    timeStamp: z.string(),
    numberReturned: z.int(),
    numberMatched: z.int().optional().describe('Left out where telling would cost looking at very many.'),
  })
  .meta({ id: 'ItemCollection' });

export const queryables = z.looseObject({ type: z.literal('object') }).meta({ id: 'Queryables' });

const list = (what: string) => z.string().min(1).max(20_000).describe(`${what}, with commas between.`);
const sorts = 'Fields with commas between, each after "-" for descending: `-datetime,eo:cloud_cover`.';
const fieldList = 'Fields to send, with commas between; after "-" to leave out: `id,properties.datetime`.';
/** More than a page holds may be asked for: less comes, and a link to the rest. */
const limit = { minimum: 1, maximum: Number.MAX_SAFE_INTEGER };

/** Longest text of a filter or geometry in a URL; servers and proxies end at 8 to 16 kB. */
const URL_TEXT_LIMIT = 16_384;

const shared = {
  bbox: z
    .string()
    .max(200)
    .optional()
    .describe('west,south,east,north in degrees; west > east crosses the antimeridian.'),
  datetime: z.string().max(100).optional().describe('RFC 3339 instant or interval of them; ".." is open.'),
  limit: z.coerce
    .number()
    .int()
    .min(limit.minimum)
    .max(limit.maximum)
    .optional()
    .describe('Items on a page; no more than 500 come.'),
  filter: z.string().max(URL_TEXT_LIMIT).optional().describe('CQL2.'),
  'filter-lang': z.enum(['cql2-text', 'cql2-json']).optional().describe('cql2-text when absent.'),
  'filter-crs': z.string().max(200).optional().describe('CRS84 only.'),
  query: z
    .string()
    .max(URL_TEXT_LIMIT)
    .optional()
    .describe('JSON of the Query extension: {"eo:cloud_cover":{"lt":20}}. A filter can say more.'),
  sortby: z.string().max(2000).optional().describe(sorts),
  fields: z.string().max(5000).optional().describe(fieldList),
  token: z.string().max(8192).optional().describe('From a "next" link.'),
};

export const itemsQuery = z.strictObject({
  ...shared,
  ids: list('Ids').optional(),
  // pystac-client's Collection.get_items() says which collection it is, here too.
  collections: list('The collection itself, which need not be said').optional(),
});

export const collectionsQuery = z.strictObject({
  bbox: shared.bbox,
  datetime: shared.datetime,
  q: z.string().max(1000).optional().describe('Words with commas between; one of them is enough.'),
  limit: z.coerce
    .number()
    .int()
    .min(limit.minimum)
    .max(limit.maximum)
    .optional()
    .describe('Collections on a page. All when absent.'),
  cursor: z.coerce.number().int().min(0).max(limit.maximum).optional().describe('From a `next` link.'),
});

export const searchQuery = z.strictObject({
  ...shared,
  intersects: z.string().max(URL_TEXT_LIMIT).optional().describe('GeoJSON geometry.'),
  ids: list('Ids').optional(),
  collections: list('Ids of collections').optional(),
});

const names = z.array(z.string().min(1).max(256));

export const searchDocument = z
  .strictObject({
    collections: z
      .union([names, z.string().min(1).max(256)])
      .transform((value) => (typeof value === 'string' ? [value] : value))
      .optional()
      .describe('All of the project when absent; those of providers must be named.'),
    ids: names.optional(),
    bbox: z.array(z.number()).min(4).max(6).optional(),
    intersects: z.looseObject({ type: z.string() }).optional().describe('GeoJSON geometry.'),
    datetime: z.string().min(1).max(100).optional(),
    filter: z
      .union([z.string(), z.looseObject({}), z.boolean()])
      .optional()
      .describe('CQL2.'),
    'filter-lang': z.enum(['cql2-text', 'cql2-json']).optional(),
    'filter-crs': z.string().max(200).optional(),
    query: z
      .looseObject({})
      .optional()
      .describe('Query extension: {"eo:cloud_cover":{"lt":20}}. A filter can say more.'),
    sortby: z
      .union([
        z.string().max(2000),
        z.array(
          z.strictObject({ field: z.string().min(1).max(256), direction: z.string().max(10).optional() }),
        ),
      ])
      .optional()
      .describe(sorts),
    fields: z
      .union([z.string().max(5000), z.strictObject({ include: names.nullish(), exclude: names.nullish() })])
      .optional()
      .describe(fieldList),
    limit: z.int().min(limit.minimum).max(limit.maximum).optional(),
    token: z.string().max(8192).optional(),
  })
  .meta({ id: 'StacSearch' });
