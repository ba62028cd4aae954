import * as z from 'zod';

/** Schemas of what publish makes: `ProductResult` and its parts, as they travel over HTTP. */

export const pixelCounts = z
  .object({
    total: z.int().describe('Pixels of the area.'),
    withData: z.int().describe('Of these, pixels where some scene has data before masking.'),
    masked: z.int().describe('Of `withData`, pixels dropped by the mask (clouds).'),
    valid: z.int().describe('Pixels with a value in the first band.'),
  })
  .meta({ id: 'PixelCounts' });

const nullableNumber = z.number().nullable();

export const bandStatistics = z
  .object({
    count: z.int(),
    validPercent: z.number(),
    min: nullableNumber,
    max: nullableNumber,
    mean: nullableNumber,
    std: nullableNumber.describe('Population standard deviation.'),
    percentiles: z
      .object({
        p2: z.number(),
        p5: z.number(),
        p25: z.number(),
        p50: z.number(),
        p75: z.number(),
        p95: z.number(),
        p98: z.number(),
      })
      .nullable(),
    histogram: z.array(z.number()).nullable().describe('256 equal bins from min to max.'),
  })
  .meta({ id: 'BandStatistics' });

const productHead = {
  label: z.string().describe('`2024-06-01`, or first and last date of a composite.'),
  itemId: z.string(),
  start: z.string().nullable().describe('RFC 3339 instant.'),
  end: z.string().nullable(),
  counts: pixelCounts,
  cloudPercent: nullableNumber.describe('masked / withData, percent; null without data.'),
  statistics: z.record(z.string(), bandStatistics).describe('By output band.'),
  sha256: z.string().describe('Of the COG, lower-case hex.'),
  sizeBytes: z.int().describe('Of the COG.'),
  failedChunks: z.array(z.int()),
};

export const productResult = z
  .object({
    ...productHead,
    assets: z
      .object({
        cog: z.string(),
        thumbnail: z.string(),
        item: z.string(),
        statistics: z.string(),
        zones: z.string().exactOptional().describe('Statistics by zone, JSON; absent without zones.'),
        zonesCsv: z.string().exactOptional().describe('The same as CSV.'),
      })
      .describe('Object keys; `GET /requests/{id}/results` has links.'),
  })
  .meta({ id: 'ProductResult' });

export const assetLink = z
  .object({
    href: z.string().describe('Absolute URL; supports HEAD and Range.'),
    type: z.string().describe('Media type.'),
    title: z.string(),
    sizeBytes: z.int().nullable().describe('null when the object is gone: its retention is over.'),
    sha256: z.string().nullable().describe('Lower-case hex; null when the object is gone.'),
  })
  .meta({ id: 'AssetLink' });

export const linkedProduct = z
  .object({
    ...productHead,
    assets: z.object({
      cog: assetLink,
      thumbnail: assetLink,
      item: assetLink,
      statistics: assetLink,
      zones: assetLink.exactOptional().describe('Statistics by zone, JSON; absent without zones.'),
      zonesCsv: assetLink.exactOptional().describe('The same as CSV.'),
    }),
  })
  .meta({ id: 'LinkedProduct' });

/** One row of statistics: a product's band over all pixels or one zone. */
export const statisticsRow = z
  .object({
    product: z.string().describe('Label of the product: its date or dates.'),
    start: z.string().nullable().describe('RFC 3339 instant of the first acquisition.'),
    end: z.string().nullable().describe('RFC 3339 instant of the last acquisition.'),
    zone: z.string().describe('Id of the zone; `whole`: all pixels.'),
    band: z.string(),
    pixels: z.int().describe('Pixels whose centre lies in the zone; of `whole`, in the area.'),
    count: z.int().describe('Of these, pixels with a value.'),
    validPercent: z.number().describe('count / pixels, percent.'),
    min: nullableNumber,
    max: nullableNumber,
    mean: nullableNumber,
    std: nullableNumber.describe('Population standard deviation.'),
    p2: nullableNumber,
    p5: nullableNumber,
    p25: nullableNumber,
    p50: nullableNumber,
    p75: nullableNumber,
    p95: nullableNumber,
    p98: nullableNumber,
  })
  .meta({ id: 'StatisticsRow' });
