import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SwathError } from '@swath/core';
import { type Cube, encodeValue, isCube, tableFormats, type Value } from '@swath/graph';
import { writeCog } from '@swath/raster/cog/write';
import { encodePng } from '@swath/raster/picture/png';
import { stretchRange } from '@swath/raster/picture/render';
import { paint, planDrawing } from '@swath/tiles';
import { cubePlanes, type Planes } from './cube.ts';
import type { ResultFile } from './evaluator/messages.ts';
import { type FormatName, formatNames, GTIFF_TYPE } from './formats.ts';
import { tableOf } from './table.ts';
import { writeTable } from './tables/write-table.ts';
import { isZonal, tableOfCube } from './tables/zonal-table.ts';

const hasPixels = ({ dimensions }: Cube) => dimensions.filter(({ type }) => type === 'spatial').length >= 2;

const text = (content: string, contentType: string): ResultFile => ({
  bytes: new TextEncoder().encode(content),
  contentType,
});

/**
 * The value of a graph as a file: of the format, or the one that fits it.
 * @param folder where to write on the way, the caller's.
 * @throws SwathError InvalidInput, FormatUnsuitable.
 */
export async function writeResult(
  value: Value,
  format: FormatName | undefined,
  folder: string,
): Promise<ResultFile> {
  const chosen = format ?? (isCube(value) && hasPixels(value) ? formatNames.gtiff : formatNames.json);
  const table = tableFormats.find((name) => name === chosen);
  if (table !== undefined && isCube(value) && isZonal(value)) return writeTable(tableOfCube(value), table);
  if (chosen === formatNames.geojson || chosen === formatNames.parquet)
    throw new SwathError('InvalidInput', `The result has no geometries: ${chosen} holds those.`, {
      reason: 'FormatUnsuitable',
      fix: 'Aggregate over geometries (aggregate_spatial), or save it as JSON or CSV.',
    });
  if (chosen === formatNames.json) return text(JSON.stringify(encodeValue(value)), 'application/json');
  if (!isCube(value))
    throw new SwathError('InvalidInput', 'The result is no data cube.', {
      reason: 'FormatUnsuitable',
      fix: 'Save it as JSON.',
    });
  if (chosen === formatNames.csv) return text(tableOf(value), 'text/csv; charset=utf-8');
  const planes = cubePlanes(value);
  return chosen === formatNames.gtiff ? geotiff(planes, folder) : picture(planes);
}

/** Bands as a Cloud Optimized GeoTIFF. */
export async function geotiff(
  { grid, names, planes }: Planes,
  folder: string,
  signal?: AbortSignal,
): Promise<ResultFile> {
  const path = join(folder, 'result.tif');
  const stored = { dtype: 'float32', scale: 1, offset: 0, nodata: 'nan' } as const;
  const spec = { grid, bands: names.map((name) => ({ name, stored })), overviews: true };
  await writeCog(
    path,
    spec,
    async ({ x, y, width, height }) =>
      planes.map((plane) => {
        const part = new Float32Array(width * height);
        for (let row = 0; row < height; row++) {
          const start = (y + row) * grid.width + x;
          part.set(plane.subarray(start, start + width), row * width);
        }
        return part;
      }),
    signal,
  );
  return { bytes: await readFile(path), contentType: GTIFF_TYPE };
}

/** One band in colours, three as red, green and blue; stretched between the 2nd and 98th percentile. */
async function picture({ grid, names, planes }: Planes): Promise<ResultFile> {
  const look = { ramp: 'viridis', range: null, bands: names.map((name) => ({ name })) } as const;
  const { colours, outputs } = planDrawing({}, look);
  const shown = planes.slice(0, outputs.length);
  const ranges = shown.map((plane) => stretchRange(plane) ?? { min: 0, max: 1 });
  const { width, height } = grid;
  const rgba = paint({ planes: shown, ranges, colours }, width * height);
  return { bytes: await encodePng(rgba, { width, height }), contentType: 'image/png' };
}
