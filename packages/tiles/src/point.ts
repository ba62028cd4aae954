import { SwathError } from '@swath/core';
import { applyGeotransform, crsTransformer, invertGeotransform, WGS84 } from '@swath/geo';
import type { Drawing } from './drawing.ts';
import { engine } from './engine.ts';
import { type Picturable, readingOf } from './read.ts';

/** `lon,lat` in degrees. @throws SwathError InvalidInput. */
export function parsePoint(text: string): readonly [lon: number, lat: number] {
  const match = /^([+-]?\d{1,3}(?:\.\d{1,15})?),([+-]?\d{1,2}(?:\.\d{1,15})?)$/.exec(text);
  const [lon, lat] = match === null ? [Number.NaN, Number.NaN] : [Number(match[1]), Number(match[2])];
  if (Math.abs(lon) <= 180 && Math.abs(lat) <= 90) return [lon, lat];
  throw new SwathError('InvalidInput', `"${text.slice(0, 60)}" is not a place.`, {
    fix: 'Give lon,lat in degrees, such as 10.42,48.8.',
  });
}

/**
 * Values of the pixel of full resolution under a place, one per output; null where there is no valid one.
 * @throws SwathError NotFound beside the image.
 */
export async function valuesAt(
  image: Picturable,
  [lon, lat]: readonly [lon: number, lat: number],
  wanted: Pick<Drawing, 'outputs' | 'nodata' | 'unscale'>,
  signal?: AbortSignal,
): Promise<readonly (number | null)[]> {
  const { grid } = image;
  const place = crsTransformer(WGS84, grid.crs).forward(lon, lat);
  const [x, y] = applyGeotransform(invertGeotransform(grid.geotransform), ...place).map(Math.floor);
  if (x === undefined || y === undefined || !(x >= 0 && y >= 0 && x < grid.width && y < grid.height)) {
    throw new SwathError('NotFound', 'The image does not cover this place.', {
      fix: 'TileJSON has the bounds of the image.',
    });
  }
  const drawing: Drawing = { ...wanted, ranges: [], colours: noColours, resampling: 'nearest' };
  const window = { x, y, width: 1, height: 1 };
  const { processWindow } = await engine();
  const { planes } = await processWindow(readingOf(image, drawing, grid), window, image.open, signal);
  return planes.map(([value = Number.NaN]) => (Number.isFinite(value) ? value : null));
}

const noColours = { kind: 'classes', colours: new Map() } as const;
