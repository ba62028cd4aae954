import { colormapNames, PREVIEW_SIDE_DEFAULT, PREVIEW_SIDE_MAX } from '@swath/tiles';
import * as z from 'zod';

const text = z.string().optional();
const texts = z.array(z.string()).optional();

/** Query parameters of every picture; names and meaning are TiTiler's. */
export const drawFields = {
  bidx: texts.describe('Number of a band from 1; three for red, green and blue.'),
  bands: texts.describe('Names of bands instead of numbers.'),
  expression: text.describe(
    'Arithmetic over band names or b1, b2, ...; three separated by ";" for red, green, blue.',
  ),
  rescale: texts.describe(
    'Lowest and highest value shown, `min,max`; once or per band. Default: the index’s range, else the 2nd to 98th percentile of the whole result.',
  ),
  colormap_name: text.describe(
    `${colormapNames.join(', ')}; with _r behind it, the other way round. Default: that of the pipeline.`,
  ),
  colormap: text.describe('JSON: {"1":"#1a9850"} for classes, [[[0,0.5],"#ffffe5"]] for intervals.'),
  nodata: text.describe('Stored number that is no data, or nan. Compared before anything else.'),
  resampling: text.describe('nearest (default), bilinear, cubic, average or mode.'),
  unscale: text.describe('false shows stored numbers instead of values.'),
} as const;

export const drawRepeated = ['bidx', 'bands', 'rescale'] as const;

export const formatField = text.describe('png (default), webp or jpeg.');

export const tileQuery = z.strictObject(drawFields);

export const tileJsonQuery = z.strictObject({
  ...drawFields,
  format: formatField,
  tile_scale: z.enum(['1', '2']).optional().describe('2 gives tiles of 512 pixels.'),
});

export const previewQuery = z.strictObject({
  ...drawFields,
  format: formatField,
  width: text.describe(`Pixels, at most ${PREVIEW_SIDE_MAX}.`),
  height: text.describe(`Pixels, at most ${PREVIEW_SIDE_MAX}.`),
  max_size: text.describe(`Longer side without width and height; default ${PREVIEW_SIDE_DEFAULT}.`),
  bbox: text.describe('west,south,east,north in degrees. Default: the whole result.'),
  dst_crs: text.describe('CRS of the picture. Default: the result’s own, or EPSG:4326 with a bbox.'),
});

export const pointQuery = z.strictObject({
  bidx: drawFields.bidx,
  bands: drawFields.bands,
  expression: drawFields.expression,
  nodata: drawFields.nodata,
  unscale: drawFields.unscale,
});

export const tileJsonAnswer = z
  .object({
    tilejson: z.literal('3.0.0'),
    name: z.string(),
    version: z.string(),
    attribution: z.string(),
    scheme: z.literal('xyz'),
    tiles: z.array(z.string()).describe('URL templates with {z}, {x} and {y}.'),
    minzoom: z.int(),
    maxzoom: z.int(),
    bounds: z.array(z.number()).describe('west, south, east, north in degrees.'),
    center: z.array(z.number()).describe('lon, lat, zoom.'),
  })
  .meta({ id: 'TileJson' });

const nullableNumber = z.number().nullable();

export const infoAnswer = z
  .object({
    bounds: z.array(z.number()).describe('In degrees; east above 180 where it crosses the antimeridian.'),
    crs: z.string(),
    band_metadata: z.array(z.tuple([z.string(), z.record(z.string(), z.string())])),
    band_descriptions: z.array(z.tuple([z.string(), z.string()])),
    dtype: z.string(),
    nodata_type: z.enum(['Nodata', 'None']),
    nodata_value: z.union([z.number(), z.literal('nan')]).nullable(),
    scales: z.array(z.number()),
    offsets: z.array(z.number()),
    count: z.int(),
    width: z.int(),
    height: z.int(),
    overviews: z.array(z.int()).describe('Factors.'),
    driver: z.literal('GTiff'),
    minzoom: z.int(),
    maxzoom: z.int(),
  })
  .meta({ id: 'ResultInfo' });

export const statisticsAnswer = z
  .record(
    z.string(),
    z.object({
      description: z.string().describe('Name of the band.'),
      min: nullableNumber,
      max: nullableNumber,
      mean: nullableNumber,
      count: z.int(),
      std: nullableNumber,
      median: nullableNumber,
      valid_percent: z.number(),
      percentile_2: nullableNumber,
      percentile_98: nullableNumber,
      histogram: z.array(z.array(z.number())).nullable().describe('Counts, and edges (one more).'),
    }),
  )
  .meta({ id: 'ResultStatistics' });

export const pointAnswer = z
  .object({
    coordinates: z.array(z.number()).describe('lon, lat.'),
    values: z.array(nullableNumber),
    band_names: z.array(z.string()),
  })
  .meta({ id: 'PointValues' });
