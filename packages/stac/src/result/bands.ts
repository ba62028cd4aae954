import { optional } from '../item/bands.ts';
import type { ResultBand } from './input.ts';

/**
 * One band three times, for three generations of clients: `bands` (STAC 1.1), `eo:bands` and `raster:bands` (1.0).
 *
 * Statistics and histogram are of the stored numbers (DN), as in the raster extension's examples and GDAL: viewers
 * stretch a picture with them before any scale is applied. The same in real units is in the `statistics` asset.
 */
export function bandFields(bands: readonly ResultBand[]): Readonly<Record<string, unknown>> {
  return {
    bands: bands.map((band) => ({
      name: band.name,
      ...optional('description', band.description),
      ...optional('eo:common_name', band.commonName),
      ...dataValues(band),
      ...(isIdentity(band) ? {} : { 'raster:scale': band.stored.scale, 'raster:offset': band.stored.offset }),
    })),
    'eo:bands': bands.map((band) => ({
      name: band.name,
      ...optional('common_name', band.commonName),
      ...optional('description', band.description),
    })),
    'raster:bands': bands.map((band) => ({
      ...dataValues(band),
      scale: band.stored.scale,
      offset: band.stored.offset,
      ...optional('histogram', histogramOf(band)),
    })),
  };
}

function isIdentity(band: ResultBand): boolean {
  return band.stored.scale === 1 && band.stored.offset === 0;
}

/** Fields that `bands` and `raster:bands` share. */
function dataValues(band: ResultBand) {
  const { stored, statistics } = band;
  return {
    data_type: stored.dtype,
    nodata: stored.nodata,
    ...optional('unit', band.unit),
    statistics: {
      ...optional('minimum', toStored(band, statistics.min)),
      ...optional('maximum', toStored(band, statistics.max)),
      ...optional('mean', toStored(band, statistics.mean)),
      ...optional('stddev', statistics.std === null ? undefined : statistics.std / stored.scale),
      valid_percent: statistics.validPercent,
    },
  };
}

/** Minimum and maximum are stored numbers up to rounding errors of the scale; 12 digits remove those. */
function toStored(band: ResultBand, value: number | null): number | undefined {
  if (value === null) return undefined;
  if (isIdentity(band)) return value;
  return Number(((value - band.stored.offset) / band.stored.scale).toPrecision(12));
}

function histogramOf(band: ResultBand) {
  const { histogram } = band.statistics;
  const min = toStored(band, band.statistics.min);
  const max = toStored(band, band.statistics.max);
  // The extension wants room between min and max; a band of one value has no distribution to show.
  if (histogram === null || min === undefined || max === undefined || min >= max) return undefined;
  return { count: histogram.length, min, max, buckets: [...histogram] };
}
