import * as z from 'zod';
import { SEARCH_DEFAULT, SEARCH_LIMIT } from '../limits.ts';
import { link } from './common.ts';
import { stacLink } from './stac.ts';

/** Schemas of providers, searches, indices, the landing page and health. */

export const provider = z
  .object({
    id: z.string(),
    title: z.string(),
    acquire: z.enum(['reference', 'copy']).describe('Read where it lies, or copied and verified first.'),
    default: z.boolean().describe('Used when a request names no provider.'),
    links: z.array(link),
  })
  .meta({ id: 'Provider' });

export const providerList = z.object({ providers: z.array(provider) }).meta({ id: 'ProviderList' });

export const collection = z
  .object({
    id: z.string(),
    title: z.string(),
    description: z.string(),
    bands: z.array(z.string()).describe('Names an expression may use; empty when the provider does not say.'),
  })
  .meta({ id: 'CollectionSummary' });

export const collectionList = z
  .object({ provider: z.string(), collections: z.array(collection) })
  .meta({ id: 'CollectionList' });

const aoi = z.union([
  z.tuple([z.number(), z.number(), z.number(), z.number()]),
  z.looseObject({ type: z.string() }),
  z.string().min(1).max(80),
]);

export const searchBody = z
  .strictObject({
    provider: z.string().min(1).max(64).optional(),
    collections: z.array(z.string().min(1).max(256)).min(1).max(16).optional().describe('All when absent.'),
    aoi: aoi
      .optional()
      .describe('GeoJSON geometry, [west, south, east, north] in degrees, or the id of a stored area.'),
    datetime: z.string().min(1).max(100).optional().describe('RFC 3339 instant or interval.'),
    maxCloudCoverPercent: z.number().min(0).max(100).optional(),
    limit: z.int().min(1).max(SEARCH_LIMIT).default(SEARCH_DEFAULT),
  })
  .meta({ id: 'Search' });

export const sceneFeature = z
  .object({
    type: z.literal('Feature'),
    id: z.string(),
    collection: z.string(),
    geometry: z
      .object({ type: z.enum(['Polygon', 'MultiPolygon']), coordinates: z.array(z.unknown()) })
      .nullable(),
    bbox: z.array(z.number()).optional(),
    properties: z.object({
      datetime: z.string().nullable(),
      'eo:cloud_cover': z.number().nullable(),
      platform: z.string().nullable(),
      'swath:provider': z.string(),
      'swath:bands': z.array(z.string()),
    }),
    links: z.array(link),
  })
  .meta({ id: 'SceneFeature' });

export const sceneCollection = z
  .object({
    type: z.literal('FeatureCollection'),
    features: z.array(sceneFeature),
    numberReturned: z.int(),
    truncated: z.boolean().describe('True when `limit` cut the answer.'),
    skipped: z.array(z.object({ id: z.string(), reason: z.string() })),
  })
  .meta({ id: 'SceneCollection' });

export const spectralIndex = z
  .object({
    name: z.string(),
    aliases: z.array(z.string()),
    title: z.string(),
    formula: z.string().describe('Over bands, by their STAC common names, and constants.'),
    bands: z.array(z.string()).describe('Bands the formula uses.'),
    constants: z
      .record(z.string(), z.number().nullable())
      .describe('Values of the constants; null: from the sensor, or to be given with the request.'),
    sensors: z
      .record(z.string(), z.record(z.string(), z.string()))
      .describe('Sensors that have all the bands, with their own names of them.'),
    range: z
      .array(z.number())
      .length(2)
      .nullable()
      .describe("Values a picture shows over its colour ramp; null: each picture's own."),
    ramp: z.string(),
    domain: z.string(),
    reference: z.string(),
  })
  .meta({ id: 'SpectralIndex' });

export const indexList = z.object({ indices: z.array(spectralIndex) }).meta({ id: 'IndexList' });

export const landing = z
  .object({
    type: z.literal('Catalog'),
    id: z.string(),
    title: z.string(),
    description: z.string(),
    stac_version: z.string(),
    version: z.string(),
    conformsTo: z.array(z.string()),
    links: z.array(stacLink),
  })
  .meta({ id: 'Landing' });

export const health = z
  .object({ status: z.literal('ok'), version: z.string(), engineVersion: z.string() })
  .meta({ id: 'Health' });
