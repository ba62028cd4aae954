import { SwathError } from '@swath/core';
import type { OpenImage } from '@swath/raster/image';
import { attributionOf, extentOf, zoomRange } from '@swath/tiles';
import * as z from 'zod';
import { gridOf, type ResultImage } from './result-images.ts';

/** An Item of the caller's project, and the object key beside which its hrefs lie. */
export type OwnItem = (
  project: string,
  collection: string,
  id: string,
) => Promise<{ readonly item: unknown; readonly base?: string } | undefined>;

const number = z.number().exactOptional();

/** What pictures need of the Item of an upload. Statistics are of the digital numbers. */
const uploadDocument = z.object({
  properties: z.object({ title: z.string(), datetime: z.string() }),
  assets: z.object({
    data: z.object({
      href: z.string().regex(/^\.\/[A-Za-z0-9_.-]{1,128}$/),
      'file:checksum': z.string().regex(/^1220[0-9a-f]{64}$/),
      'eo:bands': z.array(z.object({ name: z.string() })).min(1),
      'raster:bands': z
        .array(
          z.object({
            scale: z.number(),
            offset: z.number(),
            nodata: z.union([z.number(), z.literal('nan')]).exactOptional(),
            statistics: z.object({
              minimum: number,
              maximum: number,
              mean: number,
              stddev: number,
              valid_percent: z.number(),
            }),
          }),
        )
        .min(1),
    }),
  }),
});
type UploadBand = z.output<typeof uploadDocument>['assets']['data']['raster:bands'][number];

/**
 * The file of an upload as an image to be drawn, by the Item it is registered as.
 * @param open of scenes; knows `object://raw/uploads/...`.
 * @throws SwathError NotFound once it is deleted, Corrupt.
 */
export async function uploadImage(
  { item, base }: { readonly item: unknown; readonly base: string },
  { collection, id, open }: { readonly collection: string; readonly id: string; readonly open: OpenImage },
): Promise<ResultImage> {
  const parsed = uploadDocument.safeParse(item);
  if (!parsed.success) {
    throw new SwathError('Corrupt', 'The Item is not what an upload writes.', { cause: parsed.error });
  }
  const { properties, assets } = parsed.data;
  const { 'eo:bands': names, 'raster:bands': bands } = assets.data;
  const href = `object://raw/${base.slice(0, base.lastIndexOf('/') + 1)}${assets.data.href.slice(2)}`;
  const image = await open(href);
  const { info } = image;
  await image.close();
  const grid = gridOf(info);
  const nodata = bands[0]?.nodata;
  return {
    contentKey: collection,
    name: id,
    href,
    open,
    grid,
    scales: bands,
    ...(nodata === undefined ? {} : { nodata }),
    levels: info.levels,
    look: {
      ramp: 'viridis',
      range: null,
      bands: names.map(({ name }, at) => ({ name, ...statisticsOf(bands[at], grid) })),
    },
    title: properties.title,
    attribution: attributionOf([collection], properties.datetime.slice(0, 4)),
    extent: extentOf(grid),
    zooms: zoomRange(grid),
    info,
    sha256: assets.data['file:checksum'].slice(4),
  };
}

/** Of the values that pixels are shown as; nobody counted percentiles. */
function statisticsOf(
  band: UploadBand | undefined,
  { width, height }: { readonly width: number; readonly height: number },
): Pick<ResultImage['look']['bands'][number], 'statistics'> {
  if (band === undefined) return {};
  const { scale, offset, statistics } = band;
  const { minimum, maximum, mean, stddev, valid_percent: validPercent } = statistics;
  const value = (number: number | undefined) => (number === undefined ? null : number * scale + offset);
  const [low, high] = scale < 0 ? [maximum, minimum] : [minimum, maximum];
  return {
    statistics: {
      count: Math.round((validPercent / 100) * width * height),
      validPercent,
      min: value(low),
      max: value(high),
      mean: value(mean),
      std: stddev === undefined ? null : stddev * Math.abs(scale),
      percentiles: null,
      histogram: null,
    },
  };
}
