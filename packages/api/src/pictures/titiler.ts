import type { BandStatistics } from '@swath/raster';
import type { Sent } from '../schemas/common.ts';
import type { infoAnswer, statisticsAnswer } from '../schemas/pictures.ts';
import type { ResultImage } from './result-images.ts';

/** Facts of a result in rio-tiler's words. */
export function infoOf({
  info,
  grid,
  look,
  extent,
  zooms,
  scales,
  nodata: said,
}: ResultImage): Sent<typeof infoAnswer> {
  const nodata = said ?? info.nodata;
  const bands = look.bands.map(({ name }, i) => [`b${i + 1}`, name] as const);
  return {
    bounds: [extent.west, extent.south, extent.east, extent.north],
    crs: grid.crs,
    band_metadata: bands.map(([number]) => [number, {}] as const),
    band_descriptions: bands,
    dtype: info.dtype,
    nodata_type: nodata === null ? 'None' : 'Nodata',
    nodata_value: nodata,
    scales: scales.map(({ scale }) => scale),
    offsets: scales.map(({ offset }) => offset),
    count: info.bands.length,
    width: info.width,
    height: info.height,
    overviews: info.levels.slice(1).map(({ width }) => Math.round(info.width / width)),
    driver: 'GTiff',
    ...zooms,
  };
}

/** Statistics of a result by band, in rio-tiler's words. */
export function statisticsOf({ look }: ResultImage): Sent<typeof statisticsAnswer> {
  return Object.fromEntries(
    look.bands.flatMap(({ name, statistics }, i) =>
      statistics === undefined ? [] : [[`b${i + 1}`, ofBand(name, statistics)]],
    ),
  );
}

function ofBand(description: string, { percentiles, validPercent, histogram, ...band }: BandStatistics) {
  return {
    description,
    min: band.min,
    max: band.max,
    mean: band.mean,
    count: band.count,
    std: band.std,
    median: percentiles?.p50 ?? null,
    valid_percent: validPercent,
    percentile_2: percentiles?.p2 ?? null,
    percentile_98: percentiles?.p98 ?? null,
    histogram: histogram === null ? null : [histogram, edgesOf(band, histogram.length)],
  };
}

function edgesOf({ min, max }: Pick<BandStatistics, 'min' | 'max'>, bins: number): readonly number[] {
  const low = min ?? 0;
  const high = max ?? low;
  return Array.from({ length: bins + 1 }, (_, i) => low + ((high - low) * i) / bins);
}
